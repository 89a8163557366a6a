// The cells of a workbook file (xlsx or ods). Titles and headings may be in either language.
/** @import { XmlElement } from "@rgrove/parse-xml" */
/** @import { SomeTexts } from "../types.d.ts" */
/** @import { Book, Cells, Message, Remark, Sheet, WorkbookData } from "./types.d.ts" */
import { foldName, slugify } from "../drafts/names.js";
import { LANGUAGES, toReference, trimLines } from "./layout.js";
import { isOpenDocument, openWorkbook, Refusal, toMegabytes } from "./open-zip.js";
import { readOdsSheets } from "./read-ods.js";
import { childOf, childrenOf, localName, parse } from "./xml.js";

/**
 * What the cells of a workbook are read by.
 * @typedef {object} Settings
 * @property {string[]} strings the shared strings.
 * @property {boolean[]} days whether the numbers of a style are days.
 * @property {boolean} isFrom1904
 */
/** @typedef {{ grid: string[][], odd: Map<string, [key: string, shown: string]> }} Grid Texts by row and column, and what is odd, by reference. */
/** @typedef {{ book: Book, remarks: Remark[], faults: Message[] }} ReadWorkbook Its cells; remarks on them; and all that is wrong with it as a whole. */

const MAX_FILE_BYTES = 5 * 2 ** 20;
const MAX_ROWS = 5_000;
const MAX_CELLS = 200_000;
const DAY = 86_400_000;
/** Rows from the top in which headings are sought. */
const MAX_TITLE_ROWS = 10;

/** @param {unknown} error */
const reasonOf = (error) => (error instanceof Error ? error.message : String(error));

/**
 * The text of a string of a workbook: its runs, and not how it is read aloud.
 * @param {XmlElement | undefined} node
 */
const stringIn = (node) =>
  childrenOf(node, "t", "r")
    .flatMap((part) => (localName(part.name) === "t" ? [part] : childrenOf(part, "t")))
    .map(({ text }) => text)
    .join("");

/**
 * Whether the numbers of each style are days.
 * @param {string | undefined} text
 */
