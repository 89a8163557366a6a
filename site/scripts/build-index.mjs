// Makes the search index of each language: takes the documents by language as JSON, gives the indexes by language as JSON.
/** @import { Language, SearchDocument } from "./types.d.ts" */
import { readFileSync } from "node:fs";
import { createIndex } from "./search/index.js";

/** @type {Record<Language, SearchDocument[]>} */
const documents = JSON.parse(readFileSync(0, "utf8"));
const languages = /** @type {Language[]} */ (Object.keys(documents));
const indexes = languages.map((language) => [language, createIndex(documents[language], language)]);
process.stdout.write(JSON.stringify(Object.fromEntries(indexes)));
