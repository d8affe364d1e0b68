// Binary messages: a little-endian header of 16 bytes, then samples (docs/browser-protocol.md).

import { Codec, Flag, Kind } from "./protocol";
import { decodeMulawBytes } from "../audio/g711";

export const HEADER_BYTES = 16;

export type MyraFrame = {
  take: number;
  seq: number;
  /** Position of the first sample within the take. */
  position: number;
  first: boolean;
  last: boolean;
  deferred: boolean;
  pcm: Int16Array<ArrayBuffer>;
};

/** A caller's frame as it goes over the socket. `stamp`: samples since the session began. */
export function encodeCallerFrame(seq: number, stamp: number, pcm: ArrayBuffer): ArrayBuffer {
  const out = new ArrayBuffer(HEADER_BYTES + pcm.byteLength);
  const view = new DataView(out);
  view.setUint8(0, Kind.caller);
  view.setUint8(1, Codec.pcm16);
  view.setUint32(8, seq, true);
  view.setUint32(12, stamp >>> 0, true);
  new Uint8Array(out, HEADER_BYTES).set(new Uint8Array(pcm));
  return out;
}

/** Raises RangeError for what is not a frame of Myra's. */
export function decodeMyraFrame(message: ArrayBuffer): MyraFrame {
  if (message.byteLength < HEADER_BYTES) {
    throw new RangeError(`a frame of ${message.byteLength} bytes has no whole header`);
  }
  const view = new DataView(message);
  const kind = view.getUint8(0);
  if (kind !== Kind.myra) throw new RangeError(`a frame of kind ${kind} is not Myra's`);
  const flags = view.getUint16(2, true);
  return {
    take: view.getUint32(4, true),
    seq: view.getUint32(8, true),
    position: view.getUint32(12, true),
    first: (flags & Flag.first) !== 0,
    last: (flags & Flag.last) !== 0,
    deferred: (flags & Flag.deferred) !== 0,
    pcm: samplesOf(view.getUint8(1), message),
  };
}

function samplesOf(codec: number, message: ArrayBuffer): Int16Array<ArrayBuffer> {
  const bytes = message.byteLength - HEADER_BYTES;
  if (codec === Codec.mulaw) return decodeMulawBytes(new Uint8Array(message, HEADER_BYTES));
  if (codec !== Codec.pcm16) throw new RangeError(`codec ${codec} is unknown`);
  if (bytes % 2 !== 0) throw new RangeError(`${bytes} bytes are no whole samples`);
  return new Int16Array(message.slice(HEADER_BYTES));
}

/** Frames as `POST /demo/frames` takes them: each behind its length as u32. */
export function concatFrames(frames: readonly ArrayBuffer[]): ArrayBuffer {
  const size = frames.reduce((sum, frame) => sum + 4 + frame.byteLength, 0);
  const out = new ArrayBuffer(size);
  const view = new DataView(out);
  let at = 0;
  for (const frame of frames) {
    view.setUint32(at, frame.byteLength, true);
    new Uint8Array(out, at + 4).set(new Uint8Array(frame));
    at += 4 + frame.byteLength;
  }
  return out;
}
