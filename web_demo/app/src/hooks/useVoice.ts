// The page's one voice, and what is known of its call, for every part of the page.

import { createContext, useContext } from "react";
import { useStore } from "zustand";

import { storeOf, type CallStore } from "../state/store";
import type { CallView } from "../state/view";
import type { Voice } from "../voice/contract";

export const VoiceContext = createContext<Voice | null>(null);

export function useVoice(): Voice {
  const voice = useContext(VoiceContext);
  if (!voice) throw new Error("no voice: the page's parts belong into <App>");
  return voice;
}

export function useCallStore(): CallStore {
  return storeOf(useVoice());
}

export function useCallView<T>(select: (view: CallView) => T): T {
  return useStore(useCallStore(), select);
}
