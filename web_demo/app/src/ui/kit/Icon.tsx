// The page's symbols, drawn on a grid of 24; they say nothing to a screen reader.

const PATHS = {
  mic: "M12 3a3 3 0 0 0-3 3v5a3 3 0 0 0 6 0V6a3 3 0 0 0-3-3ZM5.5 11a6.5 6.5 0 0 0 13 0M12 17.5V21",
  "mic-off": "M9 5.5A3 3 0 0 1 15 6v4.5M15 13.5A3 3 0 0 1 9 11V9M5.5 11a6.5 6.5 0 0 0 10.2 5.3M18.2 13.2c.2-.7.3-1.4.3-2.2M12 17.5V21M4 4l16 16",
  stop: "M7.5 6h9A1.5 1.5 0 0 1 18 7.5v9a1.5 1.5 0 0 1-1.5 1.5h-9A1.5 1.5 0 0 1 6 16.5v-9A1.5 1.5 0 0 1 7.5 6Z",
  "hang-up": "M3.5 14.5c4.7-5 12.3-5 17 0l-2.6 2.6-3-1.4v-2.4a9.5 9.5 0 0 0-5.8 0v2.4l-3 1.4Z",
  phone: "M6 3.5h3l1.5 4.5-2 1.5a12 12 0 0 0 6 6l1.5-2 4.5 1.5v3a2 2 0 0 1-2.2 2A16.5 16.5 0 0 1 4 5.7 2 2 0 0 1 6 3.5Z",
  browser: "M4.5 5h15A1.5 1.5 0 0 1 21 6.5v11a1.5 1.5 0 0 1-1.5 1.5h-15A1.5 1.5 0 0 1 3 17.5v-11A1.5 1.5 0 0 1 4.5 5ZM3 9h18M6 7h.01M8.5 7h.01",
  keypad: "M6 5h.01M12 5h.01M18 5h.01M6 12h.01M12 12h.01M18 12h.01M6 19h.01M12 19h.01M18 19h.01",
  panel: "M4.5 19V9M10 19V5M15.5 19v-7M21 19H3",
  sun: "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8ZM12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2M5.3 5.3l1.4 1.4M17.3 17.3l1.4 1.4M18.7 5.3l-1.4 1.4M6.7 17.3l-1.4 1.4",
  moon: "M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5Z",
  system: "M4.5 5h15v10.5h-15zM9 19.5h6M12 15.5v4",
  help: "M9 9.2a3 3 0 1 1 4.4 2.7c-.9.5-1.4 1.1-1.4 2.1M12 17.5h.01M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18Z",
  send: "M4.5 12 20 4.5 15 20l-3.5-6.5ZM11.5 13.5 20 4.5",
  download: "M12 4v11M7.5 10.5 12 15l4.5-4.5M5 19.5h14",
  link: "M10 14a4 4 0 0 0 5.7 0l3-3A4 4 0 0 0 13 5.3l-1 1M14 10a4 4 0 0 0-5.7 0l-3 3a4 4 0 0 0 5.7 5.7l1-1",
  play: "M8 5.5v13l10.5-6.5Z",
  pause: "M8.5 5.5v13M15.5 5.5v13",
  search: "M10.5 4.5a6 6 0 1 0 0 12 6 6 0 0 0 0-12ZM15 15l5 5",
  check: "M5 12.5 10 17.5 19.5 7",
  alert: "M12 4 2.8 19.5h18.4ZM12 10v4.5M12 17h.01",
  info: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18ZM12 11v5.5M12 7.7h.01",
  close: "M6 6l12 12M18 6 6 18",
  tool: "M14.5 6.5a4 4 0 0 1 5-1.2L17 8l.5 1.5L19 10l2.2-2.2a4 4 0 0 1-5.5 4.7L8.5 19.7a2.1 2.1 0 0 1-3-3l7.2-7.2a4 4 0 0 1 1.8-3Z",
  chevron: "M9 5.5 15.5 12 9 18.5",
  down: "M12 5v13M6.5 12.5 12 18l5.5-5.5",
  plus: "M12 5v14M5 12h14",
  minus: "M5 12h14",
  cut: "M4 12h9M17.5 5.5v13",
  settings: "M4 7h9M17 7h3M4 17h3M11 17h9M15 5v4M9 15v4",
  plane: "M3 13.5 21 5l-5.5 15-3.5-6ZM12 14l4-4",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name, size = 20 }: { name: IconName; size?: number }) {
  const heavy = name === "keypad";
  return (
    <svg className="icon" width={size} height={size} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} strokeWidth={heavy ? 3.2 : 1.8} />
    </svg>
  );
}
