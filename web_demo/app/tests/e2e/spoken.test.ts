// Calls by voice: the microphone plays recordings of a caller, Silero listens in the page.

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { Browser } from "playwright-core";
import { afterAll, afterEach, expect, inject, test } from "vitest";

import { audits, browse, Caller, logs, served, told } from "./support/caller.ts";
import { ROOT } from "./support/house.ts";
import { bargeIns } from "./support/measures.ts";
import { likeness, parseWav, writeMicrophone } from "./support/wav.ts";
import { Wire } from "./support/wire.ts";

const folder = mkdtempSync(join(tmpdir(), "microphone-"));
const recorded = (name: string) => join(ROOT, "hotline/demo_call", `${name}.wav`);
const URL_OF_HOUSE = `http://127.0.0.1:${inject("house")}/demo/`;
/** Of a loaded machine; the figures of a free one are in docs/browser.md. */
const LATE_MS = 800;
/** 400 of every 600 ms of the page's own thread. */
const BUSY = "setInterval(() => { const end = performance.now() + 400; while (performance.now() < end); }, 600)";

let browser: Browser;

afterEach(() => browser.close());
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function callWith(parts: readonly (number | string | Int16Array)[], vad: boolean, url = URL_OF_HOUSE): Promise<Caller> {
  const file = join(folder, `${String(Date.now())}.wav`);
  writeMicrophone(file, parts);
  browser = await browse({ file });
  return Caller.at(browser, url, { vad });
}

/** Knocks on the table: 30 ms of noise that dies away. */
function knock(): Int16Array {
  let seed = 7;
  return Int16Array.from({ length: 1440 }, (_, n) => {
    seed = (seed * 16_807) % 2_147_483_647;
    return (seed / 2_147_483_647 - 0.5) * 40_000 * Math.exp(-n / 300);
  });
}

test("a spoken word stops her, in time also while the page is busy; knocks do not", { timeout: 60_000 }, async () => {
  // Over a slow network, so that it is the page that stops her and not the server.
  const wire = await Wire.to(inject("house"));
  wire.delayMs = 250;
  const stop = recorded("stop");
  const caller = await callWith([8, knock(), 0.5, knock(), 1, stop, 6.5, stop, 60], true, wire.url);
  await caller.talk();
  await caller.logged("the detector is ready", (all) => logs(all, "vad-ready").length > 0, 20_000);
  await caller.type("long");
  const calm = await caller.logged("the first stop", (all) => bargeIns(all).length > 0 && all, 20_000);
  await caller.page.evaluate(BUSY);
  const events = await caller.logged("a stop on a busy page", (all) => bargeIns(all).length > 1 && all, 20_000);
  for (const { windowToSilentMs, onsetToDuckMs, onsetToStopMs } of bargeIns(events)) {
    expect(windowToSilentMs).toBeLessThan(60);
    expect(onsetToDuckMs).toBeLessThan(250);
    expect(onsetToStopMs).toBeLessThan(LATE_MS);
  }
  const [first, second] = bargeIns(events);
  expect((second?.wall ?? 0) - (first?.wall ?? 0), "a knock stopped her").toBeGreaterThan(5000);
  const [stopped] = told(calm, "barge_in");
  const cut = audits(calm).find(({ take }) => take === stopped?.detail["take"]);
  expect(cut?.samples_played).toBe(stopped?.detail["played"]);
  expect(caller.faults).toEqual([]);
  await wire.close();
});

test("a caller who is speaking already when she begins is not talked over", { timeout: 60_000 }, async () => {
  const wire = await Wire.to(inject("house"));
  wire.delayMs = 250;
  const long = recorded("when");
  const caller = await callWith([9, long, long, long, 60], true, wire.url);
  await caller.talk();
  await caller.logged("the detector is ready", (all) => logs(all, "vad-ready").length > 0, 20_000);
  await caller.logged("the greeting is over", (all) => audits(all).length > 0 && served(all, "turn").length > 0);
  const speech = caller.page.locator(".tile", { hasText: "Speech" }).locator(".tile-value");
  await expect.poll(async () => parseInt((await speech.textContent()) ?? "", 10), { timeout: 20_000 }).toBeGreaterThan(80);
  await caller.type("long");
  const { begun, stopped } = await caller.logged("she falls silent", (all) => {
    const begun = told(all, "started")[1];
    const [stopped] = told(all, "barge_in");
    return begun && stopped && { begun, stopped };
  });
  expect(stopped.detail["reason"]).toBe("voice");
  expect(stopped.wall - begun.wall).toBeLessThan(LATE_MS);
  await wire.close();
});

test("the first words, spoken before the socket is open, arrive; nothing of the detector is fetched", { timeout: 60_000 }, async () => {
  const wire = await Wire.to(inject("house"));
  wire.refusing = true;
  const caller = await callWith([0.3, recorded("stop"), 60], false, wire.url);
  await caller.talk();
  await expect.poll(() => wire.requests.filter((line) => line.endsWith("/socket")).length, { timeout: 8000 }).toBeGreaterThan(3);
  wire.refusing = false;
  await caller.logged("she answers what was heard", (all) => served(all, "transcript").some(({ detail }) => detail["who"] === "caller"));
  const id = (await caller.events()).find(({ type }) => type === "session")?.["conversation"] as string;
  await caller.button("Hang up").click();
  const address = `${wire.url}api/calls/${id}/recording.wav`;
  await expect.poll(async () => (await caller.page.request.get(address)).status()).toBe(200);
  const arrived = parseWav(await (await caller.page.request.get(address)).body());
  const said = parseWav(readFileSync(recorded("stop")));
  expect(likeness(arrived, said)).toBeGreaterThan(0.9);
  expect(caller.requests.filter((url) => /\.(onnx|wasm)|vad/.test(url))).toEqual([]);
  await wire.close();
});
