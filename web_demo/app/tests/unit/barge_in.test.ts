import { describe, expect, it } from "vitest";

import { BargeInGate, type Decision, WINDOW_MS } from "../../src/audio/bargeInGate";
import { EchoGuard } from "../../src/audio/echoGuard";
import { chance, SEEDS } from "./chance";

type Fed = { p: number; rms?: number; echo?: boolean };

/** Feeds windows from `from` ms on; what was decided, with when. */
function feed(gate: BargeInGate, from: number, windows: Fed[]): { at: number; decision: Decision }[] {
  return windows.flatMap(({ p, rms = 0.005, echo = false }, i) => {
    const at = from + (i + 1) * WINDOW_MS;
    const decision = gate.feed({ atMs: at, probability: p, rms, echo });
    return decision ? [{ at: at - from, decision }] : [];
  });
}

const speech = (count: number, p = 0.9, rms = 0.005): Fed[] => Array.from({ length: count }, () => ({ p, rms }));
const whats = (decisions: { decision: Decision }[]) => decisions.map(({ decision }) => decision.what);

/** She has been audible for two seconds: the echo canceller has settled. */
function settled(): BargeInGate {
  const gate = new BargeInGate();
  gate.audible(true, 0);
  return gate;
}

describe("BargeInGate", () => {
  it("ducks at the first suspect window and stops at the third sure one", () => {
    const decisions = feed(settled(), 2000, speech(6));
    expect(whats(decisions)).toEqual(["duck", "stop"]);
    expect(decisions.map(({ at }) => at)).toEqual([WINDOW_MS, 3 * WINDOW_MS]);
    expect(decisions[1]?.decision).toMatchObject({ onsetMs: 2000 });
  });

  it("stops at two suspect windows when the caller's own level is behind them", () => {
    const decisions = feed(settled(), 2000, speech(2, 0.55, 0.05));
    expect(whats(decisions)).toEqual(["duck", "stop"]);
  });

  it("learns the caller's level: what is loud for others is nothing for a loud caller", () => {
    const gate = new BargeInGate();
    feed(gate, 0, speech(200, 0.9, 0.3));
    expect(gate.floor).toBeCloseTo(0.15, 2);
    gate.audible(true, 7000);
    expect(whats(feed(gate, 9000, speech(2, 0.55, 0.05)))).toEqual(["duck"]);
  });

  it("restores 250 ms after ducking when nothing came of it, then stays calm for 200 ms", () => {
    const gate = settled();
    const cough: Fed[] = [{ p: 0.6 }, ...speech(9, 0.1)];
    const decisions = feed(gate, 2000, cough);
    expect(whats(decisions)).toEqual(["duck", "restore"]);
    expect((decisions[1]?.at ?? 0) - (decisions[0]?.at ?? 0)).toBeGreaterThanOrEqual(250);
    expect((decisions[1]?.at ?? 0) - (decisions[0]?.at ?? 0)).toBeLessThan(250 + WINDOW_MS);
    expect(feed(gate, 2000 + 10 * WINDOW_MS, [{ p: 0.6 }])).toEqual([]);
  });

  it("restores also when the microphone falls silent for good", () => {
    const gate = settled();
    feed(gate, 2000, [{ p: 0.6 }]);
    expect(gate.tick(2032 + 249)).toBeNull();
    expect(gate.tick(2032 + 250)).toEqual({ what: "restore", atMs: 2032 + 250 });
    expect(gate.ducked).toBe(false);
  });

  it("is stricter in the first second of her sound, once", () => {
    const gate = new BargeInGate();
    gate.audible(true, 0);
    const early = feed(gate, 100, speech(6));
    expect(whats(early)).toEqual(["duck", "stop"]);
    expect(early[1]?.at).toBe(5 * WINDOW_MS);
    gate.audible(false, 1000);
    feed(gate, 4000, speech(1, 0.1));
    gate.audible(true, 5000);
    expect(feed(gate, 5000, speech(4)).map(({ at }) => at)).toEqual([WINDOW_MS, 3 * WINDOW_MS]);
  });

  it("sees a caller who was already speaking when she began", () => {
    const gate = settled();
    gate.audible(false, 2000);
    expect(feed(gate, 2500, speech(20))).toEqual([]);
    gate.audible(true, 2500 + 20 * WINDOW_MS);
    const decisions = feed(gate, 2500 + 20 * WINDOW_MS, speech(1));
    expect(whats(decisions)).toEqual(["stop"]);
  });

  it("takes nothing for speech that the echo guard knows", () => {
    const echo = speech(30).map((window) => ({ ...window, echo: true }));
    expect(feed(settled(), 2000, echo)).toEqual([]);
  });

  it("does not stop twice for one sentence", () => {
    const gate = settled();
    const stops = feed(gate, 2000, speech(8)).filter(({ decision }) => decision.what === "stop");
    expect(stops).toHaveLength(1);
  });

  it.each(SEEDS)("never stops without two suspect windows in a row, and always undoes a duck (seed %i)", (seed) => {
    const random = chance(seed);
    const gate = settled();
    let ducked = false;
    let inARow = 0;
    for (let at = 2000; at < 12000; at += WINDOW_MS) {
      const p = random() < 0.4 ? 0.5 + random() / 2 : random() / 2;
      inARow = p >= 0.5 ? inARow + 1 : 0;
      const decision = gate.feed({ atMs: at, probability: p, rms: random() * 0.1, echo: false });
      if (decision?.what === "stop" && inARow < 2) expect.unreachable("stopped on a single window");
      if (decision?.what === "duck" && ducked) expect.unreachable("ducked twice");
      if (decision?.what === "restore" && !ducked) expect.unreachable("restored what was not ducked");
      if (decision) ducked = decision.what === "duck";
    }
    for (let at = 12000; at < 12400; at += WINDOW_MS) {
      if (gate.feed({ atMs: at, probability: 0, rms: 0, echo: false })?.what === "restore") ducked = false;
    }
    expect(ducked).toBe(false);
  });
});

