// Checks drafts as the pages do, by what the pages load. Takes the path of the site and those of the files; prints a JSON list of findings for each.
import { readFileSync } from "node:fs";
import { setImmediate } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import oxigraph from "oxigraph";
import { Graph } from "../../site/scripts/engine/graph.js";

const [site, ...paths] = process.argv.slice(2);
await import(pathToFileURL(`${site}/assets/engine-data.js`).href);
const { engineData } = globalThis.balansekunst;
const graph = new Graph(oxigraph, engineData);
const found = [];
for (const path of paths) {
  // Objects of the engine are freed between tasks.
  await setImmediate();
  const read = graph.readFile({ name: path, content: readFileSync(path), base: engineData.base });
  if ("problems" in read) throw new Error(JSON.stringify(read.problems));
  found.push(graph.check({ statements: read.statements, language: "nb" }));
}
process.stdout.write(JSON.stringify(found));
