// The socket of one session: hello, resume, acknowledgements, heartbeat. Sound and messages go in
// and out as they are; what they mean is decided elsewhere.

import { WebSocket as LastingSocket } from "partysocket";

import { Close, PROTO, type FromPage, type FromServer, type Hello, type Numbered, type Ready } from "./protocol";
import { Unconfirmed } from "./unconfirmed";
import { decodeMyraFrame, type MyraFrame } from "./wire";
import type { LinkState } from "../voice/contract";

export type LinkEvents = {
  /** `code`: what the socket was closed with; 0 where nobody closed it. */
  state(state: LinkState, attempt: number, reason: string, code?: number): void;
  ready(ready: Ready, isNew: boolean): void;
  message(message: FromServer): void;
  frame(frame: MyraFrame): void;
  /** A message that is none, or of a kind unknown here. */
  notUnderstood(detail: string): void;
};

export type SessionKey = { session: string; secret: string };

const SILENCE_MS = 4000;
const PING_MS = 1000;
const ACK_MS = 200;
const OUTBOX_MOST = 200;

/** What still means something when the session is another one than when it was said. */
const OF_ANY_SESSION: ReadonlySet<FromPage["type"]> = new Set(["text", "dtmf", "mute", "line"]);

/** RFC 6455: closed without a close frame. */
const NO_CODE = 1006;

const FINAL: ReadonlyMap<number, string> = new Map([
  [1000, "the call is over"],
  [Close.notUnderstood, "the server did not understand this page: reload it"],
  [Close.signInFirst, "sign in first"],
  [Close.wrongOrigin, "this page's address is not one the server allows"],
  [Close.limitReached, "the limit of this session is reached"],
]);

export class Link {
  private readonly socket: LastingSocket;
  private key: SessionKey | null;
  private newest: number;
  private acknowledged: number;
  private newestN: number;
  private acknowledgedN: number;
  private isReady = false;
  private over = false;
  private attempts = 0;
  private outbox: FromPage[] = [];
  private readonly unconfirmed = new Unconfirmed();
  private heardAt = 0;
  private lastPing = 0;
  private lastAck = 0;
  private pingId = 0;
  private readonly pings = new Map<number, number>();
  rttMs: number | null = null;
  duplicates = 0;
  missingFrames = 0;

  constructor(
    url: string,
    private readonly hello: () => Omit<Hello, "type" | "proto" | "resume">,
    private readonly events: LinkEvents,
    private readonly now: () => number,
    resume: { key: SessionKey | null; seq: number; n: number } = { key: null, seq: 0, n: 0 },
  ) {
    this.key = resume.key;
    this.newest = resume.seq;
    this.acknowledged = resume.seq;
    this.newestN = resume.n;
    this.acknowledgedN = resume.n;
    this.heardAt = now();
    this.socket = new LastingSocket(url, [], {
      maxEnqueuedMessages: 0,
      minReconnectionDelay: 150 + Math.random() * 150,
      maxReconnectionDelay: 4000,
      reconnectionDelayGrowFactor: 1.6,
      connectionTimeout: 4000,
    });
    this.socket.binaryType = "arraybuffer";
    this.socket.addEventListener("open", () => this.opened());
    // Not a listener: those are given copies, whose code and reason are lost when a connection
    // could not be made. What partysocket makes up itself is not trusted, and has no code of the server's.
    this.socket.onclose = ({ code, reason, isTrusted }) =>
      isTrusted ? this.closed(code, reason) : this.closed(NO_CODE, "no connection");
    this.socket.addEventListener("message", ({ data }: MessageEvent<string | ArrayBuffer>) => this.received(data));
    events.state("connecting", 0, "");
  }

  get ready(): boolean {
    return this.isReady && this.socket.readyState === LastingSocket.OPEN;
  }

  get bufferedAmount(): number {
    return this.socket.bufferedAmount;
  }

  get session(): SessionKey | null {
    return this.key;
  }

  /** The newest of Myra's frames, and of the server's numbered messages. */
  get newestOf(): { seqDown: number; nDown: number } {
    return { seqDown: this.newest, nDown: this.newestN };
  }

  /** Sound; only while `ready`. */
  sendFrame(bytes: ArrayBuffer): void {
    this.socket.send(bytes);
  }

  /** Messages keep their order and wait for the session; the oldest of 200 goes first. */
  send(message: FromPage): void {
    if (this.ready) {
      this.socket.send(JSON.stringify(message));
      this.unconfirmed.sent(message, this.pingId);
    } else if (!this.over && this.outbox.push(message) > OUTBOX_MOST) this.outbox.shift();
  }

