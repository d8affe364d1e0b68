// The truncation audit: what became of one take's sound on its way to the ear, and what it means.

import type { AuditLine } from "../net/protocol";

export type TakeFacts = {
  take: number;
  response: number;
  /** null: the server has not said yet, or the reply had several takes. */
  chunksSent: number | null;
  samplesSent: number | null;
  chunksReceived: number;
  samplesReceived: number;
  samplesPlayed: number;
  samplesDropped: number;
  samplesMissing: number;
  underruns: number;
  /** The last frame came. */
  complete: boolean;
  /** Stopped by the caller, a button, typed words or the server. */
  stopped: boolean;
  /** All that Myra said in it, as far as known. */
  text: string;
  rate: number;
};

/** More letters than this in a second of sound: German and English speech has 12 to 20. */
const MOST_LETTERS_PER_SECOND = 25;
const CLOSING = /[.!?…:;)"'\u201c\u201d]\s*$/u;

export function verdictOf(facts: TakeFacts): string {
  if (facts.stopped) return interrupted(facts);
  if (facts.samplesMissing > 0) return `lost in transit: ${facts.samplesMissing} samples never came`;
  const { samplesSent: sent, samplesReceived: received, samplesPlayed: played } = facts;
  if (sent !== null && received < sent) return `lost in transit: ${sent - received} of ${sent} samples`;
  if (!facts.complete) return "open-ended: its last frame never came";
  if (played < received) return `unplayed: ${received - played} of ${received} samples`;
  return suspicion(facts) ?? "complete";
}

function interrupted(facts: TakeFacts): string {
  const seconds = (samples: number) => (samples / facts.rate).toFixed(1);
  return `interrupted after ${seconds(facts.samplesPlayed)} s`;
}

function suspicion(facts: TakeFacts): string | null {
  const text = facts.text.trim();
  if (text === "") return null;
  const most = (facts.samplesPlayed / facts.rate) * MOST_LETTERS_PER_SECOND;
  if (text.length > most + MOST_LETTERS_PER_SECOND) return "suspicious: more text than sound";
  return CLOSING.test(text) ? null : "suspicious: its text ends in mid-sentence";
}

export function auditLine(facts: TakeFacts): AuditLine {
  return {
    take: facts.take,
    response: facts.response,
    chunks_sent: facts.chunksSent ?? facts.chunksReceived,
    samples_sent: facts.samplesSent ?? facts.samplesReceived,
    samples_received: facts.samplesReceived,
    samples_played: facts.samplesPlayed,
    samples_dropped: facts.samplesDropped,
    underruns: facts.underruns,
    verdict: verdictOf(facts),
  };
}

const COLUMNS = [
  "take",
  "response",
  "chunks_sent",
  "samples_sent",
  "samples_received",
  "samples_played",
  "samples_dropped",
  "underruns",
  "verdict",
] as const satisfies readonly (keyof AuditLine)[];

/** RFC 4180, one line a take, the newest state of each. */
export function auditCsv(lines: Iterable<AuditLine>): string {
  const rows = [...lines].map((line) => COLUMNS.map((column) => cell(line[column])).join(","));
  return [COLUMNS.join(","), ...rows, ""].join("\r\n");
}

function cell(value: string | number): string {
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
