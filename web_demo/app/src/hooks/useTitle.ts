import { useEffect } from "react";

/** The window's title, and with it what a screen reader says of a new part of the page. */
export function useTitle(part: string): void {
  useEffect(() => {
    document.title = `${part} · Cymbol Travels`;
  }, [part]);
}
