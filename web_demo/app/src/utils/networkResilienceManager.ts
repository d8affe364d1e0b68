// Backpressure and the circuit breaker of the way up. The window decides which frames may leave;
// the breaker says when it is no use trying. Neither knows a socket: they are told and asked.

import {
  BrokenCircuitError,
  CircuitState,
  ConsecutiveBreaker,
  circuitBreaker,
  handleAll,
  type CircuitBreakerPolicy,
} from "cockatiel";

import { FrameRing } from "./audioBufferManager";

/** A caller's frame, encoded, with its number. `at`: when it was captured, ms. */
export type UpFrame = { seq: number; at: number; bytes: ArrayBuffer };

/** Unacknowledged frames at which handing over stops: half a second. */
export const IN_FLIGHT_HIGH = 25;
/** Of the socket's own buffer; one second of sound. */
export const BUFFERED_HIGH = 32_000;
/** Frames kept at most: three seconds. Older speech is worth less than newer. */
export const QUEUE_MOST = 150;
const KEEP_MS = 3000;

/** Frames waiting to be sent, and those sent that nobody has confirmed. */
export class SendWindow {
  private readonly waiting = new FrameRing<UpFrame>(32, QUEUE_MOST);
  private flying: UpFrame[] = [];
  /** Frames given up because they were too old: holes in what the server hears. */
  gaps = 0;

  get inFlight(): number {
    return this.flying.length;
  }

  get queued(): number {
    return this.waiting.length;
  }

  add(frame: UpFrame): void {
    if (this.waiting.push(frame) !== null) this.gaps++;
  }

  /** The next frame that may leave now, or null. It counts as in flight from here on. */
  next(bufferedAmount: number): UpFrame | null {
    if (this.flying.length >= IN_FLIGHT_HIGH || bufferedAmount > BUFFERED_HIGH) return null;
    const frame = this.waiting.shift();
    if (frame) this.flying.push(frame);
    return frame;
  }

  /** The newest frame `next` gave could not be sent: it waits again, in front. */
  giveBack(): void {
    const frame = this.flying.pop();
    if (frame) this.refill([frame, ...this.waiting]);
  }

  acknowledge(seq: number): void {
    this.flying = this.flying.filter((frame) => frame.seq > seq);
    if ((this.waiting.peek()?.seq ?? Infinity) <= seq) {
      this.refill([...this.waiting].filter((frame) => frame.seq > seq));
    }
  }

  /** A new connection: what was in flight is sent again, as far as it is fresh. */
  rewind(nowMs: number): void {
    const all = [...this.flying, ...this.waiting];
    const fresh = all.filter((frame) => nowMs - frame.at <= KEEP_MS).slice(-QUEUE_MOST);
    this.gaps += all.length - fresh.length;
    this.flying = [];
    this.refill(fresh);
  }

  /** The oldest frames that nobody has confirmed, for another way than the socket. */
  oldest(count: number, nowMs: number): UpFrame[] {
    this.rewind(nowMs);
    return [...this.waiting].slice(0, count);
  }

  /** Everything that is kept, renamed by `change`: a new session numbers frames anew. */
  replace(change: (frame: UpFrame, index: number) => UpFrame): void {
    const all = [...this.flying, ...this.waiting];
    this.flying = [];
    this.refill(all.map(change));
  }

  private refill(frames: UpFrame[]): void {
    this.waiting.clear();
    for (const frame of frames) this.waiting.push(frame);
  }
}

export type BreakerState = "closed" | "open" | "half-open" | "isolated";

const FAILURES = 5;
const HALF_OPEN_MS = 1000;

const NAMES: Record<CircuitState, BreakerState> = {
  [CircuitState.Closed]: "closed",
  [CircuitState.Open]: "open",
  [CircuitState.HalfOpen]: "half-open",
  [CircuitState.Isolated]: "isolated",
};

/** Opens after five failed attempts in a row, tries one again after a second. */
export class SendBreaker {
  private readonly policy: CircuitBreakerPolicy;

  constructor(onChange: (state: BreakerState) => void) {
    this.policy = circuitBreaker(handleAll, {
      halfOpenAfter: HALF_OPEN_MS,
      breaker: new ConsecutiveBreaker(FAILURES),
    });
    this.policy.onStateChange((state) => onChange(NAMES[state]));
  }

  get state(): BreakerState {
    return NAMES[this.policy.state];
  }

  /** Whether `attempt` was let through and did not throw. */
  async attempt(attempt: () => void): Promise<boolean> {
    try {
      await this.policy.execute(attempt);
      return true;
    } catch (error) {
      if (error instanceof BrokenCircuitError || error instanceof NotSent) return false;
      throw error;
    }
  }

  /** A new connection is proof enough: no second of waiting for the half-open state. */
  reset(): void {
    if (this.policy.state !== CircuitState.Closed) this.policy.isolate().dispose();
  }
}

/** Thrown by an attempt that could not hand its frame over. */
export class NotSent extends Error {}
