// No microphone, sound held back, two tabs, and doors that are guarded or closed for a moment.

import axe from "axe-core";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from "vitest";

import { audits, browse, Caller, served, type Microphone } from "./support/caller.ts";
import { House } from "./support/house.ts";

const HOUSE = `http://127.0.0.1:${inject("house")}/demo/`;
const STEP = { timeout: 40_000 };
const PASSWORD = "a good day to fly";

let browser: Browser;

/** Another program holds it: what the browser then says. */
async function inUse(page: Page): Promise<void> {
  await page.addInitScript(
    `navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException("held", "NotReadableError"))`,
  );
}

async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const found = await page.evaluate<axe.AxeResults>("axe.run(document, { resultTypes: ['violations'] })");
  return found.violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id} ${target.join(" ")}`));
}

/** In both themes; the page's own switch is not needed for it. */
async function clean(page: Page): Promise<void> {
  for (const theme of ["light", "dark"]) {
    await page.evaluate(`document.documentElement.dataset.theme = "${theme}"`);
    expect(await violations(page), `${page.url()} ${theme}`).toEqual([]);
  }
}

describe("without a microphone", () => {
  afterEach(() => browser.close());

  const CASES: { name: string; microphone: Microphone; words: RegExp; before?: (page: Page) => Promise<void> }[] = [
    { name: "denied", microphone: "deny", words: /The microphone is not allowed/ },
    { name: "none there", microphone: "none", words: /No microphone was found/ },
    { name: "in use", microphone: "beep", words: /The microphone is in use/, before: inUse },
  ];

  test.each(CASES)("$name: it is said, and typed words are answered", STEP, async ({ microphone, words, before }) => {
    browser = await browse(microphone);
    const caller = await Caller.at(browser, HOUSE, {}, before);
    await caller.talk();
    await caller.banner(words);
    await caller.type("short");
    await caller.says(/Myra[\s\S]*Yes\./);
    await caller.button("Hang up").click();
    await caller.state("Call ended");
  });

  test("sound that the browser holds back begins with a click", STEP, async () => {
    browser = await browse("none");
    let begun: Promise<unknown> = Promise.resolve();
    const caller = await Caller.at(browser, HOUSE, {}, async (page) => {
      // Whatever Playwright looks up in a page counts as a click there: nothing may be asked of this
      // one until the browser has said that it holds the sound back.
      begun = page.waitForEvent("console", (said) => said.text().includes("not allowed to start"));
      await page.addInitScript(`setTimeout(function begin() {
        const button = [...document.querySelectorAll("button")].find(({ textContent }) => textContent === "Type instead");
        if (button) button.click(); else setTimeout(begin, 50);
      }, 0)`);
    });
    await begun;
    await caller.banner(/holds Myra's voice back/);
    await caller.button("Start sound").click();
    await caller.logged("the greeting is played", (all) => audits(all)[0]?.verdict === "complete");
  });
});

test("two tabs, two calls, each with its own microphone", STEP, async () => {
  browser = await browse("beep");
  const [first, second] = await Promise.all([Caller.at(browser, HOUSE), Caller.at(browser, HOUSE)]);
  const callers = [first, second];
  for (const caller of callers) await caller.talk();
  await Promise.all(callers.map((caller) => caller.state("Listening")));
  await first.type("one");
  await second.type("short");
  const lengths = await Promise.all(
    callers.map((caller) => caller.logged("its reply", (all) => served(all, "turn").length > 1 && audits(all)[1])),
  );
  expect(lengths.map(({ samples_played }) => samples_played)).toEqual([24_000, 4800]);
  await browser.close();
});

describe("a guarded door", () => {
  let guarded: House;
  let caller: Caller;

  beforeAll(async () => {
    const env = { WEB_PASSWORD: PASSWORD, WEB_LINK_SECRET: "signs what outlives a restart", REACT_APP_DISABLE_VAD: "true" };
    [guarded, browser] = await Promise.all([House.open({ model: inject("model"), env }), browse("beep")]);
    caller = await Caller.at(browser, guarded.url, { vad: true });
  }, 60_000);

  afterAll(async () => {
    await browser.close();
    await guarded.close();
  });

  test("only the password opens it", STEP, async () => {
    const { page } = caller;
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
    await clean(page);
    await page.getByLabel("Password").fill("an unlucky guess");
    await page.getByLabel("Password").press("Enter");
    await caller.banner(/not the password/);
    await page.getByLabel("Password").fill(PASSWORD);
    await page.getByLabel("Password").press("Enter");
    await page.getByRole("heading", { name: "Talk to Myra" }).waitFor();
    await clean(page);
  });

  test("a call by keys alone, with the detector switched off by the server", STEP, async () => {
    const { page } = caller;
    await page.keyboard.press("Space");
    await caller.state("Listening");
    await page.keyboard.press("/");
    await page.keyboard.type("look");
    await page.keyboard.press("Enter");
    await caller.state("Speaking");
    await clean(page);
    await page.keyboard.press("Escape");
    await caller.says(/Interrupted/);
    await page.getByRole("textbox").blur();
    await page.keyboard.press("Space");
    await expect.poll(() => page.locator(".call-note").textContent()).toBe("You are muted");
    for (const part of ["Turns", "Audit", "Log"]) {
      await page.getByRole("tab", { name: part }).focus();
      await page.keyboard.press("Enter");
      expect(await violations(page), part).toEqual([]);
    }
    expect(caller.requests.filter((url) => /\.(onnx|wasm)|vad\.worker/.test(url))).toEqual([]);
  });

  test("a restart of the server is told, and a new conversation begins", STEP, async () => {
    const restarted = guarded.restart();
    await caller.banner(/The server restarts/);
    await restarted;
    await caller.banner(/a new one has begun/, 20_000);
  });

  test("the list of calls and a call are free of what axe finds", STEP, async () => {
    const { page } = caller;
    await page.goto(`${guarded.url}calls`);
    await page.locator(".call-row").last().waitFor();
    await clean(page);
    await page.locator(".call-row").last().click();
    await page.getByRole("heading", { name: "Truncation audit" }).waitFor();
    await clean(page);
  });
});
