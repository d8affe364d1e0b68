import { describe, expect, test } from "vitest";

import { unheardRest } from "../../src/state/heard";
import { begun, dismissed, reduce } from "../../src/state/reduce";
import { nothingYet, TREND_EVERY_MS, TREND_LENGTH, type CallView, type Utterance } from "../../src/state/view";
import type { VoiceEvent } from "../../src/voice/contract";
import { CALL, CONNECTED, figures, SPEAKING } from "./support/script";

function after(events: VoiceEvent[], from: CallView = begun(nothingYet(), false), now = 1000): CallView {
  return events.reduce((view, event) => reduce(view, event, now), from);
}

function words(view: CallView): Utterance[] {
  return view.items.filter((item) => item.kind === "utterance");
}

function said(id: string, at: number, text: string, part: Partial<Utterance> = {}): VoiceEvent {
  const who = id.startsWith("c") ? "caller" : "myra";
  return { type: "transcript", who, id, text, final: true, interrupted: false, at, ...part };
}

describe("transcript", () => {
  test("a turn's words grow in one place", () => {
    const view = after([said("c1", 1, "I would", { final: false }), said("c1", 1, "I would like", { final: true })]);
    expect(words(view).map(({ text, final }) => [text, final])).toEqual([["I would like", true]]);
  });

  test("a caller's words are timed by when they began to speak, as in the recording", () => {
    const view = after([said("c1", 16.4, "Hello, when", { final: false }), said("c1", 8.9, "Hello, when does it leave?")]);
    expect(words(view).map(({ at }) => at)).toEqual([8.9]);
  });

  test("what comes late stands where it was said", () => {
    const view = after([said("r1", 0.6, "Hello."), said("r2", 8, "One moment."), said("c1", 5, "Hi.")]);
    expect(words(view).map(({ id }) => id)).toEqual(["r1", "c1", "r2"]);
  });

  test("an interrupted reply keeps what nobody heard apart", () => {
    const offer = words(after(SPEAKING)).find(({ id }) => id === "r4");
    expect(offer?.text).toMatch(/forty-five dollars\.$/);
    expect(offer?.unheard).toMatch(/^There is also a seat .* Sunday\.$/);
  });

  test("a reply that ended by itself has nothing unheard", () => {
    const view = after([said("r1", 1, "Hello there", { final: false }), said("r1", 1, "Hello there.")]);
    expect(words(view)[0]?.unheard).toBe("");
  });

  test.each([
    ["One two three", "One two", "three"],
    ["One two three", "one  two", "three"],
    ["One two three", "", "One two three"],
    ["One two three", "One two three", ""],
    ["One two three", "Four", ""],
    ["One", "One two", ""],
    ["Grüße aus Köln", "Grüße", "aus Köln"],
  ])("of %j, heard %j, unheard %j", (all, heard, rest) => {
    expect(unheardRest(all, heard)).toBe(rest);
  });
});

describe("tools", () => {
  test("one tool is one item from begin to being spoken of, and keeps what was told before", () => {
    const tools = after(CALL).items.filter((item) => item.kind === "tool");
    expect(tools.map(({ id, phase }) => [id, phase])).toEqual([
      ["t1", "spoken"],
      ["t2", "spoken"],
      ["t3", "spoken"],
      ["t4", "started"],
    ]);
    expect(tools[0]).toMatchObject({ args: { reference: "***427" }, ms: 212, status: "refused", at: 10.4, spokenAt: 11.3 });
  });
});

