// Plain words for what the protocol names shortly.

import type { CallState } from "../net/protocol";
import type { Layer } from "../voice/contract";

const STATES: Record<CallState, string> = {
  connecting: "Connecting",
  listening: "Listening",
  hearing: "Hearing you",
  thinking: "Thinking",
  speaking: "Speaking",
  working: "Looking it up",
  held: "On hold",
  ended: "Call ended",
};

export function stateWords(state: CallState): string {
  return STATES[state];
}

const TOOLS: Readonly<Record<string, { doing: string; done: string }>> = {
  Flight_Booking_Details_Agent: { doing: "Looking the booking up", done: "Looked the booking up" },
  DateChangeAgent: { doing: "Changing the date", done: "Change of date" },
  Booking_Cancellation_Agent: { doing: "Cancelling the booking", done: "Cancellation" },
  NameCorrectionAgent: { doing: "Correcting a name", done: "Correction of a name" },
  SpecialClaimAgent: { doing: "Filing a claim", done: "Special claim" },
  Webcheckin_And_Boarding_Pass_Agent: { doing: "Checking in", done: "Check-in and boarding pass" },
  Eticket_Sender_Agent: { doing: "Sending the e-ticket", done: "E-ticket sent" },
  ObservabilityAgent: { doing: "Checking the status", done: "Checked the status" },
  Enquiry_Tool: { doing: "Looking for an answer", done: "Looked up an answer" },
  Connect_To_Human_Tool: { doing: "Calling a colleague", done: "Handed to a colleague" },
  End_Call_Tool: { doing: "Ending the call", done: "Ended the call" },
};

/** An unknown tool keeps its name, with spaces. */
export function toolWords(name: string, running: boolean): string {
  const words = TOOLS[name];
  if (words) return running ? words.doing : words.done;
  return name.replaceAll("_", " ").replace(/([a-z])([A-Z])/gu, "$1 $2");
}

const STATUSES: Readonly<Record<string, string>> = {
  ok: "done",
  refused: "refused",
  error: "failed",
  timeout: "took too long",
  cancelled: "cancelled",
};

export function statusWords(status: string): string {
  return STATUSES[status] ?? status;
}

const LAYERS: Record<Layer, string> = {
  worker: "Own thread",
  "main-thread": "Page's thread",
  "script-processor": "Script processor",
  http: "HTTP",
  "text-only": "Text only",
};

export function layerWords(layer: Layer): string {
  return LAYERS[layer];
}

const REASONS: Readonly<Record<string, string>> = { left: "the caller left" };

/** Why a call ended. */
export function reasonWords(reason: string): string {
  return REASONS[reason] ?? reason.replaceAll("_", " ");
}

/** Of a telephone number only the end is known. */
export function callerWords(caller: string): string {
  return /^\d+$/u.test(caller) ? `…${caller}` : caller;
}

const KEYED = /^\[The caller keyed ([0-9A-D*#]+)\]$/u;

/** What was said, and what was keyed as keys: the model is told of them in a sentence of its own. */
export function saidWords(text: string): string {
  const keys = KEYED.exec(text)?.[1];
  return keys === undefined ? text : `Keys ${keys.replace(/(?<=.)(?=.)/gu, " ")}`;
}

const QUALITIES: Readonly<Record<string, string>> = {
  depth_ms: "Jitter buffer, ms",
  target_ms: "Its target, ms",
  underruns: "Underruns",
  late_frames: "Late frames",
  mic_gaps: "Gaps in the caller's voice",
  clipped: "Clipped samples",
  rtt_ms: "Round trip, ms",
  echo_leak: "Myra in the microphone",
  output_latency_ms: "Output latency, ms",
  barge_in_onset_ms: "First sound to order, ms",
  barge_in_stop_ms: "Order to silence, ms",
  duck_count: "Times Myra was lowered",
  mute_count: "Muted and unmuted",
  layer: "Way of sound",
  prompt_tokens: "Tokens to the model",
  response_tokens: "Tokens from the model",
  recording: "Recording",
};

/** A measured figure's name; an unknown one keeps its own, with spaces. */
export function qualityWords(name: string): string {
  return QUALITIES[name] ?? name.replaceAll("_", " ");
}

/** How good a take's verdict is: its first word decides, details may follow. */
export function verdictTone(verdict: string): "good" | "neutral" | "bad" {
  if (verdict.startsWith("complete")) return "good";
  return verdict.startsWith("interrupted") ? "neutral" : "bad";
}
