// What QA take home: a stereo recording (left the caller, right Myra as heard), the event log and
// the audit. Sound is put into blobs every ten seconds and events by the thousand, which the browser
// may keep on disk, so that half an hour of them leaves the heap as it was.

import { toFloat, toInt16 } from "../audio/pcm";
import { StreamResampler } from "../audio/resample";
import type { AuditLine } from "../net/protocol";
import { auditCsv } from "./audit";
import { interleave, wavHeader } from "./wav";

const PART_SECONDS = 10;
/** The clocks of two contexts and of the wall differ by less; more is a gap in the capture. */
const TOLERANCE_MS = 80;
const PART_EVENTS = 1000;

/** One channel: contiguous samples from `startedAt` on, gaps filled with silence. */
export class Track {
  private parts: Blob[] = [];
  private current: Int16Array<ArrayBuffer>;
  private filled = 0;
  private sealed = 0;

  constructor(
    readonly rate: number,
    private readonly startedAt: number,
  ) {
    this.current = new Int16Array(rate * PART_SECONDS);
  }

  get samples(): number {
    return this.sealed + this.filled;
  }

  /** `wall`: when the last of the samples was captured or played, ms. */
  add(samples: Int16Array, wall: number): void {
    const end = ((wall - this.startedAt) * this.rate) / 1000;
    const gap = Math.round(end - samples.length) - this.samples;
    if (gap > (TOLERANCE_MS * this.rate) / 1000) this.silence(gap);
    this.append(samples);
  }

  /** The parts in order, each `PART_SECONDS` long but the last. */
  async *read(): AsyncGenerator<Int16Array> {
    for (const part of [...this.parts]) yield new Int16Array(await part.arrayBuffer());
    yield this.current.slice(0, this.filled);
  }

  private silence(samples: number): void {
    const none = new Int16Array(Math.min(samples, this.rate * PART_SECONDS));
    for (let left = samples; left > 0; left -= none.length) this.append(none.subarray(0, left));
  }

  private append(samples: Int16Array): void {
    let from = 0;
    while (from < samples.length) {
      const count = Math.min(samples.length - from, this.current.length - this.filled);
      this.current.set(samples.subarray(from, from + count), this.filled);
      this.filled += count;
      from += count;
      if (this.filled === this.current.length) this.seal();
    }
  }

  private seal(): void {
    this.parts.push(new Blob([this.current]));
    this.sealed += this.filled;
    this.current = new Int16Array(this.rate * PART_SECONDS);
    this.filled = 0;
  }
}

export class Recorder {
  private readonly caller: Track;
  private readonly myra: Track;
  private readonly sealedEvents: Blob[] = [];
  private events: string[] = [];
  private readonly audits = new Map<string, AuditLine>();

  constructor(callerRate: number, myraRate: number, startedAt: number) {
    this.caller = new Track(callerRate, startedAt);
    this.myra = new Track(myraRate, startedAt);
  }

  captured(samples: Int16Array, wall: number): void {
    this.caller.add(samples, wall);
  }

  heard(samples: Int16Array, wall: number): void {
    this.myra.add(samples, wall);
  }

  event(event: object): void {
    this.events.push(`${JSON.stringify(event)}\n`);
    if (this.events.length < PART_EVENTS) return;
    this.sealedEvents.push(new Blob(this.events));
    this.events = [];
  }

  /** The newest line of a take replaces the one before. `session` keeps two sessions' takes apart. */
  audit(session: string, line: AuditLine): void {
    this.audits.set(`${session}/${line.take}`, line);
  }

  /** Stereo PCM16 at Myra's rate. */
  async recording(): Promise<Blob> {
    const left = this.callerAtMyrasRate();
    const parts: BlobPart[] = [];
    let frames = 0;
    for await (const heard of this.myra.read()) {
      const spoken = await left(heard.length);
      parts.push(new Blob([interleave(spoken, heard)]));
      frames += heard.length;
    }
    const rest = await left(Infinity);
    parts.push(new Blob([interleave(rest, new Int16Array(0))]));
    frames += rest.length;
    return new Blob([wavHeader(frames, this.myra.rate, 2), ...parts], { type: "audio/wav" });
  }

  /** One JSON object a line, in order. */
  eventLog(): Blob {
    return new Blob([...this.sealedEvents, ...this.events], { type: "application/jsonl" });
  }

  auditTable(): Blob {
    return new Blob([auditCsv(this.audits.values())], { type: "text/csv" });
  }

  /** Answers with the next so many samples of the caller, fewer at the end. */
  private callerAtMyrasRate(): (count: number) => Promise<Int16Array> {
    const same = this.caller.rate === this.myra.rate;
    const resampler = same ? null : new StreamResampler(this.caller.rate, this.myra.rate);
    const source = this.caller.read();
    let waiting: Int16Array = new Int16Array(0);
    return async (count: number) => {
      while (waiting.length < count) {
        const part = await source.next();
        if (part.done === true) break;
        const more = resampler ? toInt16(resampler.push(toFloat(part.value))) : part.value;
        const joined = new Int16Array(waiting.length + more.length);
        joined.set(waiting);
        joined.set(more, waiting.length);
        waiting = joined;
      }
      const given = waiting.slice(0, Math.min(count, waiting.length));
      waiting = waiting.slice(given.length);
      return given;
    };
  }
}
