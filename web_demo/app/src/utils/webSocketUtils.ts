// How the caller's sound gets to the server whatever happens: over the socket, else by HTTP while
// the breaker is open, else not at all and only words go. "Guaranteed" means at least once for the
// last three seconds, and never silently stale; each change of the layer is told.

import { concatFrames } from "../net/wire";
import type { Layer } from "../voice/contract";
import { NotSent, SendBreaker, SendWindow, type BreakerState, type UpFrame } from "./networkResilienceManager";

/** What decides the layer. */
export type Conditions = {
  microphone: boolean;
  worker: boolean;
  worklet: boolean;
  breaker: BreakerState;
  http: boolean;
};

export function layerOf(conditions: Conditions): Layer {
  if (!conditions.microphone) return "text-only";
  if (conditions.breaker !== "closed") return conditions.http ? "http" : "text-only";
  if (!conditions.worklet) return "script-processor";
  return conditions.worker ? "worker" : "main-thread";
}

const REASONS: Record<Layer, string> = {
  worker: "the voice path runs in its own thread",
  "main-thread": "the voice thread could not run: a busy page can delay sound",
  "script-processor": "this browser's audio worklet does not work: some sound may be lost while the page is busy",
  http: "the socket does not take sound: it goes by HTTP until the socket is back",
  "text-only": "no sound gets through: typed words do",
};

export type Transport = {
  /** The socket is open and the session is ready. */
  ready(): boolean;
  bufferedAmount(): number;
  send(bytes: ArrayBuffer): void;
  /** The newest frame the server has; null: it did not take them. */
  post(bytes: ArrayBuffer): Promise<number | null>;
};

/** 200 ms of sound a request, and what has piled up, at most a second. */
const POST_FRAMES = 50;
const POST_EVERY_MS = 200;
const POST_FAILURES = 3;
const POST_AGAIN_MS = 5000;
/** While nothing can be sent, attempts are this far apart: five of them open the breaker. */
const ATTEMPT_MS = 100;

export type AudioTransmission = ReturnType<typeof guaranteedAudioTransmission>;

export function guaranteedAudioTransmission(
  transport: Transport,
  now: () => number,
  onLayer: (layer: Layer, reason: string) => void,
) {
  const window = new SendWindow();
  const conditions: Conditions = { microphone: true, worker: true, worklet: true, breaker: "closed", http: false };
  const breaker = new SendBreaker((state) => change({ breaker: state === "isolated" ? "closed" : state }));
  let layer: Layer = "worker";
  let pumping = false;
  let nextAttempt = 0;
  let nextPost = 0;
  let posting = false;
  let failures = 0;

  function change(part: Partial<Conditions>): void {
    Object.assign(conditions, part);
    const next = layerOf(conditions);
    if (next === layer) return;
    layer = next;
    onLayer(layer, REASONS[layer]);
  }

  async function attempt(): Promise<boolean> {
    return breaker.attempt(() => {
      if (!transport.ready()) throw new NotSent("the socket is not open");
      const frame = window.next(transport.bufferedAmount());
      if (frame === null) return;
      try {
        transport.send(frame.bytes);
      } catch (error) {
        window.giveBack();
        throw new NotSent(String(error));
      }
    });
  }

  async function pump(): Promise<void> {
    if (pumping || window.queued === 0) return;
    if (!transport.ready() && now() < nextAttempt) return;
    pumping = true;
    try {
      let before = -1;
      while (window.queued > 0 && window.queued !== before) {
        before = window.queued;
        nextAttempt = now() + ATTEMPT_MS;
        if (!(await attempt())) break;
      }
    } finally {
      pumping = false;
    }
  }

  async function post(): Promise<void> {
    if (posting || breaker.state === "closed" || window.queued + window.inFlight === 0 || now() < nextPost) return;
    const frames = window.oldest(POST_FRAMES, now());
    if (frames.length === 0) return;
    posting = true;
    try {
      const seq = await transport.post(concatFrames(frames.map((frame) => frame.bytes)));
      if (seq === null) {
        failures++;
        nextPost = now() + (failures < POST_FAILURES ? POST_EVERY_MS : POST_AGAIN_MS);
        if (failures >= POST_FAILURES) change({ http: false });
        return;
      }
      failures = 0;
      nextPost = now() + POST_EVERY_MS;
      window.acknowledge(seq);
      change({ http: true });
    } finally {
      posting = false;
    }
  }

  return {
    window,
    layer: () => layer,
    /** For the first report, and for conditions only the page knows. */
    change,
    announce: () => onLayer(layer, REASONS[layer]),
    offer(frame: UpFrame): void {
      window.add(frame);
      void pump();
    },
    acknowledge(seq: number): void {
      window.acknowledge(seq);
      void pump();
    },
    /** Every 100 ms. */
    tick(): void {
      void pump();
      void post();
    },
    /** A session is ready on a new socket: what was not confirmed goes again. */
    connected(): void {
      window.rewind(now());
      failures = 0;
      change({ http: true });
      breaker.reset();
      void pump();
    },
  };
}
