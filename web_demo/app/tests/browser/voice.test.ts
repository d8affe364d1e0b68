// The whole voice in a real browser: worker, worklets and a fake microphone against a peer that
// speaks the protocol.

import { afterEach, describe, expect, inject, it, vi } from "vitest";

import type { Figures, Voice, VoiceEvent, VoiceSettings } from "../../src/voice/contract";
import { createVoice } from "../../src/voice/voice";

const PEER = `http://127.0.0.1:${String(inject("peer"))}/`;

const SETTINGS: VoiceSettings = {
  capture: { deviceId: "", echoCancellation: false, noiseSuppression: false, autoGainControl: false },
  vad: false,
  line: "web",
  lossPercent: 0,
  jitterMs: 0,
  volume: 1,
};

type Told = { at: number; message: { type: string } & Record<string, unknown> };
type PeerLog = { told: Told[]; seqs: number[]; hellos: number; posts: number };

const ask = async (path: string) => (await (await fetch(PEER + path)).json()) as PeerLog;

const order = (words: string) => ask(`order?${encodeURIComponent(words)}`);

async function until<T>(what: string, probe: () => T | undefined | false | Promise<T | undefined | false>, ms = 5000): Promise<T> {
  const end = performance.now() + ms;
  for (;;) {
    const found = await probe();
    if (found !== undefined && found !== false) return found;
    if (performance.now() > end) throw new Error(`not within ${String(ms)} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

class Call {
  readonly events: VoiceEvent[] = [];
  readonly voice: Voice = createVoice(new URL(`${PEER}demo/`));

  constructor(settings: Partial<VoiceSettings> = {}) {
    this.voice.subscribe((event) => this.events.push(event));
    this.voice.start({ ...SETTINGS, ...settings });
  }

  of<T extends VoiceEvent["type"]>(type: T): Extract<VoiceEvent, { type: T }>[] {
    return this.events.filter((event): event is Extract<VoiceEvent, { type: T }> => event.type === type);
  }

  get figures(): Figures | undefined {
    return this.of("figures").at(-1)?.figures;
  }

  logs(what: string): Record<string, unknown>[] {
    return this.of("log").flatMap((event) => (event.what === what ? [event.detail] : []));
  }

  async open(): Promise<void> {
    await until("the link opens", () => this.of("link").some((event) => event.state === "open"));
  }

  async talking(): Promise<void> {
    await this.open();
    await until("frames arrive", async () => (await ask("log")).seqs.length > 5);
  }

  async told(type: string, count = 1): Promise<Told["message"][]> {
    return until(`the server is told ${type} ${String(count)} times`, async () => {
      const messages = (await ask("log")).told.map(({ message }) => message).filter((m) => m.type === type);
      return messages.length >= count && messages;
    });
  }
}

let call: Call | null = null;

async function begin(settings: Partial<VoiceSettings> = {}, peer = ""): Promise<Call> {
  await ask(`new?${peer}`);
  call = new Call(settings);
  return call;
}

afterEach(() => {
  call?.voice.dispose();
  call = null;
});

describe("a call", () => {
  it("sends the microphone in order from the first frame on, and plays what comes", async () => {
    const own = await begin();
    await own.talking();
    await order("say 400");
    const [ended] = await own.told("ended");
    expect(ended).toMatchObject({ take: 1, received: 9600, played: 9600, dropped: 0, underruns: 0 });
    const marks = (await own.told("mark", 2)).map((message) => message["name"]);
    expect(marks).toEqual(["r1.half", "r1.end"]);
    await order("turn 1 9600");
    await until("the audit has a verdict", () => own.of("audit").at(-1)?.line.verdict === "complete");
    const { seqs } = await ask("log");
    expect(seqs).toEqual(seqs.map((_, i) => i + 1));
    expect(own.of("layer")[0]?.layer).toBe("worker");
  });

  it("plays a tool's result behind the running take, neither cutting the other", async () => {
    const own = await begin();
    await own.talking();
    await order("say 300");
    await order("tool 300");
    const ended = await own.told("ended", 2);
    expect(ended).toMatchObject([
      { take: 1, received: 7200, played: 7200 },
      { take: 2, received: 7200, played: 7200 },
    ]);
    const [first, second] = [ended[0]?.["at"], (await own.told("started", 2))[1]?.["at"]];
    expect(Math.abs(Number(second) - Number(first))).toBeLessThan(0.02);
  });

  it("interrupts her with typed words, told in that order", async () => {
    const own = await begin();
    await own.talking();
    await order("say 3000");
    await own.told("started");
    own.voice.text("stop please");
    await own.told("text");
    const types = (await ask("log")).told.map(({ message }) => message.type);
    expect(types.indexOf("barge_in")).toBeGreaterThan(types.indexOf("started"));
    expect(types.indexOf("barge_in")).toBeLessThan(types.indexOf("text"));
    expect((await own.told("barge_in"))[0]).toMatchObject({ take: 1, reason: "text" });
  });

  it("stops by button within milliseconds, tells what was heard, and drops what comes late", async () => {
    const own = await begin();
    await own.talking();
    await order("say 5000");
    await own.told("started");
    await new Promise((resolve) => setTimeout(resolve, 400));
    own.voice.stop();
    const [bargeIn] = await own.told("barge_in");
    expect(bargeIn).toMatchObject({ take: 1, reason: "button" });
    expect(bargeIn?.["played"]).toBeGreaterThan(24000 * 0.3);
    expect(bargeIn?.["played"]).toBeLessThan(24000 * 1.2);
    const [ended] = await own.told("ended");
    expect(ended?.["played"]).toBe(bargeIn?.["played"]);
    await order("late 1");
    await until("the late frame is counted", () => (own.figures?.lateFrames ?? 0) === 1);
    await order("clear");
    expect((await own.told("mark", 2)).map((message) => message["name"])).toEqual(["r1.half", "r1.end"]);
    expect(own.figures?.bargeIn.stopMs).toBeLessThan(60);
  });

  it("stops for the server's clear and returns its marks", async () => {
    const own = await begin();
    await own.talking();
    await order("say 3000");
    await own.told("started");
    await order("clear");
    expect((await own.told("mark", 2)).map((message) => message["name"])).toEqual(["r1.half", "r1.end"]);
    const [ended] = await own.told("ended");
    expect(ended?.["dropped"]).toBeGreaterThan(24000);
    expect((await ask("log")).told.some(({ message }) => message.type === "barge_in")).toBe(false);
  });

  it("waits with hanging up until her last sentence has been heard", async () => {
    const own = await begin();
    await own.talking();
    await order("say 800");
    await own.told("started");
    await order("bye 1");
    const started = performance.now();
    await until("the call has ended", () => own.of("call").some((event) => event.state === "ended"));
    expect(performance.now() - started).toBeGreaterThan(400);
    await until("the audit", () => own.of("audit")[0]?.line.samples_played === 19200);
    expect(own.of("call").at(-1)?.reason).toBe("Myra hung up");
  });

  it("exports a stereo recording, the events and the audit after the call", async () => {
    const own = await begin();
    await own.talking();
    await order("say 300");
    await own.told("ended");
    const { voice } = own;
    voice.hangUp();
    await until("the call has ended", () => own.of("call").some((event) => event.state === "ended"));
    const [recording, events, audit] = await Promise.all([
      voice.exportRecording(),
      voice.exportEvents(),
      voice.exportAudit(),
    ]);
    const context = new OfflineAudioContext(2, 1, 24000);
    const sound = await context.decodeAudioData(await recording.arrayBuffer());
    expect(sound.numberOfChannels).toBe(2);
    expect(sound.getChannelData(1).some((x) => Math.abs(x) > 0.3)).toBe(true);
    expect((await events.text()).trim().split("\n").map((line) => JSON.parse(line) as unknown).length).toBeGreaterThan(5);
    expect(await audit.text()).toMatch(/^take,response/);
  });
});

describe("a bad network", () => {
  it("is back within a second after a restart of the server, nothing lost and nothing said twice", async () => {
    const own = await begin();
    await own.talking();
    await order("say 1500");
    await own.told("started");
    const cut = performance.now();
    await order("close 1012");
    await until("the link is open again", () => own.of("link").filter((event) => event.state === "open").length === 2);
    expect(performance.now() - cut).toBeLessThan(1000);
    const [ended] = await own.told("ended");
    expect(ended).toMatchObject({ received: 36000, played: 36000 });
    const { seqs, hellos } = await ask("log");
    expect(hellos).toBe(2);
    const distinct = [...new Set(seqs)].sort((a, b) => a - b);
    expect(distinct).toEqual(distinct.map((_, i) => i + 1));
  });

  it("notices a silent server within five seconds and resumes", async () => {
    const own = await begin();
    await own.talking();
    const frozen = performance.now();
    await order("freeze");
    await until("the link is renewed", () => own.of("link").some((e) => e.state === "reconnecting"), 6000);
    expect(performance.now() - frozen).toBeLessThan(5300);
    await until("frames flow again", async () => (await ask("log")).hellos === 2);
  });

  it("carries the voice by HTTP while no socket can be had, and comes back to it", async () => {
    const own = await begin();
    await own.talking();
    await order("vanish");
    await until("the layer is http", () => own.of("layer").at(-1)?.layer === "http");
    const posts = await until("frames are posted", async () => {
      const log = await ask("log");
      return log.posts >= 3 && log;
    });
    expect(posts.seqs.length).toBeGreaterThan(20);
    await ask("return");
    await until("the layer is the worker's again", () => own.of("layer").at(-1)?.layer === "worker", 8000);
    const { seqs } = await ask("log");
    const distinct = [...new Set(seqs)].sort((a, b) => a - b);
    expect(distinct).toEqual(distinct.map((_, i) => i + 1));
    expect(own.figures?.micGaps).toBe(0);
  });
});

describe("a browser that cannot do everything", () => {
  afterEach(() => void vi.restoreAllMocks());

  it("goes on in the page itself when no worker can be had", async () => {
    vi.spyOn(globalThis, "Worker").mockImplementation(function () {
      throw new Error("no workers here");
    });
    const own = await begin();
    await own.talking();
    await order("say 300");
    expect((await own.told("ended"))[0]).toMatchObject({ received: 7200, played: 7200 });
    expect(own.of("layer").at(-1)?.layer).toBe("main-thread");
  });

  it("captures by ScriptProcessor, with a warning, when the capture worklet is dead", async () => {
    // eslint-disable-next-line @typescript-eslint/unbound-method -- called with its own `this` below
    const addModule = AudioWorklet.prototype.addModule;
    vi.spyOn(AudioWorklet.prototype, "addModule").mockImplementation(function (this: AudioWorklet, url) {
      return String(url).includes("capture") ? Promise.reject(new Error("dead")) : addModule.call(this, url);
    });
    const own = await begin();
    await own.talking();
    expect(own.of("layer").at(-1)?.layer).toBe("script-processor");
    expect(own.of("notice").some(({ level }) => level === "warning")).toBe(true);
  });

  it.each([
    ["NotAllowedError", "denied"],
    ["NotFoundError", "no-device"],
    ["NotReadableError", "in-use"],
  ])("tells %s as %s, and words still go", async (name, trouble) => {
    vi.spyOn(navigator.mediaDevices, "getUserMedia").mockRejectedValue(new DOMException("no", name));
    const own = await begin();
    await own.open();
    await until("the trouble is told", () => own.of("mic-trouble")[0]?.trouble === trouble);
    expect(own.of("layer").at(-1)?.layer).toBe("text-only");
    own.voice.text("hello");
    expect((await own.told("text"))[0]).toMatchObject({ text: "hello" });
  });
});

describe("speech detection", () => {
  it("is not fetched when it is off on either side", async () => {
    const own = await begin({ vad: true }, "vad=0");
    await own.talking();
    await order("say 200");
    await own.told("ended");
    expect(own.logs("vad-ready")).toEqual([]);
    expect(own.logs("vad-failed")).toEqual([]);
  });

  it("loads from our own address when it is on", async () => {
    const own = await begin({ vad: true });
    await own.talking();
    await until("the model is ready", () => own.logs("vad-ready")[0], 15_000);
  });
});
