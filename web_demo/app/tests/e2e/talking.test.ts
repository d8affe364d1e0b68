// One call from the click to what QA take home of it: typed, stopped, interrupted, hung up by Myra.

import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";

import { audits, browse, Caller, logs, served, told } from "./support/caller.ts";
import { House } from "./support/house.ts";
import { SCRIPT } from "./support/script.ts";

let house: House;
let browser: Browser;
let caller: Caller;

beforeAll(async () => {
  [house, browser] = await Promise.all([House.open({ script: SCRIPT }), browse("beep")]);
  caller = await Caller.at(browser, house.url);
}, 90_000);

afterAll(async () => {
  await browser.close();
  await house.close();
});

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
