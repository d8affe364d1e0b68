import { describe, expect, test } from "vitest";

import { axis, stretches, total } from "../../src/state/bar";
import { clock, milliseconds, percentile, spokenTime } from "../../src/state/format";
import { callPath, routeOf } from "../../src/state/route";
import { parseSettings, USUAL } from "../../src/state/settings";
import { outline, panned, showing, speech, ticks, turnAt, waits, whole, zoomed } from "../../src/state/timeline";
import { callerWords, qualityWords, reasonWords, saidWords, toolWords, verdictTone } from "../../src/state/words";
import { detail } from "./support/scriptedApi";

test("percentiles by nearest rank", () => {
  expect(percentile([], 0.5)).toBeNull();
  expect(percentile([3, 1, 2], 0.5)).toBe(2);
  expect(percentile([5, 1], 0.95)).toBe(5);
  expect(percentile(Array.from({ length: 100 }, (_, at) => at + 1), 0.95)).toBe(95);
});

test("times as people read and hear them", () => {
  expect([clock(75.9), clock(-3), clock(3601)]).toEqual(["1:15", "0:00", "60:01"]);
  expect([spokenTime(61), spokenTime(0), spokenTime(120)]).toEqual(["1 minute 1 second", "0 seconds", "2 minutes"]);
  expect([milliseconds(null), milliseconds(9.6), milliseconds(12_340)]).toEqual(["–", "10 ms", "12.3 s"]);
});

describe("bars", () => {
  test("stretches follow one another and what is missing takes no time", () => {
    const bar = { end_of_speech: 300, first_token: 200, tools: 0, heard: 50 };
    expect(stretches(bar).map(({ stage, from, ms }) => [stage, from, ms])).toEqual([
      ["end_of_speech", 0, 300],
      ["first_token", 300, 200],
      ["heard", 500, 50],
    ]);
    expect(total(bar)).toBe(550);
  });

  test.each([1, 249, 250, 1001, 8000, 70_000])("an axis holds %i ms", (longest) => {
    expect(axis(longest)).toBeGreaterThanOrEqual(longest);
    expect(axis(longest)).toBeLessThan(Math.max(251, 2 * longest));
  });
});

describe("addresses", () => {
  test.each([
    ["/demo/", { page: "talk" }],
    ["/demo", { page: "talk" }],
    ["/demo/calls", { page: "calls" }],
    ["/demo/calls/", { page: "calls" }],
    ["/demo/calls/c-1", { page: "call", id: "c-1" }],
    ["/demo/calls/c-1/more", { page: "nowhere" }],
    ["/demo/elsewhere", { page: "nowhere" }],
    ["/demo/calls/%E0%A4%A", { page: "call", id: "%E0%A4%A" }],
  ])("%s", (path, route) => {
    expect(routeOf(path)).toEqual(route);
  });

  test("a call's address leads to it whatever its id", () => {
    expect(routeOf(callPath("a b/c?d"))).toEqual({ page: "call", id: "a b/c?d" });
  });
});

test("settings that do not fit take their usual values", () => {
  expect(parseSettings(null)).toEqual(USUAL);
  expect(parseSettings("{")).toEqual(USUAL);
  expect(parseSettings('{"line":"pstn","lossPercent":9,"volume":"loud","capture":{"autoGainControl":false}}')).toEqual({
    ...USUAL,
    line: "pstn",
    capture: { ...USUAL.capture, autoGainControl: false },
  });
});

test("unknown tools keep their name, verdicts their tone", () => {
  expect(toolWords("DateChangeAgent", true)).toBe("Changing the date");
  expect([callerWords("0123"), callerWords("alice"), callerWords("")]).toEqual(["…0123", "alice", ""]);
  expect([reasonWords("left"), reasonWords("timed_out")]).toEqual(["the caller left", "timed out"]);
  expect(toolWords("New_SeatAgent", false)).toBe("New Seat Agent");
  expect(["complete", "interrupted after 4.9 s", "lost in transit: 3 samples"].map(verdictTone)).toEqual([
    "good",
    "neutral",
    "bad",
  ]);
});

describe("time axis", () => {
  test("zooming keeps the moment in its place and never leaves the call", () => {
    const near = zoomed(whole(100), 0.5, 40, 100);
    expect(near).toEqual({ from: 20, to: 70 });
    expect(zoomed(near, 10, 40, 100)).toEqual({ from: 0, to: 100 });
    expect(zoomed(whole(100), 0.001, 0, 100)).toEqual({ from: 0, to: 2 });
    expect(panned(near, 90, 100)).toEqual({ from: 50, to: 100 });
  });

  test("a moment outside comes into sight, one inside moves nothing", () => {
    const window = { from: 0, to: 10 };
    expect(showing(window, 5, 100)).toBe(window);
    const moved = showing(window, 42, 100);
    expect(moved.from).toBeLessThan(42);
    expect(moved.to).toBeGreaterThan(42);
  });

  test("the outline shows the loudest of each stretch", () => {
    const path = outline([0, 0, 1, 0], 4, { from: 0, to: 4 }, 4);
    expect(path.match(/[ML][\d.]+ [\d.]+/g)?.[2]).toBe("L2 0.000");
    expect(outline([], 0, { from: 0, to: 4 }, 4)).toBe("");
  });

  test("few round moments on the axis", () => {
    for (const length of [3, 20, 52, 400, 3600]) {
      const marks = ticks({ from: 0, to: length });
      expect(marks.length).toBeGreaterThan(2);
      expect(marks.length).toBeLessThan(12);
    }
  });

  test("waiting ends where Myra begins; interrupted words are those that were heard", () => {
    const call = detail();
    const reply = waits(call).filter(({ key }) => key.startsWith("wait-8-"));
    expect(reply.at(-1)?.to).toBeCloseTo(36.8, 5);
    expect(speech(call, "myra").find(({ key }) => key === "turn-6")?.label).toMatch(/dollars\.$/);
    expect(turnAt(call.transcript, 24.5)?.position).toBe(5);
    expect(turnAt(call.transcript, 0)).toBeNull();
  });
});

test("keyed digits are told as keys and not in the sentence the model gets", () => {
  expect(saidWords("[The caller keyed 12#*]")).toBe("Keys 1 2 # *");
  expect(saidWords("I said: [The caller keyed 12]")).toBe("I said: [The caller keyed 12]");
});

test("measured figures have names in words, also one the page does not know", () => {
  expect(qualityWords("depth_ms")).toBe("Jitter buffer, ms");
  expect(qualityWords("some_new_figure")).toBe("some new figure");
});
