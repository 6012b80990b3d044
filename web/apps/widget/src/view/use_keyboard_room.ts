import { useEffect } from "preact/hooks";
import type { RefObject } from "preact";

const PHONE = "(max-width: 479px)";

/**
 * Keeps a full-screen panel inside what a phone's keyboard leaves: the visual viewport shrinks and moves while the page
 * does not, so its height and offset are handed to the style.
 */
export function use_keyboard_room(panel: RefObject<HTMLElement | null>, is_open: boolean): void {
  useEffect(() => {
    const view = window.visualViewport;
    const box = panel.current;
    if (!view || !box || !is_open) return undefined;
    const fit = (): void => {
      const is_zoomed = view.scale > 1.01;
      if (!matchMedia(PHONE).matches || is_zoomed) {
        box.style.removeProperty("--room");
        box.style.removeProperty("--rise");
        return;
      }
      box.style.setProperty("--room", `${view.height}px`);
      box.style.setProperty("--rise", `${view.offsetTop}px`);
    };
    fit();
    view.addEventListener("resize", fit);
    view.addEventListener("scroll", fit);
    return () => {
      view.removeEventListener("resize", fit);
      view.removeEventListener("scroll", fit);
    };
  }, [is_open]);
}
