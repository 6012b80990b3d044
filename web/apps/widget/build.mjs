/* Builds the panel and the pages (hashed), then the loader that names the panel, then the two pages' HTML. */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, "dist");
/* The helper preloads styles and chunks of a chunk; ours have none, and it weighs more than what it would load. */
const no_preload = {
  name: "no-preload-helper",
  enforce: "pre",
  load: { order: "pre", handler: (id) => (id.includes("vite/preload-helper") ? "export const __vitePreload = (load) => load();" : null) },
};
/* Of the shared tokens the panel carries only those that its own styles name. */
const styles = readdirSync(join(here, "src/style")).map((name) => readFileSync(join(here, "src/style", name), "utf8"));
const used = new Set(styles.join("").match(/--yk-[\w-]+/g));
const only_used_tokens = {
  name: "only-used-tokens",
  enforce: "pre",
  transform: (code, id) => (id.includes("tokens.css") ? code.replace(/^\s*(--yk-[\w-]+):.*;$/gm, (line, name) => (used.has(name) ? line : "")) : null),
};
const common = {
  root: here,
  plugins: [no_preload, only_used_tokens],
  configFile: false,
  logLevel: "warn",
  publicDir: false,
  define: { "process.env.NODE_ENV": '"production"' },
};

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });

/** Builds one entry into `out`; returns its file name. */
async function build_entry(entry, output, define = {}) {
  const built = await build({
    ...common,
    base: "./",
    define: { ...common.define, ...define },
    build: {
      outDir: out,
      emptyOutDir: false,
      target: "es2022",
      cssTarget: "esnext",
      modulePreload: false,
      sourcemap: false,
      rollupOptions: { input: join(here, entry), preserveEntrySignatures: "allow-extension", output },
    },
  });
  const chunks = [built].flat().flatMap((one) => one.output);
  return chunks.find((chunk) => chunk.isEntry).fileName;
}

const hashed = { entryFileNames: "[name]-[hash].js", chunkFileNames: "[name]-[hash].js" };
const panel = await build_entry("src/panel.tsx", hashed);
const page = await build_entry("src/page.ts", hashed, { PANEL_FILE: JSON.stringify(panel) });
await build_entry("src/loader.ts", { format: "iife", entryFileNames: "widget.js" }, { PANEL_PATH: JSON.stringify(`assets/widget/${panel}`) });

const html = readFileSync(join(here, "page.html"), "utf8").replaceAll("PAGE_SCRIPT", page).replaceAll("PANEL_SCRIPT", panel);
for (const name of ["chat", "frame"]) writeFileSync(join(out, `${name}.html`), html);
writeFileSync(join(out, "icon.svg"), readFileSync(join(here, "icon.svg")));
