// RIFF WAVE, PCM16, for what is exported. Sizes are known before the samples are written.

const HEADER_BYTES = 44;

/** The 44 bytes in front of `frames` frames of PCM16. */
export function wavHeader(frames: number, rate: number, channels: number): ArrayBuffer {
  const out = new ArrayBuffer(HEADER_BYTES);
  const view = new DataView(out);
  const bytes = frames * channels * 2;
  const tag = (at: number, text: string) => new Uint8Array(out, at).set(new TextEncoder().encode(text));
  tag(0, "RIFF");
  view.setUint32(4, HEADER_BYTES - 8 + bytes, true);
  tag(8, "WAVEfmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, channels, true);
  view.setUint32(24, rate, true);
  view.setUint32(28, rate * channels * 2, true);
  view.setUint16(32, channels * 2, true);
  view.setUint16(34, 16, true);
  tag(36, "data");
  view.setUint32(40, bytes, true);
  return out;
}

/** Two channels as frames; the shorter one ends in silence. */
export function interleave(left: Int16Array, right: Int16Array): Int16Array<ArrayBuffer> {
  const frames = Math.max(left.length, right.length);
  const out = new Int16Array(frames * 2);
  for (let i = 0; i < frames; i++) {
    out[2 * i] = left[i] ?? 0;
    out[2 * i + 1] = right[i] ?? 0;
  }
  return out;
}
