// Tells Myra's own sound in the microphone from the caller's. Two signs: the level the microphone
// usually has while only she speaks, and how closely its envelope follows hers a little later.

/** An echo arrives this much later than it was played: buffers, air, buffers. */
const LEAST_LAG = 1;
const MOST_LAG = 12;
const FRAME_MS = 20;
/** 640 ms of envelope are compared. */
const SPAN = 32;
const FOLLOWS = 0.8;
const MARGIN = 1.5;
const FOLLOWING_MARGIN = 3;
const LEARN = 0.08;
/** Below -60 dBFS nothing of her comes back and nothing is guarded. */
const SILENT = 0.001;

type Level = { at: number; rms: number };

export class EchoGuard {
  private readonly heard: Level[] = [];
  private readonly mic: Level[] = [];
  private average: number | null = null;
  private steady: number | null = null;

  /** The microphone's rms while only Myra speaks; null before she was heard at all. One loud moment,
   * such as the caller's first sound before it is known for speech, hardly moves it. */
  get leak(): number | null {
    return this.steady;
  }

  /** 20 ms of what was played. */
  played(atMs: number, rms: number): void {
    keep(this.heard, { at: atMs, rms }, SPAN + MOST_LAG + 8);
  }

  /** 20 ms of the microphone; `speech`: how likely the newest window is a voice. */
  captured(atMs: number, rms: number, audible: boolean, speech: number): void {
    keep(this.mic, { at: atMs, rms }, SPAN);
    if (!audible || speech >= 0.5) return;
    this.average = this.average === null ? rms : this.average + (rms - this.average) * LEARN;
    const known = this.steady ?? 0;
    this.steady = known + (Math.min(rms, 2 * known + SILENT) - known) * LEARN;
  }

  /** Whether microphone sound of this rms, right now, is her echo. */
  isEcho(rms: number): boolean {
    const usual = this.average ?? 0;
    if (usual > SILENT && rms < usual * MARGIN) return true;
    if (rms >= Math.max(usual, SILENT) * FOLLOWING_MARGIN && usual > SILENT) return false;
    return rms > SILENT && this.likeness() >= FOLLOWS;
  }

  /** The best correlation of the two envelopes over the lags an echo can have, -1 to 1. */
  likeness(): number {
    if (this.mic.length < SPAN || this.heard.length < SPAN) return 0;
    let best = -1;
    for (let lag = LEAST_LAG; lag <= MOST_LAG; lag++) {
      const pairs = this.mic.map(({ at, rms }) => [rms, this.heardAt(at - lag * FRAME_MS)] as const);
      best = Math.max(best, correlation(pairs));
    }
    return best;
  }

  private heardAt(atMs: number): number {
    let nearest = 0;
    let distance = FRAME_MS;
    for (const level of this.heard) {
      const away = Math.abs(level.at - atMs);
      if (away < distance) {
        nearest = level.rms;
        distance = away;
      }
    }
    return nearest;
  }
}

function keep(levels: Level[], level: Level, most: number): void {
  levels.push(level);
  if (levels.length > most) levels.shift();
}

function correlation(pairs: (readonly [number, number])[]): number {
  const n = pairs.length;
  let sx = 0;
  let sy = 0;
  for (const [x, y] of pairs) {
    sx += x;
    sy += y;
  }
  let xy = 0;
  let xx = 0;
  let yy = 0;
  for (const [x, y] of pairs) {
    xy += (x - sx / n) * (y - sy / n);
    xx += (x - sx / n) ** 2;
    yy += (y - sy / n) ** 2;
  }
  return xx === 0 || yy === 0 ? 0 : xy / Math.sqrt(xx * yy);
}
