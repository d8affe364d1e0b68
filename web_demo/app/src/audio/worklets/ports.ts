// What worklets and the voice path say to each other. The page hands each worklet a port to the
// voice path at the start, and a new one when the voice path moves to another thread.

import type { PlayoutEvent } from "../playout";

/** Over a node's own port, from the page. */
export type Rewire = { type: "port"; port: MessagePort };

/** 20 ms of the microphone at 16 kHz. `wall`: when its last sample came, ms since 1970. */
export type MicFrame = {
  type: "frame";
  /** Samples since this capture began, at 16 kHz. */
  start: number;
  rms: number;
  clipped: number;
  wall: number;
  pcm: ArrayBuffer;
};

export type ToPlayer =
  | { type: "chunk"; take: number; position: number; pcm: ArrayBuffer; last: boolean }
  | { type: "mark"; take: number; name: string; position: number }
  | { type: "stop"; id: number }
  | { type: "reset" }
  | { type: "duck"; on: boolean };

/** `wall`: when the block that it happened in was rendered. */
export type FromPlayer =
  | { type: "event"; event: PlayoutEvent; wall: number }
  | { type: "mark-late"; take: number; name: string }
  | { type: "state"; depthMs: number; targetMs: number; wall: number; frame: number; take: number; played: number }
  /** How loud 20 ms of what was played were, 0 to 1. */
  | { type: "level"; rms: number; wall: number };

export type TapBlock = { type: "heard"; start: number; wall: number; pcm: ArrayBuffer };
