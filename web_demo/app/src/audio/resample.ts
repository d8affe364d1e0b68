// A streaming resampler for contexts whose rate the browser would not give us (16 kHz in, 24 kHz
// out are asked for first). Windowed sinc, interpolated between tabulated phases; the cut-off sits
// below the lower of the two Nyquist frequencies, so nothing folds back.

const ZERO_CROSSINGS = 16;
const PHASES = 256;
/** Share of the lower Nyquist frequency that is kept. */
const PASSBAND = 0.92;

function blackman(at: number): number {
  return 0.42 + 0.5 * Math.cos(Math.PI * at) + 0.08 * Math.cos(2 * Math.PI * at);
}

export class StreamResampler {
  private readonly step: number;
  private readonly cutoff: number;
  private readonly half: number;
  private readonly table: Float64Array;
  private history: Float32Array;
  /** Where the next output sample lies, in input samples from the start of `history`. */
  private at: number;

  constructor(fromRate: number, toRate: number) {
    this.step = fromRate / toRate;
    this.cutoff = Math.min(1, toRate / fromRate) * PASSBAND;
    this.half = Math.ceil(ZERO_CROSSINGS / this.cutoff);
    this.table = this.kernel();
    this.history = new Float32Array(this.half);
    this.at = this.half;
  }

  /** The output there is enough input for; the rest waits for the next call. */
  push(input: Float32Array): Float32Array<ArrayBuffer> {
    const samples = new Float32Array(this.history.length + input.length);
    samples.set(this.history);
    samples.set(input, this.history.length);
    const room = samples.length - this.half - this.at;
    const count = room > 0 ? Math.ceil(room / this.step) : 0;
    const out = new Float32Array(count);
    for (let i = 0; i < count; i++) out[i] = this.sampleAt(samples, this.at + i * this.step);
    this.at += count * this.step;
    const consumed = Math.max(0, Math.min(samples.length, Math.floor(this.at) - this.half));
    this.history = samples.slice(consumed);
    this.at -= consumed;
    return out;
  }

  private kernel(): Float64Array {
    const length = (this.half + 1) * PHASES + 1;
    const table = new Float64Array(length);
    for (let i = 0; i < length; i++) {
      const x = i / PHASES;
      if (x >= this.half) continue;
      const angle = Math.PI * x * this.cutoff;
      table[i] = this.cutoff * (angle === 0 ? 1 : Math.sin(angle) / angle) * blackman(x / this.half);
    }
    return table;
  }

  private sampleAt(samples: Float32Array, position: number): number {
    const middle = Math.floor(position);
    let sum = 0;
    for (let k = middle - this.half + 1; k <= middle + this.half; k++) {
      const phase = Math.abs(position - k) * PHASES;
      const low = Math.floor(phase);
      const below = this.table[low] ?? 0;
      const weight = below + ((this.table[low + 1] ?? 0) - below) * (phase - low);
      sum += weight * (samples[k] ?? 0);
    }
    return sum;
  }
}
