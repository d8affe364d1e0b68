// Figures from the event log. Its walls are of the audio thread where that is what is meant.

import { logs, type Logged } from "./caller.ts";

export type BargeIn = {
  /** From the onset, as the detector places it, to the first window that ducked her. */
  onsetToDuckMs: number;
  onsetToStopMs: number;
  /** From the last sample of the deciding window to the last audible one of hers. */
  windowToSilentMs: number;
  duckWall: number;
  wall: number;
};

/** Every time a voice stopped her. */
export function bargeIns(events: Logged[]): BargeIn[] {
  const gates = logs(events, "gate");
  return logs(events, "stopped")
    .filter(({ detail }) => detail["reason"] === "voice")
    .flatMap((stopped) => {
      const before = gates.filter(({ wall }) => wall <= stopped.wall + 200);
      const decision = before.findLast(({ detail }) => detail["what"] === "stop")?.detail;
      if (!decision) return [];
      const duck = before.findLast(({ wall, detail }) => detail["what"] === "duck" && stopped.wall - wall < 1000);
      const onset = Number(decision["onsetMs"]);
      const stopMs = Number(stopped.detail["stop_ms"]);
      return [
        {
          onsetToDuckMs: duck ? duck.wall - onset : stopped.wall - onset,
          onsetToStopMs: Number(stopped.detail["onset_to_stop_ms"]),
          windowToSilentMs: Number(decision["decided_after_ms"]) + stopMs,
          duckWall: duck?.wall ?? stopped.wall,
          wall: stopped.wall,
        },
      ];
    });
}

export function percentile(values: readonly number[], share: number): number {
  const ordered = [...values].sort((a, b) => a - b);
  return ordered[Math.min(ordered.length - 1, Math.ceil(share * ordered.length) - 1)] ?? NaN;
}
