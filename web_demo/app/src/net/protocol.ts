// The browser line's protocol, version 1: docs/browser-protocol.md as types.

export const PROTO = 1;

export const Kind = { caller: 1, myra: 2 } as const;
export const Codec = { pcm16: 0, mulaw: 1 } as const;
export const Flag = { first: 1, last: 2, deferred: 4 } as const;

export type LineMode = "web" | "pstn";
export type BargeInReason = "voice" | "button" | "text";

export type Hello = {
  type: "hello";
  proto: typeof PROTO;
  line: LineMode;
  vad: boolean;
  /** The browser takes Myra's own voice out of the microphone's sound. */
  aec: boolean;
  /** `seq`: the newest frame of Myra's, `n`: the newest numbered message the page has. */
  resume?: { session: string; secret: string; seq: number; n: number };
};

export type FromPage =
  | Hello
  | { type: "mark"; name: string }
  | { type: "started"; take: number; at: number }
  | {
      type: "ended";
      take: number;
      at: number;
      received: number;
      played: number;
      dropped: number;
      underruns: number;
    }
  | {
      type: "barge_in";
      take: number;
      played: number;
      reason: BargeInReason;
      onset_ms?: number;
    }
  | { type: "duck" | "unduck"; take: number }
  | { type: "text"; id: string; text: string }
  | { type: "dtmf"; digit: string }
  | { type: "mute"; on: boolean }
  | { type: "line"; mode: LineMode; loss: number; jitter_ms: number }
  | { type: "ack"; seq: number; n: number }
  | { type: "ping"; id: number }
  | ({ type: "quality" } & Record<string, number | string>)
  | { type: "bye" };

export type CallState =
  | "connecting"
  | "listening"
  | "hearing"
  | "thinking"
  | "speaking"
  | "working"
  | "held"
  | "ended";

export type Ready = {
  type: "ready";
  proto: number;
  session: string;
  secret: string;
  resumed: boolean;
  in_rate: number;
  out_rate: number;
  conversation: string;
  vad: boolean;
  limits: { seconds: number };
};

export type Transcript = {
  type: "transcript";
  who: "caller" | "myra";
  id: string;
  text: string;
  final: boolean;
  interrupted: boolean;
  at: number;
};

export type ToolEvent = {
  type: "tool";
  id: string;
  name: string;
  phase: "started" | "finished" | "spoken";
  args?: Record<string, unknown>;
  ms?: number;
  status?: string;
  result?: Record<string, unknown>;
  at: number;
};

/** Where the time of one reply went, in ms; what is not known is missing. The stretches follow one
 * another in this order, and together they are how long the caller waited. */
export type Bar = Partial<
  Record<
    | "end_of_speech"
    | "recognised"
    | "first_token"
    | "tools"
    | "first_audio"
    | "line"
    | "heard",
    number
  >
>;

export type TurnOver = {
  type: "turn";
  id: string;
  response: number;
  bar: Bar;
  samples: number;
  chunks: number;
  interrupted: boolean;
  heard_text: string;
};

export type TakeBegins = {
  type: "take";
  take: number;
  response: number;
  kind: "reply" | "resumed" | "prompt";
  deferred: boolean;
};

export type FromServer =
  | Ready
  | { type: "ack"; seq: number; level_db: number }
  | TakeBegins
  | { type: "mark"; name: string; take: number; position: number }
  | { type: "clear" }
  | Transcript
  | { type: "state"; state: CallState }
  | ToolEvent
  | TurnOver
  | { type: "metrics"; name: string; value: number }
  | { type: "pong"; id: number; server_ms: number }
  | { type: "bye"; reason: string; after_take: number }
  | { type: "error"; code: string; text: string; retry: boolean };

/** The server's messages about the conversation are numbered from 1, so that none comes twice. */
export type Numbered = { n?: number };

/** Close codes of ours; 1000 and 1012 are the standard's. */
export const Close = {
  notUnderstood: 4400,
  signInFirst: 4401,
  wrongOrigin: 4403,
  noSuchSession: 4404,
  tooSlow: 4408,
  limitReached: 4429,
} as const;

// Over HTTP.

export type Me = {
  name: string;
  sign_in: boolean;
  vad: boolean;
  masked: boolean;
  /** No model is configured: an emulator answers. */
  emulated: boolean;
};

export type Call = {
  id: string;
  door: "phone" | "browser";
  caller: string;
  model: string;
  opened_at: string;
  closed_at: string | null;
  running: boolean;
  reason: string;
  seconds: number;
  turns: number;
  tools: number;
  interruptions: number;
  reply_p50_ms: number | null;
  recording: boolean;
  first_words: string;
};

export type CallTurn = {
  position: number;
  speaker: "caller" | "myra";
  text: string;
  heard: string;
  started: number;
  ended: number;
  interrupted: boolean;
  latency: Bar;
};

export type CallTool = {
  id: string;
  name: string;
  args: Record<string, unknown>;
  status: string;
  result: Record<string, unknown>;
  started: number;
  ended: number;
};

/** What the truncation audit knows of one take; `verdict` is in words: complete, interrupted,
 * lost in transit, unplayed, open-ended, suspicious. */
export type AuditLine = {
  take: number;
  response: number;
  chunks_sent: number;
  samples_sent: number;
  samples_received: number;
  samples_played: number;
  samples_dropped: number;
  underruns: number;
  verdict: string;
};

export type CallDetail = Call & {
  transcript: CallTurn[];
  tool_calls: CallTool[];
  audit: AuditLine[];
  quality: Record<string, number | string>;
};

/** A booking of the embedded database, to be read aloud to Myra. */
export type DemoBooking = { reference: string; surname: string; what: string; shows: string };

export type Peaks = { seconds: number; caller: number[]; myra: number[] };
