// The seam between the page's looks (ui/) and its voice (voice/, audio/, net/, utils/): what the
// looks may order, and what they are told. Everything else about sound stays behind it.

import type {
  AuditLine,
  Bar,
  CallState,
  LineMode,
  ToolEvent,
  Transcript,
} from "../net/protocol";

/** Why there is no microphone, each with its own message and way on. */
export type MicTrouble =
  | "denied"
  | "no-device"
  | "in-use"
  | "lost"
  | "insecure"
  | "unsupported";

/** How the caller's sound travels: the layers of guaranteedAudioTransmission. */
export type Layer =
  | "worker"
  | "main-thread"
  | "script-processor"
  | "http"
  | "text-only";

export type LinkState =
  | "idle"
  | "connecting"
  | "open"
  | "reconnecting"
  | "closed";

export type CaptureSettings = {
  deviceId: string;
  echoCancellation: boolean;
  noiseSuppression: boolean;
  autoGainControl: boolean;
};

export type VoiceSettings = {
  capture: CaptureSettings;
  vad: boolean;
  line: LineMode;
  lossPercent: number;
  jitterMs: number;
  /** 0 to 1. */
  volume: number;
};

/** One reply of Myra's, as its figures become known. */
export type TurnFigures = {
  id: string;
  response: number;
  bar: Bar;
  /** The caller's last voiced frame to Myra's first audible sample, in the page. */
  atTheEarMs: number | null;
  interrupted: boolean;
  heardText: string;
};

/** The newest value of everything measured; null: not known yet. At most ten times a second. */
export type Figures = {
  micLevelDb: number;
  myraLevelDb: number;
  speech: number;
  clipped: number;
  rttMs: number | null;
  inFlight: number;
  queuedMs: number;
  jitterTargetMs: number;
  jitterDepthMs: number;
  underruns: number;
  lateFrames: number;
  micGaps: number;
  echoLeak: number | null;
  bargeIn: {
    onsetToDuckMs: number | null;
    onsetToStopMs: number | null;
    stopMs: number | null;
  };
  replyMs: number[];
  inRate: number;
  outRate: number;
  outputLatencyMs: number | null;
};

export type VoiceEvent =
  /** `code`: what the socket was closed with, where it was; 0 where nobody closed it. */
  | { type: "link"; state: LinkState; attempt: number; reason: string; code?: number }
  | { type: "layer"; layer: Layer; reason: string }
  | { type: "call"; state: CallState; reason: string }
  | { type: "session"; conversation: string; limitSeconds: number }
  | { type: "mic"; state: "off" | "asking" | "on" | "muted"; label: string }
  | { type: "mic-trouble"; trouble: MicTrouble; detail: string }
  | { type: "autoplay-blocked" }
  | { type: "devices"; inputs: { id: string; label: string }[] }
  | Transcript
  | ToolEvent
  | { type: "turn"; figures: TurnFigures }
  | { type: "audit"; line: AuditLine }
  | { type: "figures"; figures: Figures }
  | { type: "notice"; level: "info" | "warning" | "error"; text: string }
  | { type: "log"; at: number; what: string; detail: Record<string, unknown> };

export type Voice = {
  /** Must be called in the click, before anything is awaited: contexts are made in it. */
  start(settings: VoiceSettings): void;
  /** Text only: no microphone is asked for. */
  startWithoutMicrophone(settings: VoiceSettings): void;
  /** After "autoplay-blocked", in a click. */
  unblock(): void;
  retryMicrophone(): void;
  hangUp(): void;
  /** Silence Myra now; she is told what was heard. */
  stop(): void;
  mute(on: boolean): void;
  text(words: string): void;
  dtmf(digit: string): void;
  configure(settings: Partial<VoiceSettings>): void;
  /** Each returns a file for the caller to save. */
  exportRecording(): Promise<Blob>;
  exportEvents(): Promise<Blob>;
  exportAudit(): Promise<Blob>;
  subscribe(listener: (event: VoiceEvent) => void): () => void;
  dispose(): void;
};
