import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { concatFrames, decodeMyraFrame, encodeCallerFrame } from "../../src/net/wire";
import { IN_FLIGHT_HIGH, QUEUE_MOST, SendWindow, type UpFrame } from "../../src/utils/networkResilienceManager";
import { guaranteedAudioTransmission, layerOf, type Conditions } from "../../src/utils/webSocketUtils";
import type { Layer } from "../../src/voice/contract";
import { between, chance, SEEDS } from "./chance";

const frame = (seq: number, at = 0): UpFrame => ({ seq, at, bytes: encodeCallerFrame(seq, 0, new ArrayBuffer(4)) });

describe("wire", () => {
  it("writes the header of docs/browser-protocol.md", () => {
    const bytes = new Uint8Array(encodeCallerFrame(0x01020304, 0xfffffff0, Int16Array.of(-2).buffer));
    expect([...bytes]).toEqual([1, 0, 0, 0, 0, 0, 0, 0, 4, 3, 2, 1, 0xf0, 0xff, 0xff, 0xff, 0xfe, 0xff]);
  });

  it("reads Myra's frames, also those without samples and in mu-law", () => {
    const message = new Uint8Array([2, 0, 7, 0, 9, 0, 0, 0, 5, 0, 0, 0, 8, 1, 0, 0, 1, 0, 255, 127]).buffer;
    const read = decodeMyraFrame(message);
    expect(read).toMatchObject({ take: 9, seq: 5, position: 264, first: true, last: true, deferred: true });
    expect([...read.pcm]).toEqual([1, 32767]);
    expect(decodeMyraFrame(message.slice(0, 16)).pcm).toHaveLength(0);
    const mulaw = new Uint8Array([2, 1, 0, 0, 9, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0, 0x80]).buffer;
    expect([...decodeMyraFrame(mulaw).pcm]).toEqual([32124]);
  });

  it.each([[new ArrayBuffer(15)], [encodeCallerFrame(1, 0, new ArrayBuffer(2))], [new Uint8Array(19).fill(2).buffer]])(
    "refuses what is no frame of Myra's",
    (message) => expect(() => decodeMyraFrame(message)).toThrow(RangeError),
  );

  it("puts a length before each frame of a batch", () => {
    const batch = new Uint8Array(concatFrames([Uint8Array.of(1, 2).buffer, Uint8Array.of(3).buffer]));
    expect([...batch]).toEqual([2, 0, 0, 0, 1, 2, 1, 0, 0, 0, 3]);
  });
});

describe("SendWindow", () => {
  it("stops handing over at half a second in flight and at a full socket", () => {
    const window = new SendWindow();
    for (let seq = 1; seq <= 60; seq++) window.add(frame(seq));
    expect(window.next(50_000)).toBeNull();
    let sent = 0;
    while (window.next(0)) sent++;
    expect(sent).toBe(IN_FLIGHT_HIGH);
    window.acknowledge(10);
    expect(window.next(0)?.seq).toBe(IN_FLIGHT_HIGH + 1);
  });

  it("keeps three seconds, drops the oldest and counts it", () => {
    const window = new SendWindow();
    for (let seq = 1; seq <= QUEUE_MOST + 7; seq++) window.add(frame(seq));
    expect(window.gaps).toBe(7);
    expect(window.next(0)?.seq).toBe(8);
  });

  it("sends again after a reconnect what is fresh, with its old numbers", () => {
    const window = new SendWindow();
    for (let seq = 1; seq <= 20; seq++) window.add(frame(seq, seq * 300));
    while (window.next(0)) continue;
    window.acknowledge(5);
    window.rewind(6000);
    expect(window.gaps).toBe(4);
    expect(window.next(0)?.seq).toBe(10);
  });

  it.each(SEEDS)("sends in order, none twice on one connection, none lost but those counted (seed %i)", (seed) => {
    const random = chance(seed);
    const window = new SendWindow();
    let made = 0;
    let last = 0;
    let acked = 0;
    const reached = new Set<number>();
    for (let step = 0; step < 1500; step++) {
      const draw = random();
      if (draw < 0.5) window.add(frame(++made, step * 20));
      else if (draw < 0.9) {
        const next = window.next(0);
        if (!next) continue;
        if (next.seq <= last) expect.unreachable(`frame ${next.seq} after ${last}`);
        last = next.seq;
        if (random() < 0.05) {
          window.giveBack();
          last--;
        } else reached.add(next.seq);
      } else if (draw < 0.98) {
        acked = between(random, acked, Math.max(acked, last));
        window.acknowledge(acked);
      } else {
        window.rewind(step * 20);
        last = acked;
      }
    }
    window.rewind(0);
    for (;;) {
      const next = window.next(0);
      if (next) reached.add(next.seq);
      else if (window.queued > 0) window.acknowledge(Math.max(...reached));
      else break;
    }
    expect(reached.size + window.gaps).toBeGreaterThanOrEqual(made);
  });
});

