// A TCP proxy between page and server that can do what networks do: freeze, lose a message, cut
// the socket, refuse new ones, and hand over a close frame as a restarting server would.

import { createConnection, createServer, type AddressInfo, type Server, type Socket } from "node:net";

type Way = { page: Socket; server: Socket; isSocket: boolean; frames: Frames | null };

export class Wire {
  private readonly ways = new Set<Way>();
  private readonly server: Server;
  /** Nothing passes, either way, and nobody is told. */
  frozen = false;
  /** Sockets cannot be opened; everything else goes on. */
  refusing = false;
  /** How many of Myra's frames are to be lost from now on. */
  losing = 0;
  /** How long each way takes, as on a mobile network. */
  delayMs = 0;
  /** Requests that were passed on, by their first line. */
  readonly requests: string[] = [];

  private constructor(private readonly to: number) {
    this.server = createServer((page) => this.connected(page));
  }

  static async to(port: number): Promise<Wire> {
    const wire = new Wire(port);
    await new Promise<void>((resolve) => wire.server.listen(0, "127.0.0.1", resolve));
    return wire;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/demo/`;
  }

  posts(): number {
    return this.requests.filter((line) => line.startsWith("POST /demo/frames")).length;
  }

  /** Every socket is gone at once, without a word. */
  cut(): void {
    for (const way of this.sockets()) way.page.destroy();
  }

  /** The page is told that the socket closes, with this code, as a server tells it. */
  closeWith(code: number): void {
    for (const way of this.sockets()) {
      way.page.end(Buffer.from([0x88, 2, code >> 8, code & 255]));
      way.server.destroy();
    }
  }

  async close(): Promise<void> {
    for (const { page, server } of this.ways) {
      page.destroy();
      server.destroy();
    }
    await new Promise((resolve) => this.server.close(resolve));
  }

  private sockets(): Way[] {
    return [...this.ways].filter(({ isSocket }) => isSocket);
  }

  private connected(page: Socket): void {
    const server = createConnection(this.to, "127.0.0.1");
    const way: Way = { page, server, isSocket: false, frames: null };
    this.ways.add(way);
    page.setNoDelay(true).on("error", () => server.destroy()).on("close", () => {
      this.ways.delete(way);
      server.destroy();
    });
    server.setNoDelay(true).on("error", () => page.destroy()).on("close", () => this.later(() => page.end()));
    page.on("data", (bytes: Buffer) => this.later(() => this.fromPage(way, bytes)));
    server.on("data", (bytes: Buffer) => this.later(() => this.fromServer(way, bytes)));
  }

  /** One after the other: timers of one length keep their order. */
  private later(pass: () => void): void {
    if (this.delayMs > 0) setTimeout(pass, this.delayMs);
    else pass();
  }

  private fromPage(way: Way, bytes: Buffer): void {
    const [, line] = /^((?:GET|POST) \S+) HTTP/.exec(bytes.toString("latin1", 0, 300)) ?? [];
    if (line !== undefined && !way.isSocket) {
      this.requests.push(line);
      way.isSocket = line === "GET /demo/socket";
      if (way.isSocket && this.refusing) {
        way.page.destroy();
        return;
      }
    }
    if (!(this.frozen && way.isSocket)) way.server.write(bytes);
  }

  private fromServer(way: Way, bytes: Buffer): void {
    if (this.frozen && way.isSocket) return;
    if (!way.isSocket) {
      way.page.write(bytes);
      return;
    }
    way.frames ??= new Frames();
    for (const message of way.frames.push(bytes)) {
      const lost = this.losing > 0 && isMyra(message);
      if (lost) this.losing--;
      else way.page.write(message);
    }
  }
}

/** A binary message whose first byte says: Myra's sound. */
function isMyra(message: Buffer): boolean {
  const { start } = shapeOf(message) ?? { start: 0 };
  return message[0] === 0x82 && message[start] === 2;
}

/** Cuts what a server sends into WebSocket frames (RFC 6455, unmasked); the answer to the upgrade
 * passes as it is. */
class Frames {
  private rest = Buffer.alloc(0);
  private upgraded = false;

  push(bytes: Buffer): Buffer[] {
    this.rest = Buffer.concat([this.rest, bytes]);
    const whole: Buffer[] = [];
    if (!this.upgraded) {
      const end = this.rest.indexOf("\r\n\r\n");
      if (end < 0) return [];
      this.upgraded = true;
      whole.push(this.take(end + 4));
    }
    for (let shape = shapeOf(this.rest); shape && this.rest.length >= shape.end; shape = shapeOf(this.rest)) {
      whole.push(this.take(shape.end));
    }
    return whole;
  }

  private take(size: number): Buffer {
    const taken = this.rest.subarray(0, size);
    this.rest = this.rest.subarray(size);
    return taken;
  }
}

/** Where a frame's payload starts and ends; null before its header is there. */
function shapeOf(bytes: Buffer): { start: number; end: number } | null {
  if (bytes.length < 2) return null;
  const short = bytes.readUInt8(1) & 127;
  if (short < 126) return { start: 2, end: 2 + short };
  if (short === 126) return bytes.length < 4 ? null : { start: 4, end: 4 + bytes.readUInt16BE(2) };
  return bytes.length < 10 ? null : { start: 10, end: 10 + Number(bytes.readBigUInt64BE(2)) };
}
