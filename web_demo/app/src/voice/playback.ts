// Myra's side in the page: orders for the player, and what it tells in return, turned into messages
// for the server, figures and audits.

import { auditLine } from "../qa/audit";
import { endedMessage, TakeRouter } from "../net/takes";
import type { AuditLine, BargeInReason, FromPage, FromServer, TurnOver } from "../net/protocol";
import type { MyraFrame } from "../net/wire";
import type { PlayoutEvent } from "../audio/playout";
import type { TakeCount } from "../audio/take";
import type { FromPlayer, ToPlayer } from "../audio/worklets/ports";

export type PlaybackEvents = {
  tell(message: FromPage): void;
  audible(on: boolean, wall: number): void;
  started(take: number, response: number, wall: number): void;
  level(rms: number, wall: number): void;
  stopped(reason: BargeInReason | "server", stopMs: number, wall: number, onsetWall: number | null): void;
  audit(line: AuditLine): void;
  log(what: string, detail: Record<string, unknown>): void;
};

type Stop = { reason: BargeInReason | "server"; orderedAt: number; onset: number | null; then: FromPage[] };

/** A player that does not answer (a suspended context) is not waited for longer. */
const STOP_DEADLINE_MS = 150;
const TURNS_KEPT = 32;

export class Playback {
  private readonly router = new TakeRouter();
  private player: MessagePort | null = null;
  private waiting: ToPlayer[] = [];
  private stop: Stop | null = null;
  private stops = 0;
  private position = { take: 0, played: 0 };
  private sounding = 0;
  private readonly counts = new Map<number, { count: TakeCount; stopped: boolean }>();
  private readonly turns = new Map<number, TurnOver>();
  private readonly texts = new Map<number, string>();
  underruns = 0;
  jitter = { depthMs: 0, targetMs: 80 };

  constructor(
    private readonly rate: () => number,
    private readonly secondsSinceBegin: (wall: number) => number,
    private readonly events: PlaybackEvents,
  ) {}

  get audibleTake(): number {
    return this.sounding;
  }

  get lateFrames(): number {
    return this.router.lateFrames;
  }

  /** Something sounds or is about to. */
  get pending(): boolean {
    return this.router.pending;
  }

  connect(player: MessagePort): void {
    this.player = player;
    player.onmessage = ({ data }: MessageEvent<FromPlayer>) => this.told(data);
    for (const order of this.waiting) player.postMessage(order);
    this.waiting = [];
  }

  frame(frame: MyraFrame): void {
    const order = this.router.frame(frame);
    if (order) this.order(order, order.type === "chunk" ? [order.pcm] : []);
  }

  /** Messages about takes and turns; all others are none of its business. */
  message(message: FromServer, wall: number): void {
    if (message.type === "take") this.router.announce(message);
    else if (message.type === "mark") this.mark(message.name, message.take, message.position);
    else if (message.type === "clear") this.clear(wall);
    else if (message.type === "turn") this.turnOver(message);
  }

  duck(on: boolean): void {
    this.order({ type: "duck", on });
  }

  /** The page silences her. `then` follows the `barge_in`; at once when nothing was to be stopped. */
  silence(reason: BargeInReason, wall: number, onset: number | null, then: FromPage[] = []): boolean {
    if (this.stop && this.stop.reason !== "server") {
      this.stop.then.push(...then);
      return true;
    }
    if (!this.router.stopHere()) {
      then.forEach((message) => this.events.tell(message));
      return false;
    }
    this.stop = { reason, orderedAt: wall, onset, then };
    this.order({ type: "stop", id: ++this.stops });
    return true;
  }

  /** Words of Myra's, for the audit. */
  said(response: number, text: string): void {
    this.texts.set(response, text);
  }

  tick(wall: number): void {
    if (this.stop && wall - this.stop.orderedAt > STOP_DEADLINE_MS) {
      this.events.log("player-silent", { waited_ms: wall - this.stop.orderedAt });
      this.silent(null, [], [], wall);
    }
  }

  /** Everything of the session before is over. */
  reset(wall: number): void {
    this.router.reset();
    this.order({ type: "reset" });
    this.stop = null;
    this.counts.clear();
    this.turns.clear();
    this.texts.clear();
    this.setSounding(0, wall);
  }

  private order(order: ToPlayer, transfer: Transferable[] = []): void {
    if (this.player) this.player.postMessage(order, transfer);
    else this.waiting.push(order);
  }

  private mark(name: string, take: number, position: number): void {
    const answer = this.router.mark(name, take, position);
    if (answer === null) return;
    if ("take" in answer && answer.type === "mark") this.order(answer);
    else this.events.tell(answer as FromPage);
  }

