// The caller's side of barge-in: frames of the microphone through the speech detector, the echo
// guard and the gate. What the gate decides is handed on; nothing is stopped here.

import { EchoGuard } from "../audio/echoGuard";
import { BargeInGate, type Decision } from "../audio/bargeInGate";
import { startDetector, type SpeechDetector, type Spoken } from "../audio/vad";
import type { MicFrame } from "../audio/worklets/ports";

export type ListeningEvents = {
  decided(decision: Decision): void;
  /** The caller's voice, as far as anybody can tell; `wall`: its newest sample. */
  voiced(wall: number): void;
  loaded(ms: number): void;
  failed(detail: string): void;
};

/**
 * Frames the detector may be behind: 160 ms. On a machine that cannot keep
 * up, judging old sound would only make every later verdict late.
 */
const BEHIND_MOST = 8;

/** Without a detector a frame counts as voice from this far above the quietest lately. */
const ABOVE_NOISE = 4;
const LEAST_VOICE = 0.01;
const NOISE_RISE = 1.01;

export class Listening {
  private detector: SpeechDetector | null = null;
  private wanted = false;
  private loading = false;
  private readonly gate = new BargeInGate();
  private readonly guard = new EchoGuard();
  private noise = LEAST_VOICE;
  private audible = false;
  private behind = 0;
  /** Frames that were not judged because the detector was behind. */
  skipped = 0;
  speech = 0;

  constructor(private readonly events: ListeningEvents) {}

  get leak(): number | null {
    return this.guard.leak;
  }

  /** Whether speech is to be detected here. The model is fetched the first time it is wanted. */
  detect(wanted: boolean): void {
    this.wanted = wanted;
    if (!wanted) this.use(null);
    else if (!this.detector && !this.loading) void this.load();
  }

  frame(frame: MicFrame, pcm: Int16Array): void {
    this.guard.captured(frame.wall, frame.rms, this.audible, this.speech);
    this.noise = Math.min(frame.rms, this.noise * NOISE_RISE) || LEAST_VOICE / ABOVE_NOISE;
    if (!this.detector) {
      const loud = frame.rms > Math.max(LEAST_VOICE, this.noise * ABOVE_NOISE);
      if (loud && !this.audible) this.events.voiced(frame.wall);
      return;
    }
    void this.judge(this.detector, frame.wall, pcm);
  }

  played(wall: number, rms: number): void {
    this.guard.played(wall, rms);
  }

  setAudible(on: boolean, wall: number): void {
    this.audible = on;
    this.gate.audible(on, wall);
  }

  stopped(wall: number): void {
    this.gate.stopped(wall);
  }

  tick(wall: number): void {
    const decision = this.gate.tick(wall);
    if (decision) this.events.decided(decision);
  }

  private async judge(detector: SpeechDetector, wall: number, pcm: Int16Array): Promise<void> {
    if (this.behind >= BEHIND_MOST) {
      this.skipped++;
      return;
    }
    this.behind++;
    try {
      for (const window of await detector.push(pcm)) this.window(window, wall);
    } catch (error) {
      this.use(null);
      this.events.failed(String(error));
    } finally {
      this.behind--;
    }
  }

  private async load(): Promise<void> {
    this.loading = true;
    const began = performance.now();
    try {
      const detector = await startDetector();
      if (this.wanted) this.use(detector);
      else detector.close();
      this.events.loaded(Math.round(performance.now() - began));
    } catch (error) {
      this.events.failed(String(error));
    } finally {
      this.loading = false;
    }
  }

  private use(detector: SpeechDetector | null): void {
    this.detector?.close();
    this.detector = detector;
    this.speech = 0;
  }

  private window({ probability, rms }: Spoken, wall: number): void {
    this.speech = probability;
    const echo = this.audible && this.guard.isEcho(rms);
    if (probability >= 0.5 && !echo) this.events.voiced(wall);
    const decision = this.gate.feed({ atMs: wall, probability, rms, echo });
    if (decision) this.events.decided(decision);
  }
}
