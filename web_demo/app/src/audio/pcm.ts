// Samples and levels. PCM16 is Int16 little-endian on the wire; audio graphs use floats of -1 to 1.

/** Below one LSB of PCM16 there is nothing left to tell apart; the server's figures end there too. */
export const FLOOR_DB = -100;

export function int16Of(sample: number): number {
  const scaled = Math.round(sample * 32768);
  return scaled > 32767 ? 32767 : scaled < -32768 ? -32768 : scaled;
}

export function toInt16(samples: Float32Array): Int16Array<ArrayBuffer> {
  const out = new Int16Array(samples.length);
  for (let i = 0; i < samples.length; i++) out[i] = int16Of(samples[i] ?? 0);
  return out;
}

export function toFloat(samples: Int16Array): Float32Array<ArrayBuffer> {
  const out = new Float32Array(samples.length);
  for (let i = 0; i < samples.length; i++) out[i] = (samples[i] ?? 0) / 32768;
  return out;
}

/** Root mean square of PCM16 as a fraction of full scale, 0 to 1. */
export function rmsOf(samples: Int16Array): number {
  if (samples.length === 0) return 0;
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  return Math.sqrt(sum / samples.length) / 32768;
}

/** dBFS of a fraction of full scale, not below `FLOOR_DB`. */
export function dbOf(fraction: number): number {
  return fraction <= 0 ? FLOOR_DB : Math.max(FLOOR_DB, 20 * Math.log10(fraction));
}
