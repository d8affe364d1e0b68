// G.711 mu-law, ITU-T G.711 (11/88): 14-bit magnitudes in 8 segments, bits inverted on the wire.

const BIAS = 0x84;
const CLIP = 32635;

/** One PCM16 sample as a mu-law byte. */
export function encodeMulaw(sample: number): number {
  const sign = sample < 0 ? 0x80 : 0;
  const magnitude = Math.min(CLIP, Math.abs(sample)) + BIAS;
  const segment = Math.max(0, 31 - Math.clz32(magnitude) - 7);
  return ~(sign | (segment << 4) | ((magnitude >> (segment + 3)) & 0x0f)) & 0xff;
}

/** A mu-law byte as a PCM16 sample. */
export function decodeMulaw(byte: number): number {
  const bits = ~byte & 0xff;
  const segment = (bits >> 4) & 0x07;
  const magnitude = ((((bits & 0x0f) << 3) + BIAS) << segment) - BIAS;
  return bits & 0x80 ? -magnitude : magnitude;
}

export function decodeMulawBytes(bytes: Uint8Array): Int16Array<ArrayBuffer> {
  const out = new Int16Array(bytes.length);
  for (let i = 0; i < bytes.length; i++) out[i] = decodeMulaw(bytes[i] ?? 0xff);
  return out;
}
