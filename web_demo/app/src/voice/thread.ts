// Where the voice path runs: a worker, and the page's own thread when that does not start or dies.

import type { FromVoicePath, Opening, Snapshot, ToVoicePath } from "./messages";

export type ThreadEvents = {
  told(message: FromVoicePath): void;
  /** The worker is dead and the page's own thread has taken over: ports must be led anew. */
  moved(): void;
};

/** A worker reports ten times a second; silent for longer, it is dead. */
const SILENT_MS = 4000;
const WATCH_MS = 500;

type Runner = { order(message: ToVoicePath, transfer: Transferable[]): void; stop(): void };

export class VoiceThread {
  private runner: Runner | null = null;
  private snapshot: Snapshot | null = null;
  private waiting: { message: ToVoicePath; transfer: Transferable[] }[] = [];
  private heardAt = performance.now();
  private checkedAt = performance.now();
  private closed = false;
  private readonly watch: ReturnType<typeof setInterval>;

  constructor(
    private readonly opening: Opening,
    private readonly events: ThreadEvents,
  ) {
    this.watch = setInterval(() => this.check(), WATCH_MS);
    try {
      this.runner = this.startWorker();
    } catch {
      void this.moveHere();
    }
  }

  order(message: ToVoicePath, transfer: Transferable[] = []): void {
    if (message.type === "configure") this.opening.settings = message.settings;
    if (this.runner) this.runner.order(message, transfer);
    else if (!this.closed) this.waiting.push({ message, transfer });
  }

  /** After the call: exports still work until this. */
  close(): void {
    this.closed = true;
    clearInterval(this.watch);
    this.runner?.stop();
    this.runner = null;
  }

  /** The call is over: the worker has nothing to report any more. */
  atRest(): void {
    clearInterval(this.watch);
  }

  private startWorker(): Runner {
    const worker = new Worker(new URL("./voice.worker.ts", import.meta.url), { type: "module", name: "voice" });
    worker.onmessage = ({ data }: MessageEvent<FromVoicePath>) => this.heard(data);
    worker.onerror = () => {
      if (this.runner === runner) void this.moveHere();
    };
    const runner: Runner = {
      order: (message, transfer) => worker.postMessage(message, transfer),
      stop: () => worker.terminate(),
    };
    worker.postMessage(this.opening);
    return runner;
  }

  private heard(message: FromVoicePath): void {
    this.heardAt = performance.now();
    if (message.type === "snapshot") this.snapshot = message.snapshot;
    else if (!this.closed) this.events.told(message);
  }

  /** A page that slept itself has no right to call the worker silent. */
  private check(): void {
    const now = performance.now();
    if (now - this.checkedAt > 2 * WATCH_MS) this.heardAt = now;
    this.checkedAt = now;
    if (this.runner && this.opening.thread === "worker" && now - this.heardAt > SILENT_MS) void this.moveHere();
  }

  private async moveHere(): Promise<void> {
    if (this.closed || this.opening.thread === "main-thread") return;
    // A worker that was never made got no ports: they wait here, and need no others.
    const hadPorts = this.runner !== null;
    this.runner?.stop();
    this.runner = null;
    this.opening.thread = "main-thread";
    this.opening.resume = this.snapshot;
    const { VoicePath } = await import("./engine");
    const path = new VoicePath(this.opening, (message) => this.heard(message));
    this.runner = { order: (message) => path.order(message), stop: () => path.order({ type: "hang-up" }) };
    if (hadPorts) this.events.moved();
    for (const { message, transfer } of this.waiting) this.runner.order(message, transfer);
    this.waiting = [];
  }
}
