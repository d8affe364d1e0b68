import { describe, expect, it } from "vitest";

import type { FromPage } from "../../src/net/protocol";
import { Farewell } from "../../src/voice/farewell";
import { PhoneLine } from "../../src/voice/phoneLine";

describe("Farewell", () => {
  it("lets her finish, and the loudspeaker after her", () => {
    const farewell = new Farewell();
    expect(farewell.due(false, 0)).toBeNull();
    farewell.say("goodbye", 1000);
    expect(farewell.due(true, 4000)).toBeNull();
    expect(farewell.due(false, 4100)).toBeNull();
    expect(farewell.due(false, 4299)).toBeNull();
    expect(farewell.due(false, 4300)).toBe("goodbye");
  });

  it("does not wait for ever for sound that never ends", () => {
    const farewell = new Farewell();
    farewell.say("goodbye", 0);
    expect(farewell.due(true, 29_999)).toBeNull();
    farewell.due(true, 30_000);
    expect(farewell.due(true, 30_200)).toBe("goodbye");
  });
});

describe("PhoneLine", () => {
  function line() {
    const told: FromPage[] = [];
    const bands: boolean[] = [];
    const web = { line: "web", lossPercent: 0, jitterMs: 0 } as const;
    return { told, bands, web, phone: new PhoneLine(web, (m) => told.push(m), (on) => bands.push(on)) };
  }

  it("is heard at once on what is here already, and by the server's path from the next take on", () => {
    const { phone, web, told, bands } = line();
    phone.choose({ ...web, line: "pstn", lossPercent: 2 }, true);
    expect(told).toEqual([{ type: "line", mode: "pstn", loss: 2, jitter_ms: 0 }]);
    expect(bands).toEqual([true]);
    phone.takeStarted();
    phone.takeStarted();
    expect(bands).toEqual([true, false]);
  });

  it("tells nothing when nothing changed, and tells loss and jitter to a new session", () => {
    const { phone, web, told } = line();
    phone.choose({ ...web }, true);
    phone.begun();
    expect(told).toEqual([]);
    phone.choose({ ...web, jitterMs: 30 }, false);
    phone.begun();
    expect(told).toHaveLength(2);
  });
});