  private clear(wall: number): void {
    const running = this.router.pending;
    for (const mark of this.router.clear()) this.events.tell(mark);
    if (!running && !this.stop) return;
    this.stop ??= { reason: "server", orderedAt: wall, onset: null, then: [] };
    this.order({ type: "stop", id: ++this.stops });
  }

  private told(message: FromPlayer): void {
    if (message.type === "event") this.happened(message.event, message.wall);
    else if (message.type === "level") this.events.level(message.rms, message.wall);
    else if (message.type === "mark-late") {
      const mark = this.router.lateMark(message.name, message.take);
      if (mark) this.events.tell(mark);
    } else {
      this.position = { take: message.take, played: message.played };
      this.jitter = { depthMs: message.depthMs, targetMs: message.targetMs };
    }
  }

  private happened(event: PlayoutEvent, wall: number): void {
    switch (event.type) {
      case "started":
        return this.started(event.take, wall);
      case "mark":
        return this.events.tell({ type: "mark", name: event.name });
      case "ended":
        return this.ended(event.count, false, wall);
      case "stopped":
        return this.silent(event.running, event.counts, event.marks, wall);
      case "underrun":
        this.underruns++;
        return this.events.log("underrun", { take: event.take, target_ms: Math.round(event.targetMs) });
      case "late":
        return this.events.log("late", { take: event.take, samples: event.samples });
    }
  }

  private started(take: number, wall: number): void {
    this.events.tell({ type: "started", take, at: this.secondsSinceBegin(wall) });
    this.setSounding(take, wall);
    this.events.started(take, this.router.record(take)?.response ?? 0, wall);
  }

  private ended(count: TakeCount, stopped: boolean, wall: number): void {
    this.router.ended(count.take);
    const late = this.router.record(count.take)?.lateSamples ?? 0;
    this.events.tell(endedMessage(count, this.secondsSinceBegin(wall), late));
    this.counts.set(count.take, { count, stopped });
    if (this.counts.size > TURNS_KEPT) this.counts.delete(this.counts.keys().next().value ?? 0);
    this.audit(count.take);
    if (this.sounding === count.take) this.setSounding(0, wall);
  }

  private silent(running: TakeCount | null, counts: TakeCount[], marks: string[], wall: number): void {
    const { stop } = this;
    this.stop = null;
    if (stop && stop.reason !== "server") this.tellBargeIn(stop, running ?? counts[0] ?? null);
    for (const mark of this.router.stopped(marks)) this.events.tell(mark);
    for (const count of counts) this.ended(count, true, wall);
    this.setSounding(0, wall);
    for (const message of stop?.then ?? []) this.events.tell(message);
    if (stop) this.events.stopped(stop.reason, wall - stop.orderedAt, wall, stop.onset);
  }

  private tellBargeIn(stop: Stop, cut: TakeCount | null): void {
    if (stop.reason === "server") return;
    const take = cut?.take ?? (this.position.take || this.router.newestTake);
    const played = cut?.played ?? (this.position.take === take ? this.position.played : 0);
    const message: FromPage = { type: "barge_in", take, played, reason: stop.reason };
    if (stop.onset !== null) message.onset_ms = Math.round(stop.orderedAt - stop.onset);
    this.events.tell(message);
  }

  private turnOver(turn: TurnOver): void {
    this.turns.set(turn.response, turn);
    if (this.turns.size > TURNS_KEPT) this.turns.delete(this.turns.keys().next().value ?? 0);
    for (const { take } of this.router.takesOf(turn.response)) this.audit(take);
  }

  private audit(take: number): void {
    const ended = this.counts.get(take);
    const record = this.router.record(take);
    if (!ended || !record) return;
    const takes = this.router.takesOf(record.response);
    const turn = takes.length === 1 ? this.turns.get(record.response) : undefined;
    this.events.audit(
      auditLine({
        take,
        response: record.response,
        chunksSent: turn?.chunks ?? null,
        samplesSent: turn?.samples ?? null,
        chunksReceived: record.chunks,
        samplesReceived: ended.count.received + record.lateSamples,
        samplesPlayed: ended.count.played,
        samplesDropped: ended.count.dropped + record.lateSamples,
        samplesMissing: ended.count.missing,
        underruns: ended.count.underruns,
        complete: record.complete,
        stopped: ended.stopped,
        text: takes.length === 1 ? (this.texts.get(record.response) ?? "") : "",
        rate: this.rate(),
      }),
    );
  }

  private setSounding(take: number, wall: number): void {
    if ((this.sounding > 0) !== take > 0) this.events.audible(take > 0, wall);
    this.sounding = take;
  }
}
