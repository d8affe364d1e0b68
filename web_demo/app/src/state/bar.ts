// Where the time of one reply went, as stretches that follow one another.

import type { Bar } from "../net/protocol";

export type Stage = keyof Bar;

export const STAGES: readonly { stage: Stage; name: string; meaning: string }[] = [
  { stage: "end_of_speech", name: "End of speech", meaning: "until it was clear that the caller had finished" },
  { stage: "recognised", name: "Recognised", meaning: "until the caller's words were known" },
  { stage: "first_token", name: "First token", meaning: "until the model began to answer" },
  { stage: "tools", name: "Tools", meaning: "what tools took of all that" },
  { stage: "first_audio", name: "First audio", meaning: "until the answer's first sound" },
  { stage: "line", name: "Line", meaning: "until the sound was handed to the line" },
  { stage: "heard", name: "Heard", meaning: "until it was at the ear" },
];

export type Stretch = { stage: Stage; name: string; from: number; ms: number };

/** The stretches that are known and longer than nothing; `from` is ms since the caller's last word. */
export function stretches(bar: Bar): Stretch[] {
  let from = 0;
  const found: Stretch[] = [];
  for (const { stage, name } of STAGES) {
    const ms = Math.max(0, bar[stage] ?? 0);
    if (ms > 0) found.push({ stage, name, from, ms });
    from += ms;
  }
  return found;
}

export function total(bar: Bar): number {
  return STAGES.reduce((sum, { stage }) => sum + Math.max(0, bar[stage] ?? 0), 0);
}

/** A round number of ms for the axis of several bars: the longest fits. */
export function axis(longest: number): number {
  const step = [250, 500, 1000, 2000, 5000, 10_000].find((one) => longest <= one * 4) ?? 20_000;
  return Math.max(step, Math.ceil(longest / step) * step);
}
