// The text of the page as a document that word processors open. Loaded when it is first asked for.
/** @import { Language, TextBlock } from "./types.d.ts" */
import { DOCUMENT_TYPE, download } from "./download.js";
import { writeDocx } from "./workbook/write-docx.js";

/** What is for the screen alone. */
const SKIPPED = "nav, svg, script, noscript, form, button, [hidden], .no-print, .hidden, .sheet";
/** @type {Record<string, TextBlock[0]>} */
const HEADINGS = { H1: "title", H2: "heading", H3: "subheading", H4: "subheading" };

/**
 * The text of an element, without what is skipped and without lists in it.
 * @param {Element} element
 */
const readText = (element) => {
  const copy = /** @type {Element} */ (element.cloneNode(true));
  for (const part of copy.querySelectorAll(`${SKIPPED}, ul, ol`)) part.remove();
  for (const part of copy.querySelectorAll("br, p, div")) part.before(" ");
  return (copy.textContent ?? "").replace(/\s+/g, " ").trim();
};

/** @type {(kind: TextBlock[0], text: string) => TextBlock[]} */
const makeBlock = (kind, text) => (text ? [[kind, text]] : []);

/**
 * The rows of a table: the name of each, and its cells after their headings.
 * @param {HTMLTableElement} table
 * @returns {TextBlock[]}
 */
const readTable = (table) => {
  const headings = [...(table.tHead?.rows[0]?.cells ?? [])].map(readText);
  return [...table.tBodies].flatMap(({ rows }) =>
    [...rows].flatMap(({ cells }) => {
      const [first, ...others] = [...cells];
      const told = others.filter(readText).map((cell) => {
        const heading = headings[headings.length - cells.length + cell.cellIndex] ?? "";
        return makeBlock("text", heading ? `${heading}: ${readText(cell)}` : readText(cell));
      });
      return [...makeBlock("subheading", readText(first)), ...told.flat(), ...[...cells].flatMap(readLists)];
    }),
  );
};

/**
 * The blocks of the lists within an element.
 * @param {Element} element
 * @returns {TextBlock[]}
 */
const readLists = (element) => [...element.querySelectorAll(":scope > :is(ul, ol)")].flatMap(readBlocks);

/**
 * The blocks of what an element holds.
 * @param {Element} element
 * @returns {TextBlock[]}
 */
const readBlocks = (element) =>
  [...element.children].flatMap((child) => {
    if (child.matches(SKIPPED)) return [];
    if (child.tagName in HEADINGS) return makeBlock(HEADINGS[child.tagName], readText(child));
    if (child instanceof HTMLTableElement) return readTable(child);
    if (child.matches("li")) return [...makeBlock("item", readText(child)), ...readLists(child)];
    if (child.matches("dt")) return [];
    if (child.matches("dd")) {
      const name = child.previousElementSibling?.matches("dt") ? `${readText(child.previousElementSibling)}: ` : "";
      return [...makeBlock("text", `${name}${readText(child)}`), ...readLists(child)];
    }
    return child.matches("p, summary, figcaption, pre, .outcome") ? makeBlock("text", readText(child)) : readBlocks(child);
  });

/**
 * Save the page as a document, named after the end of its address.
 * @param {Language} language
 */
const saveDocument = (language) => {
  const main = document.querySelector("main");
  if (!main) return;
  const source = document.querySelector('link[rel="canonical"]')?.getAttribute("href") ?? location.href;
  const bytes = writeDocx([...readBlocks(main), ["text", source]], language);
  const page = location.pathname
    .split("/")
    .at(-1)
    ?.replace(/\.html$/, "");
  download(`${page || "index"}.docx`, /** @type {BlobPart} */ (bytes), DOCUMENT_TYPE);
};

globalThis.balansekunst ??= /** @type {typeof globalThis.balansekunst} */ ({});
globalThis.balansekunst.saveDocument = saveDocument;
