// Numbers as people read them.

export function milliseconds(value: number | null | undefined): string {
  if (value === null || value === undefined) return "–";
  return value >= 10_000 ? `${(value / 1000).toFixed(1)} s` : `${Math.round(value)} ms`;
}

/** 75 → "1:15"; negative counts as none. */
export function clock(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

/** "1 minute 15 seconds", for those who hear the page. */
export function spokenTime(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const minutes = Math.floor(whole / 60);
  const rest = whole % 60;
  const parts = [];
  if (minutes > 0) parts.push(`${minutes} ${minutes === 1 ? "minute" : "minutes"}`);
  if (rest > 0 || minutes === 0) parts.push(`${rest} ${rest === 1 ? "second" : "seconds"}`);
  return parts.join(" ");
}

export function count(value: number, one: string, many = `${one}s`): string {
  return `${value} ${value === 1 ? one : many}`;
}

/** The value below which `share` of the others lie; null of none. Nearest rank. */
export function percentile(values: readonly number[], share: number): number | null {
  if (values.length === 0) return null;
  const sorted = [...values].sort((a, b) => a - b);
  const rank = Math.max(1, Math.ceil(share * sorted.length));
  return sorted[rank - 1] ?? null;
}

export function decibels(value: number | null | undefined): string {
  if (value === null || value === undefined) return "–";
  return value <= -90 ? "silent" : `${Math.round(value)} dB`;
}

/** A level from -60 to 0 dB as 0 to 1. */
export function loudness(db: number): number {
  return Math.min(1, Math.max(0, (db + 60) / 60));
}

export function kilohertz(rate: number): string {
  return rate > 0 ? `${(rate / 1000).toFixed(rate % 1000 === 0 ? 0 : 1)} kHz` : "–";
}

const DAY = new Intl.DateTimeFormat("en-GB", { weekday: "short", day: "numeric", month: "short" });
const TIME = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });

export function moment(iso: string): string {
  const at = new Date(iso);
  if (Number.isNaN(at.getTime())) return iso;
  return `${DAY.format(at)}, ${TIME.format(at)}`;
}
