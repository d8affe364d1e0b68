import { fireEvent, screen, within } from "@testing-library/react";
import { describe, expect, test, vi } from "vitest";

import type { MicTrouble } from "../../src/voice/contract";
import { openPage } from "./support/page";
import { CALL, CONNECTED, SPEAKING } from "./support/script";

async function calling() {
  const page = await openPage();
  fireEvent.click(await screen.findByRole("button", { name: "Talk" }));
  page.tell(...CONNECTED);
  return page;
}

describe("a long call", () => {
  test("shows its newest part, and what was before on demand", async () => {
    const { tell } = await calling();
    tell(
      ...Array.from({ length: 450 }, (_, n) => ({
        type: "transcript" as const,
        who: "caller" as const,
        id: `c${n}`,
        text: `word ${n}`,
        final: true,
        interrupted: false,
        at: n,
        n,
      })),
    );
    const lines = () => document.querySelectorAll(".conversation-list > li").length;
    const newest = await within(screen.getByRole("region", { name: "What was said" })).findByText("word 449");
    expect(newest).toBeTruthy();
    expect(lines()).toBe(200);
    fireEvent.click(screen.getByRole("button", { name: "What was said before" }));
    expect(lines()).toBe(400);
    fireEvent.click(screen.getByRole("button", { name: "What was said before" }));
    expect(lines()).toBe(450);
    expect(screen.queryByRole("button", { name: "What was said before" })).toBeNull();
  });
});

describe("before the call", () => {
  test("one click begins it, with the settings that were made", async () => {
    const { voice } = await openPage();
    fireEvent.click(await screen.findByRole("switch", { name: "Automatic gain" }));
    fireEvent.click(screen.getByRole("switch", { name: "Phone line" }));
    fireEvent.click(screen.getByRole("button", { name: "Talk" }));
    const [, settings] = voice.orders.find(([name]) => name === "start") ?? [];
    expect(settings).toMatchObject({ line: "pstn", vad: true, capture: { autoGainControl: false, echoCancellation: true } });
  });

  test("typing needs no microphone", async () => {
    const { voice } = await openPage();
    fireEvent.click(await screen.findByRole("button", { name: "Type instead" }));
    expect(voice.names).toContain("startWithoutMicrophone");
    expect(voice.names).not.toContain("start");
  });

  test("speech detection that the server forbids cannot be switched on", async () => {
    await openPage("/demo/", { "/demo/api/me": { body: { name: "QA", sign_in: false, vad: false, masked: true } } });
    const vad = await screen.findByRole("switch", { name: "Speech detection in the page" });
    expect(vad.getAttribute("aria-checked")).toBe("false");
    expect((vad as HTMLButtonElement).disabled).toBe(true);
  });

  test("an emulator in the model's place is said before the call", async () => {
    await openPage("/demo/", { "/demo/api/me": { body: { name: "QA", sign_in: false, vad: true, masked: true, emulated: true } } });
    expect(await screen.findByText("An emulator answers, not the model")).toBeTruthy();
  });

  test("with the model nothing is said of an emulator", async () => {
    await openPage();
    await screen.findByRole("button", { name: "Talk" });
    expect(screen.queryByText(/emulator/u)).toBeNull();
  });

  test("bookings are shown where the server has them, and left out where not", async () => {
    await openPage();
    expect(await screen.findByText("CYM427")).toBeTruthy();
  });

  test("without bookings the rest stands", async () => {
    await openPage("/demo/", { "/demo/api/me": { body: { name: "QA", sign_in: false, vad: true, masked: true } } });
    await screen.findByRole("button", { name: "Talk" });
    expect(screen.queryByText("Bookings to read to her")).toBeNull();
  });
});

