/** Pages of other people that carry the widget: a plain shop, and hostile ones. */
const HOSTILE_STYLE = "*{all:unset!important}div,section,button{display:none!important}body>*{z-index:2147483647!important;position:relative}";

const SHOP = `<header><h1>云禾家居</h1></header><main><h2>亚麻四件套</h2><p>¥399</p><p>${"好物".repeat(400)}</p></main>`;

/** `kind`: plain, hostile, csp, inline, frame. The query becomes attributes of the script tag. */
export function host_page(kind, url, response) {
  const nonce = "host-nonce";
  const attributes = [...url.searchParams].map(([name, value]) => ` data-${name}="${value}"`).join("");
  const script = `<script nonce="${nonce}" async src="/widget.js" data-key="site_test"${attributes}></script>`;
  const headers = { "Content-Type": "text/html; charset=utf-8" };
  if (kind === "csp") {
    headers["Content-Security-Policy"] =
      `default-src 'none'; script-src 'nonce-${nonce}' 'strict-dynamic'; style-src 'none'; img-src 'self'; connect-src 'self' ws:; require-trusted-types-for 'script'`;
  }
  const style = kind === "hostile" ? `<style>${HOSTILE_STYLE}</style>` : "";
  const inside = { inline: '<div id="chat"></div>', frame: '<iframe src="/frame/site_test" width="400" height="600" title="chat"></iframe>' }[kind] ?? "";
  const tail = kind === "frame" ? "" : script;
  response.writeHead(200, headers);
  response.end(
    `<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>亚麻四件套 - 云禾家居</title>${style}</head><body>${SHOP}${inside}${tail}</body></html>`,
  );
}