describe("EchoGuard", () => {
  const envelope = (at: number) => 0.1 * Math.abs(Math.sin(at / 170) * Math.cos(at / 61));

  it("knows her sound that comes back later and quieter", () => {
    const guard = new EchoGuard();
    for (let at = 0; at < 2000; at += 20) {
      guard.played(at, envelope(at));
      guard.captured(at, 0.4 * envelope(at - 120), true, 0.9);
    }
    expect(guard.likeness()).toBeGreaterThan(0.9);
    expect(guard.isEcho(0.02)).toBe(true);
  });

  it("leaves a caller alone whose voice has nothing to do with hers", () => {
    const random = chance(5);
    const guard = new EchoGuard();
    for (let at = 0; at < 2000; at += 20) {
      guard.played(at, envelope(at));
      guard.captured(at, random() * 0.1, true, 0.9);
    }
    expect(guard.likeness()).toBeLessThan(0.7);
    expect(guard.isEcho(0.05)).toBe(false);
  });

  it("learns the usual leak only while she speaks and nobody else does", () => {
    const guard = new EchoGuard();
    guard.captured(0, 0.5, false, 0);
    guard.captured(20, 0.5, true, 0.9);
    expect(guard.leak).toBeNull();
    for (let at = 40; at < 4000; at += 20) guard.captured(at, 0.01, true, 0.1);
    expect(guard.leak).toBeCloseTo(0.01, 5);
    expect(guard.isEcho(0.014)).toBe(true);
    expect(guard.isEcho(0.04)).toBe(false);
  });

  it("does not tell a caller's first sounds, not yet known for speech, as a leak", () => {
    const guard = new EchoGuard();
    for (let at = 0; at < 2000; at += 20) guard.captured(at, 0.0002, true, 0.05);
    for (let at = 2000; at < 2100; at += 20) guard.captured(at, 0.4, true, 0.2);
    expect(guard.leak).toBeLessThan(0.002);
  });
});
