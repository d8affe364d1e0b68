// What networks and servers do to a call: each trouble is told, nothing is said twice, and the call
// goes on.

import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, inject, test } from "vitest";

import { audits, browse, Caller, served, told, type Logged } from "./support/caller.ts";
import { levels, parseWav } from "./support/wav.ts";
import { Wire } from "./support/wire.ts";

let wire: Wire;
let browser: Browser;
let caller: Caller;
let cutAt = 0;

beforeAll(async () => {
  [wire, browser] = await Promise.all([Wire.to(inject("house")), browse("beep")]);
  caller = await Caller.at(browser, wire.url);
  await caller.talk();
  await caller.logged("the greeting is over", (all) => audits(all).length > 0 && served(all, "turn").length > 0);
}, 40_000);

afterAll(async () => {
  await browser.close();
  await wire.close();
});

const STEP = { timeout: 30_000 };

const links = (events: Logged[]) => events.filter(({ type }) => type === "link").map(({ wall, state }) => ({ wall, state }));

/** ms from the newest loss of the socket to the session's going on; null before that. */
function backAfter(events: Logged[]): number | null {
  const all = links(events);
  const lost = all.findLastIndex(({ state }, at) => state === "reconnecting" && all[at - 1]?.state === "open");
  const open = all.slice(lost).find(({ state }) => state === "open");
  return lost < 0 || !open ? null : open.wall - (all[lost]?.wall ?? 0);
}

async function speaks(words: string, before: number): Promise<void> {
  await caller.type(words);
  await caller.logged("her reply sounds", (all) => told(all, "started").length > before);
}

test("a server that closes for a restart: back within a second, and nothing is heard twice or lost", STEP, async () => {
  await speaks("long", 1);
  wire.closeWith(1012);
  const ms = await caller.logged("back again", (all) => backAfter(all) ?? undefined);
  expect(ms).toBeLessThan(1000);
  const line = await caller.logged("her reply's audit", (all) => served(all, "turn").length > 1 && audits(all)[1]);
  expect(line).toMatchObject({ verdict: "complete", samples_sent: 8 * 24_000, samples_played: 8 * 24_000 });
});

test("sound that is lost on the way is said to be", STEP, async () => {
  await speaks("two", 2);
  wire.losing = 1;
  const line = await caller.logged("her reply's audit", (all) => served(all, "turn").length > 2 && audits(all)[2]);
  expect(line.verdict).toMatch(/^lost in transit: \d+ samples never came$/);
});

test("a peer that has frozen is noticed within five seconds, and words typed meanwhile are answered once", STEP, async () => {
  const frozenAt = Date.now();
  wire.frozen = true;
  await caller.type("short");
  await caller.banner(/The connection was lost/);
  expect(Date.now() - frozenAt).toBeLessThan(5500);
  wire.frozen = false;
  await caller.banner(/Connected again/, 10_000);
  const answered = (all: Logged[]) => audits(all).filter(({ samples_sent: sent, verdict }) => sent === 4800 && verdict === "complete");
  await caller.logged("her reply's audit", (all) => answered(all).length > 0);
  await caller.type("short");
  const events = await caller.logged("the next one's", (all) => answered(all).length > 1 && all);
  expect(served(events, "transcript").filter(({ detail }) => detail["who"] === "caller" && detail["text"] === "short")).toHaveLength(2);
});

test("without a socket the voice goes by HTTP, and by the socket again when there is one", STEP, async () => {
  const before = wire.posts();
  cutAt = Date.now();
  wire.refusing = true;
  wire.cut();
  await caller.banner(/Your voice takes a detour/);
  await expect.poll(() => wire.posts() - before, { timeout: 8000 }).toBeGreaterThan(4);
  wire.refusing = false;
  await caller.banner(/Connected again/);
  const events = await caller.logged("the socket carries it", (all) => all.findLast(({ type }) => type === "layer")?.["layer"] === "worker" && all);
  expect(events.filter(({ type }) => type === "layer").map(({ layer }) => layer).slice(-2)).toEqual(["http", "worker"]);
});

test("the server heard the caller also without a socket", STEP, async () => {
  const id = (await caller.events()).find(({ type }) => type === "session")?.["conversation"] as string;
  const since = Date.now() - cutAt;
  await caller.button("Hang up").click();
  await caller.state("Call ended");
  const { page } = caller;
  const recording = page.url().replace(/demo\/.*$/, `demo/api/calls/${id}/recording.wav`);
  await expect.poll(async () => (await page.request.get(recording)).status()).toBe(200);
  const { rate, channels } = parseWav(await (await page.request.get(recording)).body());
  const loud = levels(channels[0] ?? new Int16Array(0), rate, 100).map((level) => level > 300).slice(-Math.round(since / 100));
  const silences = loud.join("").split("true").map((run) => run.length / "false".length / 10);
  expect(Math.max(...silences)).toBeLessThan(2.5);
  expect(caller.faults.filter((fault) => !fault.includes("WebSocket"))).toEqual([]);
});
