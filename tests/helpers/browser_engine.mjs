// Answers queries with the engine that the pages run in the browser. Takes the dump and a JSON file of queries; prints a JSON list of
// answers, each in the SPARQL 1.1 Query Results JSON Format.
import { readFileSync } from "node:fs";
import oxigraph from "oxigraph";
import { askStore } from "../../site/scripts/engine/left-to-right.js";

const [dump, file] = process.argv.slice(2);
const store = new oxigraph.Store();
store.load(readFileSync(dump, "utf8"), { format: "application/n-triples" });
/** @type {string[]} */
const queries = JSON.parse(readFileSync(file, "utf8"));
const answers = queries.map((query) => JSON.parse(String(askStore(store, query, { results_format: "json" }))));
process.stdout.write(JSON.stringify(answers));
