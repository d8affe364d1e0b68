// A React view of the connection of a call: link, layer, state, and what can be said over it.

import { useMemo } from "react";
import { useStore } from "zustand";
import { useShallow } from "zustand/react/shallow";

import { begun } from "../state/reduce";
import { storeOf } from "../state/store";
import type { Voice, VoiceSettings } from "../voice/contract";

export function useCommunication(voice: Voice) {
  const store = storeOf(voice);
  const view = useStore(
    store,
    useShallow(({ link, layer, call, session }) => ({ link, layer, call, session })),
  );
  const orders = useMemo(
    () => ({
      /** In the click, before anything is awaited. */
      start: (settings: VoiceSettings) => {
        store.setState((before) => begun(before, false), true);
        voice.start(settings);
      },
      startWithoutMicrophone: (settings: VoiceSettings) => {
        store.setState((before) => begun(before, true), true);
        voice.startWithoutMicrophone(settings);
      },
      sendText: (words: string) => voice.text(words),
      sendDtmf: (digit: string) => voice.dtmf(digit),
      stopSpeech: () => voice.stop(),
      hangUp: () => voice.hangUp(),
    }),
    [voice, store],
  );
  return { ...view, ...orders };
}
