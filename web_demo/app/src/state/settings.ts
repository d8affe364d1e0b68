// What QA have set, kept in this browser. What is stored may be old or foreign: every field is
// checked, and what does not fit takes its usual value.

import type { VoiceSettings } from "../voice/contract";

const KEY = "cymbol.voice";

export const USUAL: VoiceSettings = {
  capture: { deviceId: "", echoCancellation: true, noiseSuppression: true, autoGainControl: true },
  vad: true,
  line: "web",
  lossPercent: 0,
  jitterMs: 0,
  volume: 1,
};

export function parseSettings(text: string | null): VoiceSettings {
  const kept = record(parsed(text));
  const capture = record(kept["capture"]);
  return {
    capture: {
      deviceId: typeof capture["deviceId"] === "string" ? capture["deviceId"] : "",
      echoCancellation: flag(capture["echoCancellation"], USUAL.capture.echoCancellation),
      noiseSuppression: flag(capture["noiseSuppression"], USUAL.capture.noiseSuppression),
      autoGainControl: flag(capture["autoGainControl"], USUAL.capture.autoGainControl),
    },
    vad: flag(kept["vad"], USUAL.vad),
    line: kept["line"] === "pstn" ? "pstn" : "web",
    lossPercent: within(kept["lossPercent"], 0, 3, USUAL.lossPercent),
    jitterMs: within(kept["jitterMs"], 0, 60, USUAL.jitterMs),
    volume: within(kept["volume"], 0, 1, USUAL.volume),
  };
}

export function loadSettings(): VoiceSettings {
  try {
    return parseSettings(localStorage.getItem(KEY));
  } catch {
    return USUAL;
  }
}

/** A browser that keeps nothing forgets the settings with the page. */
export function keepSettings(settings: VoiceSettings): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(settings));
  } catch {
    return;
  }
}

function parsed(text: string | null): unknown {
  try {
    return text === null ? null : (JSON.parse(text) as unknown);
  } catch {
    return null;
  }
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

function flag(value: unknown, usual: boolean): boolean {
  return typeof value === "boolean" ? value : usual;
}

function within(value: unknown, least: number, most: number, usual: number): number {
  return typeof value === "number" && value >= least && value <= most ? value : usual;
}