describe("connection", () => {
  test("a resumed conversation keeps its beginning and tells that it was resumed", () => {
    const lost: VoiceEvent = { type: "link", state: "reconnecting", attempt: 1, reason: "closed with 1006", code: 1006 };
    const before = after([...CONNECTED, lost], undefined, 1000);
    const session: VoiceEvent = { type: "session", conversation: "bw-7f3a21c9", limitSeconds: 600 };
    const view = after([session, { type: "link", state: "open", attempt: 0, reason: "resumed" }], before, 5000);
    expect(view.session?.since).toBe(1000);
    expect(view.resumedAt).toBe(5000);
    expect(view.items).toEqual(before.items);
  });

  test("another conversation within the call is set apart, and its ids are others", () => {
    const view = after([
      ...CONNECTED,
      said("c1", 4, "First."),
      { type: "session", conversation: "another", limitSeconds: 600 },
      said("c1", 1, "Second."),
    ]);
    expect(view.items.map(({ kind }) => kind)).toEqual(["utterance", "divider", "utterance"]);
    expect(words(view).map(({ text }) => text)).toEqual(["First.", "Second."]);
  });

  test("a call ends by the socket as well as by its state, and begins anew empty", () => {
    expect(after([...CONNECTED, { type: "link", state: "closed", attempt: 0, reason: "" }]).phase).toBe("over");
    const over = after([...CALL, { type: "call", state: "ended", reason: "you hung up" }]);
    expect(over.phase).toBe("over");
    expect(words(after([...SPEAKING, { type: "call", state: "ended", reason: "" }])).every(({ final }) => final)).toBe(true);
    const again = begun(over, true);
    expect(again).toMatchObject({ phase: "running", typing: true, items: [], turns: [], log: [], session: null });
    expect(again.inputs).toEqual(over.inputs);
  });

  test("a microphone that works again ends its trouble", () => {
    const denied = after([{ type: "mic-trouble", trouble: "denied", detail: "" }]);
    expect(denied.trouble?.trouble).toBe("denied");
    expect(after([{ type: "mic", state: "on", label: "Headset" }], denied).trouble).toBeNull();
  });
});

describe("figures", () => {
  test("trends take one value each half second and stay bounded", () => {
    let view = begun(nothingYet(), false);
    for (let at = 0; at < 2 * TREND_LENGTH; at++) {
      const event: VoiceEvent = { type: "figures", figures: figures({ rttMs: at }) };
      view = reduce(view, event, 1000 + at * (TREND_EVERY_MS / 2));
    }
    expect(view.trends.rttMs).toHaveLength(TREND_LENGTH);
    view = reduce(view, { type: "figures", figures: figures({ rttMs: 7 }) }, 1_000_000);
    expect(view.trends.rttMs).toHaveLength(TREND_LENGTH);
    expect(view.trends.rttMs.at(-1)).toBe(7);
  });

  test("each barge-in counts once however often its figures come", () => {
    const once: VoiceEvent = { type: "figures", figures: figures() };
    const other: VoiceEvent = {
      type: "figures",
      figures: figures({ bargeIn: { onsetToDuckMs: 110, onsetToStopMs: 190, stopMs: 7 } }),
    };
    expect(after([once, once, other, other]).bargeIns.map(({ stopMs }) => stopMs)).toEqual([9, 7]);
  });

  test("the newest state of a take replaces the one before", () => {
    const view = after([...CALL, ...CALL.filter(({ type }) => type === "audit")]);
    expect(view.audits.map(({ take }) => take)).toEqual([1, 2, 3, 4]);
    const anew: VoiceEvent = { type: "session", conversation: "another", limitSeconds: 600 };
    const both = after([anew, ...CALL.filter(({ type }) => type === "audit")], view);
    expect(both.audits.map(({ take }) => take)).toEqual([1, 2, 3, 4, 1, 2, 3, 4]);
  });
});

describe("notices", () => {
  test("the same words stand once, few at a time, and can be dismissed", () => {
    const notice = (text: string): VoiceEvent => ({ type: "notice", level: "warning", text });
    const view = after(["a", "b", "a", "c", "d", "e"].map(notice));
    expect(view.notices.map(({ text }) => text)).toEqual(["a", "c", "d", "e"]);
    const first = view.notices[0];
    expect(dismissed(view, first?.id ?? 0).notices.map(({ text }) => text)).toEqual(["c", "d", "e"]);
  });
});

test("an echo is told once a call, and only when it is loud enough", () => {
  const leak = (echoLeak: number | null): VoiceEvent => ({ type: "figures", figures: figures({ echoLeak }) });
  expect(after([leak(null), leak(0.009)]).notices).toEqual([]);
  const view = after([leak(0.02), leak(0.03)]);
  expect(view.notices.map(({ text }) => text)).toEqual([expect.stringContaining("Headphones")]);
  expect(after([leak(0.03)], dismissed(view, view.notices[0]?.id ?? 0)).notices).toEqual([]);
});

test("no event changes a view in place", () => {
  const frozen = (view: CallView): CallView => {
    for (const part of Object.values(view)) if (typeof part === "object" && part !== null) Object.freeze(part);
    return Object.freeze(view);
  };
  let view = frozen(begun(nothingYet(), false));
  for (const event of SPEAKING) view = frozen(reduce(view, event, 1));
  expect(view.items.length).toBeGreaterThan(8);
});
