import type { ComponentType, JSX } from "preact";
import { useEffect, useReducer, useRef, useState } from "preact/hooks";
import { add_style } from "../style/add_style";
import type { Card } from "../wire";
import { use_scene } from "./scene";

type Cards = typeof import("./Cards");

let loaded: Cards | null = null;
const styled = new WeakSet<ShadowRoot>();

const SHOWN_ITEMS = 3;
const LONG_EVENT = 18;
const RETRY_MS = 3000;

/** The height that a card has when it comes, folded: the log must not jump under the reader. */
function height_of(card: Card): number {
  if (card.kind === "product") return 112;
  if (card.kind === "order") return 85 + Math.min(card.items.length, SHOWN_ITEMS) * 24 + (card.items.length > SHOWN_ITEMS ? 32 : 0);
  const event = (card.event ?? "").length > LONG_EVENT ? 42 : 21;
  return 79 + event + (card.when ? 18 : 0) + (card.events.length > 1 ? 36 : 0);
}

/** A card as one line of plain words, while its looks cannot be fetched. */
function line_of(card: Card): string {
  const parts =
    card.kind === "product"
      ? [card.title, card.price]
      : card.kind === "order"
        ? [card.number, ...card.items.map((item) => `${item.title} ×${item.quantity}`)]
        : [card.carrier, card.tracking_number, card.event];
  return parts.filter(Boolean).join(" · ");
}

/** Products, orders and parcels of a message; their code is fetched when the first message has some. */
export function CardPlace({ cards }: { cards: readonly Card[] }): JSX.Element {
  const { place } = use_scene();
  const [, draw] = useReducer((n: number) => n + 1, 0);
  const [is_lost, set_lost] = useState(false);
  const tries = useRef(0);
  useEffect(() => {
    if (loaded) return;
    let timer = 0;
    const fetch_code = (): void =>
      void import("./Cards").then(
        (found) => {
          loaded = found;
          set_lost(false);
          draw(undefined as never);
        },
        () => {
          // The words of the message say the same; no room is kept for what may never come.
          set_lost(true);
          timer = window.setTimeout(fetch_code, RETRY_MS * 2 ** Math.min(tries.current++, 5));
        },
      );
    fetch_code();
    window.addEventListener("online", fetch_code);
    return () => {
      window.clearTimeout(timer);
      window.removeEventListener("online", fetch_code);
    };
  }, []);
  if (is_lost && !loaded) return <ul class="card-lines">{cards.map((card, index) => <li key={index}>{line_of(card)}</li>)}</ul>;
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
