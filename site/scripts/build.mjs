// Bundles the scripts of the pages into the folder given, and writes the licences of what they use from npm to licences.txt there.
import { build } from "esbuild";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const target = resolve(process.argv[2]);
const here = dirname(fileURLToPath(import.meta.url));
const used = new Set();

const options = {
  absWorkingDir: here,
  bundle: true,
  minify: true,
  format: "iife",
  target: ["chrome111", "firefox115", "safari16.4"],
  charset: "utf8",
  legalComments: "none",
  logLevel: "silent",
  metafile: true,
  outdir: target,
  // The engine's glue would look for its code beside itself; it is handed over instead.
  define: { "import.meta.url": '""' },
  loader: { ".wasm": "binary" },
};

const note = ({ metafile }) => Object.keys(metafile.inputs).forEach((path) => used.add(join(here, path)));

// A worker's code as text: a page opened from disk may start one only from what it holds itself.
const asText = {
  name: "text-of-worker",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^worker:/ }, ({ path }) => ({ path: join(here, path.slice("worker:".length)), namespace: "worker" }));
    onLoad({ filter: /.*/, namespace: "worker" }, async ({ path }) => {
      const made = await build({ ...options, entryPoints: [path], write: false });
      note(made);
      return { contents: made.outputFiles[0].text, loader: "text" };
    });
  },
};

const packageOf = (path) => {
  const at = path.lastIndexOf("node_modules/");
  if (at < 0) return null;
  const [first, second] = path.slice(at + "node_modules/".length).split("/");
  return join(path.slice(0, at), "node_modules", first.startsWith("@") ? `${first}/${second}` : first);
};

const licence = (folder) => {
  const told = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const file = readdirSync(folder).find((name) => /^licen[cs]e/i.test(name));
  const address = told.homepage ?? told.repository?.url ?? told.repository ?? "";
  return [`${told.name} ${told.version} (${told.license})`, address, "", file ? readFileSync(join(folder, file), "utf8").trim() : ""].join("\n").trim();
};

try {
  note(await build({ ...options, entryPoints: [...["search", "compare", "sparql", "sparql-engine", "write", "mine"].map((name) => ({ in: `${name}.js`, out: name })), { in: "drafts/engine.js", out: "draft-engine" }, { in: "drafts/book.js", out: "draft-book" }], plugins: [asText] }));
} catch (error) {
  process.stderr.write((error.errors ?? [{ text: String(error) }]).map(({ text, location }) => `${location?.file ?? ""}:${location?.line ?? ""} ${text}`).join("\n"));
  process.exit(1);
}
const packages = [...new Set([...used].map(packageOf).filter((folder) => folder && existsSync(join(folder, "package.json"))))].sort();
const apache = readFileSync(join(here, "../../LICENSE"), "utf8").trim();
const rule = `\n\n${"-".repeat(80)}\n\n`;
writeFileSync(join(target, "licences.txt"), [...packages.map(licence), `Apache License 2.0, for the packages that say so without a text of their own\n\n${apache}`].join(rule) + "\n");
