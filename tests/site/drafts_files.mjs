// Reads files as drafts and writes them again, as the pages do. Takes a JSON file: `dimensions` by position, and `files` in Turtle.
// Prints a JSON list: for each the file anew in Turtle and JSON-LD, and the Turtle of that read once more.
import { readFileSync } from "node:fs";
import oxigraph from "oxigraph";
import { fromStatements, toStatements } from "../../site/scripts/drafts/draft.js";
import { jsonld, METHOD, plain, turtle } from "../../site/scripts/drafts/rdf.js";

const { dimensions, files } = JSON.parse(readFileSync(process.argv[2], "utf8"));
const read = (text) => oxigraph.parse(text, { format: "text/turtle", base_iri: METHOD }).map(({ subject, predicate, object }) => [subject, predicate, object].map(plain));
const opened = (text) => toStatements(fromStatements(read(text), { dimensionOf: dimensions }));
process.stdout.write(
  JSON.stringify(
    files.map((text) => {
      const once = turtle(opened(text), METHOD);
      return { turtle: once, jsonld: jsonld(opened(text)), again: turtle(opened(once), METHOD) };
    }),
  ),
);
