// Cuts the microphone into frames for the line: shared by the worklet and its fallback.

import { int16Of } from "./pcm";
import { StreamResampler } from "./resample";

export const MIC_RATE = 16_000;
/** 20 ms. */
export const FRAME_SAMPLES = 320;
const FULL = 0.999;

export type CutFrame = { start: number; rms: number; clipped: number; pcm: ArrayBuffer };

export class CaptureFramer {
  private readonly resampler: StreamResampler | null;
  private pcm = new Int16Array(FRAME_SAMPLES);
  private filled = 0;
  private start = 0;
  private energy = 0;
  private clipped = 0;

  constructor(contextRate: number) {
    this.resampler = contextRate === MIC_RATE ? null : new StreamResampler(contextRate, MIC_RATE);
  }

  push(samples: Float32Array): CutFrame[] {
    const frames: CutFrame[] = [];
    for (const sample of this.resampler?.push(samples) ?? samples) {
      if (Math.abs(sample) >= FULL) this.clipped++;
      this.energy += sample * sample;
      this.pcm[this.filled++] = int16Of(sample);
      if (this.filled === FRAME_SAMPLES) frames.push(this.cut());
    }
    return frames;
  }

  private cut(): CutFrame {
    const frame: CutFrame = {
      start: this.start,
      rms: Math.sqrt(this.energy / FRAME_SAMPLES),
      clipped: this.clipped,
      pcm: this.pcm.buffer,
    };
    this.start += FRAME_SAMPLES;
    this.pcm = new Int16Array(FRAME_SAMPLES);
    this.filled = 0;
    this.energy = 0;
    this.clipped = 0;
    return frame;
  }
}
