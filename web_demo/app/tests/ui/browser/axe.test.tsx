// The main states in a real browser under axe, light and dark, wide and narrow; and nothing leaves
// the page's own place while they are shown.

import axe from "axe-core";
import { act } from "react";
import { createRoot, type Root } from "react-dom/client";
import { afterEach, describe, expect, test } from "vitest";
import { page } from "vitest/browser";

import "../../../src/styles/all";
import { applyTheme } from "../../../src/hooks/useTheme";
import { App } from "../../../src/pages/App";
import { play, press, SCENES, type SceneName } from "../support/scenes";
import { everything, scriptedFetch } from "../support/scriptedApi";
import { ScriptedVoice } from "../support/scriptedVoice";
import type { Scene } from "../support/scenes";

Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });

const original = { fetch: window.fetch.bind(window), path: location.pathname + location.search };
let root: Root | null = null;
let frame: HTMLElement | null = null;

afterEach(() => {
  act(() => root?.unmount());
  frame?.remove();
  window.fetch = original.fetch;
  history.replaceState(null, "", original.path);
  localStorage.clear();
});

async function show(name: SceneName, theme: "light" | "dark"): Promise<HTMLElement> {
  const scene: Scene = SCENES[name];
  window.fetch = scriptedFetch(scene.answers ?? everything());
  history.replaceState(null, "", scene.path);
  document.documentElement.lang = "en";
  document.title = "Talk to Myra";
  applyTheme(theme);
  const voice = new ScriptedVoice();
  play(scene, voice);
  const element = document.createElement("div");
  element.id = "page";
  document.body.append(element);
  frame = element;
  root = createRoot(element);
  await act(async () => {
    root?.render(<App voice={voice} />);
    await Promise.resolve();
  });
  await expect.poll(() => element.querySelector("main h1, main h2, main .banner")).not.toBeNull();
  act(() => press(scene));
  await act(() => document.fonts.ready);
  return element;
}

async function violations(element: HTMLElement): Promise<string[]> {
  const found = await axe.run(element, { resultTypes: ["violations"] });
  return found.violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id} ${target.join(" ")} ${failureSummary ?? ""}`));
}

const SIZES = { wide: [1440, 900], narrow: [360, 740] } as const;
const NAMES = Object.keys(SCENES) as SceneName[];

describe.each(Object.keys(SIZES) as (keyof typeof SIZES)[])("%s", (size) => {
  test.each(NAMES)("%s", { timeout: 30_000 }, async (name) => {
    const [width, height] = SIZES[size];
    await page.viewport(width, height);
    for (const theme of ["light", "dark"] as const) {
      const element = await show(name, theme);
      expect(await violations(element)).toEqual([]);
      expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(width);
      if (theme === "light") {
        act(() => root?.unmount());
        element.remove();
      }
    }
  });
});
