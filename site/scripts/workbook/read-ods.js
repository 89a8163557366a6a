// The sheets of an OpenDocument workbook (ods): the texts of their cells, and which cells hold formulas, as `read_ods.py` reads them.
/** @import { XmlElement, XmlText } from "@rgrove/parse-xml" */
import { toReference } from "./layout.js";
import { childOf, elementsIn, parse } from "./xml.js";

/**
 * A sheet of an OpenDocument workbook.
 * @typedef {object} OdsSheet
 * @property {string} title
 * @property {string[][]} grid texts by row and column.
 * @property {Map<string, string>} formulas by reference.
 * @property {[column: number, first: number, last: number][]} mergedRows of the cells that cover several rows, from 1.
 * @property {boolean} isTooLarge
 */
/** @typedef {{ rows: number, cells: number }} Limits Rows, and columns, in a sheet, and cells with something in them, at most. */

/** Spaces that one element stands for. */
const MAX_SPACES = 100;
const CELLS = ["table:table-cell", "table:covered-table-cell"];
const PARAGRAPHS = ["text:p", "text:h"];
/** What stands in a sheet or cell and is none of its text: sheets in cells, shapes, comments, notes, and how words are read aloud. */
const SKIPPED = ["table:table", "table:shapes", "office:annotation", "text:note", "text:ruby-text"];
/**
 * What stands for elements that are a sign, while the space around them is made single; no XML holds these.
 * @type {Record<string, string>}
 */
const SIGNS = { "text:s": "\0", "text:tab": "\u0001", "text:line-break": "\u0002" };
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?$/;

/**
 * How often something is repeated, or what it spans.
 * @param {XmlElement} node
 * @param {string} name
 */
const countOf = ({ attributes }, name) => {
  const written = attributes[name] ?? "1";
  if (!/^\d{1,9}$/.test(written)) throw new Error(name);
  return Number(written);
};

/**
 * The elements of some names in an element, however deep, but not in one another or in what is skipped.
 * @param {XmlElement} node
 * @param {string[]} names
 * @returns {XmlElement[]}
 */
const findAll = (node, names) =>
  elementsIn(node).flatMap((child) => {
    if (names.includes(child.name)) return [child];
    return SKIPPED.includes(child.name) || child.name.startsWith("draw:") ? [] : findAll(child, names);
  });

/**
 * The text of a paragraph, with signs for elements.
 * @param {XmlElement} node
 * @returns {string}
 */
const signsIn = (node) =>
  node.children
    .map((child) => {
      if (child.type !== "element") return child.type === "text" ? /** @type {XmlText} */ (child).text : "";
      const element = /** @type {XmlElement} */ (child);
      const sign = SIGNS[element.name];
      if (sign) return sign.repeat(Math.min(countOf(element, "text:c"), MAX_SPACES));
      return SKIPPED.includes(element.name) || element.name.startsWith("draw:") ? "" : signsIn(element);
    })
    .join("");

/** @param {XmlElement} paragraph */
const textOf = (paragraph) =>
  signsIn(paragraph)
    .replace(/[ \t\r\n]+/g, " ")
    .replaceAll(SIGNS["text:s"], " ")
    .replaceAll(SIGNS["text:tab"], "\t")
    .replaceAll(SIGNS["text:line-break"], "\n");

/**
 * What stands in a cell as text: a day as 2026-03-01, a whole number without decimals.
 * @param {XmlElement} cell
 */
const formatCell = (cell) => {
  const { attributes } = cell;
  const kind = attributes["office:value-type"] ?? "";
  if (["float", "percentage", "currency"].includes(kind)) {
    const written = attributes["office:value"] ?? "";
    if (!NUMBER.test(written)) throw new Error("office:value");
    return String(Number(written));
  }
  if (kind === "date") return (attributes["office:date-value"] ?? "").slice(0, 10);
  if (kind === "boolean") return attributes["office:boolean-value"] === "true" ? "True" : "False";
  return findAll(cell, PARAGRAPHS).map(textOf).join("\n") || (attributes["office:string-value"] ?? "");
};

/**
 * The cells of a row, as often as they are repeated, with the formulas and the rows spanned by column.
 * @param {XmlElement} line
 * @param {Limits} limits
 */
const readRow = (line, limits) => {
  /** @type {string[]} */
  const row = [];
  /** @type {[column: number, formula: string][]} */
  const formulas = [];
  /** @type {[column: number, rows: number][]} */
  const spans = [];
  let column = 0;
  for (const cell of findAll(line, CELLS)) {
    const repeats = countOf(cell, "table:number-columns-repeated");
    const first = column + 1;
    column += repeats;
    const formula = cell.attributes["table:formula"] ?? "";
    const text = formula ? "" : formatCell(cell);
    if (!text && !formula) continue;
    if (column > limits.rows) return null;
    while (row.length < first - 1) row.push("");
    for (let at = first; at <= column; at++) {
      row.push(text);
      if (formula) formulas.push([at, formula]);
    }
    const spanned = countOf(cell, "table:number-rows-spanned");
    if (spanned > 1) spans.push([first, spanned]);
  }
  return { row, formulas, spans };
};

/**
 * @param {XmlElement} table
 * @param {Limits} limits
 * @returns {OdsSheet}
 */
const readSheet = (table, limits) => {
  /** @type {OdsSheet} */
  const sheet = { title: table.attributes["table:name"] ?? "", grid: [], formulas: new Map(), mergedRows: [], isTooLarge: false };
  let rows = 0;
  let cells = 0;
  for (const line of findAll(table, ["table:table-row"])) {
    const repeats = countOf(line, "table:number-rows-repeated");
    const first = rows + 1;
    rows += repeats;
    const read = readRow(line, limits);
    cells += read ? (read.row.filter(Boolean).length + read.formulas.length) * repeats : 0;
    if (read && !read.row.length) continue;
    if (!read || rows > limits.rows || cells > limits.cells) return { ...sheet, isTooLarge: true };
    while (sheet.grid.length < first - 1) sheet.grid.push([]);
    for (let at = first; at <= rows; at++) {
      sheet.grid.push([...read.row]);
      for (const [column, formula] of read.formulas) sheet.formulas.set(toReference(at, column), formula);
    }
    for (const [column, spanned] of read.spans) sheet.mergedRows.push([column, first, first + spanned - 1]);
  }
  return sheet;
};

/**
 * The sheets in `content.xml`; of those that are not `ours` only the title.
 * @param {string} content
 * @param {(titles: string[]) => Set<string>} ours finds the titles of the sheets that are read.
 * @param {Limits} limits
 * @returns {OdsSheet[]}
 */
export const readOdsSheets = (content, ours, limits) => {
  const tables = elementsIn(childOf(childOf(parse(content), "body"), "spreadsheet")).filter(({ name }) => name === "table:table");
  const titleOf = /** @param {XmlElement} table */ (table) => table.attributes["table:name"] ?? "";
  const read = ours(tables.map(titleOf));
  return tables.map((table) =>
    read.has(titleOf(table))
      ? readSheet(table, limits)
      : { title: titleOf(table), grid: [], formulas: new Map(), mergedRows: [], isTooLarge: false },
  );
};
