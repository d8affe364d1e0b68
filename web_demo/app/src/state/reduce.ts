// How each event changes what the page knows. Pure: the time is passed in, nothing is changed in
// place, and the same events give the same view.

import type { ToolEvent, Transcript } from "../net/protocol";
import type { Figures, TurnFigures, VoiceEvent } from "../voice/contract";
import { clock } from "./format";
import { unheardRest } from "./heard";
import { nothingYet, TREND_EVERY_MS, TREND_LENGTH, TRENDS, type Audit, type BargeIn, type CallView, type Item, type Turn, type Utterance } from "./view";

const LOG_KEPT = 2000;
const NOTICES_KEPT = 4;
const BARGE_INS_KEPT = 200;
/** Of full scale, while Myra speaks alone: from here on she may take herself for the caller. */
const ECHO_LEAK = 0.01;
const ECHO_WORDS = "Myra's voice gets back into your microphone. Headphones help, or a lower volume.";

/** A call is begun by the page's own order; what is left of the one before goes. */
export function begun(view: CallView, typing: boolean): CallView {
  return { ...nothingYet(), phase: "running", typing, inputs: view.inputs };
}

/** The page shows its beginning again. */
export function closed(view: CallView): CallView {
  return { ...nothingYet(), inputs: view.inputs };
}

export function unblocked(view: CallView): CallView {
  return { ...view, blocked: false };
}

export function dismissed(view: CallView, id: number): CallView {
  return { ...view, notices: view.notices.filter((notice) => notice.id !== id) };
}

export function reduce(view: CallView, event: VoiceEvent, now: number): CallView {
  switch (event.type) {
    case "link":
      return linked(view, event, now);
    case "layer":
      return { ...view, layer: { layer: event.layer, reason: event.reason } };
    case "call":
      return called(view, event);
    case "session":
      return opened(view, event.conversation, event.limitSeconds, now);
    case "mic":
      return microphone(view, event);
    case "mic-trouble":
      return { ...view, trouble: { trouble: event.trouble, detail: event.detail } };
    case "autoplay-blocked":
      return { ...view, blocked: true };
    case "devices":
      return { ...view, inputs: event.inputs };
    case "transcript":
      return { ...view, items: put(view.items, said(view, event)) };
    case "tool":
      return { ...view, items: put(view.items, used(view, event)) };
    case "turn":
      return { ...view, turns: [...view.turns, timed(view, event.figures)] };
    case "audit":
      return { ...view, audits: audited(view.audits, { ...event.line, epoch: view.epoch }) };
    case "figures":
      return measured(view, event.figures, now);
    case "notice":
      return noticed(view, event.level, event.text);
    case "log":
      return logged(view, event.at, event.what, event.detail);
  }
}

type Of<T extends VoiceEvent["type"]> = Extract<VoiceEvent, { type: T }>;

function linked(view: CallView, event: Of<"link">, now: number): CallView {
  const { state, attempt, reason, code = 0 } = event;
  const resumed = state === "open" && view.link.state === "reconnecting" && reason === "resumed";
  return {
    ...view,
    link: { state, attempt, reason, code },
    resumedAt: resumed ? now : view.resumedAt,
    ...(state === "closed" ? ended(view) : {}),
  };
}

function called(view: CallView, event: Of<"call">): CallView {
  const call = { state: event.state, reason: event.reason };
  return { ...view, call, ...(event.state === "ended" ? ended(view) : {}) };
}

/** What was still being said was broken off: nobody will say how it ended. */
function ended(view: CallView): Partial<CallView> {
  if (view.phase !== "running") return {};
  const items = view.items.map((item) =>
    item.kind === "utterance" && !item.final ? { ...item, final: true, interrupted: true } : item,
  );
  return { phase: "over", items };
}

function microphone(view: CallView, event: Of<"mic">): CallView {
  const mic = { state: event.state, label: event.label };
  return event.state === "on" ? { ...view, mic, trouble: null } : { ...view, mic };
}

function opened(view: CallView, conversation: string, limitSeconds: number, now: number): CallView {
  if (view.session?.conversation === conversation) return view;
  const session = { conversation, limitSeconds, since: now };
  if (view.session === null) return { ...view, session };
  const epoch = view.epoch + 1;
  const key = `${epoch}:begin`;
  const divider: Item = { kind: "divider", key, text: "A new conversation began here", at: 0 };
  return { ...view, session, epoch, items: [...view.items, divider] };
}

