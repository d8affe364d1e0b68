// The server's side of docs/browser-protocol.md, small and obedient: it is ordered about over HTTP,
// and answers with what it was told. One peer serves one test at a time.

import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { WebSocketServer, type WebSocket } from "ws";

const RATE = 24000;
const CHUNK = 960;

type Told = { at: number; message: Record<string, unknown> };

class Session {
  readonly told: Told[] = [];
  readonly seqs: number[] = [];
  /** Frames and numbered messages in order, for a page that comes back. */
  readonly kept: { seq: number; n: number; data: Buffer | string }[] = [];
  n = 0;
  hellos = 0;
  posts = 0;
  seqDown = 0;
  take = 0;
  frozen = false;
  refuse = false;
  vad = true;
  socket: WebSocket | null = null;
  newest = 0;
}

/** A word and up to two numbers. */
type Orders = Record<string, (session: Session, a: number, b: number) => void>;

function answer(session: Session, message: object): void {
  if (!session.frozen) session.socket?.send(JSON.stringify(message));
}

function tell(session: Session, message: object): void {
  const data = JSON.stringify({ ...message, n: ++session.n });
  session.kept.push({ seq: 0, n: session.n, data });
  if (!session.frozen) session.socket?.send(data);
}

function frame(session: Session, take: number, position: number, pcm: Int16Array, flags: number): void {
  const out = Buffer.alloc(16 + pcm.byteLength);
  out.writeUInt8(2, 0);
  out.writeUInt16LE(flags, 2);
  out.writeUInt32LE(take, 4);
  out.writeUInt32LE(++session.seqDown, 8);
  out.writeUInt32LE(position, 12);
  Buffer.from(pcm.buffer, pcm.byteOffset, pcm.byteLength).copy(out, 16);
  session.kept.push({ seq: session.seqDown, n: 0, data: out });
  if (!session.frozen) session.socket?.send(out);
}

const tone = (from: number, samples: number) =>
  Int16Array.from({ length: samples }, (_, i) => Math.round(12000 * Math.sin((2 * Math.PI * 440 * (from + i)) / RATE)));

/** A whole reply at once, as the model sends it: faster than it is played. */
function say(session: Session, ms: number, deferred: boolean): void {
  const take = ++session.take;
  const total = (ms * RATE) / 1000;
  tell(session, { type: "take", take, response: take, kind: "reply", deferred });
  for (let at = 0; at < total; at += CHUNK) {
    const pcm = tone(at, Math.min(CHUNK, total - at));
    frame(session, take, at, pcm, (at === 0 ? 1 : 0) | (at + CHUNK >= total ? 2 : 0) | (deferred ? 4 : 0));
  }
  tell(session, { type: "mark", name: `r${take}.half`, take, position: Math.round(total / 2) });
  tell(session, { type: "mark", name: `r${take}.end`, take, position: total });
}

const ORDERS: Orders = {
  say: (session, ms) => say(session, ms, false),
  tool: (session, ms) => say(session, ms, true),
  clear: (session) => tell(session, { type: "clear" }),
  close: (session, code) => session.socket?.close(code),
  freeze: (session) => (session.frozen = true),
  vanish: (session) => {
    session.refuse = true;
    session.socket?.terminate();
  },
  bye: (session, take) => {
    tell(session, { type: "bye", reason: "Myra hung up", after_take: take });
    session.socket?.close(1000);
  },
  late: (session, take) => frame(session, take, 0, tone(0, CHUNK), 0),
  turn: (session, response, samples) =>
    tell(session, {
      type: "turn",
      id: `r${response}`,
      response,
      bar: {},
      samples,
      chunks: 1,
      interrupted: false,
      heard_text: "",
    }),
};

export class Peer {
  private session = new Session();
  private readonly http = createServer((request, response) => this.respond(request, response));
  private readonly sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false });
  private acks: ReturnType<typeof setInterval> | undefined;

  /** Answers with the port. */
  async listen(): Promise<number> {
    this.http.on("upgrade", (request, socket, head) => {
      if (this.session.refuse) {
        socket.destroy();
        return;
      }
      this.sockets.handleUpgrade(request, socket, head, (ws) => this.connected(ws));
    });
    this.acks = setInterval(() => {
      const { session } = this;
      if (session.newest > 0) answer(session, { type: "ack", seq: session.newest, level_db: -30 });
    }, 200);
    await new Promise<void>((resolve) => this.http.listen(0, "127.0.0.1", resolve));
    return (this.http.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    clearInterval(this.acks);
    for (const client of this.sockets.clients) client.terminate();
    this.http.closeAllConnections();
    await new Promise((resolve) => this.http.close(resolve));
  }

  private connected(socket: WebSocket): void {
    const { session } = this;
    session.socket = socket;
    session.frozen = false;
    socket.on("message", (data: Buffer, binary) => {
      if (session !== this.session) return;
      if (binary) this.heard(session, data);
      else this.told(session, JSON.parse(data.toString()) as Record<string, unknown>);
    });
  }

  private heard(session: Session, data: Buffer): void {
    const seq = data.readUInt32LE(8);
    session.seqs.push(seq);
    session.newest = Math.max(session.newest, seq);
  }

  private told(session: Session, message: Record<string, unknown>): void {
    session.told.push({ at: Date.now(), message });
    const { type } = message;
    if (type === "hello") this.hello(session, message);
    else if (type === "ping") answer(session, { type: "pong", id: message["id"], server_ms: Date.now() });
  }

  private hello(session: Session, message: Record<string, unknown>): void {
    session.hellos++;
    const resume = message["resume"] as { session: string; seq: number; n: number } | undefined;
    const resumed = resume?.session === "s1";
    const { vad } = session;
    const ready = { type: "ready", proto: 1, session: "s1", secret: "x", resumed, in_rate: 16000, out_rate: RATE };
    answer(session, { ...ready, conversation: "c1", vad, limits: { seconds: 600 } });
    if (!resumed) return;
    const missed = session.kept.filter(({ seq, n }) => seq > resume.seq || n > resume.n);
    for (const { data } of missed) session.socket?.send(data);
  }

  private obey(session: Session, text: string): void {
    const [, order, a, b] = /^(\w+)(?: (\d+))?(?: (\d+))?$/.exec(text) ?? [];
    ORDERS[order ?? ""]?.(session, Number(a ?? 0), Number(b ?? 0));
  }

  private respond(request: IncomingMessage, response: ServerResponse): void {
    response.setHeader("Access-Control-Allow-Origin", "*");
    response.setHeader("Access-Control-Allow-Headers", "*");
    const url = request.url ?? "";
    if (request.method === "OPTIONS") {
      response.end();
      return;
    }
    if (url.startsWith("/new")) {
      this.session.socket?.terminate();
      this.session = new Session();
      this.session.vad = !url.includes("vad=0");
    } else if (url.startsWith("/return")) this.session.refuse = false;
    else if (url.startsWith("/order")) this.obey(this.session, decodeURIComponent(url.split("?")[1] ?? ""));
    else if (url.startsWith("/demo/frames")) {
      this.posted(request, response);
      return;
    }
    const { told, seqs, hellos, posts } = this.session;
    response.end(JSON.stringify({ told, seqs, hellos, posts }));
  }

  private posted(request: IncomingMessage, response: ServerResponse): void {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      const body = Buffer.concat(parts);
      for (let at = 0; at < body.length; ) {
        const size = body.readUInt32LE(at);
        this.heard(this.session, body.subarray(at + 4, at + 4 + size));
        at += 4 + size;
      }
      this.session.posts++;
      response.end(JSON.stringify({ seq: this.session.newest }));
    });
  }
}