describe("in the call", () => {
  test("its state stands in words", async () => {
    const { tell } = await calling();
    expect(screen.getByText("Listening")).toBeTruthy();
    tell({ type: "call", state: "working", reason: "" });
    expect(screen.getByText("Looking it up")).toBeTruthy();
  });

  test("the browser asks before a running call is left, and not after it", async () => {
    const { tell } = await calling();
    const leaving = () => !dispatchEvent(new Event("beforeunload", { cancelable: true }));
    expect(leaving()).toBe(true);
    tell({ type: "call", state: "ended", reason: "you hung up" });
    expect(leaving()).toBe(false);
  });

  test("a text that is too long is neither cut nor sent, and says so", async () => {
    const { voice } = await calling();
    const field = screen.getByRole<HTMLInputElement>("textbox", { name: "Type to Myra" });
    fireEvent.change(field, { target: { value: "x".repeat(5000) } });
    fireEvent.submit(field);
    expect(voice.names).not.toContain("text");
    expect(screen.getByText("5,000 characters are too many: 2,000 are sent at most.")).toBeTruthy();
    expect(field.value).toHaveLength(5000);
    fireEvent.change(field, { target: { value: "Shorter." } });
    expect(screen.queryByText(/too many/u)).toBeNull();
  });

  test("what is typed while the connection is away stays in sight until it is back", async () => {
    const { tell } = await calling();
    tell({ type: "link", state: "reconnecting", attempt: 1, reason: "" });
    const field = screen.getByRole<HTMLInputElement>("textbox", { name: "Type to Myra" });
    fireEvent.change(field, { target: { value: "Are you there?" } });
    fireEvent.submit(field);
    expect(screen.getByText(/Not with Myra yet/u).textContent).toContain("Are you there?");
    tell({ type: "link", state: "open", attempt: 0, reason: "resumed" });
    tell({ type: "transcript", who: "caller", id: "c77", text: "Are you there?", final: true, interrupted: false, at: 9 });
    expect(screen.queryByText(/Not with Myra yet/u)).toBeNull();
    expect(screen.getAllByText("Are you there?")).toHaveLength(1);
  });

  test("only final words are announced", async () => {
    const { tell } = await calling();
    tell(...SPEAKING);
    const announced = screen.getByTestId("announced");
    expect(announced.getAttribute("aria-live")).toBe("polite");
    expect(announced.textContent).toContain("Friday is fine");
    expect(screen.getByText(/All done/u).closest(".utterance-interim")).not.toBeNull();
  });

  test("what nobody heard is struck, and said to be so", async () => {
    const { tell } = await calling();
    tell(...CALL);
    const struck = document.querySelector("del");
    expect(struck?.textContent).toMatch(/^Interrupted\. Not heard: There is also a seat/u);
  });

  test("a tool's name, time, masked arguments and when it was spoken of", async () => {
    const { tell } = await calling();
    tell(...CALL);
    const tool = screen.getAllByText("Change of date")[0]?.closest("details");
    if (!tool) throw new Error("no such tool");
    expect(within(tool).getByText("done · 486 ms")).toBeTruthy();
    expect(within(tool).getByText("***427")).toBeTruthy();
    expect(within(tool).getByText(/spoken of after 0\.8 s/u)).toBeTruthy();
    expect(screen.getByText("at it…")).toBeTruthy();
  });

  test("typed words are sent once and the field is free again", async () => {
    const { voice } = await calling();
    const field = screen.getByRole<HTMLInputElement>("textbox", { name: "Type to Myra" });
    fireEvent.change(field, { target: { value: "  My booking, please " } });
    fireEvent.submit(field);
    fireEvent.submit(field);
    expect(voice.orders.filter(([name]) => name === "text")).toEqual([["text", "My booking, please"]]);
    expect(field.value).toBe("");
  });

  test("the keypad sends its keys", async () => {
    const { voice } = await calling();
    fireEvent.click(screen.getByRole("button", { name: "Keypad" }));
    fireEvent.click(await screen.findByText("7"));
    fireEvent.click(screen.getByText("#"));
    expect(voice.orders.filter(([name]) => name === "dtmf")).toEqual([["dtmf", "7"], ["dtmf", "#"]]);
  });

  test("the phone line is switched in the call, and shows loss and jitter", async () => {
    const { voice } = await calling();
    fireEvent.click(screen.getByRole("button", { name: "Phone line" }));
    expect(voice.orders.at(-1)).toEqual(["configure", { line: "pstn" }]);
    fireEvent.change(screen.getByRole("slider", { name: "Packet loss" }), { target: { value: "2" } });
    expect(voice.orders.at(-1)).toEqual(["configure", { lossPercent: 2 }]);
  });

  test("the last minute counts down, in words too", async () => {
    const { tell } = await openPage();
    fireEvent.click(await screen.findByRole("button", { name: "Talk" }));
    tell({ type: "session", conversation: "short", limitSeconds: 45 });
    expect(screen.getByText(/^0:4\d left$/u)).toBeTruthy();
    expect(screen.getByText("Less than a minute is left")).toBeTruthy();
  });

  test("afterwards: again, or the call's own page", async () => {
    const { tell, voice } = await calling();
    tell({ type: "call", state: "ended", reason: "you hung up" });
    expect(screen.getByText("You hung up")).toBeTruthy();
    expect(screen.getByRole("link", { name: "Open this call" }).getAttribute("href")).toBe("/demo/calls/bw-7f3a21c9");
    fireEvent.click(screen.getByRole("button", { name: "Call again" }));
    expect(voice.names.filter((name) => name === "start")).toHaveLength(2);
  });
});

