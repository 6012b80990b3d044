/* Weighs what was built and fails when a budget is exceeded: `node check_budgets.mjs [static folder]`. Prints JSON; sizes are gzip bytes. */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const here = dirname(fileURLToPath(import.meta.url));
const given = process.argv[2];
const served = join(here, "../src/yingke/static");
/** The folder named, else what the last build left, else what the package serves. */
const folder_of = (app) => {
  if (given) return join(given, app);
  const dist = join(here, "apps", app, "dist");
  return existsSync(dist) ? dist : join(served, app);
};
const KB = 1024;
const COMPRESSED = /\.(js|css|html|svg|json|webmanifest)$/;

const weigh = (path) => (COMPRESSED.test(path) ? gzipSync(readFileSync(path), { level: 9 }).length : statSync(path).size);
const list = (folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith(".gz") && !entry.name.startsWith("."))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
const add = (paths) => paths.reduce((sum, path) => sum + weigh(path), 0);

/** Files that are fetched before `entry` runs: itself and everything it imports statically. */
function closure(folder, entries) {
  const found = new Set();
  const visit = (path) => {
    if (found.has(path) || !existsSync(path)) return;
    found.add(path);
    if (!path.endsWith(".js")) return;
    for (const [, name] of readFileSync(path, "utf8").matchAll(/(?:from|import)\s*["'`](\.\.?\/[^"'`]+\.js)["'`]/g)) {
      visit(join(dirname(path), name));
    }
  };
  entries.forEach((name) => visit(join(folder, name)));
  return found;
}

/** Every lazily loaded page of the workbench: its chunk's name → the files that it fetches. */
function lazy_pages(folder) {
  const pages = new Map();
  for (const path of list(folder).filter((one) => one.endsWith(".js"))) {
    const code = readFileSync(path, "utf8");
    const known = /m\.f\|\|\(m\.f=(\[[^\]]*\])\)/.exec(code)?.[1];
    const files = known ? JSON.parse(known.replaceAll(/[`']/g, '"')) : [];
    for (const [, name, at] of code.matchAll(/import\(["'`](\.\/[^"'`]+)["'`]\)(?:\.then\([^)]*\))?\s*,\s*__vite__mapDeps\(\[([\d,]*)\]\)/g)) {
      const deps = at.split(",").filter(Boolean).map((n) => files[Number(n)]);
      pages.set(relative(folder, join(dirname(path), name)), deps);
    }
  }
  return pages;
}

const rows = [];
const check = (what, value, limit) => rows.push({ what, value, limit, ok: value <= limit });

const widget = folder_of("widget");
const widget_files = list(widget);
const named = (pattern) => widget_files.filter((path) => pattern.test(relative(widget, path)));
check("loader", add(named(/^widget\.js$/)), 2 * KB);
check("panel", add([...closure(widget, named(/^panel-.*\.js$/).map((path) => relative(widget, path)))]), 25 * KB);

const bench = folder_of("workbench");
const html = readFileSync(join(bench, "index.html"), "utf8");
const first = [...html.matchAll(/(?:src|href)="\/assets\/workbench\/([^"]+\.(?:js|css))"/g)].map(([, name]) => name);
for (const [chunk, deps] of lazy_pages(bench)) {
  const name = /([A-Za-z-]+?(?:Page|SignIn|SignUp|Wizard|Demo))-[\w-]{8}\.js$/.exec(chunk)?.[1];
  if (!name) continue;
  const files = new Set([...closure(bench, [...first, chunk]), ...[...first, ...deps].map((dep) => join(bench, dep))]);
  const is_inbox = name === "ConversationsPage";
  check(is_inbox ? "inbox first load" : `cold load of ${name}`, add([...files]), (is_inbox ? 220 : 280) * KB);
  if (is_inbox) check("inbox requests", files.size + 1, 16);
}

const all = [...widget_files, ...list(bench)];
check("everything built", add(all), 1.2 * KB * KB);
check("source maps", all.filter((path) => path.endsWith(".map")).length, 0);

const is_well = rows.every((row) => row.ok);
process.stdout.write(`${JSON.stringify({ ok: is_well, rows }, null, 1)}\n`);
process.exit(is_well ? 0 : 1);
