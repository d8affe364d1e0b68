// What the player worklet does, without the worklet: takes in order, sample-exact joins, a jitter
// buffer, marks by position, ducking, and stops that fade in 5 ms. Times are frames of the output.

import { JITTER, JitterTarget, type JitterSettings } from "./jitterBuffer";
import { countOf, newTake, type Take, type TakeCount } from "./take";

/** Every stop, underrun and restart is faded over this: it removes the step heard as a click. */
export const FADE_MS = 5;
/** -18 dB while speech is suspected. */
export const DUCK_GAIN = 10 ** (-18 / 20);
/** A take that starves so long while a later one waits has lost its end. */
const ABANDON_MS = 3000;
export type PlayoutEvent =
  | { type: "started"; take: number; frame: number }
  | { type: "ended"; frame: number; count: TakeCount; complete: boolean }
  | { type: "mark"; name: string; take: number; frame: number }
  | { type: "underrun"; take: number; targetMs: number; frame: number }
  | { type: "late"; take: number; samples: number }
  | { type: "stopped"; id: number; frame: number; running: TakeCount | null; counts: TakeCount[]; marks: string[] };

type State = "idle" | "filling" | "playing" | "stopping";

const FINISHED_KEPT = 64;

export class Playout {
  private takes: Take[] = [];
  private state: State = "idle";
  private gain = 0;
  private level = 1;
  private levelGoal = 1;
  private held = 0;
  private starved = 0;
  private stopId = 0;
  /** First frame that is not rendered yet. */
  private clock = 0;
  private ended: number[] = [];
  private readonly fade: number;
  private readonly jitter: JitterTarget;
  private events: PlayoutEvent[] = [];

  constructor(
    private readonly rate: number,
    settings: JitterSettings = JITTER,
  ) {
    this.fade = 1000 / (FADE_MS * rate);
    this.jitter = new JitterTarget(settings);
  }

  get targetMs(): number {
    return this.jitter.ms;
  }

  get depthMs(): number {
    return (this.depth() * 1000) / this.rate;
  }

  /** A take is sounding or about to: not idle. */
  get busy(): boolean {
    return this.takes.length > 0;
  }

  /** The running take and how far it is; take 0: none. */
  get position(): { take: number; played: number } {
    const take = this.takes[0];
    return take?.started ? { take: take.id, played: take.played } : { take: 0, played: 0 };
  }

  /** What happened since the last call. */
  takeEvents(): PlayoutEvent[] {
    const events = this.events;
    this.events = [];
    return events;
  }

  /** Samples of a take from `position` on. Repeated ones are ignored, those of a dead take counted. */
  push(id: number, position: number, samples: Float32Array, last: boolean): void {
    if (this.isOver(id)) {
      this.events.push({ type: "late", take: id, samples: samples.length });
      return;
    }
    const take = this.takeOf(id);
    const known = Math.max(0, take.arrived - position);
    if (known < samples.length) {
      this.fillHole(take, position - take.arrived);
      const fresh = samples.subarray(known);
      take.refused += fresh.length - take.ring.write(fresh);
      take.arrived += fresh.length;
    }
    if (last) take.last = true;
    if (this.state === "idle") this.state = "filling";
  }

  /** Told when playback of the take has passed the position. False: that take is over already. */
  mark(id: number, name: string, position: number): boolean {
    if (this.isOver(id)) return false;
    const take = this.takeOf(id);
    take.marks.push({ name, position });
    if (take.started) this.passMarks(take, this.clock);
    return true;
  }

  duck(on: boolean): void {
    this.levelGoal = on ? DUCK_GAIN : 1;
  }

  /** Ends every take known now; answered by `stopped` once silent. */
  stop(id: number): void {
    this.stopId = id;
    if (this.state === "playing" || (this.state === "filling" && this.gain > 0)) this.state = "stopping";
    else if (this.state !== "stopping") this.finishStop(this.clock);
  }

  /** Forgets every take, also the ended ones: a new session numbers them anew. Fades like a stop. */
  reset(): void {
    this.takes = [];
    this.ended = [];
    this.state = "idle";
    this.levelGoal = 1;
  }

  /** The next block, written over `out`; `frame` is its first frame. */
  render(out: Float32Array, frame: number): void {
    // Not before the sound in front of it has faded out: going on in mid-fade would be a step.
    if (this.state === "filling" && this.gain === 0 && this.ready()) this.state = "playing";
    this.abandonIfStarved(out.length, frame);
    let sounded = 0;
    for (let i = 0; i < out.length; i++) {
      const sample = this.next(frame + i);
      if (sample !== null) sounded++;
      out[i] = this.shaped(sample);
      if (this.state === "stopping" && this.gain === 0) this.finishStop(frame + i);
    }
    this.clock = frame + out.length;
    if (sounded > 0) this.jitter.playedMs((sounded * 1000) / this.rate);
  }

