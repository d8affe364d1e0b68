// How QA want the call to sound and be heard: kept in the browser, told to the voice at once.

import { createContext, useCallback, useContext, useState } from "react";

import { keepSettings, loadSettings } from "../state/settings";
import type { CaptureSettings, Voice, VoiceSettings } from "../voice/contract";

export type Settings = {
  settings: VoiceSettings;
  change: (part: Partial<VoiceSettings>) => void;
  changeCapture: (part: Partial<CaptureSettings>) => void;
};

export const SettingsContext = createContext<Settings | null>(null);

export function useSettings(): Settings {
  const settings = useContext(SettingsContext);
  if (!settings) throw new Error("no settings: the page's parts belong into <App>");
  return settings;
}

export function useKeptSettings(voice: Voice): Settings {
  const [settings, setSettings] = useState(loadSettings);
  const change = useCallback(
    (part: Partial<VoiceSettings>) => {
      const wanted = { ...settings, ...part };
      setSettings(wanted);
      keepSettings(wanted);
      voice.configure(part);
    },
    [settings, voice],
  );
  const changeCapture = useCallback(
    (part: Partial<CaptureSettings>) => change({ capture: { ...settings.capture, ...part } }),
    [settings, change],
  );
  return { settings, change, changeCapture };
}
