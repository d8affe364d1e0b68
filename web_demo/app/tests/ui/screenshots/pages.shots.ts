// Pictures of the main states, light and dark, wide and narrow, for people to look at:
// `npm run screenshots` writes them below out/screenshots, or where SCREENSHOTS points.

import { mkdirSync } from "node:fs";
import { resolve } from "node:path";

import { chromium, type Browser } from "playwright-core";
import { createServer, type ViteDevServer } from "vite";
import { afterAll, beforeAll, test } from "vitest";

const PORT = 5197;
const INTO = resolve(process.env["SCREENSHOTS"] ?? "out/screenshots");
const ONLY = process.env["SCENES"]?.split(",");
const WIDE = { width: 1440, height: 900 };
const NARROW = { width: 390, height: 844 };
const SCENES = [
  "welcome",
  "sign-in",
  "speaking",
  "working",
  "denied",
  "blocked",
  "reconnecting",
  "busy",
  "panel",
  "phone-line",
  "help",
  "over",
  "calls",
  "no-calls",
  "calls-refused",
  "call",
  "call-without-recording",
  "no-such-call",
];

/** A call of 52 s in which nothing is to be heard. */
function silence(): Buffer {
  const rate = 8000;
  const header = Buffer.alloc(44);
  header.write("RIFF", 0);
  header.writeUInt32LE(36 + 52 * rate, 4);
  header.write("WAVEfmt ", 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(rate, 24);
  header.writeUInt32LE(rate, 28);
  header.writeUInt16LE(1, 32);
  header.writeUInt16LE(8, 34);
  header.write("data", 36);
  header.writeUInt32LE(52 * rate, 40);
  return Buffer.concat([header, Buffer.alloc(52 * rate, 128)]);
}

const KEYS: Record<string, string[]> = { panel: ["d"], "phone-line": ["p"], help: ["?"] };

let server: ViteDevServer;
let browser: Browser;

beforeAll(async () => {
  mkdirSync(INTO, { recursive: true });
  server = await createServer({ server: { port: PORT, strictPort: true, host: "127.0.0.1" }, logLevel: "error" });
  await server.listen();
  browser = await chromium.launch({ executablePath: "/usr/bin/chromium", chromiumSandbox: false });
}, 60_000);

afterAll(async () => {
  await browser.close();
  await server.close();
});

for (const scene of SCENES.filter((one) => !ONLY || ONLY.includes(one))) {
  test(scene, { timeout: 120_000 }, async () => {
    for (const theme of ["light", "dark"]) {
      for (const [size, viewport] of [["wide", WIDE], ["narrow", NARROW]] as const) {
        const page = await browser.newPage({ viewport, reducedMotion: "reduce" });
        await page.route("**/recording.wav", (route) => route.fulfill({ body: silence(), contentType: "audio/wav" }));
        await page.goto(`http://127.0.0.1:${PORT}/demo/tests/ui/support/stage.html?scene=${scene}&theme=${theme}`);
        await page.waitForSelector("main h1, main h2, main .banner");
        await page.evaluate("new Promise((done) => requestIdleCallback(done, { timeout: 3000 }))");
        for (const key of KEYS[scene] ?? []) await page.keyboard.press(key);
        await page.evaluate("document.fonts.ready");
        await page.screenshot({ path: `${INTO}/${scene}-${theme}-${size}.png` });
        await page.close();
      }
    }
  });
}
