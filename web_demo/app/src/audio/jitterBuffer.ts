// How much of Myra's sound waits before it is played: enough for the network's jitter, no more.

export type JitterSettings = { startMs: number; leastMs: number; mostMs: number };

export const JITTER: JitterSettings = { startMs: 80, leastMs: 40, mostMs: 400 };

const GROW = 1.5;
const SHRINK = 0.85;
/** So long without an underrun, and the target shrinks one step. */
const CLEAN_MS = 10_000;

/** The adaptive target, in ms. Grows at every underrun, shrinks slowly while it plays cleanly. */
export class JitterTarget {
  private target: number;
  private cleanMs = 0;

  constructor(private readonly settings: JitterSettings = JITTER) {
    this.target = settings.startMs;
  }

  get ms(): number {
    return this.target;
  }

  underrun(): void {
    this.target = Math.min(this.settings.mostMs, this.target * GROW);
    this.cleanMs = 0;
  }

  /** So much was played without a hole; idle time proves nothing and is not told. */
  playedMs(ms: number): void {
    this.cleanMs += ms;
    if (this.cleanMs < CLEAN_MS) return;
    this.cleanMs -= CLEAN_MS;
    this.target = Math.max(this.settings.leastMs, this.target * SHRINK);
  }
}
