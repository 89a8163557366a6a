// Turns statements into workbooks and workbooks into statements, as the pages do. Takes a JSON file: `told`, the data of the pages;
// `language`; `dimensions` by position; `save`, files in Turtle by where their workbooks go; and `open`, workbooks to read.
// Prints JSON: `saved`, what was said of each saved; `opened`, for each read its `turtle` and `notes`, or its `faults`.
import { readFileSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import oxigraph from "oxigraph";
import { fromBook, toBook } from "../../site/scripts/drafts/book.js";
import { fromStatements, toStatements } from "../../site/scripts/drafts/draft.js";
import { METHOD, plain, turtle } from "../../site/scripts/drafts/rdf.js";

const { told, language, dimensions, save, open } = JSON.parse(readFileSync(process.argv[2], "utf8"));
const read = (text) => oxigraph.parse(text, { format: "text/turtle", base_iri: METHOD }).map(({ subject, predicate, object }) => [subject, predicate, object].map(plain));
const drafted = (statements) => toStatements(fromStatements(statements, { dimensionOf: dimensions }));
const saved = Object.entries(save).map(([path, text]) => {
  const { bytes, fault } = toBook(told, drafted(read(text)), language);
  if (bytes) writeFileSync(path, bytes);
  return fault ?? null;
});
const opened = [];
for (const path of open) {
  const { statements, ...said } = await fromBook(told, new File([readFileSync(path)], basename(path)), language);
  opened.push(statements ? { ...said, turtle: turtle(drafted(statements), METHOD) } : said);
}
process.stdout.write(JSON.stringify({ saved, opened }));
