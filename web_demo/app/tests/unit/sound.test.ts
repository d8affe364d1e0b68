import { describe, expect, it } from "vitest";

import { CaptureFramer } from "../../src/audio/captureFramer";
import { decodeMulaw, encodeMulaw } from "../../src/audio/g711";
import { dbOf, int16Of, rmsOf, toFloat, toInt16 } from "../../src/audio/pcm";
import { StreamResampler } from "../../src/audio/resample";
import { interleave, wavHeader } from "../../src/qa/wav";
import { between, chance } from "./chance";

const tone = (samples: number, hz: number, rate: number) =>
  Float32Array.from({ length: samples }, (_, i) => 0.5 * Math.sin((2 * Math.PI * hz * i) / rate));

const level = (samples: Float32Array) => Math.sqrt(samples.reduce((sum, x) => sum + x * x, 0) / samples.length);

describe("PCM16", () => {
  it("comes back unchanged through floats, for every value", () => {
    const all = Int16Array.from({ length: 65536 }, (_, i) => i - 32768);
    expect(toInt16(toFloat(all))).toEqual(all);
  });

  it("saturates instead of wrapping", () => {
    expect(int16Of(1.5)).toBe(32767);
    expect(int16Of(-1.5)).toBe(-32768);
  });

  it("measures a sine at full scale as -3 dBFS and silence as the floor", () => {
    const sine = toInt16(tone(16000, 400, 16000).map((x) => 2 * x));
    expect(dbOf(rmsOf(sine))).toBeCloseTo(-3.01, 1);
    expect(dbOf(0)).toBe(-100);
  });
});

describe("G.711 mu-law", () => {
  it("encodes what each of its codes means as that code again", () => {
    for (let code = 0; code < 256; code++) {
      if (code === 0x7f) continue; // minus zero, which PCM16 does not have
      expect(encodeMulaw(decodeMulaw(code))).toBe(code);
    }
  });

  it("has the standard's extremes and silence", () => {
    expect(decodeMulaw(0x00)).toBe(-32124);
    expect(decodeMulaw(0x80)).toBe(32124);
    expect(encodeMulaw(0)).toBe(0xff);
  });

  it("is never further off than half a step of its segment", () => {
    const wrong = [];
    for (let x = -32635; x <= 32635; x += 7) {
      const step = 2 ** Math.max(3, 31 - Math.clz32(Math.abs(x) + 132) - 4);
      if (Math.abs(decodeMulaw(encodeMulaw(x)) - x) > step / 2) wrong.push(x);
    }
    expect(wrong).toEqual([]);
  });
});

describe("StreamResampler", () => {
  it.each([
    [48000, 16000],
    [44100, 16000],
    [24000, 48000],
    [24000, 44100],
    [16000, 24000],
  ])("keeps a tone's level and pitch from %i to %i, whatever the blocks", (from, to) => {
    const random = chance(from + to);
    const input = tone(from, 1000, from);
    const resampler = new StreamResampler(from, to);
    const out: number[] = [];
    for (let at = 0; at < input.length; ) {
      const size = between(random, 1, 500);
      out.push(...resampler.push(input.subarray(at, at + size)));
      at += size;
    }
    expect(Math.abs(out.length - to)).toBeLessThan(to / 100);
    const middle = Float32Array.from(out.slice(to / 4, to / 4 + Math.round(to / 10) * 5));
    expect(20 * Math.log10(level(middle) / (0.5 / Math.SQRT2))).toBeCloseTo(0, 1);
    const crossings = middle.reduce((n, x, i) => n + (i > 0 && (middle[i - 1] ?? 0) < 0 && x >= 0 ? 1 : 0), 0);
    expect(Math.abs(crossings - 500)).toBeLessThanOrEqual(1);
  });

  it("lets nothing above the new Nyquist frequency fold back", () => {
    const out = new StreamResampler(48000, 16000).push(tone(48000, 9500, 48000));
    expect(20 * Math.log10(level(out.subarray(2000, 14000)) / (0.5 / Math.SQRT2))).toBeLessThan(-50);
  });
});

describe("CaptureFramer", () => {
  it.each([16000, 44100, 48000])("cuts contiguous 20 ms frames at 16 kHz from %i Hz", (rate) => {
    const framer = new CaptureFramer(rate);
    const input = tone(rate, 300, rate);
    const frames = [];
    for (let at = 0; at < input.length; at += 128) frames.push(...framer.push(input.subarray(at, at + 128)));
    expect(frames.length).toBeGreaterThanOrEqual(49);
    frames.forEach((frame, i) => {
      expect(frame.start).toBe(i * 320);
      expect(frame.pcm.byteLength).toBe(640);
    });
    expect(frames[20]?.rms).toBeCloseTo(0.5 / Math.SQRT2, 1);
  });

  it("counts clipped samples", () => {
    const [frame] = new CaptureFramer(16000).push(new Float32Array(320).fill(1));
    expect(frame?.clipped).toBe(320);
  });
});

describe("WAV", () => {
  it("names its sizes and interleaves channels of unequal length", () => {
    const view = new DataView(wavHeader(3, 24000, 2));
    expect(view.getUint32(4, true)).toBe(36 + 12);
    expect(view.getUint32(24, true)).toBe(24000);
    expect(view.getUint32(40, true)).toBe(12);
    const frames = interleave(Int16Array.of(1, 2, 3), Int16Array.of(9));
    expect([...frames]).toEqual([1, 9, 2, 0, 3, 0]);
  });
});
