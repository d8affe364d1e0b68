// Adaptive ring buffers for both directions: samples to be played, and frames to be sent. A ring
// grows by doubling while what goes through it needs the room, and gives the room back after it
// has stayed mostly empty for a while, so a stall leaves nothing behind in memory.

/** Reads without pressure after which a ring halves; at 20 ms a read, ten seconds. */
const CALM_READS = 500;

/** Floats of -1 to 1 waiting to be played. Grows up to `most`; what does not fit is refused. */
export class SampleRing {
  private store: Float32Array;
  private head = 0;
  private filled = 0;
  private calm = 0;

  constructor(
    private readonly least: number,
    private readonly most: number,
  ) {
    this.store = new Float32Array(least);
  }

  get length(): number {
    return this.filled;
  }

  get capacity(): number {
    return this.store.length;
  }

  /** How many of the samples were taken in: fewer than given only when `most` is reached. */
  write(samples: Float32Array): number {
    const count = Math.min(samples.length, this.most - this.filled);
    if (count <= 0) return 0;
    this.makeRoom(this.filled + count);
    const start = (this.head + this.filled) % this.store.length;
    const first = Math.min(count, this.store.length - start);
    this.store.set(samples.subarray(0, first), start);
    this.store.set(samples.subarray(first, count), 0);
    this.filled += count;
    return count;
  }

  /** Fills `out` from the front and says how much of it; the rest of `out` is left alone. */
  read(out: Float32Array): number {
    const count = Math.min(out.length, this.filled);
    const first = Math.min(count, this.store.length - this.head);
    out.set(this.store.subarray(this.head, this.head + first));
    out.set(this.store.subarray(0, count - first), first);
    this.head = (this.head + count) % this.store.length;
    this.filled -= count;
    this.relax();
    return count;
  }

  /** The next sample, or null when there is none. */
  shift(): number | null {
    if (this.filled === 0) return null;
    const sample = this.store[this.head] ?? 0;
    this.head = this.head + 1 === this.store.length ? 0 : this.head + 1;
    this.filled--;
    return sample;
  }

  clear(): number {
    const dropped = this.filled;
    this.head = 0;
    this.filled = 0;
    return dropped;
  }

  private makeRoom(needed: number): void {
    let size = this.store.length;
    while (size < needed) size *= 2;
    if (size !== this.store.length) this.resize(Math.min(size, Math.max(this.most, needed)));
    this.calm = 0;
  }

  private relax(): void {
    this.calm = this.filled * 4 < this.store.length ? this.calm + 1 : 0;
    if (this.calm < CALM_READS || this.store.length <= this.least) return;
    this.resize(Math.max(this.least, this.store.length >> 1));
    this.calm = 0;
  }

  private resize(size: number): void {
    const store = new Float32Array(size);
    const first = Math.min(this.filled, this.store.length - this.head);
    store.set(this.store.subarray(this.head, this.head + first));
    store.set(this.store.subarray(0, this.filled - first), first);
    this.store = store;
    this.head = 0;
  }
}

/** Frames in order of arrival. Full: the oldest goes, is returned and counted. */
export class FrameRing<Frame> {
  private store: (Frame | undefined)[];
  private head = 0;
  private filled = 0;
  private calm = 0;
  dropped = 0;

  constructor(
    private readonly least: number,
    private readonly most: number,
  ) {
    this.store = new Array<Frame | undefined>(least);
  }

  get length(): number {
    return this.filled;
  }

  get capacity(): number {
    return this.store.length;
  }

  /** Takes the frame in; the oldest one if that had to make room, else null. */
  push(frame: Frame): Frame | null {
    let lost: Frame | null = null;
    if (this.filled === this.most) {
      lost = this.shift();
      this.dropped++;
    }
    if (this.filled === this.store.length) this.resize(Math.min(this.most, this.store.length * 2));
    this.store[(this.head + this.filled) % this.store.length] = frame;
    this.filled++;
    return lost;
  }

  peek(): Frame | null {
    return this.filled === 0 ? null : (this.store[this.head] ?? null);
  }

  shift(): Frame | null {
    const frame = this.peek();
    if (frame === null) return null;
    this.store[this.head] = undefined;
    this.head = (this.head + 1) % this.store.length;
    this.filled--;
    this.relax();
    return frame;
  }

  /** All of them, oldest first; the ring keeps them. */
  *[Symbol.iterator](): Generator<Frame> {
    for (let i = 0; i < this.filled; i++) {
      const frame = this.store[(this.head + i) % this.store.length];
      if (frame !== undefined) yield frame;
    }
  }

  clear(): void {
    this.store = new Array<Frame | undefined>(this.least);
    this.head = 0;
    this.filled = 0;
  }

  private relax(): void {
    this.calm = this.filled * 4 < this.store.length ? this.calm + 1 : 0;
    if (this.calm < CALM_READS || this.store.length <= this.least) return;
    this.resize(Math.max(this.least, this.store.length >> 1));
    this.calm = 0;
  }

  private resize(size: number): void {
    const frames = [...this];
    this.store = new Array<Frame | undefined>(size);
    frames.forEach((frame, index) => (this.store[index] = frame));
    this.head = 0;
  }
}
