// A believable call: Ada Okafor moves her flight, and interrupts once.

import type { Bar } from "../../../src/net/protocol";
import type { Figures, TurnFigures, VoiceEvent } from "../../../src/voice/contract";

export function figures(part: Partial<Figures> = {}): Figures {
  return {
    micLevelDb: -34,
    myraLevelDb: -18,
    speech: 0.07,
    clipped: 0,
    rttMs: 38,
    inFlight: 4,
    queuedMs: 0,
    jitterTargetMs: 80,
    jitterDepthMs: 92,
    underruns: 0,
    lateFrames: 2,
    micGaps: 0,
    echoLeak: 0.004,
    bargeIn: { onsetToDuckMs: 128, onsetToStopMs: 236, stopMs: 9 },
    replyMs: [940, 1180, 860],
    inRate: 16_000,
    outRate: 24_000,
    outputLatencyMs: 24,
    ...part,
  };
}

export const CONNECTED: VoiceEvent[] = [
  { type: "link", state: "connecting", attempt: 0, reason: "" },
  { type: "mic", state: "asking", label: "" },
  { type: "devices", inputs: [{ id: "default", label: "Default" }, { id: "usb", label: "USB headset" }] },
  { type: "mic", state: "on", label: "USB headset" },
  { type: "layer", layer: "worker", reason: "the voice path runs in its own thread" },
  { type: "session", conversation: "bw-7f3a21c9", limitSeconds: 600 },
  { type: "link", state: "open", attempt: 0, reason: "" },
  { type: "call", state: "listening", reason: "" },
  { type: "figures", figures: figures({ bargeIn: { onsetToDuckMs: null, onsetToStopMs: null, stopMs: null } }) },
];

function said(who: "caller" | "myra", id: string, at: number, text: string, part = {}): VoiceEvent {
  return { type: "transcript", who, id, text, final: true, interrupted: false, at, ...part };
}

function turn(id: string, response: number, bar: Bar, atTheEarMs: number | null, interrupted = false): VoiceEvent {
  const turned: TurnFigures = { id, response, bar, atTheEarMs, interrupted, heardText: "" };
  return { type: "turn", figures: turned };
}

function audit(take: number, samples: number, played: number, verdict: string): VoiceEvent {
  return {
    type: "audit",
    line: {
      take,
      response: take,
      chunks_sent: Math.ceil(samples / 960),
      samples_sent: samples,
      samples_received: samples,
      samples_played: played,
      samples_dropped: samples - played,
      underruns: 0,
      verdict,
    },
  };
}

const LOOK_UP = "Flight_Booking_Details_Agent";
const CHANGE = "DateChangeAgent";
const OFFER = "I can move you to Friday the fourth, same time, for forty-five dollars.";
const OFFER_ALL = `${OFFER} There is also a seat on Saturday morning at six, which costs nothing more, or on Sunday.`;

