// Messages that may have gone into a dying socket: kept until an answer to a later ping says that
// the server has them, and said again on the next socket if none did.

import type { FromPage } from "./protocol";

/** What may be said twice: the server knows typed words by their id, the others are states. */
const REPEATABLE: ReadonlySet<FromPage["type"]> = new Set(["text", "mute", "line"]);
const MOST = 200;

export class Unconfirmed {
  private kept: { message: FromPage; ping: number }[] = [];

  /** `ping`: the newest that was sent before the message. */
  sent(message: FromPage, ping: number): void {
    if (!REPEATABLE.has(message.type)) return;
    this.kept.push({ message, ping });
    if (this.kept.length > MOST) this.kept.shift();
  }

  /** The server has answered this ping, and with it has all that was sent before. */
  answered(ping: number): void {
    this.kept = this.kept.filter((one) => one.ping >= ping);
  }

  /** What is to be said again, in order; from now on it counts as not sent. */
  again(): FromPage[] {
    const messages = this.kept.map(({ message }) => message);
    this.kept = [];
    return messages;
  }
}
