// One call from the click to what QA take home of it: typed, stopped, interrupted, hung up by Myra.

import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, inject, test } from "vitest";

import { audits, browse, Caller, logs, served, told } from "./support/caller.ts";

let browser: Browser;
let caller: Caller;

beforeAll(async () => {
  browser = await browse("beep");
  caller = await Caller.at(browser, `http://127.0.0.1:${inject("house")}/demo/`);
}, 30_000);

afterAll(() => browser.close());

const STEP = { timeout: 30_000 };

test("a click begins the call, and the greeting is played to its last sample", STEP, async () => {
  await caller.talk();
  const [line] = await caller.logged("the greeting's audit", (all) => served(all, "turn").length > 0 && audits(all));
  expect(line).toMatchObject({ verdict: "complete", samples_dropped: 0 });
  expect(line?.samples_sent).toBe(4 * 4800);
  expect(line?.samples_played).toBe(line?.samples_sent);
});

test("a reply of one word does not wait for more", STEP, async () => {
  await caller.type("short");
  const line = await caller.logged("its audit", (all) => served(all, "turn").length > 1 && audits(all)[1]);
  expect(line).toMatchObject({ verdict: "complete", samples_sent: 4800, samples_played: 4800 });
  const events = await caller.events();
  const announced = served(events, "take")[1]?.wall ?? 0;
  const audible = told(events, "started")[1]?.wall ?? Infinity;
  expect(audible - announced).toBeLessThan(400);
});

test("Stop silences her in a moment, and the words are cut where they were heard", STEP, async () => {
  await caller.type("long");
  await caller.state("Speaking");
  await caller.logged("her third reply sounds", (all) => told(all, "started").length > 2);
  await caller.button("Stop").click();
  const { stopped, line } = await caller.logged("the stop", (all) => {
    const [one] = logs(all, "stopped");
    const cut = audits(all)[2];
    return one && cut && served(all, "turn").length > 2 ? { stopped: one, line: cut } : undefined;
  });
  expect(stopped.detail).toMatchObject({ reason: "button" });
  expect(stopped.detail["stop_ms"]).toBeLessThan(60);
  expect(line.verdict).toMatch(/^interrupted after [0-7]\.\d s$/);
  expect(line.samples_played).toBeLessThan(line.samples_sent);
  await caller.says(/Interrupted/);
});

test("typed words interrupt her, and are answered", STEP, async () => {
  await caller.type("long");
  await caller.logged("her fourth reply sounds", (all) => told(all, "started").length > 3);
  await caller.type("two");
  const events = await caller.logged("both are over", (all) => audits(all).length > 4 && served(all, "turn").length > 4 && all);
  expect(told(events, "barge_in").map(({ detail }) => detail["reason"])).toEqual(["button", "text"]);
  expect(audits(events)[3]?.verdict).toMatch(/^interrupted/);
  expect(audits(events)[4]).toMatchObject({ verdict: "complete", samples_played: 48_000 });
});

test("a tool's answer follows the words before it, both of them whole", STEP, async () => {
  await caller.type("look");
  const events = await caller.logged("both are over", (all) => audits(all).length > 6 && served(all, "turn").length > 6 && all);
  expect(audits(events).slice(5).map(({ verdict }) => verdict)).toEqual(["complete", "complete"]);
  await caller.says(/Looked up an answer/);
});

test("she hangs up only when her goodbye was heard, and the exports hold the whole call", STEP, async () => {
  await caller.type("bye");
  await caller.state("Call ended", 20_000);
  const events = await caller.events();
  const lines = audits(events);
  expect(lines.at(-1)).toMatchObject({ verdict: "complete" });
  const over = events.find(({ type, state }) => type === "call" && state === "ended");
  const heard = told(events, "ended").at(-1);
  expect(over?.wall).toBeGreaterThanOrEqual(heard?.wall ?? Infinity);

  const { rate, channels } = await caller.recording();
  const seconds = ((over?.wall ?? 0) - (events[0]?.wall ?? 0)) / 1000;
  expect(rate).toBe(24_000);
  expect(Math.abs((channels[0]?.length ?? 0) / rate - seconds)).toBeLessThan(0.5);
  const played = lines.reduce((sum, line) => sum + line.samples_played, 0);
  const audible = (channels[1] ?? new Int16Array(0)).reduce((sum, sample) => sum + (sample === 0 ? 0 : 1), 0);
  expect(audible).toBeGreaterThan(0.6 * played);
  const rows = (await caller.auditTable()).trimEnd().split("\r\n");
  expect(rows).toHaveLength(lines.length + 1);
  expect(caller.faults).toEqual([]);
});

test("the call stands in the list, with both waveforms, its words and its audit", STEP, async () => {
  const { page } = caller;
  await page.getByRole("link", { name: "Open this call" }).click();
  await page.getByRole("heading", { name: "Truncation audit" }).waitFor();
  await expect.poll(() => page.locator("main").innerText()).toMatch(/a good day\./);
  const answer = await page.request.get(page.url().replace("/demo/calls/", "/demo/api/calls/"));
  const call = (await answer.json()) as { running: boolean; recording: boolean; audit: { verdict: string }[]; interruptions: number };
  expect(call).toMatchObject({ running: false, recording: true, interruptions: 2 });
  expect(call.audit.filter(({ verdict }) => verdict === "complete")).toHaveLength(6);
  await page.getByRole("button", { name: "Play", exact: true }).click();
  await page.getByRole("button", { name: "Pause", exact: true }).click();
  await page.getByRole("link", { name: "Calls", exact: true }).click();
  await expect.poll(() => page.locator(".call-row").count()).toBeGreaterThan(0);
});
