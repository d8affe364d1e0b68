// What a telephone does to sound: 300-3400 Hz, 8 kHz, 8-bit mu-law, and back. Used on the page's
// output for the moment between switching the line and the server's own telephone path arriving.

import { decodeMulaw, encodeMulaw } from "./g711";
import { int16Of } from "./pcm";

const PHONE_RATE = 8000;
const HIGHPASS_HZ = 250;
const LOWPASS_HZ = 3400;
/** Taps per sample of the telephone's; 24 put 4.6 kHz and above more than 40 dB down. */
const SPREAD = 32;

function lowpass(taps: number, cutoff: number): Float64Array {
  const kernel = new Float64Array(taps);
  const middle = (taps - 1) / 2;
  let sum = 0;
  for (let n = 0; n < taps; n++) {
    const x = n - middle;
    const ideal = x === 0 ? 2 * cutoff : Math.sin(2 * Math.PI * cutoff * x) / (Math.PI * x);
    const angle = (2 * Math.PI * n) / (taps - 1);
    const tap = ideal * (0.42 - 0.5 * Math.cos(angle) + 0.08 * Math.cos(2 * angle));
    kernel[n] = tap;
    sum += tap;
  }
  return kernel.map((tap) => tap / sum);
}

class Delay {
  private readonly line: Float64Array;
  private at = 0;

  constructor(private readonly kernel: Float64Array) {
    this.line = new Float64Array(kernel.length);
  }

  push(sample: number): void {
    this.at = this.at + 1 === this.line.length ? 0 : this.at + 1;
    this.line[this.at] = sample;
  }

  filtered(): number {
    const { line, kernel } = this;
    let sum = 0;
    let from = this.at;
    for (const tap of kernel) {
      sum += tap * (line[from] ?? 0);
      from = from === 0 ? line.length - 1 : from - 1;
    }
    return sum;
  }
}

/** Works sample by sample for any context rate of at least 8 kHz. */
export class PhoneBand {
  private readonly ratio: number;
  private readonly before: Delay;
  private readonly after: Delay;
  private readonly keep: number;
  private last = 0;
  private high = 0;
  private phase = 0;

  constructor(rate: number) {
    this.ratio = rate / PHONE_RATE;
    const taps = 2 * Math.round((SPREAD * this.ratio) / 2) + 1;
    const kernel = lowpass(taps, LOWPASS_HZ / rate);
    this.before = new Delay(kernel);
    this.after = new Delay(kernel);
    this.keep = Math.exp((-2 * Math.PI * HIGHPASS_HZ) / rate);
  }

  through(sample: number): number {
    this.high = sample - this.last + this.keep * this.high;
    this.last = sample;
    this.before.push(this.high);
    this.phase += 1;
    let held = 0;
    if (this.phase >= this.ratio) {
      this.phase -= this.ratio;
      const code = encodeMulaw(int16Of(this.before.filtered()));
      held = (decodeMulaw(code) / 32768) * this.ratio;
    }
    this.after.push(held);
    return this.after.filtered();
  }
}
