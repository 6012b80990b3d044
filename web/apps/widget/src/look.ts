import type { Options } from "./options";
import type { Look } from "./wire";

/** Black or white, whichever reads better on `color`; null for what is not a hex colour. */
export function text_on(color: string): "#fff" | "#0b1526" | null {
  const hex = /^#([0-9a-f]{3}|[0-9a-f]{6})$/i.exec(color.trim())?.[1];
  if (!hex) return null;
  const full = hex.length === 3 ? [...hex].map((digit) => digit + digit).join("") : hex;
  const [red = 0, green = 0, blue = 0] = [0, 2, 4].map((at) => {
    const part = parseInt(full.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  const luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  const on_white = 1.05 / (luminance + 0.05);
  return on_white >= 4.5 ? "#fff" : "#0b1526";
}

/** The shop's look on the element that holds the shadow root; what the page itself set goes before it. */
export function apply_look(host: HTMLElement, options: Options, look: Look): void {
  const set = (name: string, value: string | number | null | undefined): void => {
    if (value !== null && value !== undefined && value !== "") host.style.setProperty(name, String(value));
  };
  const color = options.color || look.color;
  const on_color = color ? text_on(color) : null;
  if (color && on_color) {
    set("--c", color);
    set("--oc", on_color);
    set("--yk-accent", color);
    set("--yk-on-accent", on_color);
  }
  if (!options.offset) {
    if (look.offset_x) set("--x", `${look.offset_x}px`);
    if (look.offset_y) set("--y", `${look.offset_y}px`);
  }
  if (!options.zIndex) set("--z", look.z_index);
  if (!options.position && look.position) host.dataset.side = look.position;
}
