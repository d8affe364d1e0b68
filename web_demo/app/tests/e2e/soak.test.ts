// A long call: nothing piles up, and the telephone's path can be taken and left in it.
// `npm run soak` holds it for half an hour.

import type { Browser, CDPSession } from "playwright-core";
import { afterAll, beforeAll, expect, inject, test } from "vitest";

import { audits, browse, Caller, served } from "./support/caller.ts";
import { levels } from "./support/wav.ts";

const SECONDS = Number(process.env["SOAK_SECONDS"] ?? 15);
const LIMIT = { timeout: (SECONDS + 60) * 1000 };
const GROWTH_BYTES = 3e6;

let browser: Browser;
let caller: Caller;
let inspector: CDPSession;

beforeAll(async () => {
  browser = await browse("beep");
  caller = await Caller.at(browser, `http://127.0.0.1:${inject("house")}/demo/`);
  inspector = await caller.page.context().newCDPSession(caller.page);
  await caller.talk();
  await caller.logged("the greeting is over", (all) => served(all, "turn").length > 0);
}, 40_000);

afterAll(() => browser.close());

/** What is still held after a collection. */
async function heap(): Promise<number> {
  await inspector.send("HeapProfiler.collectGarbage");
  return (await inspector.send("Runtime.getHeapUsage")).usedSize;
}

async function heapAfter(words: string): Promise<number> {
  await reply(words);
  return heap();
}

/** By what the page shows: the log of half an hour is long, and to read it is work for the page. */
async function reply(words: string): Promise<void> {
  await caller.type(words);
  await caller.state("Speaking");
  await caller.state("Listening");
}

test("the telephone's path takes what lies above its band", LIMIT, async () => {
  const { page } = caller;
  await reply("high");
  const wide = await loudest();
  await page.getByRole("region", { name: "What was said" }).focus();
  await page.keyboard.press("p");
  await page.locator(".badge-line").waitFor();
  await reply("high");
  const narrow = await loudest();
  await page.keyboard.press("p");
  expect(wide).toBeGreaterThan(3000);
  expect(narrow).toBeLessThan(wide / 30);
});

/** The level of what was heard lately: of the newest second. */
async function loudest(): Promise<number> {
  const { rate, channels } = await caller.recording();
  const heard = levels((channels[1] ?? new Int16Array(0)).slice(-rate), rate, 100);
  return Math.max(...heard);
}

test("nothing piles up", LIMIT, async () => {
  const begun = Date.now();
  const held = [await heapAfter("two")];
  // A sixth of the time fills what has a bound: the log that is shown, the trends, the lines drawn.
  const filled = begun + (SECONDS * 1000) / 6;
  while (Date.now() < begun + SECONDS * 1000) {
    await reply("two");
    if (held.length === 1 && Date.now() > filled) held.push(await heap());
    const depth = caller.page.locator(".tile", { hasText: "Jitter buffer" }).locator(".tile-value");
    await expect.poll(() => depth.textContent()).toBe("0 ms");
  }
  held.push(await heap());
  process.stdout.write(`heap in kB, at first, filled, at last: ${held.map((bytes) => Math.round(bytes / 1000)).join(", ")}\n`);
  expect((held.at(-1) ?? Infinity) - (held[1] ?? 0)).toBeLessThan(GROWTH_BYTES);
  const lines = audits(await caller.events()).filter(({ samples_sent: sent }) => sent === 48_000);
  expect(lines.map(({ verdict }) => verdict)).toEqual(lines.map(() => "complete"));
});
