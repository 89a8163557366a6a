// Reads files as the pages do. Takes a JSON file: our JSON-LD `context` as text, the `base`, and `paths`. Prints a JSON list: for each file its
// `statements`, or `problems`, the keys of messages with their values.
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import oxigraph from "oxigraph";
import { readFile } from "../../site/scripts/engine/read-file.js";

/** @type {{ context: string, base: string, paths: string[] }} */
const { context, base, paths } = JSON.parse(readFileSync(process.argv[2], "utf8"));
const answers = paths.map((path) => {
  const content = new Uint8Array(readFileSync(path));
  return readFile(/** @type {any} */ (oxigraph), { name: basename(path), content, base, context });
});
process.stdout.write(JSON.stringify(answers));
