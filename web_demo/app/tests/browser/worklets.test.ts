// The real worklets in a real browser, rendered offline: sample-exact and faster than real time.

import { describe, expect, it } from "vitest";

import captureUrl from "../../src/audio/worklets/capture.worklet.ts?worker&url";
import phoneUrl from "../../src/audio/worklets/phone.worklet.ts?worker&url";
import playerUrl from "../../src/audio/worklets/player.worklet.ts?worker&url";
import tapUrl from "../../src/audio/worklets/tap.worklet.ts?worker&url";
import type { PlayoutEvent } from "../../src/audio/playout";
import type { FromPlayer, MicFrame, TapBlock, ToPlayer } from "../../src/audio/worklets/ports";

const RATE = 24000;
const MONO: AudioWorkletNodeOptions = { outputChannelCount: [1], channelCount: 1, channelCountMode: "explicit" };

const tone = (from: number, samples: number) =>
  Int16Array.from({ length: samples }, (_, i) => Math.round(13000 * Math.sin((2 * Math.PI * 440 * (from + i)) / RATE)));

/** Lets messages between the page and the audio thread arrive. */
const settle = () => new Promise((resolve) => setTimeout(resolve, 40));

type Rendered = { heard: Float32Array; events: PlayoutEvent[] };

type Stage = {
  send: (message: ToPlayer) => void;
  at: (seconds: number, then: () => void) => void;
};

async function play(seconds: number, prepare: (stage: Stage) => void, rate = RATE): Promise<Rendered> {
  const context = new OfflineAudioContext(1, Math.round(seconds * rate), rate);
  await context.audioWorklet.addModule(playerUrl);
  const node = new AudioWorkletNode(context, "player", {
    numberOfInputs: 0,
    outputChannelCount: [1],
    processorOptions: { rate: RATE },
  });
  node.connect(context.destination);
  const events: PlayoutEvent[] = [];
  const { port1, port2 } = new MessageChannel();
  node.port.postMessage({ type: "port", port: port2 }, [port2]);
  port1.onmessage = ({ data }: MessageEvent<FromPlayer>) => {
    if (data.type === "event") events.push(data.event);
  };
  prepare({
    send: (message) => port1.postMessage(message),
    at: (time, then) =>
      void context.suspend(time).then(async () => {
        then();
        await settle();
        await context.resume();
      }),
  });
  await settle();
  const heard = (await context.startRendering()).getChannelData(0);
  await settle();
  return { heard, events };
}

const chunk = (take: number, position: number, pcm: Int16Array<ArrayBuffer>, last: boolean): ToPlayer => ({
  type: "chunk",
  take,
  position,
  pcm: pcm.buffer,
  last,
});

const lastSound = (heard: Float32Array) => heard.findLastIndex((x) => x !== 0);
const largestStep = (heard: Float32Array) =>
  heard.reduce((most, x, i) => Math.max(most, Math.abs(x - (heard[i - 1] ?? x))), 0);
const of = <T extends PlayoutEvent["type"]>(events: PlayoutEvent[], type: T) =>
  events.filter((event): event is Extract<PlayoutEvent, { type: T }> => event.type === type);

describe("player", () => {
  it("joins two takes at the sample, none lost and none doubled", async () => {
    const { heard, events } = await play(1, ({ send }) => {
      for (let take = 1; take <= 2; take++) {
        for (let i = 0; i < 5; i++) {
          send(chunk(take, i * 960, tone((take - 1) * 4800 + i * 960, 960), i === 4));
        }
      }
    });
    const sent = tone(0, 9600);
    let wrong = 0;
    for (let i = 121; i < 9600; i++) if (Math.abs((heard[i] ?? 0) * 32768 - (sent[i] ?? 0)) > 0.01) wrong++;
    expect(wrong).toBe(0);
    expect(of(events, "ended").map((event) => event.count.played)).toEqual([4800, 4800]);
    expect(of(events, "started")[1]?.frame).toBe(of(events, "ended")[0]?.frame);
  });

  it("is silent 12 ms after the order to stop, without a click, and says what was heard", async () => {
    const { heard, events } = await play(1, ({ send, at }) => {
      send(chunk(1, 0, tone(0, RATE), true));
      send({ type: "mark", take: 1, name: "unheard", position: 20000 });
      at(0.256, () => send({ type: "stop", id: 3 }));
    });
    const orderedAt = Math.ceil((0.256 * RATE) / 128) * 128;
    expect(lastSound(heard)).toBeGreaterThan(orderedAt);
    expect(((lastSound(heard) - orderedAt) * 1000) / RATE).toBeLessThan(12);
    expect(largestStep(heard)).toBeLessThan(0.06);
    const [stopped] = of(events, "stopped");
    expect(stopped?.marks).toEqual(["unheard"]);
    expect(Math.abs((stopped?.running?.played ?? 0) - orderedAt)).toBeLessThan(260);
  });

  it("ducks by 18 dB within a block and 5 ms, and comes back", async () => {
    const steady = new Int16Array(RATE).fill(16384);
    const { heard } = await play(1, ({ send, at }) => {
      send(chunk(1, 0, steady, true));
      at(0.256, () => send({ type: "duck", on: true }));
      at(0.512, () => send({ type: "duck", on: false }));
    });
    const level = (seconds: number) => 20 * Math.log10((heard[Math.round(seconds * RATE)] ?? 0) / 0.5);
    expect(level(0.25)).toBeCloseTo(0, 3);
    expect(level(0.256 + 0.011)).toBeCloseTo(-18, 1);
    expect(level(0.5)).toBeCloseTo(-18, 1);
    expect(level(0.512 + 0.011)).toBeCloseTo(0, 1);
  });

  it("releases a reply shorter than the jitter buffer", async () => {
    const { events } = await play(0.3, ({ send }) => send(chunk(1, 0, tone(0, 480), true)));
    expect(of(events, "ended")[0]?.count).toMatchObject({ played: 480, underruns: 0 });
  });

  it("makes no step at an underrun", async () => {
    const { heard, events } = await play(1, ({ send, at }) => {
      send(chunk(1, 0, tone(0, 4805), false));
      at(0.512, () => send(chunk(1, 4805, tone(4805, 4000), true)));
    });
    expect(of(events, "underrun")).toHaveLength(1);
    expect(of(events, "ended")[0]?.count).toMatchObject({ played: 8805, underruns: 1 });
    expect(largestStep(heard)).toBeLessThan(0.06);
  });

  it("keeps samples in order while its rings grow and wrap", async () => {
    const sent = tone(0, 60000);
    const { heard } = await play(3, ({ send, at }) => {
      send(chunk(1, 0, tone(0, 20000), false));
      at(0.512, () => send(chunk(1, 20000, tone(20000, 30000), false)));
      at(1.024, () => send(chunk(1, 50000, tone(50000, 10000), true)));
    });
    let wrong = 0;
    for (let i = 121; i < 60000; i++) if (Math.abs((heard[i] ?? 0) * 32768 - (sent[i] ?? 0)) > 0.01) wrong++;
    expect(wrong).toBe(0);
  });

  it("plays in a context of another rate at the right pitch", async () => {
    const { heard } = await play(1, ({ send }) => send(chunk(1, 0, tone(0, 12000), true)), 48000);
    const part = heard.subarray(4800, 4800 + 9600);
    const crossings = part.reduce((n, x, i) => n + (i > 0 && (part[i - 1] ?? 0) < 0 && x >= 0 ? 1 : 0), 0);
    expect(crossings).toBeGreaterThanOrEqual(87);
    expect(crossings).toBeLessThanOrEqual(89);
  });
});

