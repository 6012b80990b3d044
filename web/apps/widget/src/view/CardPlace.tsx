import type { ComponentType, JSX } from "preact";
import { useEffect, useReducer } from "preact/hooks";
import { add_style } from "../style/add_style";
import type { Card } from "../wire";
import { use_scene } from "./scene";

type Cards = typeof import("./Cards");

let loaded: Cards | null = null;
const styled = new WeakSet<ShadowRoot>();

const SHOWN_ITEMS = 3;
const LONG_EVENT = 18;

/** The height that a card has when it comes, folded: the log must not jump under the reader. */
function height_of(card: Card): number {
  if (card.kind === "product") return 112;
  if (card.kind === "order") return 85 + Math.min(card.items.length, SHOWN_ITEMS) * 24 + (card.items.length > SHOWN_ITEMS ? 32 : 0);
  const event = (card.event ?? "").length > LONG_EVENT ? 42 : 21;
  return 79 + event + (card.when ? 18 : 0) + (card.events.length > 1 ? 36 : 0);
}

/** Products, orders and parcels of a message; their code is fetched when the first message has some. */
export function CardPlace({ cards }: { cards: readonly Card[] }): JSX.Element {
  const { place } = use_scene();
  const [, draw] = useReducer((n: number) => n + 1, 0);
  useEffect(() => {
    if (loaded) return;
    void import("./Cards").then(
      (found) => {
        loaded = found;
        draw(undefined as never);
      },
      () => undefined,
    );
  }, []);
  if (loaded && !styled.has(place.root)) {
    styled.add(place.root);
    add_style(place.root, loaded.style);
  }
  const Shown = loaded?.OneCard as ComponentType<{ card: Card }> | undefined;
  return (
    <div class="cards">
      {cards.map((card, index) => (
        <div key={index} class="card-place" style={{ minHeight: `${height_of(card)}px` }}>
          {Shown && <Shown card={card} />}
        </div>
      ))}
    </div>
  );
}
