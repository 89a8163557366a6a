// Turns set-ups into workbooks and workbooks into set-ups, as the page does. Takes a JSON file: `told`, the data of the page; `language`;
// `save`, files in Turtle by where their workbooks go; and `open`, workbooks to read.
// Prints JSON: `saved`, what was said of each saved; `opened`, for each read its `turtle` and `notes`, or its `faults`.
/** @import { Language } from "../../site/scripts/types.d.ts" */
/** @import { WorkbookData } from "../../site/scripts/workbook/types.d.ts" */
import { readFileSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { BASE, toTurtle } from "../../site/scripts/drafts/rdf.js";
import { fromBook, toBook } from "../../site/scripts/workbook/main.js";
import { readTurtle } from "../js/turtle.js";

/** @type {{ told: WorkbookData, language: Language, save: Record<string, string>, open: string[] }} */
const { told, language, save, open } = JSON.parse(readFileSync(process.argv[2], "utf8"));
const saved = Object.entries(save).map(([path, text]) => {
  const { bytes, fault } = toBook(told, readTurtle(text), language);
  if (bytes) writeFileSync(path, bytes);
  return fault ?? null;
});
const opened = [];
for (const path of open) {
  const { statements, ...messages } = await fromBook(told, new File([readFileSync(path)], basename(path)), language);
  opened.push(statements ? { ...messages, turtle: toTurtle(statements, BASE) } : messages);
}
process.stdout.write(JSON.stringify({ saved, opened }));
