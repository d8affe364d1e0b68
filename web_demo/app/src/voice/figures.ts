// The newest value of everything measured, and reply latencies at the ear.

import { dbOf } from "../audio/pcm";
import type { Figures } from "./contract";

const REPLIES_KEPT = 200;
/** A pause longer than this before her sound was no waiting for a reply. */
const LONGEST_REPLY_MS = 30_000;

export function noFigures(): Figures {
  return {
    micLevelDb: dbOf(0),
    myraLevelDb: dbOf(0),
    speech: 0,
    clipped: 0,
    rttMs: null,
    inFlight: 0,
    queuedMs: 0,
    jitterTargetMs: 80,
    jitterDepthMs: 0,
    underruns: 0,
    lateFrames: 0,
    micGaps: 0,
    echoLeak: null,
    bargeIn: { onsetToDuckMs: null, onsetToStopMs: null, stopMs: null },
    replyMs: [],
    inRate: 0,
    outRate: 0,
    outputLatencyMs: null,
  };
}

/** From the caller's last voiced frame to Myra's first audible sample, per response. */
export class ReplyClock {
  private voiced: number | null = null;
  private readonly byResponse = new Map<number, number>();

  /** A frame with the caller's voice in it; its last sample came at `wall`. */
  callerSpoke(wall: number): void {
    this.voiced = wall;
  }

  /** The first sample of a response is audible at `wall`; null when nobody waited for it. */
  sounded(response: number, wall: number): number | null {
    if (this.byResponse.has(response) || this.voiced === null) return null;
    const ms = Math.round(wall - this.voiced);
    this.voiced = null;
    if (ms < 0 || ms > LONGEST_REPLY_MS) return null;
    this.byResponse.set(response, ms);
    return ms;
  }

  of(response: number): number | null {
    return this.byResponse.get(response) ?? null;
  }

  get all(): number[] {
    return [...this.byResponse.values()].slice(-REPLIES_KEPT);
  }

  reset(): void {
    this.byResponse.clear();
    this.voiced = null;
  }
}
