import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { use_scene, web_address } from "./scene";

/** A small round picture, or the first letter of the name where there is none. */
export function Face({ name, url, kind }: { name: string; url?: string | null; kind: "shop" | "agent" | "assistant" }): JSX.Element {
  const { place } = use_scene();
  const [is_broken, set_broken] = useState(false);
  const address = web_address(place.base, url);
  return (
    <span class={`face ${kind}`} aria-hidden="true">
      {address && !is_broken ? <img src={address} alt="" onError={() => set_broken(true)} /> : [...name][0]}
    </span>
  );
}
