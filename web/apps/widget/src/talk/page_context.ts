/** Where the visitor is, told with the session and with each message. */
export interface PageContext {
  url: string;
  title: string;
  referrer?: string;
  /** `utm_source`, `utm_medium` and their like, as the address carries them. */
  [utm: `utm_${string}`]: string;
}

/** The product in front of the visitor, named by the page; it stands for the page in what agents see. */
export interface Product {
  url?: string;
  title?: string;
}

const LONGEST = 2000;

/** The page that carries the widget; in a frame of ours that is the page around it, as far as the browser tells. */
export function read_page(product: Product | null): PageContext {
  const is_framed = window.top !== window.self;
  const address = (is_framed && document.referrer) || location.href;
  const url = product?.url ? new URL(product.url, address).href : address;
  const context: PageContext = {
    url: url.slice(0, LONGEST),
    title: (product?.title || document.title).slice(0, 300),
  };
  if (!is_framed && document.referrer) context.referrer = document.referrer.slice(0, LONGEST);
  for (const [name, value] of new URL(address).searchParams) {
    if (name.startsWith("utm_")) context[name as `utm_${string}`] = value.slice(0, 100);
  }
  return context;
}

/** Call back after each change of address without a page load; returns the way to stop. */
export function watch_page(call: () => void): () => void {
  let seen = location.href;
  const look = (): void => {
    if (location.href === seen) return;
    seen = location.href;
    // The title follows the address a moment later in most single-page shops.
    setTimeout(call, 300);
  };
  const navigation = (window as { navigation?: EventTarget }).navigation;
  const sources: [EventTarget | undefined, string][] = [
    [navigation, "navigatesuccess"],
    [window, "popstate"],
    [window, "hashchange"],
  ];
  for (const [source, name] of sources) source?.addEventListener(name, look);
  return () => {
    for (const [source, name] of sources) source?.removeEventListener(name, look);
  };
}
