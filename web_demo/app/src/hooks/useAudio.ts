// A React view of the sound of a call: microphone, devices, blocked playback, levels.

import { useCallback, useEffect, useState } from "react";

import type { Figures, MicTrouble, Voice, VoiceSettings } from "../voice/contract";

export type AudioView = {
  mic: { state: "off" | "asking" | "on" | "muted"; label: string };
  trouble: { trouble: MicTrouble; detail: string } | null;
  inputs: { id: string; label: string }[];
  blocked: boolean;
  figures: Figures | null;
};

const NOTHING: AudioView = { mic: { state: "off", label: "" }, trouble: null, inputs: [], blocked: false, figures: null };

export function useAudio(voice: Voice) {
  const [view, setView] = useState(NOTHING);

  useEffect(
    () =>
      voice.subscribe((event) => {
        const change = (part: Partial<AudioView>) => setView((before) => ({ ...before, ...part }));
        if (event.type === "mic") {
          const { state, label } = event;
          change(state === "on" ? { mic: { state, label }, trouble: null } : { mic: { state, label } });
        } else if (event.type === "mic-trouble") change({ trouble: { trouble: event.trouble, detail: event.detail } });
        else if (event.type === "devices") change({ inputs: event.inputs });
        else if (event.type === "autoplay-blocked") change({ blocked: true });
        else if (event.type === "figures") change({ figures: event.figures });
      }),
    [voice],
  );

  const unblock = useCallback(() => {
    voice.unblock();
    setView((before) => ({ ...before, blocked: false }));
  }, [voice]);
  const mute = useCallback((on: boolean) => voice.mute(on), [voice]);
  const retryMicrophone = useCallback(() => voice.retryMicrophone(), [voice]);
  const configure = useCallback((part: Partial<VoiceSettings>) => voice.configure(part), [voice]);

  return { ...view, unblock, mute, retryMicrophone, configure };
}