const dayStyles = (text) => {
  const root = text ? parse(text) : null;
  const formats = childrenOf(childOf(root, "numFmts"), "numFmt");
  const codes = new Map(formats.map(({ attributes }) => [attributes.numFmtId, attributes.formatCode]));
  /** @param {string} id */
  const isDay = (id) => {
    const code = codes.get(id);
    if (code !== undefined) return /[dmyh]/i.test(code.replace(/"[^"]*"|\[[^\]]*\]|\\./g, ""));
    const number = Number(id);
    return (number >= 14 && number <= 22) || (number >= 45 && number <= 47);
  };
  return childrenOf(childOf(root, "cellXfs"), "xf").map(({ attributes }) => isDay(attributes.numFmtId));
};

/**
 * The day of a number, counted from the first of the workbook.
 * @param {number} number
 * @param {boolean} isFrom1904
 */
const dayOf = (number, isFrom1904) => {
  const first = isFrom1904 ? Date.UTC(1904, 0, 1) : Date.UTC(1899, 11, 30);
  return new Date(first + Math.floor(number) * DAY).toISOString().slice(0, 10);
};

/**
 * The text of a cell that holds no formula and no error.
 * @param {XmlElement} cell
 * @param {string} value
 * @param {Settings} settings
 */
const textOf = (cell, value, { strings, days, isFrom1904 }) => {
  const { t: type, s: style } = cell.attributes;
  if (type === "s") return strings[Number(value)];
  if (type === "inlineStr") return stringIn(childOf(cell, "is"));
  if (!value || type === "str") return value;
  if (type === "b") return value === "1" ? "True" : "False";
  if (type === "d") return value.slice(0, 10);
  if (type && type !== "n") return value;
  return days[Number(style)] ? dayOf(Number(value), isFrom1904) : String(Number(value));
};

/** @param {string} letters */
const columnNumber = (letters) => [...letters].reduce((sum, sign) => 26 * sum + sign.charCodeAt(0) - 64, 0);

/**
 * The column, first row and last row of each merged cell.
 * @param {XmlElement | null} root
 * @returns {[number, number, number][]}
 */
const mergedRowsIn = (root) =>
  childrenOf(childOf(root, "mergeCells"), "mergeCell").flatMap(({ attributes }) => {
    const [, letters, first, last] = /^([A-Z]{1,3})(\d+):[A-Z]+(\d+)$/.exec(attributes.ref ?? "") ?? [];
    return letters ? [[columnNumber(letters), Number(first), Number(last)]] : [];
  });

/**
 * Let what stands in a merged cell count for each row that it covers and in which more is written.
 * @param {string[][]} grid
 * @param {[column: number, first: number, last: number][]} mergedRows
 */
const fillMerged = (grid, mergedRows) => {
  let left = MAX_CELLS;
  for (const [number, first, last] of mergedRows) {
    const column = number - 1;
    const text = grid[first - 1]?.[column];
    for (const row of text ? grid.slice(first, last) : []) {
      if (--left < 0) return;
      if (!row.some(Boolean)) continue;
      while (row.length <= column) row.push("");
      row[column] ||= text;
    }
  }
};

/** @param {string} title */
const refuseSize = (title) => new Refusal(["workbook.too-many-rows", { sheet: title, limit: MAX_ROWS, cells: MAX_CELLS }]);

/**
 * The cells of a sheet as texts.
 * @param {string} title
 * @param {XmlElement | null} root
 * @param {Settings} settings
 * @returns {Grid}
 */
const readGrid = (title, root, settings) => {
  /** @type {string[][]} */
  const grid = [];
  /** @type {Grid["odd"]} */
  const odd = new Map();
  let cells = 0;
  let row = 0;
  for (const line of childrenOf(childOf(root, "sheetData"), "row")) {
    row = Number(line.attributes.r ?? row + 1);
    let column = 0;
    for (const cell of childrenOf(line, "c")) {
      const letters = /^[A-Z]+/.exec(cell.attributes.r ?? "")?.[0];
      column = letters ? columnNumber(letters) : column + 1;
      const value = childOf(cell, "v")?.text ?? "";
      const isFormula = Boolean(childOf(cell, "f"));
      const isOdd = isFormula || (cell.attributes.t === "e" && value !== "");
      const text = isOdd ? "" : textOf(cell, value, settings);
      if (!isOdd && !text) continue;
      if (++cells > MAX_CELLS || row > MAX_ROWS || column > MAX_ROWS) {
        throw refuseSize(title);
      }
      if (isOdd) odd.set(toReference(row, column), [isFormula ? "workbook.formula" : "workbook.error", value]);
      grid[row - 1] ??= [];
      grid[row - 1][column - 1] = text;
    }
  }
  const filled = Array.from(grid, (line) => Array.from(line ?? [], (text) => text ?? ""));
  fillMerged(filled, mergedRowsIn(root));
  return { grid: filled, odd };
};

/**
 * The titles that mean a sheet, in either language: alone, or else after other words, as in a copy. Numbers puts the name of the table after it.
 * @param {Sheet} sheet
 * @param {string[]} titles
 */
const findTitles = ({ title }, titles) => {
  const slugs = Object.values(title).map(slugify);
  const named = /** @param {string} one */ (one) => slugify(one).replace(/-(table|tabell)-\d+$/, "");
  const exact = titles.filter((one) => slugs.includes(named(one)));
  return exact.length ? exact : titles.filter((one) => slugs.some((slug) => named(one).endsWith(`-${slug}`)));
};

/**
 * The sheets of a workbook by title; of those that are not ours only the title.
 * @param {WorkbookData} layout
 * @param {Uint8Array} bytes
 * @returns {Map<string, Grid | null>}
 */
const readSheets = (layout, bytes) => {
  const parts = openWorkbook(bytes);
  /** @param {string[]} titles */
  const ours = (titles) => new Set(layout.sheets.flatMap((sheet) => findTitles(sheet, titles)));
  return isOpenDocument(parts) ? readOds(parts, ours) : readOpenXml(parts, ours);
};

/** @type {(parts: Record<string, string>, ours: (titles: string[]) => Set<string>) => Map<string, Grid | null>} */
const readOds = (parts, ours) => {
  /** @type {Map<string, Grid | null>} */
  const found = new Map();
  const sheets = readOdsSheets(parts["content.xml"], ours, { rows: MAX_ROWS, cells: MAX_CELLS });
  const read = ours(sheets.map(({ title }) => title));
  for (const { title, grid, formulas, mergedRows, isTooLarge } of sheets) {
    if (found.has(title)) throw new Refusal(["workbook.two-sheets", { sheet: title }]);
    if (isTooLarge) throw refuseSize(title);
    fillMerged(grid, mergedRows);
    /** @type {Grid["odd"]} */
    const odd = new Map([...formulas].map(([reference, formula]) => [reference, ["workbook.formula", formula]]));
    found.set(title, read.has(title) ? { grid, odd } : null);
  }
  return found;
};

/** @type {(parts: Record<string, string>, ours: (titles: string[]) => Set<string>) => Map<string, Grid | null>} */
const readOpenXml = (parts, ours) => {
  const book = parse(parts["xl/workbook.xml"]);
  const relations = childrenOf(parse(parts["xl/_rels/workbook.xml.rels"]), "Relationship");
  const targets = new Map(relations.map(({ attributes }) => [attributes.Id, attributes.Target]));
  /** @param {string} target */
  const partOf = (target) => (target.startsWith("/") ? target.slice(1) : `xl/${target}`);
  const strings = parts["xl/sharedStrings.xml"];
  const settings = {
    strings: strings ? childrenOf(parse(strings), "si").map(stringIn) : [],
    days: dayStyles(parts["xl/styles.xml"]),
    isFrom1904: ["1", "true"].includes(childOf(book, "workbookPr")?.attributes.date1904 ?? ""),
  };
  const sheets = childrenOf(childOf(book, "sheets"), "sheet");
  const read = ours(sheets.map(({ attributes }) => attributes.name));
  /** @type {Map<string, Grid | null>} */
  const found = new Map();
  for (const { attributes } of sheets) {
    const { name } = attributes;
    if (found.has(name)) throw new Refusal(["workbook.two-sheets", { sheet: name }]);
    const id = Object.entries(attributes).find(([key]) => key.includes(":") && localName(key) === "id")?.[1] ?? "";
    found.set(name, read.has(name) ? readGrid(name, parse(parts[partOf(targets.get(id) ?? "")]), settings) : null);
  }
  return found;
};

/** @param {SomeTexts} texts */
const inBothLanguages = (texts) => LANGUAGES.map((language) => texts[language]).join(" / ");

/**
 * The columns of a sheet by all that they may be called.
 * @param {Sheet} sheet
 */
const wantedOf = ({ columns }) =>
  new Map(columns.flatMap(({ name, headings }) => headings.map((heading) => /** @type {[string, string]} */ ([foldName(heading), name]))));

/**
 * The row of the headings: the first, or one further down with most of them, below titles of one's own.
 * @param {string[][]} grid
 * @param {Map<string, string>} wanted
 */
const headingRowOf = (grid, wanted) => {
  const counts = grid.slice(0, MAX_TITLE_ROWS).map((row) => new Set(row.map((cell) => wanted.get(foldName(cell))).filter(Boolean)).size);
  return counts[0] ? 0 : Math.max(0, counts.indexOf(Math.max(...counts)));
};

/**
 * Where each column of a sheet stands, by its name; nothing where headings are missing. Also what is `unknown`, and what is wrong.
 * @param {Sheet} sheet
 * @param {string} title
 * @param {string[]} headings
 * @param {Map<string, string>} wanted
 */
const placesOf = ({ columns }, title, headings, wanted) => {
  /** @type {Map<string, number>} */
  const places = new Map();
  /** @type {Message[]} */
  const faults = [];
  headings.forEach((heading, place) => {
    const name = wanted.get(foldName(heading));
    if (name && places.has(name)) faults.push(["workbook.two-headings", { sheet: title, heading }]);
    else if (name) places.set(name, place);
  });
  const unknown = headings.filter((heading) => heading && !wanted.has(foldName(heading)));
  const missing = columns.filter(({ name, added }) => !places.has(name) && !added).map(({ heading }) => inBothLanguages(heading));
  if (missing.length) {
    const some = missing.length === 1 ? "workbook.no-heading" : "workbook.no-headings";
    const values = { sheet: title, headings: missing.join(", "), found: unknown.join(", ") || "–" };
    faults.push([places.size ? some : "workbook.no-headings-at-all", values]);
  }
  return { places: missing.length ? null : places, unknown, faults };
};

/**
 * The rows of a sheet as cells by column, with remarks on cells and faults in headings.
 * @param {Sheet} sheet
 * @param {string} title
 * @param {Grid} grid
 * @returns {{ rows: Cells[], remarks: Remark[], faults: Message[] }}
 */
export const readRows = (sheet, title, { grid, odd }) => {
  const { form, columns, name } = sheet;
  const wanted = wantedOf(sheet);
  const top = form ? 0 : headingRowOf(grid, wanted);
  const written = form ? grid.slice(1).map(([heading]) => heading ?? "") : (grid[top] ?? []);
  const headings = written.map((heading) => heading.split(/\s+/).filter(Boolean).join(" "));
  const { places, unknown, faults } = placesOf(sheet, title, headings, wanted);
  if (!places) return { rows: [], remarks: [], faults };
  /** @type {Remark[]} */
  const remarks = headings.flatMap((heading, place) => {
    if (!unknown.includes(heading)) return [];
    const reference = form ? toReference(place + 2, 1) : toReference(top + 1, place + 1);
    const cell = { sheet: name, reference, text: heading };
    return [{ severity: /** @type {const} */ ("warning"), cell, key: "workbook.extra-column", values: { value: heading } }];
  });
  /**
   * @param {number} number
   * @param {string} column
   */
  const cellIn = (number, column) => {
    const place = places.get(column);
    if (place === undefined) return { sheet: name, reference: toReference(number + 1, 1), text: "" };
    const [row, at] = form ? [place + 1, 1] : [number, place];
    const cell = { sheet: name, reference: toReference(row + 1, at + 1), text: trimLines(grid[row]?.[at] ?? "") };
    const found = odd.get(cell.reference);
    if (found) remarks.push({ severity: "violation", cell, key: found[0], values: { value: found[1] } });
    return cell;
  };
  const numbers = form ? [0] : grid.slice(top + 1).map((_, at) => at + top + 1);
  const rows = numbers.map((number) => Object.fromEntries(columns.map((column) => [column.name, cellIn(number, column.name)])));
  return { rows: form ? rows : rows.filter((row) => Object.values(row).some(({ text }) => text)), remarks, faults };
};

/**
 * @param {WorkbookData} layout
 * @param {Uint8Array} bytes
 */
const readBook = (layout, bytes) => {
  const found = readSheets(layout, bytes);
  /** @type {ReadWorkbook} */
  const result = { book: {}, remarks: [], faults: [] };
  /** @type {string[]} */
  const missing = [];
  for (const sheet of layout.sheets) {
    const titles = findTitles(sheet, [...found.keys()]);
    const grid = titles.length === 1 ? found.get(titles[0]) : null;
    if (grid) {
      const { rows, remarks, faults } = readRows(sheet, titles[0], grid);
      result.book[sheet.name] = rows;
      result.remarks.push(...remarks);
      result.faults.push(...faults);
    } else if (titles.length) result.faults.push(["workbook.two-sheets", { sheet: inBothLanguages(sheet.title) }]);
    else missing.push(inBothLanguages(sheet.title));
  }
  if (missing.length) {
    const values = { sheets: missing.join(", "), found: [...found.keys()].join(", ") };
    result.faults.push([missing.length === 1 ? "workbook.no-sheet" : "workbook.no-sheets", values]);
  }
  return result;
};

/**
 * Read a workbook into cells.
 * @param {WorkbookData} layout
 * @param {File} file
 * @returns {Promise<ReadWorkbook>}
 */
export const readWorkbook = async (layout, file) => {
  try {
    if (file.size > MAX_FILE_BYTES) {
      throw new Refusal(["workbook.too-large.bytes", { number: toMegabytes(file.size), limit: toMegabytes(MAX_FILE_BYTES) }]);
    }
    return readBook(layout, new Uint8Array(await file.arrayBuffer()));
  } catch (error) {
    // A damaged part is met with whatever comes.
    const [reason] = reasonOf(error).split("\n");
    return { book: {}, remarks: [], faults: error instanceof Refusal ? error.messages : [["workbook.broken", { reason }]] };
  }
};
