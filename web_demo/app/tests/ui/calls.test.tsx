import { act, fireEvent, screen, within } from "@testing-library/react";
import { describe, expect, test, vi } from "vitest";

import { openPage } from "./support/page";
import { detail, everything } from "./support/scriptedApi";

const API = "/demo/api";

describe("the list", () => {
  test("phone and browser, finished and running, each with its own address", async () => {
    await openPage("/demo/calls");
    const list = await screen.findByRole("list");
    expect(within(list).getAllByRole("link")).toHaveLength(12);
    expect(screen.getByText("Running")).toBeTruthy();
    expect(within(list).getAllByRole("link")[1]?.getAttribute("href")).toBe("/demo/calls/c-1001");
  });

  test("the door and the words searched for are asked of the server", async () => {
    const { asked } = await openPage("/demo/calls");
    fireEvent.change(await screen.findByRole("combobox", { name: "Door" }), { target: { value: "phone" } });
    fireEvent.change(screen.getByRole("searchbox"), { target: { value: "late & soon" } });
    await vi.waitFor(() => expect(asked.at(-1)).toBe(`GET ${API}/calls?limit=40&door=phone&search=late+%26+soon`));
  });

  test("older calls follow by the cursor, none twice", async () => {
    const { asked } = await openPage("/demo/calls");
    fireEvent.click(await screen.findByRole("button", { name: "Older calls" }));
    await vi.waitFor(() => expect(asked.at(-1)).toContain("before=older"));
    expect(await screen.findAllByRole("link", { name: /turns/u })).toHaveLength(12);
  });

  test("no calls, and none that fits, are not the same", async () => {
    await openPage("/demo/calls", { ...everything(), [`${API}/calls`]: { body: { calls: [], next: null } } });
    expect(await screen.findByText("No calls yet")).toBeTruthy();
    fireEvent.change(screen.getByRole("combobox", { name: "Door" }), { target: { value: "phone" } });
    expect(await screen.findByText("No call fits")).toBeTruthy();
  });

  test("what the server says of its trouble is shown, with a way on", async () => {
    const answers = { ...everything(), [`${API}/calls`]: { status: 503, body: { error: "the database does not answer" } } };
    const { asked } = await openPage("/demo/calls", answers);
    expect((await screen.findByRole("alert")).textContent).toContain("The database does not answer");
    const before = asked.length;
    fireEvent.click(screen.getByRole("button", { name: "Try again" }));
    await vi.waitFor(() => expect(asked.length).toBeGreaterThan(before));
  });

  test("signed out meanwhile", async () => {
    await openPage("/demo/calls", { ...everything(), [`${API}/calls`]: { status: 401 } });
    expect(await screen.findByRole("button", { name: "Sign in" })).toBeTruthy();
  });
});

