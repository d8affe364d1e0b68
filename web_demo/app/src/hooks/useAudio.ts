// A React view of the sound of a call: microphone, devices, blocked playback, levels.

import { useMemo } from "react";
import { useStore } from "zustand";
import { useShallow } from "zustand/react/shallow";

import { unblocked } from "../state/reduce";
import { storeOf } from "../state/store";
import type { Figures, Voice, VoiceSettings } from "../voice/contract";

export function useAudio(voice: Voice) {
  const store = storeOf(voice);
  const view = useStore(
    store,
    useShallow(({ mic, trouble, inputs, blocked }) => ({ mic, trouble, inputs, blocked })),
  );
  const orders = useMemo(
    () => ({
      unblock: () => {
        voice.unblock();
        store.setState(unblocked);
      },
      mute: (on: boolean) => voice.mute(on),
      retryMicrophone: () => voice.retryMicrophone(),
      configure: (part: Partial<VoiceSettings>) => voice.configure(part),
    }),
    [voice, store],
  );
  return { ...view, ...orders };
}

/** Ten times a second another value: for the parts that show one, not for the page. */
export function useFigures(voice: Voice): Figures | null {
  return useStore(storeOf(voice), ({ figures }) => figures);
}
