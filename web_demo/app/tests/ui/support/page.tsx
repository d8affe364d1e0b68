// The page in a test: a scripted voice, a scripted server, and where it was opened.

import { act, cleanup, render } from "@testing-library/react";
import { afterEach, vi } from "vitest";

import { App } from "../../../src/pages/App";
import type { VoiceEvent } from "../../../src/voice/contract";
import { everything, scriptedFetch, type Answers } from "./scriptedApi";
import { ScriptedVoice } from "./scriptedVoice";

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
  localStorage.clear();
});

export type Opened = { voice: ScriptedVoice; asked: string[]; tell: (...events: VoiceEvent[]) => void };

export async function openPage(path = "/demo/", answers: Answers = everything()): Promise<Opened> {
  const asked: string[] = [];
  vi.stubGlobal("fetch", scriptedFetch(answers, asked));
  history.replaceState(null, "", path);
  const voice = new ScriptedVoice();
  await act(async () => {
    render(<App voice={voice} />);
    await Promise.resolve();
  });
  return { voice, asked, tell: (...events) => act(() => voice.tell(...events)) };
}
