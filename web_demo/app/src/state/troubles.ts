// What is wrong at the moment, in words, and the way on from each. Pure.

import type { MicTrouble } from "../voice/contract";
import type { CallView } from "./view";

export type Way =
  | "retry-microphone"
  | "unblock"
  | "type-instead"
  | "sign-in"
  | "reload"
  | "hang-up";

export type Trouble = {
  id: string;
  level: "info" | "warning" | "error";
  title: string;
  text: string;
  ways: Way[];
};

const LIMIT = 4429;
const SIGN_IN = 4401;
const ORIGIN = 4403;
const NOT_UNDERSTOOD = 4400;
const NO_SESSION = 4404;
const RESTART = 1012;
/** From here on nobody believes that it is a hiccup. */
const MANY_ATTEMPTS = 8;
const RESUMED_SHOWN_MS = 4000;

const MICROPHONE: Record<MicTrouble, { title: string; text: string; retry: boolean }> = {
  denied: {
    title: "The microphone is not allowed",
    text: "Allow it in the browser's address bar (the microphone or lock symbol), then try again.",
    retry: true,
  },
  "no-device": {
    title: "No microphone was found",
    text: "Plug one in or switch your headset on, then try again.",
    retry: true,
  },
  "in-use": {
    title: "The microphone is in use",
    text: "Another program holds it. Close the other call or recording, then try again.",
    retry: true,
  },
  lost: {
    title: "The microphone is gone",
    text: "It was unplugged or switched off. Another one is taken as soon as there is one.",
    retry: true,
  },
  insecure: {
    title: "This address is not secure",
    text: "Browsers give a microphone to https and to localhost only. Open the demo by https.",
    retry: false,
  },
  unsupported: {
    title: "This browser cannot capture sound",
    text: "A current Chrome, Edge, Firefox or Safari can.",
    retry: false,
  },
};

export function microphoneTrouble(trouble: MicTrouble, inCall: boolean): Trouble {
  const { title, text, retry } = MICROPHONE[trouble];
  const rest = inCall ? " Meanwhile Myra reads what you type." : "";
  const ways: Way[] = retry ? ["retry-microphone"] : [];
  if (!inCall) ways.push("type-instead");
  return { id: `mic-${trouble}`, level: trouble === "lost" ? "warning" : "error", title, text: text + rest, ways };
}

/** What of a call can be a trouble: none of it changes ten times a second. */
export type Troubled = Pick<
  CallView,
  "phase" | "typing" | "link" | "layer" | "call" | "session" | "trouble" | "blocked" | "resumedAt"
>;

export function troubledOf(view: CallView): Troubled {
  const { phase, typing, link, layer, call, session, trouble, blocked, resumedAt } = view;
  return { phase, typing, link, layer, call, session, trouble, blocked, resumedAt };
}

/** The worst first. */
export function troublesOf(view: Troubled, now: number): Trouble[] {
  const found: (Trouble | null)[] = [
    connection(view),
    view.blocked && view.phase === "running" ? BLOCKED : null,
    view.trouble && view.phase === "running" ? microphoneTrouble(view.trouble.trouble, true) : null,
    layer(view),
    resumed(view, now),
  ];
  return found.filter((trouble) => trouble !== null);
}

const BLOCKED: Trouble = {
  id: "blocked",
  level: "error",
  title: "The browser holds Myra's voice back",
  text: "It starts sound only after a click.",
  ways: ["unblock"],
};

function connection(view: Troubled): Trouble | null {
  if (view.link.state === "reconnecting" && view.phase === "running") return reconnecting(view);
  if (view.link.state === "closed" && view.phase === "over") return gone(view);
  return null;
}

function reconnecting({ link, session }: Troubled): Trouble {
  const nothingLost = "The conversation is kept and goes on where it was.";
  if (link.code === RESTART) {
    return warning("restart", "The server restarts", `Connecting again. ${nothingLost}`, []);
  }
  if (link.code === NO_SESSION) {
    return warning("no-session", "The conversation could not be kept", "A new one begins in a moment.", []);
  }
  if (link.attempt >= MANY_ATTEMPTS) {
    const text = `No answer after ${link.attempt} attempts. Check your network; the page keeps trying.`;
    return { ...warning("gave-up", "The server cannot be reached", text, ["hang-up"]), level: "error" };
  }
  if (session === null) {
    return warning("not-yet", "The server does not answer yet", "The page keeps trying.", []);
  }
  return warning("reconnecting", "The connection was lost", `Connecting again. ${nothingLost}`, []);
}

function gone(view: Troubled): Trouble | null {
  const { code, reason } = view.link;
  if (code === SIGN_IN) {
    return error("signed-out", "You are signed out", "Sign in again to talk to Myra.", ["sign-in"]);
  }
  if (code === LIMIT && view.session === null) {
    return error("too-many", "Too many calls at once", sentence(reason, "Try again in a few minutes."), []);
  }
  if (code === LIMIT) {
    return error("limit", "The time of this call is used up", sentence(reason, "Start another one."), []);
  }
  if (code === ORIGIN) {
    const text = "The server does not allow calls from this address. Open the demo by the address it was given.";
    return error("origin", "Wrong address", text, []);
  }
  if (code === NOT_UNDERSTOOD) {
    return error("old-page", "This page is out of date", "Reload it to talk to Myra.", ["reload"]);
  }
  if (view.session === null && view.call?.reason !== "you hung up") {
    return error("refused", "The call could not begin", sentence(reason, "Try again in a moment."), []);
  }
  return null;
}

function layer({ layer: now, link, phase, typing, trouble }: Troubled): Trouble | null {
  if (phase !== "running" || now === null || now.layer === "worker") return null;
  if (now.layer === "text-only") {
    if (typing || trouble || link.state !== "open") return null;
    return warning("layer", "Your voice does not get through", "Type what you want to say; Myra hears it.", []);
  }
  return warning("layer", "Your voice takes a detour", capital(now.reason), []);
}

function resumed(view: Troubled, now: number): Trouble | null {
  if (view.phase !== "running" || view.link.state !== "open" || view.resumedAt === null) return null;
  if (now - view.resumedAt > RESUMED_SHOWN_MS) return null;
  return { id: "resumed", level: "info", title: "Connected again", text: "The same conversation goes on.", ways: [] };
}

function warning(id: string, title: string, text: string, ways: Way[]): Trouble {
  return { id, level: "warning", title, text, ways };
}

function error(id: string, title: string, text: string, ways: Way[]): Trouble {
  return { id, level: "error", title, text, ways };
}

function capital(text: string): string {
  const words = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/u.test(words) ? words : `${words}.`;
}

function sentence(reason: string, otherwise: string): string {
  return reason === "" ? otherwise : `${capital(reason)} ${otherwise}`;
}
