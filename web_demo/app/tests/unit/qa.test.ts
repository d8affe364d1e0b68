import { describe, expect, it } from "vitest";

import { auditCsv, auditLine, verdictOf, type TakeFacts } from "../../src/qa/audit";
import { Recorder } from "../../src/qa/recorder";
import { ReplyClock } from "../../src/voice/figures";
import { micErrorOf, whyNoMicrophone } from "../../src/audio/micTrouble";
import { constraintsOf } from "../../src/audio/microphone";
import { vadDisabled } from "../../src/utils/vadSwitch";

const whole: TakeFacts = {
  take: 1,
  response: 4,
  chunksSent: 10,
  samplesSent: 48000,
  chunksReceived: 10,
  samplesReceived: 48000,
  samplesPlayed: 48000,
  samplesDropped: 0,
  samplesMissing: 0,
  underruns: 0,
  complete: true,
  stopped: false,
  text: "Your flight leaves at nine.",
  rate: 24000,
};

describe("the truncation audit", () => {
  it.each<[string, Partial<TakeFacts>]>([
    ["complete", {}],
    ["complete", { text: "" }],
    ["interrupted after 1.0 s", { stopped: true, samplesPlayed: 24000 }],
    ["lost in transit: 8000 of 48000 samples", { samplesReceived: 40000, samplesPlayed: 40000 }],
    ["lost in transit: 480 samples never came", { samplesMissing: 480 }],
    ["unplayed: 8000 of 48000 samples", { samplesPlayed: 40000 }],
    ["open-ended: its last frame never came", { complete: false }],
    ["suspicious: more text than sound", { text: `${"long ".repeat(40)}.` }],
    ["suspicious: its text ends in mid-sentence", { text: "Your flight leaves at" }],
  ])("says %s", (verdict, part) => expect(verdictOf({ ...whole, ...part })).toBe(verdict));

  it("writes RFC 4180, quoting where it must", () => {
    const line = auditLine({ ...whole, stopped: true });
    const csv = auditCsv([{ ...line, verdict: 'a "b", c' }]);
    const [header, row, end] = csv.split("\r\n");
    expect(header?.split(",")).toHaveLength(9);
    expect(row).toBe('1,4,10,48000,48000,48000,0,0,"a ""b"", c"');
    expect(end).toBe("");
  });
});

describe("the recording", () => {
  it("puts caller left and Myra right on one time axis, gaps as silence", async () => {
    const recorder = new Recorder(16000, 24000, 1000);
    for (let i = 1; i <= 50; i++) recorder.captured(new Int16Array(320).fill(1000), 1000 + i * 20);
    for (let i = 76; i <= 100; i++) recorder.captured(new Int16Array(320).fill(2000), 1000 + i * 20);
    for (let i = 1; i <= 20; i++) recorder.heard(new Int16Array(2400).fill(-500), 1000 + i * 100);
    const wav = await (await recorder.recording()).arrayBuffer();
    const frames = new Int16Array(wav, 44);
    const at = (seconds: number, channel: 0 | 1) => frames[2 * Math.round(seconds * 24000) + channel] ?? 0;
    expect(new DataView(wav).getUint32(40, true)).toBe(frames.byteLength);
    expect(frames.length / 2 / 24000).toBeCloseTo(2, 2);
    expect([at(0.5, 1), at(1.9, 1)]).toEqual([-500, -500]);
    expect(Math.abs(at(0.5, 0) - 1000)).toBeLessThan(15);
    expect(Math.abs(at(1.25, 0))).toBeLessThan(15);
    expect(Math.abs(at(1.75, 0) - 2000)).toBeLessThan(25);
  });

  it("survives ten minutes in parts, to the sample", async () => {
    const recorder = new Recorder(24000, 24000, 0);
    for (let i = 1; i <= 600; i++) recorder.heard(new Int16Array(24000).fill(i % 100), i * 1000);
    const blob = await recorder.recording();
    expect(blob.size).toBe(44 + 600 * 24000 * 4);
    const last = new Int16Array(await blob.slice(blob.size - 4).arrayBuffer());
    expect([...last]).toEqual([0, 0]);
    const before = new Int16Array(await blob.slice(44 + 598 * 24000 * 4, 44 + 598 * 24000 * 4 + 4).arrayBuffer());
    expect([...before]).toEqual([0, 99]);
  });

  it("logs events in order and keeps the newest audit of a take", async () => {
    const recorder = new Recorder(16000, 24000, 0);
    recorder.event({ a: 1 });
    recorder.event({ a: 2 });
    recorder.audit("s", auditLine({ ...whole, complete: false }));
    recorder.audit("s", auditLine(whole));
    expect(await recorder.eventLog().text()).toBe('{"a":1}\n{"a":2}\n');
    for (let a = 3; a <= 30_000; a++) recorder.event({ a });
    const lines = (await recorder.eventLog().text()).trimEnd().split("\n");
    expect(lines.map((line) => (JSON.parse(line) as { a: number }).a)).toEqual(Array.from({ length: 30_000 }, (_, n) => n + 1));
    const rows = (await recorder.auditTable().text()).trim().split("\r\n");
    expect(rows).toHaveLength(2);
    expect(rows[1]).toMatch(/complete$/);
  });
});

describe("reply latency at the ear", () => {
  it("runs from the last voiced frame to the first sample of the reply, once", () => {
    const clock = new ReplyClock();
    clock.callerSpoke(1000);
    clock.callerSpoke(1200);
    expect(clock.sounded(5, 2100)).toBe(900);
    expect(clock.sounded(5, 2500)).toBeNull();
    expect(clock.sounded(6, 2600)).toBeNull();
    expect(clock.of(5)).toBe(900);
    expect(clock.all).toEqual([900]);
  });
});

describe("the microphone", () => {
  const named = (name: string) => Object.assign(new Error("x"), { name });

  it.each([
    ["NotAllowedError", "denied"],
    ["NotFoundError", "no-device"],
    ["OverconstrainedError", "no-device"],
    ["NotReadableError", "in-use"],
    ["AbortError", "in-use"],
  ])("takes %s for %s", (name, trouble) => expect(micErrorOf(named(name)).trouble).toBe(trouble));

  it("tells an insecure page from a browser without microphones", () => {
    expect(whyNoMicrophone(false, undefined)?.trouble).toBe("insecure");
    expect(whyNoMicrophone(true, undefined)?.trouble).toBe("unsupported");
    expect(whyNoMicrophone(true, {})).toBeNull();
  });

  it("asks for what QA have switched, and for a device only when one is chosen", () => {
    const settings = { deviceId: "", echoCancellation: true, noiseSuppression: false, autoGainControl: true };
    expect(constraintsOf(settings)).toMatchObject({
      echoCancellation: { ideal: true },
      noiseSuppression: { ideal: false },
      autoGainControl: { ideal: true },
    });
    expect(constraintsOf(settings).deviceId).toBeUndefined();
    expect(constraintsOf({ ...settings, deviceId: "x" }).deviceId).toEqual({ exact: "x" });
  });
});

describe("REACT_APP_DISABLE_VAD", () => {
  it.each([
    [undefined, false],
    ["", false],
    ["0", false],
    ["false", false],
    ["true", true],
    ["1", true],
    ["yes", true],
  ])("%s: off is %s", (value, off) => expect(vadDisabled(value)).toBe(off));
});
