// Makes the search index of each language: takes the documents by language as JSON, gives the indexes by language as JSON.
import { readFileSync } from "node:fs";
import { createIndex } from "./index.js";

const indexes = Object.entries(JSON.parse(readFileSync(0, "utf8"))).map(([language, documents]) => [language, createIndex(documents, language)]);
process.stdout.write(JSON.stringify(Object.fromEntries(indexes)));
