// One call on a time axis: which part is shown, and what lies where. Seconds throughout. Pure.

import type { CallDetail, CallTurn } from "../net/protocol";
import { stretches, total, type Stage } from "./bar";
import { saidWords, toolWords } from "./words";

export type Window = { from: number; to: number };

/** Nearer nothing more is to be seen: peaks are tens of milliseconds wide. */
const SHORTEST = 2;

export function whole(length: number): Window {
  return { from: 0, to: Math.max(SHORTEST, length) };
}

/** `factor` above 1 shows more; the moment `around` keeps its place. */
export function zoomed(window: Window, factor: number, around: number, length: number): Window {
  const full = whole(length);
  const span = Math.min(full.to, Math.max(SHORTEST, (window.to - window.from) * factor));
  const share = (around - window.from) / (window.to - window.from);
  return held({ from: around - share * span, to: around + (1 - share) * span }, length);
}

export function panned(window: Window, by: number, length: number): Window {
  return held({ from: window.from + by, to: window.to + by }, length);
}

/** The window that shows this moment: the same one when it does already. */
export function showing(window: Window, time: number, length: number): Window {
  if (time >= window.from && time <= window.to) return window;
  return held({ from: time - 0.1 * (window.to - window.from), to: time + 0.9 * (window.to - window.from) }, length);
}

function held(window: Window, length: number): Window {
  const full = whole(length);
  const span = Math.min(full.to, window.to - window.from);
  const from = Math.min(Math.max(0, window.from), full.to - span);
  return { from, to: from + span };
}

/** The outline between two moments as an SVG path in a box of `bins` by 2, mirrored at its middle. */
export function outline(peaks: readonly number[], seconds: number, window: Window, bins: number): string {
  if (peaks.length === 0 || seconds <= 0) return "";
  const perSecond = peaks.length / seconds;
  const tops: number[] = [];
  for (let bin = 0; bin < bins; bin++) {
    const span = window.to - window.from;
    const first = Math.floor((window.from + (span * bin) / bins) * perSecond);
    const after = Math.max(first + 1, Math.ceil((window.from + (span * (bin + 1)) / bins) * perSecond));
    tops.push(Math.max(0.01, ...peaks.slice(Math.max(0, first), Math.max(0, after))));
  }
  const upper = tops.map((top, bin) => `${bin} ${(1 - top).toFixed(3)}`);
  const lower = tops.map((top, bin) => `${bin} ${(1 + top).toFixed(3)}`).reverse();
  return `M${[...upper, ...lower].join("L")}Z`;
}

export type Span = { key: string; from: number; to: number; label: string; tone: string };

export function speech(call: CallDetail, speaker: CallTurn["speaker"]): Span[] {
  return call.transcript
    .filter((turn) => turn.speaker === speaker)
    .map((turn) => ({
      key: `turn-${turn.position}`,
      from: turn.started,
      to: Math.max(turn.ended, turn.started + 0.1),
      label: wordsOf(turn) || "not understood",
      tone: turn.interrupted ? "cut" : speaker,
    }));
}

/** What counts of a turn: of Myra's what was heard. */
export function wordsOf(turn: CallTurn): string {
  return turn.interrupted && turn.speaker === "myra" ? turn.heard : saidWords(turn.text);
}

export function tools(call: CallDetail): Span[] {
  return call.tool_calls.map((tool) => ({
    key: `tool-${tool.id}`,
    from: tool.started,
    to: Math.max(tool.ended, tool.started + 0.05),
    label: toolWords(tool.name, false),
    tone: tool.status === "ok" ? "tool" : "bad",
  }));
}

/** Where Myra was cut off. */
export function cuts(call: CallDetail): Span[] {
  return call.transcript
    .filter(({ interrupted, speaker }) => interrupted && speaker === "myra")
    .map(({ position, ended }) => ({
      key: `cut-${position}`,
      from: ended,
      to: ended,
      label: "Interrupted",
      tone: "cut",
    }));
}

export type Wait = Span & { stage: Stage };

/** The stretches of waiting before each of Myra's replies, ending where she began. */
export function waits(call: CallDetail): Wait[] {
  return call.transcript.flatMap((turn) => {
    const began = turn.started - total(turn.latency) / 1000;
    return stretches(turn.latency).map(({ stage, name, from, ms }) => ({
      key: `wait-${turn.position}-${stage}`,
      from: began + from / 1000,
      to: began + (from + ms) / 1000,
      label: `${name}: ${Math.round(ms)} ms`,
      tone: "wait",
      stage,
    }));
  });
}

/** The turn at a moment: the one that began last. */
export function turnAt(transcript: readonly CallTurn[], time: number): CallTurn | null {
  let found: CallTurn | null = null;
  for (const turn of transcript) {
    if (turn.started <= time + 0.05 && (found === null || turn.started >= found.started)) found = turn;
  }
  return found;
}

const STEPS = [0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600];

/** Round moments for the axis, about eight of them. */
export function ticks(window: Window): number[] {
  const span = window.to - window.from;
  const step = STEPS.find((one) => span / one <= 9) ?? 1200;
  const found: number[] = [];
  for (let at = Math.ceil(window.from / step) * step; at <= window.to; at += step) found.push(at);
  return found;
}