  private shaped(sample: number | null): number {
    const rising = this.state === "playing" && sample !== null;
    this.gain = rising ? Math.min(1, this.gain + this.fade) : Math.max(0, this.gain - this.fade);
    if (sample !== null) this.held = sample;
    if (this.level !== this.levelGoal) this.slideLevel();
    const value = this.held * this.gain * this.level;
    if (this.gain === 0) this.held = 0;
    return value;
  }

  private slideLevel(): void {
    const step = this.fade * (1 - DUCK_GAIN);
    this.level =
      this.level > this.levelGoal
        ? Math.max(this.levelGoal, this.level - step)
        : Math.min(this.levelGoal, this.level + step);
  }

  /** The running take's next sample; null where there is nothing to play. */
  private next(frame: number): number | null {
    if (this.state !== "playing" && this.state !== "stopping") return null;
    for (;;) {
      const take = this.takes[0];
      if (!take) {
        if (this.state === "playing") this.state = "idle";
        return null;
      }
      const sample = take.ring.shift();
      if (sample !== null) return this.sounded(take, sample, frame);
      if (!take.last) return this.starve(take, frame);
      this.endTake(take, frame, true);
    }
  }

  private sounded(take: Take, sample: number, frame: number): number {
    if (!take.started) {
      take.started = true;
      this.starved = 0;
      this.events.push({ type: "started", take: take.id, frame });
    }
    take.played++;
    if (take.marks.length > 0) this.passMarks(take, frame);
    return sample;
  }

  private starve(take: Take, frame: number): null {
    if (this.state !== "playing") return null;
    this.state = "filling";
    this.starved = 0;
    if (!take.started) return null;
    take.underruns++;
    this.jitter.underrun();
    this.events.push({ type: "underrun", take: take.id, targetMs: this.jitter.ms, frame });
    return null;
  }

  /** Release on the target, or at once when the take is complete: last words never wait. */
  private ready(): boolean {
    const take = this.takes[0];
    if (!take) return false;
    return take.last || take.ring.length * 1000 >= this.jitter.ms * this.rate;
  }

  private abandonIfStarved(samples: number, frame: number): void {
    const take = this.takes[0];
    if (this.state !== "filling" || !take || take.ring.length > 0 || this.takes.length < 2) {
      this.starved = 0;
      return;
    }
    this.starved += samples;
    if (this.starved * 1000 < ABANDON_MS * this.rate) return;
    this.starved = 0;
    this.endTake(take, frame, false);
  }

  private endTake(take: Take, frame: number, complete: boolean): void {
    this.takes.shift();
    this.bury(take.id);
    for (const { name } of take.marks) this.events.push({ type: "mark", name, take: take.id, frame });
    this.events.push({ type: "ended", frame, count: countOf(take), complete });
  }

  private finishStop(frame: number): void {
    const counts = this.takes.map(countOf);
    const running = this.takes[0]?.started ? countOf(this.takes[0]) : null;
    const marks = this.takes.flatMap((take) => take.marks.map((mark) => mark.name));
    for (const take of this.takes) this.bury(take.id);
    this.takes = [];
    this.state = "idle";
    this.gain = 0;
    this.held = 0;
    this.levelGoal = 1;
    this.level = 1;
    this.events.push({ type: "stopped", id: this.stopId, frame, running, counts, marks });
  }

  private passMarks(take: Take, frame: number): void {
    while (take.marks[0] && take.marks[0].position <= take.played) {
      const mark = take.marks.shift();
      if (mark) this.events.push({ type: "mark", name: mark.name, take: take.id, frame });
    }
  }

  private fillHole(take: Take, samples: number): void {
    if (samples <= 0) return;
    take.missing += samples;
    take.arrived += samples;
    take.ring.write(new Float32Array(Math.min(samples, this.rate)));
  }

  private takeOf(id: number): Take {
    const known = this.takes.find((take) => take.id === id);
    if (known) return known;
    const take = newTake(id, this.rate);
    const before = this.takes.findIndex((other) => other.id > id && !other.started);
    this.takes.splice(before < 0 ? this.takes.length : before, 0, take);
    return take;
  }

  private bury(id: number): void {
    this.ended.push(id);
    if (this.ended.length > FINISHED_KEPT) this.ended.shift();
  }

  /** Ended, or older than all that are remembered as ended. */
  private isOver(id: number): boolean {
    return this.ended.includes(id) || (this.ended.length === FINISHED_KEPT && id < (this.ended[0] ?? 0));
  }

  private depth(): number {
    return this.takes.reduce((sum, take) => sum + take.ring.length, 0);
  }
}
