// What stands where in a workbook, by the data that the build makes of `site/workbook.yaml`; and cells.
/** @import { Language, Statement, Term } from "../types.d.ts" */
/** @import { Book, Cells, Column, KnownValue, Sheet, SheetTexts, Values, WorkbookData } from "./types.d.ts" */
import { foldName } from "../drafts/names.js";
import { BK, DCTERMS, iri, langString, RDF_TYPE, typedLiteral } from "../drafts/rdf.js";

/** @type {Language[]} */
export const LANGUAGES = ["nb", "en"];
/**
 * The kinds of items, and the message that says what each is called.
 * @type {Record<string, string>}
 */
export const ITEM_KEYS = { what: "workbook.item.what", why: "workbook.item.why" };
export const TYPE_KEYS = { link: "workbook.type.link", text: "workbook.type.text" };
/** How the keys begin of what the lists are called. */
export const LIST_FAMILY = "workbook.list.";
export const ORDER = `${BK}order`;
export const STATED_IN = `${BK}statedIn`;
export const IN_DOCUMENT = `${BK}inDocument`;
export const IS_PART_OF = `${DCTERMS}isPartOf`;
export const SOURCE = `${DCTERMS}source`;
export const CLASSES = { duties: `${BK}Duty`, outcomes: `${BK}LearningOutcome`, sources: `${BK}SourceDocument`, items: `${BK}Item` };
/** An IRI with a prefix. */
export const PREFIXED = /^([a-z][a-z-]*):([\p{L}\p{N}_.-]+)$/u;

/**
 * A text in a language, with values in place of `{name}`.
 * @param {WorkbookData} layout
 * @param {string} key
 * @param {Language} language
 * @param {Values} values
 */
export const formatText = (layout, key, language, values = {}) =>
  layout.texts[language][key].replace(/\{(\w+)\}/g, (_, name) => {
    const value = values[name] ?? "";
    return typeof value === "object" ? (value[language] ?? "") : String(value);
  });

/**
 * The words that stand for something in a workbook, in both languages, by what they stand for.
 * @param {WorkbookData} layout
 * @param {Record<string, string>} keys of their messages.
 */
export const loadKeywords = (layout, keys) => {
  /** @type {Map<string, string>} */
  const found = new Map();
  for (const [name, key] of Object.entries(keys)) for (const language of LANGUAGES) found.set(foldName(layout.texts[language][key]), name);
  return found;
};

/**
 * Whether a file is called what workbooks are.
 * @param {string} name
 */
export const isWorkbookName = (name) => /\.(xlsx|ods)$/i.test(name);

/**
 * The letters of a column, from 1.
 * @param {number} column
 * @returns {string}
 */
export const toLetters = (column) => {
  const last = (column - 1) % 26;
  return (column > 26 ? toLetters((column - 1 - last) / 26) : "") + String.fromCharCode(65 + last);
};

/**
 * The reference of a cell by its row and column, both from 1: `B7`.
 * @param {number} row
 * @param {number} column
 */
export const toReference = (row, column) => `${toLetters(column)}${row}`;

/**
 * @param {WorkbookData} layout
 * @param {string} name
 */
export const findSheet = (layout, name) => /** @type {Sheet} */ (layout.sheets.find((sheet) => sheet.name === name));

/**
 * The sheet that is about one thing.
 * @param {Pick<WorkbookData, "sheets">} layout
 */
export const findForm = ({ sheets }) => /** @type {Sheet} */ (sheets.find(({ form }) => form));

/**
 * @param {Sheet} sheet
 * @param {string} name
 */
export const findColumn = (sheet, name) => /** @type {Column} */ (sheet.columns.find((column) => column.name === name));

// biome-ignore lint/suspicious/noControlCharactersInRegex: lines end where Python's `str.splitlines` ends them
const LINES = /\r\n|[\n\r\v\f\u001c-\u001e\u0085\u2028\u2029]/;
/**
 * A text as it comes back from a cell: lines are trimmed.
 * @param {string} text
 */
export const trimLines = (text) =>
  text
    .split(LINES)
    .map((line) => line.trim())
    .join("\n")
    .trim();

/**
 * Texts by sheet, row and column as the cells that they are written in.
 * @param {WorkbookData} layout
 * @param {SheetTexts} filled
 * @returns {Book}
 */
export const buildWorkbookCells = (layout, filled) => {
  /** @type {(sheet: Sheet, row: Record<string, string>, number: number) => Cells} */
  const rowOf = ({ name: sheet, form, columns }, row, number) =>
    Object.fromEntries(
      columns.map(({ name }, at) => {
        const reference = form ? toReference(at + 2, 2) : toReference(number + 2, at + 1);
        return [name, { sheet, reference, text: trimLines(row[name] ?? "") }];
      }),
    );
  return Object.fromEntries(
    layout.sheets.map((sheet) => [sheet.name, (filled[sheet.name] ?? []).map((row, number) => rowOf(sheet, row, number))]),
  );
};

/**
 * What the other files say: all that is described, but for the file of one standard.
 * @param {WorkbookData} layout
 * @param {string} own the slug of that standard.
 * @returns {Statement[]}
 */
export const listExternalStatements = ({ known }, own) => {
  /** @type {(value: KnownValue) => Term} */
  const termOf = (value) => {
    if (typeof value === "string") return iri(value);
    const [text, tag] = value;
    return tag.startsWith("^^") ? typedLiteral(text, tag.slice(2)) : langString(text, tag);
  };
  /** @type {Statement[]} */
  const found = [];
  for (const [file, things] of Object.entries(known)) {
    if (file && file === own) continue;
    for (const [thing, about] of Object.entries(things)) {
      for (const [property, values] of Object.entries(about)) {
        for (const value of values) found.push([iri(thing), iri(property), termOf(value)]);
      }
    }
  }
  return found;
};

/**
 * The IRIs of all that statements describe.
 * @param {Statement[]} statements
 */
export const listDescribed = (statements) =>
  new Set(statements.filter(([, property]) => property.value === RDF_TYPE).map(([subject]) => subject.value));
