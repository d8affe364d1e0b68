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

export type Sources = {
  link: { rttMs: number | null };
  window: { inFlight: number; queued: number; gaps: number };
  playback: { jitter: { depthMs: number; targetMs: number }; underruns: number; lateFrames: number };
  listening: { speech: number; leak: number | null };
  replies: ReplyClock;
};

/** Takes over what its sources know now; levels and barge-ins are told as they happen. */
export function measure(figures: Figures, { link, window, playback, listening, replies }: Sources): void {
  figures.speech = listening.speech;
  figures.echoLeak = listening.leak;
  figures.rttMs = link.rttMs;
  figures.inFlight = window.inFlight;
  figures.queuedMs = window.queued * 20;
  figures.micGaps = window.gaps;
  figures.jitterTargetMs = Math.round(playback.jitter.targetMs);
  figures.jitterDepthMs = Math.round(playback.jitter.depthMs);
  figures.underruns = playback.underruns;
  figures.lateFrames = playback.lateFrames;
  figures.replyMs = replies.all;
}

/** What the call's record keeps. */
export function qualityOf(figures: Figures): Record<string, number> {
  const numbers: Record<string, number | null> = {
    rtt_ms: figures.rttMs === null ? null : Math.round(figures.rttMs),
    depth_ms: figures.jitterDepthMs,
    target_ms: figures.jitterTargetMs,
    underruns: figures.underruns,
    late_frames: figures.lateFrames,
    mic_gaps: figures.micGaps,
    clipped: figures.clipped,
    echo_leak: figures.echoLeak,
    output_latency_ms: figures.outputLatencyMs,
    barge_in_stop_ms: figures.bargeIn.stopMs,
  };
  const known = Object.entries(numbers).filter((entry): entry is [string, number] => entry[1] !== null);
  return Object.fromEntries(known);
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