describe("keys", () => {
  test("a call by keyboard alone", async () => {
    const { voice, tell } = await openPage();
    await screen.findByRole("button", { name: "Talk" });
    fireEvent.keyDown(document.body, { key: " " });
    tell(...CONNECTED);
    fireEvent.keyDown(document.body, { key: " " });
    fireEvent.keyDown(document.body, { key: " " });
    fireEvent.keyDown(document.body, { key: "Escape" });
    fireEvent.keyDown(document.body, { key: "p" });
    const done = voice.orders.map(([name, value]) => (name === "mute" ? `mute ${String(value)}` : name));
    expect(done).toEqual(["start", "mute true", "mute false", "stop", "configure"]);
    fireEvent.keyDown(document.body, { key: "/" });
    expect(document.activeElement?.id).toBe("typed");
    fireEvent.keyDown(document.body, { key: "d" });
    expect(screen.getByRole("complementary", { name: "Details for QA" })).toBeTruthy();
    fireEvent.keyDown(document.body, { key: "?" });
    expect(await screen.findByRole("heading", { name: "Help and keys" })).toBeTruthy();
  });

  test("none of them while somebody types, but Escape", async () => {
    const { voice } = await calling();
    const field = screen.getByRole("textbox", { name: "Type to Myra" });
    for (const key of [" ", "p", "d", "/", "?"]) fireEvent.keyDown(field, { key });
    expect(voice.names).toEqual(["start"]);
    fireEvent.keyDown(field, { key: "Escape" });
    expect(voice.names).toEqual(["start", "stop"]);
  });

  test("with a modifier the browser keeps its own", async () => {
    const { voice } = await calling();
    fireEvent.keyDown(document.body, { key: "p", ctrlKey: true });
    expect(voice.names).toEqual(["start"]);
  });
});

describe("troubles", () => {
  const MICROPHONE: [MicTrouble, RegExp][] = [
    ["denied", /not allowed/u],
    ["no-device", /No microphone/u],
    ["in-use", /in use/u],
    ["lost", /is gone/u],
    ["insecure", /not secure/u],
    ["unsupported", /cannot capture/u],
  ];

  test.each(MICROPHONE)("%s: its own words, and Myra can still be typed to", async (trouble, words) => {
    const { tell, voice } = await calling();
    tell({ type: "mic", state: "off", label: "" }, { type: "mic-trouble", trouble, detail: "" });
    expect(screen.getByText(words)).toBeTruthy();
    expect(screen.getByRole("textbox", { name: "Type to Myra" })).toBeTruthy();
    const again = screen.queryByRole("button", { name: "Try again" });
    if (!again) return;
    fireEvent.click(again);
    expect(voice.names).toContain("retryMicrophone");
  });

  test("blocked sound begins with a click and the message goes", async () => {
    const { tell, voice } = await calling();
    tell({ type: "autoplay-blocked" });
    fireEvent.click(screen.getByRole("button", { name: "Start sound" }));
    expect(voice.names).toContain("unblock");
    expect(screen.queryByRole("button", { name: "Start sound" })).toBeNull();
  });

  test("reconnecting, then connected again", async () => {
    const { tell } = await calling();
    tell({ type: "link", state: "reconnecting", attempt: 1, reason: "", code: 1006 });
    expect(screen.getByText("The connection was lost")).toBeTruthy();
    tell({ type: "link", state: "open", attempt: 0, reason: "resumed" });
    expect(screen.getByText("Connected again")).toBeTruthy();
  });

  test("signed out in the call leads to the sign-in", async () => {
    const { tell, asked } = await calling();
    tell({ type: "link", state: "closed", attempt: 0, reason: "", code: 4401 });
    const before = asked.length;
    fireEvent.click(within(screen.getByRole("alert")).getByRole("button", { name: "Sign in" }));
    await vi.waitFor(() => expect(asked.slice(before)).toContain("GET /demo/api/me"));
  });

  test("a notice can be dismissed", async () => {
    const { tell } = await calling();
    tell({ type: "notice", level: "warning", text: "This headset is in telephone quality." });
    fireEvent.click(screen.getByRole("button", { name: "Dismiss" }));
    expect(screen.queryByText(/telephone quality/u)).toBeNull();
  });
});
