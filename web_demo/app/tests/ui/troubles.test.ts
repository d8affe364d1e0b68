import { expect, test } from "vitest";

import { begun, reduce } from "../../src/state/reduce";
import { microphoneTrouble, troublesOf } from "../../src/state/troubles";
import { nothingYet } from "../../src/state/view";
import type { MicTrouble, VoiceEvent } from "../../src/voice/contract";
import { CONNECTED } from "./support/script";

const NOW = 50_000;

function troubles(events: VoiceEvent[], typing = false) {
  const view = events.reduce((before, event) => reduce(before, event, NOW), begun(nothingYet(), typing));
  return troublesOf(view, NOW);
}

function reconnecting(attempt: number, code: number): VoiceEvent[] {
  return [...CONNECTED, { type: "link", state: "reconnecting", attempt, reason: "", code }];
}

function refused(code: number, reason = ""): VoiceEvent[] {
  return [
    { type: "link", state: "connecting", attempt: 0, reason: "" },
    { type: "link", state: "closed", attempt: 0, reason, code },
  ];
}

test("a call that goes well has no troubles", () => {
  expect(troubles(CONNECTED)).toEqual([]);
});

test.each<[string, VoiceEvent[], string[]]>([
  ["blocked", [...CONNECTED, { type: "autoplay-blocked" }], ["unblock"]],
  ["reconnecting", reconnecting(1, 1006), []],
  ["restart", reconnecting(1, 1012), []],
  ["no-session", reconnecting(1, 4404), []],
  ["gave-up", reconnecting(8, 1006), ["hang-up"]],
  ["too-many", refused(4429, "three calls are running"), []],
  ["signed-out", refused(4401), ["sign-in"]],
  ["origin", refused(4403), []],
  ["old-page", refused(4400), ["reload"]],
  ["refused", refused(0, "Myra is closed"), []],
  ["limit", [...CONNECTED, { type: "link", state: "closed", attempt: 0, reason: "", code: 4429 }], []],
  ["layer", [...CONNECTED, { type: "layer", layer: "script-processor", reason: "worklets do not work here" }], []],
])("%s has its message and its ways on", (id, events, ways) => {
  const found = troubles(events);
  expect(found.map((trouble) => trouble.id)).toEqual([id]);
  expect(found[0]?.ways).toEqual(ways);
  expect(found[0]?.text).toMatch(/[.]$/);
});

const MICROPHONE: MicTrouble[] = ["denied", "no-device", "in-use", "lost", "insecure", "unsupported"];

test("each trouble of the microphone has words of its own, and typing stays a way on", () => {
  const all = MICROPHONE.map((trouble) => microphoneTrouble(trouble, true));
  expect(new Set(all.map(({ title }) => title)).size).toBe(MICROPHONE.length);
  for (const { text } of all) expect(text).toContain("type");
  for (const trouble of MICROPHONE) expect(microphoneTrouble(trouble, false).ways).toContain("type-instead");
});

test("trying again is offered only where it can help", () => {
  const again = MICROPHONE.filter((trouble) => microphoneTrouble(trouble, true).ways.includes("retry-microphone"));
  expect(again).toEqual(["denied", "no-device", "in-use", "lost"]);
});

test("connected again is said for a moment only", () => {
  const view = [...reconnecting(1, 1006), { type: "link", state: "open", attempt: 0, reason: "resumed" } as VoiceEvent].reduce(
    (before, event) => reduce(before, event, NOW),
    begun(nothingYet(), false),
  );
  expect(troublesOf(view, NOW + 1000).map(({ id }) => id)).toEqual(["resumed"]);
  expect(troublesOf(view, NOW + 5000)).toEqual([]);
});

test("text only is no trouble for somebody who chose to type", () => {
  const text: VoiceEvent[] = [...CONNECTED, { type: "layer", layer: "text-only", reason: "no sound gets through" }];
  expect(troubles(text).map(({ id }) => id)).toEqual(["layer"]);
  expect(troubles(text, true)).toEqual([]);
});

test("before there was a conversation nothing is said to be kept", () => {
  const found = troubles([{ type: "link", state: "reconnecting", attempt: 1, reason: "", code: 1006 }]);
  expect(found.map(({ id }) => id)).toEqual(["not-yet"]);
});

test("while nothing is connected nobody is told to type", () => {
  const lost: VoiceEvent[] = [...reconnecting(1, 1006), { type: "layer", layer: "text-only", reason: "no sound gets through" }];
  expect(troubles(lost).map(({ id }) => id)).toEqual(["reconnecting"]);
});

test("hanging up is no trouble", () => {
  const view = [...CONNECTED, { type: "link", state: "closed", attempt: 0, reason: "you hung up" } as VoiceEvent];
  expect(troubles(view)).toEqual([]);
});
