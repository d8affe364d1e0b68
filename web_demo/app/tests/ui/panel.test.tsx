import { fireEvent, screen, within } from "@testing-library/react";
import { expect, test, vi } from "vitest";

import { openPage } from "./support/page";
import { CALL, figures } from "./support/script";

async function withPanel() {
  const page = await openPage();
  fireEvent.click(await screen.findByRole("button", { name: "Talk" }));
  page.tell(...CALL);
  if (!screen.queryByRole("complementary")) fireEvent.keyDown(document.body, { key: "d" });
  return { ...page, panel: within(screen.getByRole("complementary", { name: "Details for QA" })) };
}

function choose({ panel }: Pick<Awaited<ReturnType<typeof withPanel>>, "panel">, name: string): void {
  fireEvent.mouseDown(panel.getByRole("tab", { name }), { button: 0 });
}

test("the latency at the ear is that of the replies, the barge-in that of the voice", async () => {
  const { panel } = await withPanel();
  expect(panel.getByText("p95 1293 ms")).toBeTruthy();
  expect(panel.getByText("236 ms")).toBeTruthy();
  expect(panel.getByText("Own thread")).toBeTruthy();
});

test("where a turn's time went stands in a table too", async () => {
  const { panel } = await withPanel();
  choose({ panel }, "Turns");
  const row = panel.getByRole("row", { name: /^0:28/u });
  expect(within(row).getAllByRole("cell").map(({ textContent }) => textContent)).toEqual(
    ["330", "–", "260", "486", "140", "17", "60", "1293"],
  );
});

test("the audit gives a verdict for each take", async () => {
  const { panel } = await withPanel();
  choose({ panel }, "Audit");
  expect(panel.getAllByText("complete")).toHaveLength(3);
  const cut = panel.getByRole("row", { name: /interrupted after 4\.9 s/u });
  expect(within(cut).getByText("118,560")).toBeTruthy();
});

test("the log is filtered by kind and by words, newest first", async () => {
  const { panel } = await withPanel();
  choose({ panel }, "Log");
  expect(panel.getAllByRole("listitem")[0]?.textContent).toContain("stopped");
  fireEvent.change(panel.getByRole("searchbox", { name: "Containing" }), { target: { value: "datechange" } });
  expect(panel.getAllByRole("listitem")).toHaveLength(1);
  fireEvent.change(panel.getByRole("combobox", { name: "Kind" }), { target: { value: "gate" } });
  expect(panel.getByText("No event fits.")).toBeTruthy();
});

test("each export saves a file named after the call", async () => {
  const { panel, voice } = await withPanel();
  const names: string[] = [];
  vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(function (this: HTMLAnchorElement) {
    names.push(this.download);
  });
  for (const name of ["Recording", "Events", "Audit"]) fireEvent.click(panel.getByRole("button", { name }));
  await vi.waitFor(() => expect(names).toHaveLength(3));
  expect(names).toEqual(["bw-7f3a21c9.wav", "bw-7f3a21c9.events.jsonl", "bw-7f3a21c9.audit.csv"]);
  expect(voice.orders.filter(([name]) => name === "export")).toHaveLength(3);
});

test("an export that fails says so", async () => {
  const { panel, voice } = await withPanel();
  voice.exportAudit = () => Promise.reject(new Error("nothing was recorded"));
  fireEvent.click(panel.getByRole("button", { name: "Audit" }));
  expect(await panel.findByRole("alert")).toHaveProperty("textContent", "This could not be saved: nothing was recorded");
});

test("a stop by the button is no barge-in of the voice", async () => {
  const { panel, tell } = await withPanel();
  tell({ type: "figures", figures: figures({ bargeIn: { onsetToDuckMs: null, onsetToStopMs: null, stopMs: 4 } }) });
  expect(panel.getByText("236 ms")).toBeTruthy();
  expect(panel.getByText("ducked 128 ms, stop took 4 ms")).toBeTruthy();
});

test("the newest turns are those that have a waiting time, however many follow that have none", async () => {
  const { panel, tell } = await withPanel();
  const rows = () => panel.getAllByRole("row").length;
  const before = rows();
  const on = { response: 90, bar: {}, atTheEarMs: null, interrupted: false, heardText: "" };
  for (const id of ["r90", "r91", "r92"]) tell({ type: "turn", figures: { ...on, id } });
  expect(rows()).toBe(before);
});
