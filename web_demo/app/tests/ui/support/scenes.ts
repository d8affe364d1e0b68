// The page's main states, each by name: for the screenshots and for the checks with axe.

import { begun } from "../../../src/state/reduce";
import { storeOf } from "../../../src/state/store";
import { TREND_LENGTH, TRENDS, type Trend } from "../../../src/state/view";
import type { VoiceEvent } from "../../../src/voice/contract";
import { CALL, CONNECTED, SPEAKING } from "./script";
import { detail, everything, type Answers } from "./scriptedApi";
import type { ScriptedVoice } from "./scriptedVoice";

export type Scene = { path: string; answers?: Answers; typing?: boolean; events?: VoiceEvent[]; keys?: string[] };

const api = "/demo/api";

export const SCENES = {
  welcome: { path: "/demo/" },
  "sign-in": { path: "/demo/?link=expired", answers: { [`${api}/me`]: { status: 401 } } },
  unreachable: { path: "/demo/", answers: { [`${api}/me`]: "no answer" } },
  working: { path: "/demo/", events: CALL },
  speaking: { path: "/demo/", events: SPEAKING },
  connecting: { path: "/demo/", events: CONNECTED.slice(0, 2) },
  denied: {
    path: "/demo/",
    events: [...CONNECTED, { type: "mic", state: "off", label: "" }, { type: "mic-trouble", trouble: "denied", detail: "" }],
  },
  blocked: { path: "/demo/", events: [...CONNECTED, { type: "autoplay-blocked" }] },
  reconnecting: {
    path: "/demo/",
    events: [...CALL, { type: "link", state: "reconnecting", attempt: 2, reason: "closed with 1006", code: 1006 }],
  },
  busy: {
    path: "/demo/",
    events: [
      { type: "link", state: "connecting", attempt: 0, reason: "" },
      { type: "link", state: "closed", attempt: 0, reason: "three calls are running", code: 4429 },
      { type: "call", state: "ended", reason: "three calls are running" },
    ],
  },
  panel: { path: "/demo/", events: SPEAKING, keys: ["d"] },
  "phone-line": { path: "/demo/", events: SPEAKING, keys: ["p"] },
  help: { path: "/demo/", keys: ["?"] },
  over: {
    path: "/demo/",
    events: [...SPEAKING, { type: "link", state: "closed", attempt: 0, reason: "you hung up" }, { type: "call", state: "ended", reason: "you hung up" }],
  },
  calls: { path: "/demo/calls" },
  "no-calls": { path: "/demo/calls", answers: { ...everything(), [`${api}/calls`]: { body: { calls: [], next: null } } } },
  "calls-refused": {
    path: "/demo/calls",
    answers: { ...everything(), [`${api}/calls`]: { status: 503, body: { error: "the database does not answer; try again shortly" } } },
  },
  call: { path: "/demo/calls/c-1001" },
  "call-without-recording": {
    path: "/demo/calls/c-1001",
    answers: { ...everything(), [`${api}/calls/c-1001`]: { body: detail({ recording: false }) } },
  },
  "no-such-call": { path: "/demo/calls/c-9" },
  nowhere: { path: "/demo/elsewhere" },
} satisfies Record<string, Scene>;

export type SceneName = keyof typeof SCENES;

export function sceneOf(name: string): Scene {
  const scene = (SCENES as Record<string, Scene>)[name];
  if (!scene) throw new Error(`no scene is called ${name}`);
  return scene;
}

/** The events of the scene, and trends as after two minutes. */
export function play(scene: Scene, voice: ScriptedVoice): void {
  const { events, typing = false } = scene;
  if (!events) return;
  const store = storeOf(voice);
  store.setState((view) => begun(view, typing), true);
  voice.tell(...events);
  if (events.length < CALL.length) return;
  const trends = Object.fromEntries(TRENDS.map((trend) => [trend, wave(trend)])) as Record<Trend, number[]>;
  store.setState((view) => ({
    trends,
    session: view.session && { ...view.session, since: view.session.since - 38_000 },
  }));
}

/** What QA press in the scene, once it stands. */
export function press(scene: Scene): void {
  for (const key of scene.keys ?? []) document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
}

const MIDDLE: Record<Trend, [number, number]> = {
  rttMs: [38, 12],
  jitterDepthMs: [90, 26],
  jitterTargetMs: [80, 0],
  inFlight: [4, 2],
  micLevelDb: [-42, 16],
  speech: [0.35, 0.35],
};

function wave(trend: Trend): number[] {
  const [middle, height] = MIDDLE[trend];
  return Array.from(
    { length: TREND_LENGTH },
    (_, at) => middle + height * Math.sin(at / 7) * Math.sin(at / 2.3 + 1) * (0.6 + 0.4 * Math.cos(at / 31)),
  );
}
