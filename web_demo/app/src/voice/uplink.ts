// Numbers the caller's frames for the session and hands them to the transmission.

import type { MicFrame } from "../audio/worklets/ports";
import { encodeCallerFrame } from "../net/wire";
import type { SessionKey } from "../net/link";
import type { AudioTransmission } from "../utils/webSocketUtils";

const FRAME_MS = 20;
const SAMPLES_PER_MS = 16;
const POST_DEADLINE_MS = 2000;

export class Uplink {
  private seq: number;
  private stamp: number;
  private lastWall: number | null = null;

  constructor(
    private readonly transmission: AudioTransmission,
    private readonly now: () => number,
    resume: { seqUp: number; stamp: number } | null,
  ) {
    this.seq = resume?.seqUp ?? 0;
    this.stamp = resume?.stamp ?? 0;
  }

  get position(): { seqUp: number; stamp: number } {
    return { seqUp: this.seq, stamp: this.stamp };
  }

  frame(frame: MicFrame): void {
    if (frame.start === 0) this.skipGap(frame.wall);
    this.lastWall = frame.wall;
    const bytes = encodeCallerFrame(++this.seq, this.stamp, frame.pcm);
    this.stamp += frame.pcm.byteLength / 2;
    this.transmission.offer({ seq: this.seq, at: this.now(), bytes });
  }

  /** A new session counts from 1: what is still waiting gets new numbers. */
  renumber(): void {
    this.seq = 0;
    this.stamp = 0;
    this.transmission.window.replace((frame) => {
      const pcm = frame.bytes.slice(16);
      const bytes = encodeCallerFrame(++this.seq, this.stamp, pcm);
      this.stamp += pcm.byteLength / 2;
      return { ...frame, seq: this.seq, bytes };
    });
  }

  /** Another capture began: the time between the two was not heard, and the stamps say so. */
  private skipGap(wall: number): void {
    if (this.lastWall === null) return;
    const frames = Math.max(0, Math.round((wall - this.lastWall) / FRAME_MS) - 1);
    this.stamp += frames * FRAME_MS * SAMPLES_PER_MS;
  }
}

/** The newest frame the server has; null when it did not take them. */
export async function postFrames(url: string, key: SessionKey | null, body: ArrayBuffer): Promise<number | null> {
  if (key === null) return null;
  try {
    const response = await fetch(`${url}?session=${encodeURIComponent(key.session)}`, {
      method: "POST",
      body,
      headers: { "X-Session-Secret": key.secret, "Content-Type": "application/octet-stream" },
      signal: AbortSignal.timeout(POST_DEADLINE_MS),
    });
    if (!response.ok) return null;
    const answer = (await response.json()) as { seq?: unknown };
    return typeof answer.seq === "number" ? answer.seq : null;
  } catch {
    return null;
  }
}
