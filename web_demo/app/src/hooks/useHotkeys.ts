// The page's keys. None works while somebody types, but Escape; none with a modifier held.

import { useEffect, useEffectEvent } from "react";

export type Hotkeys = Partial<Record<" " | "Escape" | "/" | "p" | "d" | "?", () => void>>;

const FIELD = "input:not([type=range]):not([type=checkbox]), textarea, select, [contenteditable]";
/** What the space bar presses anyhow. */
const PRESSED = "button, a, summary, [role=switch], [role=tab], [role=slider]";

export function useHotkeys(keys: Hotkeys): void {
  const pressed = useEffectEvent((event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (document.querySelector("dialog[open]")) return;
    const target = event.target instanceof Element ? event.target : null;
    if (target?.closest(FIELD) && event.key !== "Escape") return;
    if (event.key === " " && target?.closest(PRESSED)) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const order = keys[key as keyof Hotkeys];
    if (!order) return;
    event.preventDefault();
    order();
  });
  useEffect(() => {
    const listener = (event: KeyboardEvent) => pressed(event);
    addEventListener("keydown", listener);
    return () => removeEventListener("keydown", listener);
  }, []);
}
