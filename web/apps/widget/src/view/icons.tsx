import type { JSX } from "preact";

const PATHS = {
  send: "M4 12 20 4l-5 16-3.5-6.5L4 12Zm7.5 1.5L20 4",
  attach: "m20 11.5-8.2 8.2a5 5 0 0 1-7.1-7.1l8.5-8.5a3.3 3.3 0 0 1 4.7 4.7l-8.5 8.5a1.7 1.7 0 0 1-2.4-2.4l7.8-7.8",
  close: "m6 9 6 6 6-6",
  cross: "M6 6l12 12M18 6 6 18",
  more: "M5 12h.01M12 12h.01M19 12h.01",
  up: "M7 10.5v9H4v-9h3Zm0 0 4-7a2 2 0 0 1 2.6 2.2l-.6 3.8h5.2a2 2 0 0 1 2 2.4l-1.2 6a2 2 0 0 1-2 1.6H7",
  down: "M17 13.5v-9h3v9h-3Zm0 0-4 7a2 2 0 0 1-2.6-2.2l.6-3.8H5.8a2 2 0 0 1-2-2.4l1.2-6a2 2 0 0 1 2-1.6h10",
  flag: "M5 21V4m0 0h11l-2 4 2 4H5",
  person: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8Zm-7.5 8.5c.6-4 3.6-6 7.5-6s6.9 2 7.5 6",
  file: "M13.5 3H7a2 2 0 0 0-2 2v14a2 2 0 0 0 2 2h10a2 2 0 0 0 2-2V8.5L13.5 3Zm0 0v5.5H19",
  chevron: "m9 6 6 6-6 6",
  back: "m15 6-6 6 6 6",
  retry: "M20 12a8 8 0 1 1-2.6-5.9M20 4v4h-4",
  warn: "M12 8v5m0 3.5h.01M10.3 4 2.6 17.5A2 2 0 0 0 4.3 20.5h15.4a2 2 0 0 0 1.7-3L13.7 4a2 2 0 0 0-3.4 0Z",
  check: "m5 12.5 4.5 4.5L19 7.5",
  download: "M12 4v11m0 0 4.5-4.5M12 15l-4.5-4.5M5 20h14",
  stop: "M7 7h10v10H7z",
  smile: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18ZM8.5 14c.8 1.3 2 2 3.5 2s2.7-.7 3.5-2M9 9.5h.01M15 9.5h.01",
  flat: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18ZM8.5 15h7M9 9.5h.01M15 9.5h.01",
  frown: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18ZM8.5 16c.8-1.3 2-2 3.5-2s2.7.7 3.5 2M9 9.5h.01M15 9.5h.01",
  note: "M4 5h16v11H9l-5 4V5Zm4.5 4h7m-7 3h4",
} as const;

export type IconName = keyof typeof PATHS;

/** A line drawing in the colour of the text; it says nothing to a screen reader. */
export function Icon({ name, size = 20 }: { name: IconName; size?: number }): JSX.Element {
  return (
    <svg class="icon" viewBox="0 0 24 24" width={size} height={size} aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}
