/** What stands beside the words: a product, an order, a parcel. A chunk of its own, with its style and its words. */
import type { JSX } from "preact";
import { useRef, useState } from "preact/hooks";
import style from "../style/cards.css?inline";
import type { Card } from "../wire";
import { say_order_state, say_parcel_state, speak_cards } from "../words/cards";
import { own_picture, safe_link } from "./card_links";
import { Icon } from "./icons";
import { use_scene } from "./scene";

export { style };

const SHOWN_ITEMS = 3;
type Kind<K extends Card["kind"]> = Extract<Card, { kind: K }>;

const BOX = "M4 8l8-4 8 4v8l-8 4-8-4V8Zm0 0 8 4 8-4M12 12v8";

function Picture({ url }: { url: string | null | undefined }): JSX.Element {
  const [is_broken, set_broken] = useState(false);
  const address = own_picture(url, location);
  return (
    <span class="card-picture">
      {address && !is_broken ? (
        <img src={address} alt="" width={72} height={72} loading="lazy" decoding="async" referrerpolicy="no-referrer" onError={() => set_broken(true)} />
      ) : (
        <svg class="icon" viewBox="0 0 24 24" width={28} height={28} aria-hidden="true">
          <path d={BOX} />
        </svg>
      )}
    </span>
  );
}

function ProductCard({ card }: { card: Kind<"product"> }): JSX.Element {
  const { state } = use_scene();
  const say = speak_cards(state.language);
  const address = safe_link(card.url);
  const is_wide = !!card.presale_ships || card.price.length > 10;
  const stock = card.presale_ships
    ? { tone: "soon", text: say("presale", { day: card.presale_ships }) }
    : card.in_stock == null
      ? null
      : card.in_stock
        ? { tone: "good", text: say("in_stock") }
        : { tone: "soon", text: say("out_of_stock") };
  const inside = (
    <>
      <Picture url={card.picture_url} />
      <span class="card-words">
        <span class={`card-title${is_wide ? " one" : ""}`}>{card.title}</span>
        <span class="card-line">
          <b class="card-price">{card.price}</b>
          {stock && <span class={`card-state ${stock.tone}`}>{stock.text}</span>}
        </span>
        {address && (
          <span class="card-go">
            {say("open_product")}
            <Icon name="chevron" size={14} />
          </span>
        )}
      </span>
    </>
  );
  if (!address) return <div class="shop-card product">{inside}</div>;
  return (
    <a class="shop-card product" href={address} target="_blank" rel="noopener noreferrer nofollow">
      {inside}
    </a>
  );
}

function OrderCard({ card }: { card: Kind<"order"> }): JSX.Element {
  const { state } = use_scene();
  const say = speak_cards(state.language);
  const [is_open, set_open] = useState(false);
  const items = is_open ? card.items : card.items.slice(0, SHOWN_ITEMS);
  const hidden = card.items.length - SHOWN_ITEMS;
  const word = say_order_state(card.state, say);
  return (
    <section class="shop-card order" aria-label={`${say("order")} ${card.number}`}>
      <p class="card-head">
        <b>
          {say("order")} <span class="card-number">{card.number}</span>
        </b>
        {word && <span class={`card-state ${card.state === "unpaid" || card.state === "refunded" ? "soon" : "good"}`}>{word}</span>}
      </p>
      <ul>
        {items.map((item) => (
          <li key={item.line}>
            <span class="card-item" title={item.title}>
              {item.title}
              {item.variant && <small> {item.variant}</small>}
            </span>
            <span class="card-count">×{item.quantity}</span>
          </li>
        ))}
      </ul>
      {hidden > 0 && (
        <button type="button" class="link" aria-expanded={is_open} onClick={() => set_open(!is_open)}>
          {is_open ? say("fewer_items") : say("more_items", { n: hidden })}
        </button>
      )}
      <p class="card-foot">
        <span>{say("ordered", { when: card.ordered_at })}</span>
        <span>
          {say("paid")} <b>{card.paid}</b>
        </span>
      </p>
    </section>
  );
}

function ParcelCard({ card }: { card: Kind<"parcel"> }): JSX.Element {
  const { state, talk } = use_scene();
  const say = speak_cards(state.language);
  const number = useRef<HTMLSpanElement>(null);
  const word = say_parcel_state(card.state, say);
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(card.tracking_number);
      talk.hint(say("copied"));
    } catch {
      // Pages without a secure connection have no clipboard: the number is selected, to be copied by hand.
      if (number.current) getSelection()?.selectAllChildren(number.current);
      talk.hint(say("copy_failed"));
    }
  };
  return (
    <section class="shop-card parcel" aria-label={`${say("parcel")} ${card.tracking_number}`}>
      <p class="card-head">
        <b>{card.carrier || say("parcel")}</b>
        {word && <span class={`card-state ${card.state === "problem" || card.state === "returned" ? "soon" : "good"}`}>{word}</span>}
      </p>
      <p class="card-head">
        <span class="card-number" ref={number}>
          {card.tracking_number}
        </span>
        <button type="button" class="link" onClick={() => void copy()}>
          {say("copy")}
        </button>
      </p>
      <p class="card-event">
        {card.event ?? say("no_event")}
        {card.when && <time>{card.when}</time>}
      </p>
      {card.events.length > 1 && (
        <details>
          <summary>{say("earlier", { n: card.events.length })}</summary>
          <ol>
            {card.events.map((event, index) => (
              <li key={index}>
                {event.text}
                <time>{event.when}</time>
              </li>
            ))}
          </ol>
        </details>
      )}
    </section>
  );
}

export function OneCard({ card }: { card: Card }): JSX.Element | null {
  if (card.kind === "product") return <ProductCard card={card} />;
  if (card.kind === "order") return <OrderCard card={card} />;
  return card.kind === "parcel" ? <ParcelCard card={card} /> : null;
}
