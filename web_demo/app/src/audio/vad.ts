// Speech detection as the voice path sees it: Silero in a thread of its own.

/** One verdict on 32 ms of the microphone. */
export type Spoken = { probability: number; rms: number };

export type SpeechDetector = {
  /** One verdict for each window that the samples complete, in order. Rejects once it has failed. */
  push(pcm: Int16Array): Promise<Spoken[]>;
  close(): void;
};

export type ToDetector = { id: number; pcm: ArrayBuffer };

export type FromDetector =
  | { type: "ready" }
  | { type: "judged"; id: number; windows: Spoken[] }
  | { type: "failed"; detail: string };

type Waiting = { resolve: (windows: Spoken[]) => void; reject: (error: Error) => void };

/** Raises Error when the detector's thread, its model or its wasm cannot be had. */
export function startDetector(): Promise<SpeechDetector> {
  const worker = new Worker(new URL("./vad.worker.ts", import.meta.url), { type: "module", name: "vad" });
  return new Promise((resolve, reject) => {
    const detector = new RemoteDetector(worker, () => resolve(detector), reject);
  });
}

class RemoteDetector implements SpeechDetector {
  private readonly waiting = new Map<number, Waiting>();
  private id = 0;

  constructor(
    private readonly worker: Worker,
    private readonly ready: () => void,
    private readonly failed: (error: Error) => void,
  ) {
    worker.onmessage = ({ data }: MessageEvent<FromDetector>) => this.told(data);
    worker.onerror = ({ message }) => this.fail(message || "its thread did not start");
  }

  push(pcm: Int16Array): Promise<Spoken[]> {
    const id = ++this.id;
    const copy = pcm.slice().buffer;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      const message: ToDetector = { id, pcm: copy };
      this.worker.postMessage(message, [copy]);
    });
  }

  close(): void {
    this.worker.terminate();
    for (const { resolve } of this.waiting.values()) resolve([]);
    this.waiting.clear();
  }

  private told(message: FromDetector): void {
    if (message.type === "ready") this.ready();
    else if (message.type === "failed") this.fail(message.detail);
    else {
      this.waiting.get(message.id)?.resolve(message.windows);
      this.waiting.delete(message.id);
    }
  }

  private fail(detail: string): void {
    const error = new Error(detail);
    this.failed(error);
    for (const { reject } of this.waiting.values()) reject(error);
    this.waiting.clear();
    this.worker.terminate();
  }
}
