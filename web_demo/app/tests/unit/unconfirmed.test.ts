import { describe, expect, it } from "vitest";

import type { FromPage } from "../../src/net/protocol";
import { Unconfirmed } from "../../src/net/unconfirmed";

const words = (id: string): FromPage => ({ type: "text", id, text: id });

describe("Unconfirmed", () => {
  it("keeps what was sent since the newest answered ping, in order, once", () => {
    const messages = new Unconfirmed();
    messages.sent(words("a"), 3);
    messages.sent(words("b"), 4);
    messages.sent({ type: "mute", on: true }, 5);
    messages.answered(4);
    expect(messages.again()).toEqual([words("b"), { type: "mute", on: true }]);
    expect(messages.again()).toEqual([]);
  });

  it("never says again what would count twice", () => {
    const messages = new Unconfirmed();
    messages.sent({ type: "dtmf", digit: "1" }, 0);
    messages.sent({ type: "ping", id: 1 }, 0);
    expect(messages.again()).toEqual([]);
  });

  it("forgets the oldest of very many", () => {
    const messages = new Unconfirmed();
    for (let n = 0; n < 500; n++) messages.sent(words(String(n)), 0);
    const again = messages.again();
    expect(again).toHaveLength(200);
    expect(again.at(-1)).toEqual(words("499"));
  });
});