describe("one call", () => {
  test("its words with what nobody heard, its tools, its audit and its downloads", async () => {
    await openPage("/demo/calls/c-1001");
    expect(await screen.findByRole("heading", { level: 1, name: /Phone call/u })).toBeTruthy();
    expect(document.querySelector("del")?.textContent).toContain("Or on Saturday at six.");
    expect(screen.getAllByText("Change of date").length).toBeGreaterThan(0);
    expect(screen.getByRole("table", { name: /Samples of each take/u })).toBeTruthy();
    const recording = await screen.findByRole("link", { name: "Recording" });
    expect(recording.getAttribute("href")).toBe(`${API}/calls/c-1001/recording.wav`);
  });

  test("the time axis is sought by keys", async () => {
    await openPage("/demo/calls/c-1001");
    const axis = await screen.findByRole("slider", { name: "Moment of the call" });
    const at = () => Number(axis.getAttribute("aria-valuenow"));
    fireEvent.keyDown(axis, { key: "ArrowRight" });
    fireEvent.keyDown(axis, { key: "ArrowRight", shiftKey: true });
    expect(at()).toBe(6);
    fireEvent.keyDown(axis, { key: "End" });
    expect(at()).toBe(52);
    fireEvent.keyDown(axis, { key: "ArrowRight" });
    expect(at()).toBe(52);
    fireEvent.keyDown(axis, { key: "Home" });
    expect(at()).toBe(0);
    expect(axis.getAttribute("aria-valuetext")).toBe("0 seconds of 52 seconds");
  });

  test("a turn leads to its moment, and the transcript shows where the sound is", async () => {
    await openPage("/demo/calls/c-1001");
    fireEvent.click(await screen.findByRole("button", { name: "Play from 0:33" }));
    expect(screen.getByRole("slider", { name: "Moment of the call" }).getAttribute("aria-valuenow")).toBe("33");
    expect(document.querySelector("[aria-current=true]")?.textContent).toContain("Friday is fine");
  });

  test("the link can be copied", async () => {
    const written: string[] = [];
    vi.stubGlobal("navigator", { clipboard: { writeText: (text: string) => Promise.resolve(written.push(text)) } });
    await openPage("/demo/calls/c-1001");
    fireEvent.click(await screen.findByRole("button", { name: "Copy link" }));
    expect(await screen.findByRole("button", { name: "Link copied" })).toBeTruthy();
    expect(written[0]).toMatch(/\/demo\/calls\/c-1001$/u);
  });

  test("without a recording, and with one that was deleted meanwhile, the words stay", async () => {
    const one = `${API}/calls/c-1001`;
    await openPage("/demo/calls/c-1001", { ...everything(), [one]: { body: detail({ recording: false }) } });
    expect(await screen.findByText("There is no recording")).toBeTruthy();
    expect(screen.getByRole("button", { name: "Play" })).toHaveProperty("disabled", true);
    expect(screen.getAllByText("Okafor.").length).toBeGreaterThan(0);
  });

  test("deleted by retention", async () => {
    const gone = { status: 404, body: { error: "there is no recording of this call" } };
    await openPage("/demo/calls/c-1001", { ...everything(), [`${API}/calls/c-1001/peaks`]: gone });
    expect(await screen.findByText("The recording is gone")).toBeTruthy();
    expect(screen.queryByRole("link", { name: "Recording" })).toBeNull();
  });

  test("a running call is followed", async () => {
    const running = detail({ running: true, closed_at: null, recording: false });
    await openPage("/demo/calls/c-1001", { ...everything(), [`${API}/calls/c-1001`]: { body: running } });
    expect(await screen.findByText("This call is running")).toBeTruthy();
  });

  test("and no longer once it is over", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    try {
      const one = `${API}/calls/c-1001`;
      const answers = { ...everything(), [one]: { body: detail({ running: true, recording: false }) } };
      const { asked } = await openPage("/demo/calls/c-1001", answers);
      await act(() => vi.advanceTimersByTimeAsync(100));
      expect(screen.getByText("This call is running")).toBeTruthy();
      answers[one] = { body: detail({ recording: false }) };
      await act(() => vi.advanceTimersByTimeAsync(3000));
      expect(screen.queryByText("This call is running")).toBeNull();
      const before = asked.length;
      await act(() => vi.advanceTimersByTimeAsync(30_000));
      expect(asked.length).toBe(before);
    } finally {
      vi.useRealTimers();
    }
  });

  test("a call that is not there", async () => {
    await openPage("/demo/calls/c-9");
    expect(await screen.findByRole("heading", { name: "This call is not here" })).toBeTruthy();
  });
});

describe("sign-in", () => {
  const SIGNED_OUT = { [`${API}/me`]: { status: 401 }, [`${API}/sign-in`]: { status: 401, body: { error: "no" } } };

  test("stands in the place of any page; a wrong password is told", async () => {
    const { asked } = await openPage("/demo/calls/c-1001", SIGNED_OUT);
    const field = await screen.findByLabelText("Password");
    fireEvent.change(field, { target: { value: "wrong" } });
    fireEvent.submit(field);
    expect((await screen.findByRole("alert")).textContent).toContain("That is not the password.");
    expect(asked).toContain(`POST ${API}/sign-in`);
  });

  test("the right one opens the page that was asked for", async () => {
    const answers = { ...SIGNED_OUT, [`${API}/sign-in`]: { body: {} } };
    await openPage("/demo/calls", answers);
    const field = await screen.findByLabelText("Password");
    Object.assign(answers, everything());
    fireEvent.change(field, { target: { value: "right" } });
    fireEvent.submit(field);
    expect(await screen.findByRole("heading", { name: "Calls" })).toBeTruthy();
  });

  test("where no password is set none is asked for; the way in is told", async () => {
    const body = { error: "a sign-in link is needed here", password: false };
    await openPage("/demo/", { [`${API}/me`]: { status: 401, body } });
    expect(await screen.findByText("A sign-in link is needed here.")).toBeTruthy();
    expect(screen.queryByLabelText("Password")).toBeNull();
  });

  test("a link that has expired says so", async () => {
    await openPage("/demo/?link=expired", SIGNED_OUT);
    expect(await screen.findByText("This link has expired")).toBeTruthy();
  });
});

test("a server that does not answer", async () => {
  await openPage("/demo/", { [`${API}/me`]: "no answer" });
  expect((await screen.findByRole("alert")).textContent).toContain("does not answer");
});
