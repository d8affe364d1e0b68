// The demo's HTTP side from a table: a path's beginning and what it answers.

import type { Call, CallDetail, CallTurn, DemoBooking, Me, Peaks } from "../../../src/net/protocol";

export type Answers = Record<string, { status?: number; body?: unknown } | "no answer">;

export const ME: Me = { name: "QA", sign_in: true, vad: true, masked: true, emulated: false };

const FIRST = [
  "I would like to fly a little later.",
  "When does my flight leave?",
  "Please cancel my booking.",
  "Could you send me the ticket again?",
  "How many bags may I take?",
  "Hello? Is this a person?",
  "My flight was delayed, what am I due?",
  "Check me in, please.",
];

export function call(index: number, part: Partial<Call> = {}): Call {
  const opened = Date.UTC(2026, 10, 23, 14, 40) - index * 1_460_000;
  return {
    id: `c-${1000 + index}`,
    door: index % 3 === 1 ? "phone" : "browser",
    caller: index % 3 === 1 ? "5550" : "",
    model: "gemini-live",
    opened_at: new Date(opened).toISOString(),
    closed_at: new Date(opened + 90_000).toISOString(),
    running: false,
    reason: "caller hung up",
    seconds: 48 + ((index * 37) % 160),
    turns: 6 + (index % 5),
    tools: index % 4,
    interruptions: index % 3,
    reply_p50_ms: 820 + ((index * 53) % 400),
    recording: true,
    first_words: FIRST[index % FIRST.length] ?? "",
    ...part,
  };
}

export function calls(): Call[] {
  const running = call(0, { running: true, closed_at: null, id: "c-1000", first_words: "Do you fly to Austin?" });
  return [running, ...Array.from({ length: 11 }, (_, index) => call(index + 1))];
}

function turn(position: number, speaker: CallTurn["speaker"], started: number, ended: number, text: string): CallTurn {
  const latency = { end_of_speech: 300, first_token: 230, tools: 90 * (position % 3), first_audio: 130, line: 17, heard: 60 };
  const answers = speaker === "myra" && position > 1;
  return { position, speaker, text, heard: text, started, ended, interrupted: false, latency: answers ? latency : {} };
}

export function detail(part: Partial<CallDetail> = {}): CallDetail {
  const offer = turn(6, "myra", 28.2, 33.3, "I can move you to Friday the fourth for forty-five dollars. Or on Saturday at six.");
  return {
    ...call(1, { door: "phone", caller: "5550", seconds: 52, turns: 8, tools: 3, interruptions: 1 }),
    transcript: [
      turn(1, "myra", 0.6, 4.1, "Cymbol Travels, this is Myra. How can I help you today?"),
      turn(2, "caller", 5.2, 10.2, "I would like to fly a little later. The reference is C, Y, M, 4, 2, 7."),
      turn(3, "myra", 11.3, 13.9, "Thank you. And what is the surname on the booking?"),
      turn(4, "caller", 14.9, 15.6, "Okafor."),
      turn(5, "caller", 23.8, 26.6, "Three days later, if there is a seat."),
      { ...offer, interrupted: true, heard: "I can move you to Friday the fourth for forty-five dollars." },
      turn(7, "caller", 33.0, 35.2, "Friday is fine, please take that."),
      turn(8, "myra", 36.8, 44.0, "All done. You now fly on Friday the fourth at nine forty. Is there anything else?"),
      turn(9, "caller", 45.2, 46.4, "No, thank you. Goodbye."),
      turn(10, "myra", 47.3, 51.2, "Have a good flight. Goodbye!"),
    ],
    tool_calls: [
      {
        id: "t1",
        name: "Flight_Booking_Details_Agent",
        args: { reference: "***427", surname: "***for" },
        status: "ok",
        result: { flight: "CT218" },
        started: 16.1,
        ended: 16.9,
      },
      { id: "t2", name: "DateChangeAgent", args: { days_later: 3 }, status: "ok", result: { quote: "45 USD" }, started: 26.9, ended: 27.7 },
      { id: "t3", name: "DateChangeAgent", args: { confirm: true }, status: "ok", result: { confirmed: true }, started: 35.6, ended: 36.3 },
    ],
    audit: [
      { take: 1, response: 1, chunks_sent: 82, samples_sent: 28_000, samples_received: 28_000, samples_played: 28_000, samples_dropped: 0, underruns: 0, verdict: "complete" },
      { take: 2, response: 2, chunks_sent: 61, samples_sent: 61_440, samples_received: 61_440, samples_played: 40_800, samples_dropped: 20_640, underruns: 0, verdict: "interrupted" },
      { take: 3, response: 3, chunks_sent: 77, samples_sent: 57_600, samples_received: 57_600, samples_played: 57_600, samples_dropped: 0, underruns: 1, verdict: "complete" },
    ],
    quality: { rtt_ms: 38, rtt_ms_max: 71, depth_ms: 88, depth_ms_max: 142, prompt_tokens: 5120, response_tokens: 1240 },
    ...part,
  };
}

export function peaks(of: CallDetail): Peaks {
  const seconds = of.seconds;
  const points = 1200;
  const side = (speaker: CallTurn["speaker"]) =>
    Array.from({ length: points }, (_, index) => {
      const at = (index / points) * seconds;
      const speaking = of.transcript.some((one) => one.speaker === speaker && at >= one.started && at <= one.ended);
      const wave = Math.abs(Math.sin(index * 0.9) * Math.sin(index * 0.23 + 1) * Math.cos(index * 0.05));
      return speaking ? 0.12 + 0.8 * wave : 0.015;
    });
  return { seconds, caller: side("caller"), myra: side("myra") };
}

export const BOOKINGS: DemoBooking[] = [
  { reference: "CYM427", surname: "Okafor", what: "CT218 San Francisco to Seattle, in 10 days", shows: "the everyday case: changeable and refundable for a fee" },
  { reference: "BKX931", surname: "Reyes", what: "CT456 New York to Chicago and back", shows: "return trip, free to change and to cancel" },
  { reference: "QRT580", surname: "Nair", what: "CT731 Boston to Miami, in 14 days", shows: "two passengers, not refundable" },
  { reference: "WUX746", surname: "Wexler", what: "CT374 San Francisco to Seattle, in 3 days", shows: "the airline cancelled the flight: full refund" },
];

export function everything(): Answers {
  const one = detail();
  return {
    "/demo/api/me": { body: ME },
    "/demo/api/bookings": { body: { bookings: BOOKINGS } },
    "/demo/api/calls/c-1001/peaks": { body: peaks(one) },
    "/demo/api/calls/c-1001": { body: one },
    "/demo/api/calls/": { status: 404, body: { error: "there is no such call" } },
    "/demo/api/calls": { body: { calls: calls(), next: "older" } },
  };
}

/** The longest beginning that fits answers; what is not listed is a 404. */
export function scriptedFetch(answers: Answers, asked: string[] = []): typeof fetch {
  return (input, init) => {
    const url = input instanceof Request ? input.url : String(input);
    const path = new URL(url, "http://localhost").pathname;
    asked.push(`${init?.method ?? "GET"} ${url}`);
    const fitting = Object.keys(answers).filter((key) => path.startsWith(key));
    const key = fitting.sort((a, b) => b.length - a.length)[0];
    const answer = key === undefined ? { status: 404, body: { error: "not found" } } : answers[key];
    if (answer === undefined || answer === "no answer") return Promise.reject(new TypeError("Failed to fetch"));
    return Promise.resolve(Response.json(answer.body ?? {}, { status: answer.status ?? 200 }));
  };
}
