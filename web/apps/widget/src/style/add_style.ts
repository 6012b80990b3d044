/** A constructed sheet is not an inline style, so a page that forbids those keeps its widget. */
export function add_style(root: ShadowRoot, style: string): void {
  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(style);
    root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
  } catch {
    root.appendChild(document.createElement("style")).textContent = style;
  }
}
