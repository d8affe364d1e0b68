// Somebody at the page: a real Chromium with a microphone that plays a file. What the voice did is
// read from the page's own export of events, as QA would.

import { readFileSync } from "node:fs";

import { chromium, type Browser, type Download, type Locator, type Page } from "playwright-core";
import { expect } from "vitest";

import type { AuditLine } from "../../../src/net/protocol.ts";
import { parseWav, type Sound } from "./wav.ts";

/** `deny`, `none`: no microphone that would do. A path: the file it plays once. */
export type Microphone = { file: string } | "beep" | "deny" | "none";

export function browse(microphone: Microphone): Promise<Browser> {
  const args = ["--disable-background-networking", "--disable-component-update"];
  if (microphone === "deny") args.push("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream=deny");
  else if (microphone !== "none") args.push("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream");
  if (typeof microphone === "object") args.push(`--use-file-for-fake-audio-capture=${microphone.file}%noloop`);
  return chromium.launch({ executablePath: "/usr/bin/chromium", chromiumSandbox: false, args });
}

/** A line of the exported event log. */
export type Logged = { wall: number; type: string; what?: string; detail: Record<string, unknown> } & Record<string, unknown>;

type Settings = { vad?: boolean; line?: "web" | "pstn"; capture?: Record<string, boolean> };

export class Caller {
  readonly faults: string[] = [];
  readonly requests: string[] = [];

  private constructor(readonly page: Page) {
    page.on("pageerror", (error) => this.faults.push(error.message));
    page.on("console", (message) => {
      if (message.type() === "error") this.faults.push(message.text());
    });
    page.on("request", (request) => this.requests.push(request.url()));
    page.setDefaultTimeout(15_000);
  }

  static async at(browser: Browser, url: string, settings: Settings = {}, before?: (page: Page) => Promise<void>): Promise<Caller> {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, reducedMotion: "reduce" });
    const caller = new Caller(page);
    const plain = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };
    const kept = JSON.stringify({ vad: false, capture: plain, ...settings });
    await page.addInitScript(`localStorage.setItem("cymbol.voice", ${JSON.stringify(kept)})`);
    await before?.(page);
    await page.goto(url);
    return caller;
  }

  button(name: string | RegExp): Locator {
    return this.page.getByRole("button", { name, exact: true });
  }

  /** A real click, which browsers ask for before they play sound. */
  async talk(): Promise<void> {
    await this.button("Talk").click();
  }

  async type(words: string): Promise<void> {
    const field = this.page.getByRole("textbox", { name: "Type to Myra" });
    await field.fill(words);
    await field.press("Enter");
  }

  /** The words of the state, as they stand above the conversation. */
  async state(words: string | RegExp, ms = 15_000): Promise<void> {
    await expect.poll(() => this.page.locator(".call-words").textContent(), { timeout: ms }).toMatch(words);
  }

  async says(words: RegExp, ms = 15_000): Promise<void> {
    await expect.poll(() => this.page.locator(".conversation-list").innerText(), { timeout: ms }).toMatch(words);
  }

  async banner(words: RegExp, ms = 15_000): Promise<void> {
    await this.page.locator(".banner").filter({ hasText: words }).first().waitFor({ timeout: ms });
  }

  async events(): Promise<Logged[]> {
    const text = (await this.exported("Events")).toString();
    return text.split("\n").filter((line) => line !== "").map((line) => JSON.parse(line) as Logged);
  }

  async recording(): Promise<Sound> {
    return parseWav(await this.exported("Recording"));
  }

  async auditTable(): Promise<string> {
    return (await this.exported("Audit")).toString();
  }

  /** Asks for the events again until `probe` finds in them what it looks for. */
  async logged<T>(what: string, probe: (events: Logged[]) => T | undefined | false, ms = 15_000): Promise<T> {
    const end = Date.now() + ms;
    for (;;) {
      const events = await this.events();
      const found = probe(events);
      if (found !== undefined && found !== false) return found;
      if (Date.now() > end) {
        const newest = events.slice(-25).map((event) => JSON.stringify(event).slice(0, 220));
        throw new Error(`not within ${ms} ms: ${what}\n${newest.join("\n")}`);
      }
      await this.page.waitForTimeout(100);
    }
  }

  private async exported(name: string): Promise<Buffer> {
    const saved: Promise<Download> = this.page.waitForEvent("download");
    await this.page.getByRole("complementary").getByRole("button", { name, exact: true }).click();
    return readFileSync(await (await saved).path());
  }
}

export const logs = (events: Logged[], what: string): Logged[] =>
  events.filter((event) => event.type === "log" && event.what === what);

export const told = (events: Logged[], type: string): Logged[] =>
  logs(events, "told").filter(({ detail }) => detail["type"] === type);

export const served = (events: Logged[], type: string): Logged[] =>
  logs(events, "server").filter(({ detail }) => detail["type"] === type);

/** The newest line of each take, in order. */
export function audits(events: Logged[]): AuditLine[] {
  const lines = events.filter(({ type }) => type === "audit").map(({ line }) => line as AuditLine);
  return [...new Map(lines.map((line) => [line.take, line])).values()];
}
