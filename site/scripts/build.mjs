// Bundles the scripts of the pages into the folder given, and writes the licences of what they use from npm to licences.txt there.
/** @import { BuildOptions, Metafile, Plugin } from "esbuild" */

import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const PAGES = ["page", "search", "compare", "sparql", "write", "mine", "set-up", "group", "word"];
const target = resolve(process.argv[2]);
const here = dirname(fileURLToPath(import.meta.url));
/**
 * The files that are bundled.
 * @type {Set<string>}
 */
const used = new Set();

/** @type {BuildOptions} */
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

/** @param {Metafile | undefined} metafile */
const noteFiles = (metafile) => {
  for (const path of Object.keys(metafile?.inputs ?? {})) used.add(join(here, path));
};

/**
 * A worker's code as text: a page opened from disk may start one only from what it holds itself.
 * @type {Plugin}
 */
const workerAsText = {
  name: "worker-as-text",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^worker:/ }, ({ path }) => ({ path: join(here, path.slice("worker:".length)), namespace: "worker" }));
    onLoad({ filter: /.*/, namespace: "worker" }, async ({ path }) => {
      const { metafile, outputFiles } = await build({ ...options, entryPoints: [path], write: false });
      noteFiles(metafile);
      return { contents: outputFiles?.[0].text, loader: "text" };
    });
  },
};

/**
 * The folder of the package from npm that a file is of; nothing where it is the project's own.
 * @param {string} path
 */
const packageOf = (path) => {
  const at = path.lastIndexOf("node_modules/");
  if (at < 0) return [];
  const [first, second] = path.slice(at + "node_modules/".length).split("/");
  const folder = join(path.slice(0, at), "node_modules", first.startsWith("@") ? `${first}/${second}` : first);
  return existsSync(join(folder, "package.json")) ? [folder] : [];
};

/** The licence of packages that name it and do not hold its text. */
const MIT = `Copyright (c) HOLDER

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation files (the
"Software"), to deal in the Software without restriction, including without limitation the rights to use, copy, modify, merge, publish,
distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the Software is furnished to do so, subject to
the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF
MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR
ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH
THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.`;

/**
 * What a package is called, where it comes from, and its licence.
 * @param {string} folder
 */
const licenceOf = (folder) => {
  const { author, homepage, license, name, repository, version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const file = readdirSync(folder).find((one) => /^licen[cs]e/i.test(one));
  const holder = author?.name ?? author?.replace(/ *[<(].*/, "") ?? `The contributors to ${name}`;
  const text = file ? readFileSync(join(folder, file), "utf8").trim() : /\bMIT\b/.test(license) ? MIT.replace("HOLDER", holder) : "";
  return [`${name} ${version} (${license})`, homepage ?? repository?.url ?? repository ?? "", "", text].join("\n").trim();
};

/** @param {unknown} error */
const describeFailure = (error) => {
  /** @type {{ text: string, location?: { file: string, line: number } | null }[]} */
  const messages = error instanceof Error && "errors" in error ? /** @type {any} */ (error.errors) : [{ text: String(error) }];
  return messages.map(({ text, location }) => `${location?.file ?? ""}:${location?.line ?? ""} ${text}`).join("\n");
};

try {
  const { metafile } = await build({
    ...options,
    entryPoints: [
      ...PAGES.map((name) => ({ in: `${name}.js`, out: name })),
      { in: "engine/main.js", out: "engine" },
      { in: "workbook/main.js", out: "workbook" },
    ],
    plugins: [workerAsText],
  });
  noteFiles(metafile);
} catch (error) {
  process.stderr.write(describeFailure(error));
  process.exit(1);
}
const packages = [...new Set([...used].flatMap(packageOf))].sort();
const apache = readFileSync(join(here, "../../LICENSE"), "utf8").trim();
const rule = `\n\n${"-".repeat(80)}\n\n`;
const licences = [...packages.map(licenceOf), `Apache License 2.0, for the packages that say so without a text of their own\n\n${apache}`];
writeFileSync(join(target, "licences.txt"), `${licences.join(rule)}\n`);