  /** Every 100 ms: pings, acknowledgements, and the end of patience. */
  tick(): void {
    const now = this.now();
    if (this.over || this.socket.readyState !== LastingSocket.OPEN) return;
    if (now - this.heardAt > SILENCE_MS) return this.renew("no answer for 4 s");
    if (!this.isReady) return;
    if (now - this.lastPing >= PING_MS) this.ping(now);
    if (now - this.lastAck >= ACK_MS) this.acknowledge(now);
  }

  close(reason: string, code = 0): void {
    if (this.over) return;
    this.over = true;
    this.isReady = false;
    this.socket.close(1000);
    this.events.state("closed", this.attempts, reason, code);
  }

  private opened(): void {
    this.heardAt = this.now();
    this.pings.clear();
    const { key } = this;
    const hello: Hello = { type: "hello", proto: PROTO, ...this.hello() };
    if (key) hello.resume = { ...key, seq: this.newest, n: this.newestN };
    this.socket.send(JSON.stringify(hello));
  }

  private closed(code: number, reason: string): void {
    this.isReady = false;
    if (this.over) return;
    const final = FINAL.get(code);
    if (final !== undefined) return this.close(reason || final, code);
    if (code === Close.noSuchSession) this.key = null;
    this.attempts++;
    this.events.state("reconnecting", this.attempts, reason || `closed with ${code}`, code);
  }

  private renew(reason: string): void {
    this.isReady = false;
    this.attempts++;
    this.heardAt = this.now();
    this.events.state("reconnecting", this.attempts, reason);
    this.over = true;
    this.socket.reconnect(Close.tooSlow, "no answer");
    this.over = false;
  }

  private received(data: string | ArrayBuffer): void {
    if (typeof data !== "string") return this.sound(data);
    let message: FromServer & Numbered;
    try {
      message = JSON.parse(data) as FromServer & Numbered;
    } catch {
      this.events.notUnderstood(`no JSON: ${data.slice(0, 80)}`);
      return;
    }
    if (message.n !== undefined && message.n <= this.newestN) return;
    this.newestN = message.n ?? this.newestN;
    if (message.type === "pong" || message.type === "ack" || message.type === "ready") this.heardAt = this.now();
    if (message.type === "pong") this.pong(message.id);
    else if (message.type === "ready") this.begin(message);
    else if (message.type === "error" && !message.retry) {
      this.events.message(message);
      this.close(message.text);
      return;
    }
    this.events.message(message);
  }

  private begin(ready: Ready): void {
    const isNew = !ready.resumed;
    this.key = { session: ready.session, secret: ready.secret };
    if (isNew) {
      this.newest = 0;
      this.acknowledged = 0;
      this.newestN = 0;
      this.acknowledgedN = 0;
    }
    this.isReady = true;
    this.attempts = 0;
    this.events.ready(ready, isNew);
    const waiting = isNew ? this.outbox.filter(({ type }) => OF_ANY_SESSION.has(type)) : this.outbox;
    this.outbox = [];
    for (const message of [...this.unconfirmed.again(), ...waiting]) this.send(message);
    this.events.state("open", 0, isNew ? "" : "resumed");
  }

  private sound(bytes: ArrayBuffer): void {
    let frame: MyraFrame;
    try {
      frame = decodeMyraFrame(bytes);
    } catch (error) {
      this.events.notUnderstood(error instanceof Error ? error.message : String(error));
      return;
    }
    if (frame.seq <= this.newest) {
      this.duplicates++;
      return;
    }
    this.missingFrames += frame.seq - this.newest - 1;
    this.newest = frame.seq;
    this.events.frame(frame);
  }

  private acknowledge(now: number): void {
    if (this.newest === this.acknowledged && this.newestN === this.acknowledgedN) return;
    this.lastAck = now;
    this.acknowledged = this.newest;
    this.acknowledgedN = this.newestN;
    this.send({ type: "ack", seq: this.newest, n: this.newestN });
  }

  private ping(now: number): void {
    this.lastPing = now;
    this.pings.set(++this.pingId, now);
    this.send({ type: "ping", id: this.pingId });
  }

  private pong(id: number): void {
    const sent = this.pings.get(id);
    this.pings.delete(id);
    this.unconfirmed.answered(id);
    if (sent !== undefined) this.rttMs = this.now() - sent;
  }
}
