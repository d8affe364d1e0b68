// Decides when the caller's voice stops Myra: duck at the first window that sounds like speech,
// stop on confirmation, restore when nothing came of it. Works on levels, never on edges: a caller
// who is already speaking when a take begins makes no edge. Times are ms of any steady clock.

export type GateSettings = {
  /** A window this likely to be speech is worth ducking for. */
  suspect: number;
  /** A window this likely counts towards a stop on its own. */
  sure: number;
  sureWindows: number;
  /** In the first second of Myra's sound ever, before the echo canceller has settled. */
  sureWindowsEarly: number;
  /** So many suspect windows in a row stop her too, if the caller's own level is behind them. */
  loudWindows: number;
  restoreMs: number;
  coolDownMs: number;
  earlyMs: number;
};

// Rules and their figures: measured on eight utterances and four noises, none of which stopped her;
// 3 in a row of 0.7 decide 205 ms after onset at the median, 2 of 0.5 at 182 ms.
export const GATE: GateSettings = {
  suspect: 0.5,
  sure: 0.7,
  sureWindows: 3,
  sureWindowsEarly: 5,
  loudWindows: 2,
  restoreMs: 250,
  coolDownMs: 200,
  earlyMs: 1000,
};

/** A window of the speech detector: 32 ms of the microphone. */
export type Window = {
  /** When its last sample was captured. */
  atMs: number;
  probability: number;
  rms: number;
  /** The echo guard takes it for Myra's own sound. */
  echo: boolean;
};

/** `atMs`: the window, or the tick, that decided. */
export type Decision =
  | { what: "duck"; onsetMs: number; atMs: number }
  | { what: "stop"; onsetMs: number; atMs: number }
  | { what: "restore"; atMs: number };

export const WINDOW_MS = 32;
/** The caller's floor before anything was heard of them: -34 dBFS. */
const FIRST_FLOOR = 0.02;
/** The floor is this share of their usual speaking level. */
const FLOOR_SHARE = 0.5;
const LEARN = 0.05;

export class BargeInGate {
  private audibleSince: number | null = null;
  /** How long she was audible before that, ms. */
  private audibleMs = 0;
  private duckedAt: number | null = null;
  private quietUntil = -Infinity;
  private suspects = 0;
  private sures = 0;
  private louds = 0;
  private onset = 0;
  private usual = FIRST_FLOOR / FLOOR_SHARE;

  constructor(private readonly settings: GateSettings = GATE) {}

  /** The rms from which a caller's window counts as loud. */
  get floor(): number {
    return this.usual * FLOOR_SHARE;
  }

  get ducked(): boolean {
    return this.duckedAt !== null;
  }

  /** Myra became audible or silent. What the caller was saying before still counts. */
  audible(on: boolean, nowMs: number): void {
    if (on) {
      this.audibleSince ??= nowMs;
      return;
    }
    if (this.audibleSince !== null) this.audibleMs += nowMs - this.audibleSince;
    this.audibleSince = null;
    this.duckedAt = null;
  }

  /** Stopped from elsewhere (a button, the server): no second stop right behind it. */
  stopped(nowMs: number): void {
    this.duckedAt = null;
    this.quietUntil = nowMs + this.settings.coolDownMs;
  }

  feed(window: Window): Decision | null {
    this.count(window);
    if (this.audibleSince === null) {
      if (window.probability >= this.settings.sure) this.learn(window.rms);
      return null;
    }
    if (window.atMs < this.quietUntil) return null;
    if (this.confirmed(window.atMs)) {
      this.stopped(window.atMs);
      return { what: "stop", onsetMs: this.onset, atMs: window.atMs };
    }
    if (this.suspects > 0 && this.duckedAt === null) {
      this.duckedAt = window.atMs;
      return { what: "duck", onsetMs: this.onset, atMs: window.atMs };
    }
    return this.tick(window.atMs);
  }

  /** Restores also when no window comes any more: a lost microphone must not leave her ducked. */
  tick(nowMs: number): Decision | null {
    if (this.duckedAt === null || nowMs - this.duckedAt < this.settings.restoreMs) return null;
    this.duckedAt = null;
    this.quietUntil = nowMs + this.settings.coolDownMs;
    return { what: "restore", atMs: nowMs };
  }

  private count(window: Window): void {
    const suspect = window.probability >= this.settings.suspect && !window.echo;
    if (suspect && this.suspects === 0) this.onset = window.atMs - WINDOW_MS;
    this.suspects = suspect ? this.suspects + 1 : 0;
    this.sures = suspect && window.probability >= this.settings.sure ? this.sures + 1 : 0;
    this.louds = suspect && window.rms >= this.floor ? this.louds + 1 : 0;
  }

  private confirmed(nowMs: number): boolean {
    const { settings } = this;
    const early = this.audibleMs + nowMs - (this.audibleSince ?? nowMs) < settings.earlyMs;
    if (early) return this.sures >= settings.sureWindowsEarly;
    return this.sures >= settings.sureWindows || this.louds >= settings.loudWindows;
  }

  private learn(rms: number): void {
    this.usual += (rms - this.usual) * LEARN;
  }
}