/** In order of time within a conversation; what comes again takes the place it had. */
function put(items: Item[], item: Item): Item[] {
  const index = items.findIndex((other) => other.key === item.key);
  if (index >= 0) return items.with(index, item);
  const epoch = epochOf(item);
  let at = items.length;
  while (at > 0) {
    const before = items[at - 1];
    if (!before || before.kind === "divider" || epochOf(before) !== epoch || before.at <= item.at) break;
    at -= 1;
  }
  return items.toSpliced(at, 0, item);
}

function epochOf(item: Item): string {
  return item.key.slice(0, item.key.indexOf(":"));
}

function said(view: CallView, event: Transcript): Item {
  const key = `${view.epoch}:${event.id}`;
  const known = view.items.find((item) => item.key === key);
  const before = known?.kind === "utterance" ? known : null;
  const cut = event.who === "myra" && event.final && event.interrupted;
  return {
    kind: "utterance",
    key,
    id: event.id,
    who: event.who,
    text: event.text,
    unheard: cut ? unheardRest(before?.text ?? "", event.text) : "",
    final: event.final,
    interrupted: event.interrupted,
    at: began(before, event),
  };
}

/** Interim words of the caller come late; when they began to speak is known with the final ones. */
function began(before: Utterance | null, event: Transcript): number {
  if (before === null) return event.at;
  return event.who === "caller" && event.final ? Math.min(before.at, event.at) : before.at;
}

function timed(view: CallView, figures: TurnFigures): Turn {
  const id = `${view.epoch}:${figures.id}`;
  const said = view.items.find(({ key }) => key === id);
  return { ...figures, id, name: said ? clock(said.at) : figures.id };
}

function used(view: CallView, event: ToolEvent): Item {
  const key = `${view.epoch}:tool:${event.id}`;
  const known = view.items.find((item) => item.key === key);
  const before = known?.kind === "tool" ? known : null;
  return {
    kind: "tool",
    key,
    id: event.id,
    name: event.name,
    phase: event.phase,
    args: event.args ?? before?.args ?? {},
    result: event.result ?? before?.result ?? null,
    status: event.status ?? before?.status ?? "",
    ms: event.ms ?? before?.ms ?? null,
    at: before?.at ?? event.at,
    spokenAt: event.phase === "spoken" ? event.at : (before?.spokenAt ?? null),
  };
}

function audited(lines: Audit[], line: Audit): Audit[] {
  const index = lines.findIndex(({ take, epoch }) => take === line.take && epoch === line.epoch);
  return index < 0 ? [...lines, line] : lines.with(index, line);
}

function measured(before: CallView, figures: Figures, now: number): CallView {
  const view = echoed(before, figures);
  const bargeIns = interruptions(view.bargeIns, view.figures, figures);
  if (now - view.trendAt < TREND_EVERY_MS) return { ...view, figures, bargeIns };
  const trends = { ...view.trends };
  for (const trend of TRENDS) {
    trends[trend] = [...trends[trend], figures[trend] ?? 0].slice(-TREND_LENGTH);
  }
  return { ...view, figures, bargeIns, trends, trendAt: now };
}

/** Said once a call: headphones mend it at once. */
function echoed(view: CallView, { echoLeak }: Figures): CallView {
  if (view.echo || echoLeak === null || echoLeak <= ECHO_LEAK) return view;
  return noticed({ ...view, echo: true }, "info", ECHO_WORDS);
}

/** The figures hold the newest barge-in only; another value in them is another barge-in. */
function interruptions(known: BargeIn[], before: Figures | null, now: Figures): BargeIn[] {
  const { stopMs, onsetToDuckMs, onsetToStopMs } = now.bargeIn;
  const was = before?.bargeIn;
  if (stopMs === null || (was?.stopMs === stopMs && was.onsetToStopMs === onsetToStopMs)) return known;
  return [...known, { duckMs: onsetToDuckMs, stopMs, onsetToStopMs }].slice(-BARGE_INS_KEPT);
}

function noticed(view: CallView, level: Of<"notice">["level"], text: string): CallView {
  const id = view.counter + 1;
  const others = view.notices.filter((notice) => notice.text !== text);
  return { ...view, counter: id, notices: [...others, { id, level, text }].slice(-NOTICES_KEPT) };
}

function logged(view: CallView, at: number, what: string, detail: Record<string, unknown>): CallView {
  const id = view.counter + 1;
  return { ...view, counter: id, log: [...view.log, { id, at, what, detail }].slice(-LOG_KEPT) };
}
