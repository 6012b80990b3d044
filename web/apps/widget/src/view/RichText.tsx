import type { ComponentChildren, JSX } from "preact";

const LINK = /https?:\/\/[^\s<>"'，。；！？、（）《》「」【】]+/g;
const BOLD = /\*\*([^*\n]+)\*\*/g;

/** Punctuation that ends a sentence is not part of the address before it. */
function split_tail(address: string): [string, string] {
  const tail = /[.,;:!?)\]]+$/.exec(address)?.[0] ?? "";
  return [address.slice(0, address.length - tail.length), tail];
}

function with_links(text: string): ComponentChildren[] {
  const parts: ComponentChildren[] = [];
  let from = 0;
  for (const found of text.matchAll(LINK)) {
    const [address, tail] = split_tail(found[0]);
    parts.push(
      text.slice(from, found.index),
      <a href={address} target="_blank" rel="noopener noreferrer nofollow">
        {address}
      </a>,
      tail,
    );
    from = found.index + found[0].length;
  }
  return [...parts, text.slice(from)];
}

function with_bold(text: string): ComponentChildren[] {
  const parts: ComponentChildren[] = [];
  let from = 0;
  for (const found of text.matchAll(BOLD)) {
    parts.push(...with_links(text.slice(from, found.index)), <b>{with_links(found[1] ?? "")}</b>);
    from = found.index + found[0].length;
  }
  return [...parts, ...with_links(text.slice(from))];
}

/**
 * Text as text, never as HTML: addresses become links (http and https only), line breaks stay. `is_marked`: the writer
 * may use **bold** and "- " lists, as language models do.
 */
export function RichText({ text, is_marked = false }: { text: string; is_marked?: boolean }): JSX.Element {
  if (!is_marked) return <span class="text">{with_links(text)}</span>;
  const lines = text.split("\n").map((line) => line.replace(/^\s*[-*]\s+/, "• ").replace(/^#{1,4}\s+(.*)$/, "**$1**"));
  return <span class="text">{with_bold(lines.join("\n"))}</span>;
}
