// What docs/browser.md states, measured anew: `npm run figures` prints a table. Nothing is asserted.

import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";

import type { Browser } from "playwright-core";
import { afterAll, inject, test } from "vitest";

import { audits, browse, Caller, logs, served, told, type Logged } from "./support/caller.ts";
import { ROOT } from "./support/house.ts";
import { bargeIns, percentile, type BargeIn } from "./support/measures.ts";
import { onsets, writeMicrophone } from "./support/wav.ts";
import { Wire } from "./support/wire.ts";

const BUSY = "setInterval(() => { const end = performance.now() + 400; while (performance.now() < end); }, 600)";
const WORDS = ["stop", "when", "surname", "bags", "bye"];
const ROUNDS = 12;
const LOUD = 300;

const folder = mkdtempSync(join(tmpdir(), "microphone-"));
const rows: string[] = [];

const row = (name: string, values: readonly number[], unit = "ms") =>
  rows.push(
    `| ${name} | ${values.length} | ${Math.round(percentile(values, 0.5))} | ${Math.round(percentile(values, 0.95))} | ${Math.round(Math.max(...values))} | ${unit} |`,
  );

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
  const machine = `${cpus().length} x ${cpus()[0]?.model ?? "?"}, load ${loadavg().map((load) => load.toFixed(1)).join(" ")}`;
  const head = ["| figure | n | p50 | p95 | max | unit |", "|---|---|---|---|---|---|"];
  process.stdout.write(`\n${machine}\n\n${[...head, ...rows].join("\n")}\n`);
});

/** A call in which she speaks on and on, and every few seconds is spoken to. */
async function spokenTo(busy: boolean): Promise<{ events: Logged[]; onsetWalls: number[] }> {
  const file = join(folder, "interrupting.wav");
  const parts = Array.from({ length: ROUNDS }, (_, n) => [6, join(ROOT, "hotline/demo_call", `${WORDS[n % WORDS.length] ?? ""}.wav`)]);
  writeMicrophone(file, [3, ...parts.flat(), 60]);
  const wire = await Wire.to(inject("house"));
  wire.delayMs = 250;
  const browser = await browse({ file });
  try {
    const caller = await Caller.at(browser, wire.url, { vad: true });
    await caller.talk();
    await caller.logged("the detector is ready", (all) => logs(all, "vad-ready").length > 0, 30_000);
    if (busy) await caller.page.evaluate(BUSY);
    await caller.type("long");
    const events = await caller.logged("ten barge-ins", (all) => bargeIns(all).length >= 10 && all, 140_000);
    const { rate, channels } = await caller.recording();
    const began = events[0]?.wall ?? 0;
    return { events, onsetWalls: onsets(channels[0] ?? new Int16Array(0), rate, LOUD).map((at) => began + 1000 * at) };
  } finally {
    await browser.close();
    await wire.close();
  }
}

/** From the first sound of the caller's in the recording, whatever the detector made of it. */
function fromSound(found: BargeIn[], walls: number[], of: (one: BargeIn) => number): number[] {
  return found.flatMap((one) => {
    const onset = walls.findLast((wall) => wall < of(one));
    return onset === undefined || of(one) - onset > 2500 ? [] : [of(one) - onset];
  });
}

test.each([false, true])("barge-in, the page busy: %s", { timeout: 200_000 }, async (busy) => {
  const { events, onsetWalls } = await spokenTo(busy);
  const found = bargeIns(events);
  const page = busy ? ", busy page" : "";
  row(`detector's window to silent${page}`, found.map(({ windowToSilentMs }) => windowToSilentMs));
  row(`sound to ducked${page}`, fromSound(found, onsetWalls, ({ duckWall }) => duckWall));
  row(`sound to stopped${page}`, fromSound(found, onsetWalls, ({ wall }) => wall));
  row(`detected onset to ducked${page}`, found.map(({ onsetToDuckMs }) => onsetToDuckMs));
  row(`detected onset to stopped${page}`, found.map(({ onsetToStopMs }) => onsetToStopMs));
});

test("command to silent, reconnecting, joins", { timeout: 120_000 }, async () => {
  const wire = await Wire.to(inject("house"));
  const browser: Browser = await browse("beep");
  const caller = await Caller.at(browser, wire.url);
  await caller.talk();
  await caller.logged("the greeting is over", (all) => served(all, "turn").length > 0);
  for (let n = 1; n <= 10; n++) {
    await caller.type("long");
    await caller.logged("she speaks", (all) => told(all, "started").length > n);
    await caller.button("Stop").click();
    await caller.logged("she is silent", (all) => logs(all, "stopped").length >= n);
  }
  const stops = logs(await caller.events(), "stopped");
  row("Stop to silent", stops.map(({ detail }) => Number(detail["stop_ms"])));
  for (let n = 1; n <= 5; n++) {
    const turns = served(await caller.events(), "turn").length;
    await caller.type("long");
    await caller.logged("she speaks", (all) => told(all, "started").length > 10 + n);
    wire.closeWith(1012);
    // To the end of the reply: a connection that lasted is taken up again at once.
    await caller.logged("her reply is over", (all) => served(all, "turn").length > turns, 20_000);
  }
  const links = (await caller.events()).filter(({ type }) => type === "link");
  const back = links.flatMap(({ state, wall }, at) => (state === "reconnecting" ? [(links.slice(at).find((one) => one["state"] === "open")?.wall ?? NaN) - wall] : []));
  row("reconnected after 1012", back);
  for (let n = 0; n < 3; n++) {
    const turns = served(await caller.events(), "turn").length;
    await caller.type("look");
    await caller.logged("both are over", (all) => served(all, "turn").length > turns + 1, 20_000);
  }
  const joined = audits(await caller.events()).filter(({ verdict }) => !verdict.startsWith("interrupted"));
  row("samples lost or doubled, joins and reconnects", joined.map((line) => Math.abs(line.samples_sent - line.samples_played)), "samples");
  await browser.close();
  await wire.close();
});

test("first load", () => {
  const dist = join(ROOT, "web_demo/app/dist");
  const files = readdirSync(dist, { recursive: true, encoding: "utf8" }).map((name) => join(dist, name));
  const first = files.filter((name) => statSync(name).isFile() && !/\.(br|gz|onnx|wasm)$/.test(name) && !name.includes("vad.worker"));
  const sizes = first.map((name) => (files.includes(`${name}.br`) ? readFileSync(`${name}.br`) : readFileSync(name)).length);
  row("first load, compressed, without the detector", [sizes.reduce((sum, size) => sum + size, 0) / 1000], "kB");
});
