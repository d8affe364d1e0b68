// What the page and the voice path say to each other. The voice path runs in a worker, or on the
// page's own thread where workers fail; the messages are the same.

import type { SessionKey } from "../net/link";
import type { BargeInReason } from "../net/protocol";
import type { VoiceEvent, VoiceSettings } from "./contract";

/** Where a voice path that died was, for the one that goes on. */
export type Snapshot = { key: SessionKey | null; seqDown: number; nDown: number; seqUp: number; stamp: number };

export type Opening = {
  type: "open";
  socketUrl: string;
  framesUrl: string;
  settings: VoiceSettings;
  microphone: boolean;
  thread: "worker" | "main-thread";
  resume: Snapshot | null;
};

export type ExportKind = "recording" | "events" | "audit";

export type ToVoicePath =
  | Opening
  | { type: "output"; player: MessagePort; tap: MessagePort; rate: number; tapRate: number }
  | { type: "microphone"; port: MessagePort; rate: number; worklet: boolean }
  | { type: "no-microphone" }
  | { type: "latency"; outputLatencyMs: number | null }
  | { type: "stop"; reason: BargeInReason }
  | { type: "text"; text: string }
  | { type: "dtmf"; digit: string }
  | { type: "mute"; on: boolean }
  | { type: "configure"; settings: VoiceSettings }
  | { type: "log"; what: string; detail: Record<string, unknown> }
  | { type: "export"; id: number; kind: ExportKind }
  | { type: "hang-up" };

export type FromVoicePath =
  | { type: "event"; event: VoiceEvent }
  | { type: "snapshot"; snapshot: Snapshot }
  /** The telephone's band on the page's own output, until the server's own arrives. */
  | { type: "phone-band"; on: boolean }
  | { type: "exported"; id: number; blob: Blob }
  /** The call has ended, and nothing sounds any more. */
  | { type: "over"; reason: string };