export const CALL: VoiceEvent[] = [
  ...CONNECTED,
  said("myra", "r1", 0.6, "Cymbol Travels, this is Myra. How can I help you today?"),
  turn("r1", 1, {}, null),
  audit(1, 78_240, 78_240, "complete"),
  { type: "log", at: 0.58, what: "server", detail: { type: "take", take: 1, response: 1, kind: "reply" } },
  said("caller", "c1", 5.2, "Hi, I would like to fly a little later. The reference is C, Y, M, 4, 2, 7."),
  { type: "tool", id: "t1", name: LOOK_UP, phase: "started", args: { reference: "***427" }, at: 10.4 },
  {
    type: "tool",
    id: "t1",
    name: LOOK_UP,
    phase: "finished",
    args: { reference: "***427" },
    ms: 212,
    status: "refused",
    result: { next: "ask_surname" },
    at: 10.7,
  },
  said("myra", "r2", 11.3, "Thank you. And what is the surname on the booking?"),
  { type: "tool", id: "t1", name: LOOK_UP, phase: "spoken", at: 11.3 },
  turn("r2", 2, { end_of_speech: 310, first_token: 240, tools: 212, first_audio: 130, line: 18, heard: 62 }, 972),
  audit(2, 61_440, 61_440, "complete"),
  said("caller", "c2", 14.9, "Okafor."),
  {
    type: "tool",
    id: "t2",
    name: LOOK_UP,
    phase: "started",
    args: { reference: "***427", surname: "***for" },
    at: 16.1,
  },
  {
    type: "tool",
    id: "t2",
    name: LOOK_UP,
    phase: "finished",
    args: { reference: "***427", surname: "***for" },
    ms: 164,
    status: "ok",
    result: { flight: "CT218", from: "SFO", to: "SEA", departs: "2026-12-01 09:40", fare: "standard" },
    at: 16.3,
  },
  { type: "tool", id: "t2", name: LOOK_UP, phase: "spoken", at: 17.1 },
  said("myra", "r3", 17.1, "Found it: San Francisco to Seattle on Tuesday the first, at nine forty. Which day suits you?"),
  turn("r3", 3, { end_of_speech: 290, recognised: 84, first_token: 205, tools: 164, first_audio: 118, line: 16, heard: 58 }, 935),
  audit(3, 132_480, 132_480, "complete"),
  said("caller", "c3", 23.8, "Three days later, if there is a seat."),
  { type: "tool", id: "t3", name: CHANGE, phase: "started", args: { reference: "***427", days_later: 3 }, at: 26.9 },
  { type: "log", at: 26.9, what: "server", detail: { type: "tool", name: CHANGE, phase: "started" } },
  {
    type: "tool",
    id: "t3",
    name: CHANGE,
    phase: "finished",
    args: { reference: "***427", days_later: 3 },
    ms: 486,
    status: "ok",
    result: { quote: "45 USD", new_date: "2026-12-04", next: "confirm_quote" },
    at: 27.4,
  },
  { type: "tool", id: "t3", name: CHANGE, phase: "spoken", at: 28.2 },
  { ...(said("myra", "r4", 28.2, OFFER_ALL) as Extract<VoiceEvent, { type: "transcript" }>), final: false },
  { type: "log", at: 33.1, what: "gate", detail: { what: "duck", onsetMs: 33_012 } },
  { type: "log", at: 33.2, what: "stopped", detail: { reason: "voice", stop_ms: 9, onset_to_stop_ms: 236 } },
  { type: "figures", figures: figures() },
  said("myra", "r4", 28.2, OFFER, { interrupted: true }),
  turn("r4", 4, { end_of_speech: 330, first_token: 260, tools: 486, first_audio: 140, line: 17, heard: 60 }, 1293, true),
  audit(4, 184_320, 118_560, "interrupted after 4.9 s"),
  said("caller", "c4", 33.0, "Friday is fine, please take that."),
  { type: "tool", id: "t4", name: CHANGE, phase: "started", args: { reference: "***427", confirm: true }, at: 35.6 },
  { type: "call", state: "working", reason: "" },
];

/** The call as it stands while Myra answers. */
export const SPEAKING: VoiceEvent[] = [
  ...CALL,
  {
    type: "tool",
    id: "t4",
    name: CHANGE,
    phase: "finished",
    args: { reference: "***427", confirm: true },
    ms: 341,
    status: "ok",
    result: { confirmed: true, flight: "CT218", new_date: "2026-12-04" },
    at: 36.0,
  },
  { type: "tool", id: "t4", name: CHANGE, phase: "spoken", at: 36.8 },
  {
    type: "transcript",
    who: "myra",
    id: "r5",
    text: "All done. You now fly on Friday the fourth at nine forty, and the new ticket is on its",
    final: false,
    interrupted: false,
    at: 36.8,
  },
  { type: "call", state: "speaking", reason: "" },
  { type: "figures", figures: figures({ myraLevelDb: -14, micLevelDb: -52 }) },
];
