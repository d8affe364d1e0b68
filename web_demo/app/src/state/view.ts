// What the page knows of the call under way: plain data, changed by reduce.ts alone.

import type { AuditLine, CallState } from "../net/protocol";
import type { Figures, Layer, LinkState, MicTrouble, TurnFigures } from "../voice/contract";

export type Utterance = {
  kind: "utterance";
  key: string;
  /** The protocol's id, unique within a conversation: `c1`, `r4`. */
  id: string;
  who: "caller" | "myra";
  /** What was said as far as it was heard. */
  text: string;
  /** The part nobody heard, when Myra was interrupted. */
  unheard: string;
  final: boolean;
  interrupted: boolean;
  at: number;
};

export type ToolRun = {
  kind: "tool";
  key: string;
  id: string;
  name: string;
  phase: "started" | "finished" | "spoken";
  args: Record<string, unknown>;
  result: Record<string, unknown> | null;
  status: string;
  ms: number | null;
  at: number;
  spokenAt: number | null;
};

export type Divider = { kind: "divider"; key: string; text: string; at: number };

export type Item = Utterance | ToolRun | Divider;

export type Notice = { id: number; level: "info" | "warning" | "error"; text: string };

export type LogEntry = { id: number; at: number; what: string; detail: Record<string, unknown> };

/** What the panel draws as sparklines; each list holds the newest `TREND_LENGTH` values. */
export const TRENDS = ["rttMs", "jitterDepthMs", "jitterTargetMs", "inFlight", "micLevelDb", "speech"] as const;
export type Trend = (typeof TRENDS)[number];
export const TREND_LENGTH = 240;
export const TREND_EVERY_MS = 500;

/** Takes are numbered anew with each conversation. */
export type Audit = AuditLine & { epoch: number };

/** `id` is unique within the call; `name` is when it was said. */
export type Turn = TurnFigures & { name: string };

export type BargeIn = { duckMs: number | null; stopMs: number | null; onsetToStopMs: number | null };

export type CallView = {
  phase: "before" | "running" | "over";
  /** The caller chose to type: no microphone was asked for. */
  typing: boolean;
  link: { state: LinkState; attempt: number; reason: string; code: number };
  layer: { layer: Layer; reason: string } | null;
  call: { state: CallState; reason: string } | null;
  session: { conversation: string; limitSeconds: number; since: number } | null;
  mic: { state: "off" | "asking" | "on" | "muted"; label: string };
  trouble: { trouble: MicTrouble; detail: string } | null;
  inputs: { id: string; label: string }[];
  blocked: boolean;
  /** Wall time of the newest reconnection that went on with the same conversation. */
  resumedAt: number | null;
  /** Conversations that had to begin anew within this call. */
  epoch: number;
  items: Item[];
  turns: Turn[];
  audits: Audit[];
  bargeIns: BargeIn[];
  /** Myra was once heard in the microphone. */
  echo: boolean;
  figures: Figures | null;
  trends: Record<Trend, number[]>;
  trendAt: number;
  notices: Notice[];
  log: LogEntry[];
  counter: number;
};

export function nothingYet(): CallView {
  return {
    phase: "before",
    typing: false,
    link: { state: "idle", attempt: 0, reason: "", code: 0 },
    layer: null,
    call: null,
    session: null,
    mic: { state: "off", label: "" },
    trouble: null,
    inputs: [],
    blocked: false,
    resumedAt: null,
    epoch: 0,
    items: [],
    turns: [],
    audits: [],
    bargeIns: [],
    echo: false,
    figures: null,
    trends: { rttMs: [], jitterDepthMs: [], jitterTargetMs: [], inFlight: [], micLevelDb: [], speech: [] },
    trendAt: 0,
    notices: [],
    log: [],
    counter: 0,
  };
}