async function phoneLevel(rate: number, hz: number, on: boolean): Promise<number> {
  const context = new OfflineAudioContext(1, rate, rate);
  await context.audioWorklet.addModule(phoneUrl);
  const node = new AudioWorkletNode(context, "phone", MONO);
  const parameter = node.parameters.get("on");
  if (parameter) parameter.value = on ? 1 : 0;
  const source = new OscillatorNode(context, { frequency: hz });
  source.connect(new GainNode(context, { gain: 0.5 })).connect(node).connect(context.destination);
  source.start();
  const heard = (await context.startRendering()).getChannelData(0).subarray(rate / 4);
  const rms = Math.sqrt(heard.reduce((sum, x) => sum + x * x, 0) / heard.length);
  return 20 * Math.log10(rms / (0.5 / Math.SQRT2));
}

describe("phone line", () => {
  it.each([16000, 24000, 44100, 48000])("passes speech and nothing beside it at %i Hz", async (rate) => {
    const [middle, low, high, off] = await Promise.all([
      phoneLevel(rate, 1000, true),
      phoneLevel(rate, 60, true),
      phoneLevel(rate, 5000, true),
      phoneLevel(rate, 5000, false),
    ]);
    expect(Math.abs(middle)).toBeLessThan(1);
    expect(low).toBeLessThan(-9);
    expect(high).toBeLessThan(-30);
    expect(off).toBeGreaterThan(-0.5);
  });
});

describe("capture", () => {
  it.each([16000, 48000])("gives contiguous 20 ms frames at 16 kHz from %i Hz", async (rate) => {
    const context = new OfflineAudioContext(1, rate, rate);
    await context.audioWorklet.addModule(captureUrl);
    const source = new OscillatorNode(context, { frequency: 300 });
    const node = new AudioWorkletNode(context, "capture", MONO);
    const frames: MicFrame[] = [];
    node.port.onmessage = ({ data }: MessageEvent<MicFrame>) => frames.push(data);
    source.connect(node).connect(context.destination);
    source.start();
    await context.startRendering();
    await settle();
    expect(frames.length).toBeGreaterThanOrEqual(49);
    expect(frames.map((frame) => frame.start)).toEqual(frames.map((_, i) => i * 320));
    expect(new Set(frames.map((frame) => frame.pcm.byteLength))).toEqual(new Set([640]));
    const joined = frames.flatMap((frame) => [...new Int16Array(frame.pcm)]);
    const steps = joined.map((x, i) => Math.abs(x - (joined[i - 1] ?? x)));
    expect(Math.max(...steps.slice(1600))).toBeLessThan(32768 * ((2 * Math.PI * 300) / 16000) * 1.1);
  });
});

describe("tap", () => {
  it("passes the sound untouched and copies all of it", async () => {
    const context = new OfflineAudioContext(1, RATE, RATE);
    await context.audioWorklet.addModule(tapUrl);
    const source = new ConstantSourceNode(context, { offset: 0.25 });
    const node = new AudioWorkletNode(context, "tap", MONO);
    const blocks: TapBlock[] = [];
    node.port.onmessage = ({ data }: MessageEvent<TapBlock>) => blocks.push(data);
    source.connect(node).connect(context.destination);
    source.start();
    const heard = (await context.startRendering()).getChannelData(0);
    await settle();
    expect(heard.every((x) => x === 0.25)).toBe(true);
    expect(blocks.map((block) => block.start)).toEqual(blocks.map((_, i) => i * 2400));
    expect(blocks.every((block) => new Int16Array(block.pcm).every((x) => x === 8192))).toBe(true);
    expect(blocks).toHaveLength(10);
  });
});
