// Which take each frame, mark and stop belongs to. Decides what the player is ordered and what the
// server is told; late sound of stopped takes is dropped and counted here. Pure: no socket, no clock.

import type { FromPage, TakeBegins } from "./protocol";
import type { MyraFrame } from "./wire";
import type { TakeCount } from "../audio/take";
import type { ToPlayer } from "../audio/worklets/ports";

export type TakeRecord = {
  take: number;
  response: number;
  kind: TakeBegins["kind"];
  deferred: boolean;
  chunks: number;
  samples: number;
  lateSamples: number;
  complete: boolean;
  /** It ended, however it ended. */
  over: boolean;
};

type HeldMark = { name: string; take: number };

const RECORDS_KEPT = 64;

export class TakeRouter {
  private readonly records = new Map<number, TakeRecord>();
  private newest = 0;
  /** Takes up to this one were stopped, by the page or by the server. */
  private stoppedThrough = 0;
  /** ... by the server, whose `clear` wants their marks back. */
  private clearedThrough = 0;
  private held: HeldMark[] = [];
  lateFrames = 0;

  announce(message: TakeBegins): void {
    const { take, response, kind, deferred } = message;
    this.remember({ ...this.recordOf(take), response, kind, deferred });
  }

  /** Sound for the player; null for what belongs to a stopped take. */
  frame(frame: MyraFrame): ToPlayer | null {
    const record = this.recordOf(frame.take);
    this.remember(record);
    if (frame.take <= this.stoppedThrough) {
      this.lateFrames++;
      record.lateSamples += frame.pcm.length;
      return null;
    }
    record.chunks++;
    record.samples += frame.pcm.length;
    record.deferred ||= frame.deferred;
    record.complete ||= frame.last;
    return {
      type: "chunk",
      take: frame.take,
      position: frame.position,
      pcm: frame.pcm.buffer,
      last: frame.last,
    };
  }

  /** An order for the player, or the mark itself when its take is over. */
  mark(name: string, take: number, position: number): ToPlayer | FromPage | null {
    if (take > this.stoppedThrough) return { type: "mark", take, name, position };
    return this.lateMark(name, take);
  }

  /** The player has no such take any more: answered now, or kept until the server clears. */
  lateMark(name: string, take: number): FromPage | null {
    if (take > this.stoppedThrough || take <= this.clearedThrough) return { type: "mark", name };
    this.held.push({ name, take });
    return null;
  }

  /** The page itself stops everything known now. False: there is nothing to stop. */
  stopHere(): boolean {
    if (!this.pending) return false;
    this.stoppedThrough = this.newest;
    return true;
  }

  /** The server stops everything announced so far: the marks held back since a stop of ours. */
  clear(): FromPage[] {
    this.stoppedThrough = this.newest;
    this.clearedThrough = this.newest;
    return this.releaseHeld();
  }

  /** Marks the player still had when it stopped. */
  stopped(marks: readonly string[]): FromPage[] {
    this.held.push(...marks.map((name) => ({ name, take: this.stoppedThrough })));
    return this.stoppedThrough <= this.clearedThrough ? this.releaseHeld() : [];
  }

  record(take: number): TakeRecord | null {
    return this.records.get(take) ?? null;
  }

  takesOf(response: number): TakeRecord[] {
    return [...this.records.values()].filter((record) => record.response === response);
  }

  /** Takes that are not over and may still sound. */
  get pending(): boolean {
    return [...this.records.values()].some((record) => !record.over && record.take > this.stoppedThrough);
  }

  get newestTake(): number {
    return this.newest;
  }

  ended(take: number): void {
    const record = this.records.get(take);
    if (record) record.over = true;
  }

  /** A new session numbers its takes anew. */
  reset(): void {
    this.records.clear();
    this.newest = 0;
    this.stoppedThrough = 0;
    this.clearedThrough = 0;
    this.held = [];
  }

  private releaseHeld(): FromPage[] {
    const marks = this.held.map(({ name }): FromPage => ({ type: "mark", name }));
    this.held = [];
    return marks;
  }

  private recordOf(take: number): TakeRecord {
    return (
      this.records.get(take) ?? {
        take,
        response: 0,
        kind: "reply",
        deferred: false,
        chunks: 0,
        samples: 0,
        lateSamples: 0,
        complete: false,
        over: false,
      }
    );
  }

  private remember(record: TakeRecord): void {
    this.records.set(record.take, record);
    this.newest = Math.max(this.newest, record.take);
    if (this.records.size <= RECORDS_KEPT) return;
    const oldest = this.records.keys().next().value;
    if (oldest !== undefined) this.records.delete(oldest);
  }
}

/** What the server is told of a take that is over; `at`: seconds since the conversation began. */
export function endedMessage(count: TakeCount, at: number, late: number): FromPage {
  return {
    type: "ended",
    take: count.take,
    at,
    received: count.received + late,
    played: count.played,
    dropped: count.dropped + late,
    underruns: count.underruns,
  };
}
