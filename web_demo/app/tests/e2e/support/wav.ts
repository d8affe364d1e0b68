// WAV files of PCM16: read, joined into a microphone's file, measured.

import { readFileSync, writeFileSync } from "node:fs";

export type Sound = { rate: number; channels: Int16Array[] };

export function parseWav(bytes: Buffer): Sound {
  if (bytes.toString("latin1", 0, 4) !== "RIFF") throw new Error("not a WAV file");
  let at = 12;
  let rate = 0;
  let count = 0;
  while (at + 8 <= bytes.length) {
    const kind = bytes.toString("latin1", at, at + 4);
    const size = bytes.readUInt32LE(at + 4);
    if (kind === "fmt ") {
      count = bytes.readUInt16LE(at + 10);
      rate = bytes.readUInt32LE(at + 12);
      if (bytes.readUInt16LE(at + 22) !== 16) throw new Error("not PCM16");
    } else if (kind === "data") return { rate, channels: split(bytes.subarray(at + 8, at + 8 + size), count) };
    at += 8 + size + (size % 2);
  }
  throw new Error("no samples in the WAV file");
}

function split(data: Buffer, count: number): Int16Array[] {
  const frames = Math.floor(data.length / 2 / count);
  return Array.from({ length: count }, (_, channel) =>
    Int16Array.from({ length: frames }, (_sample, frame) => data.readInt16LE(2 * (frame * count + channel))),
  );
}

/** By straight lines, which is enough for a voice to be recognised as one. */
export function resampled(samples: Int16Array, from: number, to: number): Int16Array {
  return Int16Array.from({ length: Math.floor((samples.length * to) / from) }, (_, i) => {
    const place = (i * from) / to;
    const left = samples[Math.floor(place)] ?? 0;
    const right = samples[Math.floor(place) + 1] ?? left;
    return left + (right - left) * (place % 1);
  });
}

const MIC_RATE = 48_000;

/** A microphone's file of silences (seconds), files and samples of 48 kHz, one after the other. */
export function writeMicrophone(path: string, parts: readonly (number | string | Int16Array)[]): void {
  const sounds = parts.map((part) => {
    if (typeof part === "number") return new Int16Array(Math.round(part * MIC_RATE));
    if (typeof part !== "string") return part;
    const { rate, channels } = parseWav(readFileSync(part));
    return resampled(channels[0] ?? new Int16Array(0), rate, MIC_RATE);
  });
  const samples = sounds.reduce((sum, sound) => sum + sound.length, 0);
  const out = Buffer.alloc(44 + 2 * samples);
  out.write("RIFF", 0);
  out.writeUInt32LE(36 + 2 * samples, 4);
  out.write("WAVEfmt ", 8);
  out.writeUInt32LE(16, 16);
  out.writeUInt16LE(1, 20);
  out.writeUInt16LE(1, 22);
  out.writeUInt32LE(MIC_RATE, 24);
  out.writeUInt32LE(2 * MIC_RATE, 28);
  out.writeUInt16LE(2, 32);
  out.writeUInt16LE(16, 34);
  out.write("data", 36);
  out.writeUInt32LE(2 * samples, 40);
  let at = 44;
  for (const sound of sounds) {
    Buffer.from(sound.buffer, sound.byteOffset, sound.byteLength).copy(out, at);
    at += sound.byteLength;
  }
  writeFileSync(path, out);
}

/** Root mean square of each block of `ms`. */
export function levels(samples: Int16Array, rate: number, ms = 10): number[] {
  const block = Math.round((rate * ms) / 1000);
  return Array.from({ length: Math.floor(samples.length / block) }, (_, n) => {
    const part = samples.subarray(n * block, (n + 1) * block);
    return Math.sqrt(part.reduce((sum, sample) => sum + sample * sample, 0) / block);
  });
}

/** How alike the loudness of two sounds runs, at the best place of the shorter one: 1 is the same. */
export function likeness(long: Sound, short: Sound): number {
  const [a, b] = [long, short].map(({ rate, channels }) => levels(channels[0] ?? new Int16Array(0), rate)) as [number[], number[]];
  const places = Array.from({ length: Math.max(0, a.length - b.length + 1) }, (_, at) => correlation(a.slice(at, at + b.length), b));
  return Math.max(0, ...places);
}

function correlation(a: readonly number[], b: readonly number[]): number {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [meanA, meanB] = [mean(a), mean(b)];
  const product = (x: (n: number) => number, y: (n: number) => number) => a.reduce((sum, _, n) => sum + x(n) * y(n), 0);
  const [da, db] = [(n: number) => (a[n] ?? 0) - meanA, (n: number) => (b[n] ?? 0) - meanB];
  return product(da, db) / Math.sqrt(product(da, da) * product(db, db) || 1);
}

/** Where sound begins after at least half a second of quiet, in seconds. */
export function onsets(samples: Int16Array, rate: number, loud: number): number[] {
  const found: number[] = [];
  let quiet = Infinity;
  levels(samples, rate).forEach((level, n) => {
    if (level < loud) quiet++;
    else {
      if (quiet >= 50) found.push(n / 100);
      quiet = 0;
    }
  });
  return found;
}