describe("layers", () => {
  const good: Conditions = { microphone: true, worker: true, worklet: true, breaker: "closed", http: true };
  it.each<[Partial<Conditions>, Layer]>([
    [{}, "worker"],
    [{ worker: false }, "main-thread"],
    [{ worklet: false }, "script-processor"],
    [{ breaker: "open" }, "http"],
    [{ breaker: "half-open", worklet: false }, "http"],
    [{ breaker: "open", http: false }, "text-only"],
    [{ microphone: false }, "text-only"],
  ])("%o is %s", (part, layer) => expect(layerOf({ ...good, ...part })).toBe(layer));
});

describe("guaranteedAudioTransmission", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  function stage() {
    const state = { up: true, stalled: false, httpWorks: true, sent: [] as number[], posted: [] as number[] };
    const layers: Layer[] = [];
    const seqOf = (bytes: ArrayBuffer) => new DataView(bytes).getUint32(8, true);
    const transmission = guaranteedAudioTransmission(
      {
        ready: () => state.up,
        bufferedAmount: () => (state.stalled ? 1e6 : 0),
        send: (bytes) => state.sent.push(seqOf(bytes)),
        post: (bytes) => {
          if (!state.httpWorks) return Promise.resolve(null);
          const seqs: number[] = [];
          for (let at = 0; at < bytes.byteLength; at += 4 + 20) seqs.push(seqOf(bytes.slice(at + 4, at + 24)));
          state.posted.push(...seqs);
          return Promise.resolve(seqs.at(-1) ?? null);
        },
      },
      () => Date.now(),
      (layer) => layers.push(layer),
    );
    let seq = 0;
    const speak = async (ms: number) => {
      for (let t = 0; t < ms; t += 20) {
        transmission.offer(frame(++seq, Date.now()));
        if (t % 100 === 0) transmission.tick();
        if (state.up && !state.stalled) transmission.acknowledge(state.sent.at(-1) ?? 0);
        await vi.advanceTimersByTimeAsync(20);
      }
      return seq;
    };
    return { state, layers, transmission, speak };
  }

  it("opens the breaker after half a second down, carries the sound by HTTP, and comes back at once", async () => {
    const { state, layers, transmission, speak } = stage();
    transmission.connected();
    await speak(400);
    state.up = false;
    await speak(400);
    expect(layers).toEqual([]);
    await speak(1600);
    expect(layers).toEqual(["http"]);
    expect(state.posted.length).toBeGreaterThan(60);
    state.up = true;
    transmission.connected();
    const made = await speak(600);
    expect(layers).toEqual(["http", "worker"]);
    const reached = new Set([...state.sent, ...state.posted]);
    expect(reached.size).toBeGreaterThanOrEqual(made - 2);
    expect(transmission.window.gaps).toBe(0);
  });

  it("falls to text only when HTTP fails too, and is never silently stale", async () => {
    const { state, layers, transmission, speak } = stage();
    transmission.connected();
    await speak(200);
    state.up = false;
    state.httpWorks = false;
    await speak(6000);
    expect(layers).toEqual(["http", "text-only"]);
    expect(transmission.window.gaps).toBeGreaterThan(100);
    state.up = true;
    const before = state.sent.length;
    transmission.connected();
    await speak(100);
    expect(layers.at(-1)).toBe("worker");
    expect(state.sent.length - before).toBeLessThanOrEqual(QUEUE_MOST + 5);
  });

  it("reports the layer a page without worker or worklets has", () => {
    const { layers, transmission } = stage();
    transmission.change({ worker: false });
    transmission.change({ worklet: false });
    expect(layers).toEqual(["main-thread", "script-processor"]);
  });
});
