import { describe, expect, it } from "vitest";

import { TakeRouter } from "../../src/net/takes";
import type { MyraFrame } from "../../src/net/wire";

const frame = (take: number, position = 0, last = false): MyraFrame => ({
  take,
  seq: 1,
  position,
  first: position === 0,
  last,
  deferred: false,
  pcm: new Int16Array(480),
});

const take = (id: number, response = id) => ({
  type: "take" as const,
  take: id,
  response,
  kind: "reply" as const,
  deferred: false,
});

describe("TakeRouter", () => {
  it("hands sound and marks of live takes to the player", () => {
    const router = new TakeRouter();
    router.announce(take(1));
    expect(router.frame(frame(1))).toMatchObject({ type: "chunk", take: 1, position: 0, last: false });
    expect(router.mark("a", 1, 480)).toEqual({ type: "mark", take: 1, name: "a", position: 480 });
  });

  it("drops and counts what still comes of takes the page stopped, and lets the next one through", () => {
    const router = new TakeRouter();
    router.announce(take(1));
    router.announce(take(2));
    expect(router.stopHere()).toBe(true);
    expect(router.frame(frame(1))).toBeNull();
    expect(router.frame(frame(2))).toBeNull();
    expect(router.lateFrames).toBe(2);
    expect(router.record(2)?.lateSamples).toBe(480);
    router.announce(take(3));
    expect(router.frame(frame(3))).not.toBeNull();
  });

  it("keeps the marks of a stop of ours until the server clears, in order", () => {
    const router = new TakeRouter();
    router.announce(take(1));
    router.stopHere();
    expect(router.stopped(["a", "b"])).toEqual([]);
    expect(router.mark("c", 1, 99)).toBeNull();
    expect(router.lateMark("d", 1)).toBeNull();
    expect(router.clear()).toEqual(["a", "b", "c", "d"].map((name) => ({ type: "mark", name })));
    expect(router.mark("e", 1, 99)).toEqual({ type: "mark", name: "e" });
  });

  it("returns the marks of a clear as soon as the player has stopped", () => {
    const router = new TakeRouter();
    router.announce(take(1));
    expect(router.clear()).toEqual([]);
    expect(router.stopped(["a"])).toEqual([{ type: "mark", name: "a" }]);
  });

  it("answers a mark at once whose take has ended by itself", () => {
    const router = new TakeRouter();
    router.announce(take(1));
    router.ended(1);
    expect(router.lateMark("a", 1)).toEqual({ type: "mark", name: "a" });
    expect(router.pending).toBe(false);
    expect(router.stopHere()).toBe(false);
  });

  it("knows a reply's takes, and forgets a session's", () => {
    const router = new TakeRouter();
    router.announce(take(1, 7));
    router.announce(take(2, 7));
    expect(router.takesOf(7).map((record) => record.take)).toEqual([1, 2]);
    router.stopHere();
    router.reset();
    expect(router.frame(frame(1))).not.toBeNull();
  });
});
