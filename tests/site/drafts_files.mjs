// Reads files as drafts and writes them again, as the pages do. Takes a JSON file: `dimensions` by position, and `files` in Turtle.
// Prints a JSON list: for each the file anew in Turtle and JSON-LD, and the Turtle of that read once more.
import { readFileSync } from "node:fs";
import { fromStatements } from "../../site/scripts/drafts/draft-from-rdf.js";
import { toStatements } from "../../site/scripts/drafts/draft-to-rdf.js";
import { BASE, toJsonLd, toTurtle } from "../../site/scripts/drafts/rdf.js";
import { readTurtle } from "../js/turtle.js";

/** @type {{ dimensions: Record<string, string>, files: string[] }} */
const { dimensions, files } = JSON.parse(readFileSync(process.argv[2], "utf8"));
/** @param {string} text */
const open = (text) => toStatements(fromStatements(readTurtle(text), { dimensionOf: dimensions }));
const answers = files.map((text) => {
  const once = toTurtle(open(text), BASE);
  return { turtle: once, jsonld: toJsonLd(open(text)), again: toTurtle(open(once), BASE) };
});
process.stdout.write(JSON.stringify(answers));
