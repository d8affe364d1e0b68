// Light, dark, or as the system has it.

import { useCallback, useState } from "react";

export type Theme = "system" | "light" | "dark";

const KEY = "cymbol.theme";

export function keptTheme(): Theme {
  try {
    const kept = localStorage.getItem(KEY);
    return kept === "light" || kept === "dark" ? kept : "system";
  } catch {
    return "system";
  }
}

export function applyTheme(theme: Theme): void {
  const { dataset } = document.documentElement;
  if (theme === "system") delete dataset["theme"];
  else dataset["theme"] = theme;
}

export function useTheme(): { theme: Theme; setTheme: (theme: Theme) => void } {
  const [theme, keep] = useState(keptTheme);
  const setTheme = useCallback((wanted: Theme) => {
    keep(wanted);
    applyTheme(wanted);
    try {
      localStorage.setItem(KEY, wanted);
    } catch {
      return;
    }
  }, []);
  return { theme, setTheme };
}
