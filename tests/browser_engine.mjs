// Answers queries with the engine that the pages run in the browser. Takes the dump and a JSON file of queries; prints a JSON list of
// answers, each in the SPARQL 1.1 Query Results JSON Format.
import { readFileSync } from "node:fs";
import oxigraph from "oxigraph";

const [dump, queries] = process.argv.slice(2);
const store = new oxigraph.Store();
store.load(readFileSync(dump, "utf8"), { format: "application/n-triples" });
const answers = JSON.parse(readFileSync(queries, "utf8")).map((query) => JSON.parse(store.query(query, { results_format: "json" })));
process.stdout.write(JSON.stringify(answers));
