// A voice that plays what a script tells it, and remembers what it was ordered.

import type { Voice, VoiceEvent } from "../../../src/voice/contract";

export class ScriptedVoice implements Voice {
  readonly orders: unknown[][] = [];
  private readonly listeners = new Set<(event: VoiceEvent) => void>();

  tell(...events: VoiceEvent[]): void {
    for (const event of events) for (const listener of this.listeners) listener(event);
  }

  subscribe(listener: (event: VoiceEvent) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  start(...given: unknown[]): void {
    this.orders.push(["start", ...given]);
  }

  startWithoutMicrophone(...given: unknown[]): void {
    this.orders.push(["startWithoutMicrophone", ...given]);
  }

  unblock(): void {
    this.orders.push(["unblock"]);
  }

  retryMicrophone(): void {
    this.orders.push(["retryMicrophone"]);
  }

  hangUp(): void {
    this.orders.push(["hangUp"]);
  }

  stop(): void {
    this.orders.push(["stop"]);
  }

  mute(on: boolean): void {
    this.orders.push(["mute", on]);
    this.tell({ type: "mic", state: on ? "muted" : "on", label: "Built-in microphone" });
  }

  text(words: string): void {
    this.orders.push(["text", words]);
  }

  dtmf(digit: string): void {
    this.orders.push(["dtmf", digit]);
  }

  configure(part: unknown): void {
    this.orders.push(["configure", part]);
  }

  exportRecording(): Promise<Blob> {
    return this.exported("recording");
  }

  exportEvents(): Promise<Blob> {
    return this.exported("events");
  }

  exportAudit(): Promise<Blob> {
    return this.exported("audit");
  }

  dispose(): void {
    this.listeners.clear();
  }

  /** The names of the orders, in order. */
  get names(): string[] {
    return this.orders.map(([name]) => String(name));
  }

  private exported(kind: string): Promise<Blob> {
    this.orders.push(["export", kind]);
    return Promise.resolve(new Blob([kind]));
  }
}
