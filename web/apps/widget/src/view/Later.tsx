import type { ComponentType, JSX } from "preact";
import { useEffect, useReducer } from "preact/hooks";
import { add_style } from "../style/add_style";
import { load_more, loaded_more, type More } from "./load_more";
import { use_scene } from "./scene";

type PartName = Exclude<keyof More, "style" | "create_uploads">;

const styled = new WeakSet<ShadowRoot>();

type LaterProps<P extends PartName> = { part: P; on_failed?: () => void } & (More[P] extends (props: infer Props) => unknown ? Props : never);

/** One of the parts that are fetched after the first screen. Where it cannot be had, `on_failed` is called. */
export function Later<P extends PartName>({ part, on_failed, ...props }: LaterProps<P>): JSX.Element | null {
  const { place } = use_scene();
  const [, draw] = useReducer((n: number) => n + 1, 0);
  useEffect(() => {
    if (!loaded_more()) load_more().then(() => draw(undefined as never), () => on_failed?.());
  }, []);
  const loaded = loaded_more();
  if (!loaded) return null;
  if (!styled.has(place.root)) {
    styled.add(place.root);
    add_style(place.root, loaded.style);
  }
  const Part = loaded[part] as ComponentType<typeof props>;
  return <Part {...props} />;
}
