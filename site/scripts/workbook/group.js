// The sheet of a group, who has what under a pseudonym: an empty one with drop-downs, and one that is filled in.
/** @import { GroupRow, Language } from "../types.d.ts" */
/** @import { Message, WorkbookData } from "./types.d.ts" */
import { slugify } from "../drafts/names.js";
import { decodeText, parseDelimited } from "./delimited.js";
import { LabelIndex } from "./label-index.js";
import { findSheet, formatText, isWorkbookName, listExternalStatements } from "./layout.js";
import { readRows, readWorkbook } from "./read-xlsx.js";
import { writeXlsx } from "./write-xlsx.js";

const SHEET = "people";
const LIST = "competence";
/** What rule I7 takes as a pseudonym, written freely: `ansatt-1`, `Ansatt 1`, `A1`. */
const PSEUDONYM = /^([a-zæøå]+)[ -]?(\d{1,6})$/i;

/** @param {WorkbookData} layout */
const readNames = (layout) => new LabelIndex(layout, listExternalStatements(layout, ""));

/**
 * An empty sheet.
 * @param {WorkbookData} layout
 * @param {Language} language
 */
export const toGroupTemplate = (layout, language) =>
  writeXlsx(layout, { filled: { [SHEET]: [] }, choices: { [LIST]: readNames(layout).listChoices(LIST, language) } }, language);

/**
 * The cells of the sheet, or what is wrong with the file.
 * @param {WorkbookData} layout
 * @param {File} file
 */
const readCells = async (layout, file) => {
  if (isWorkbookName(file.name)) {
    const { book, remarks, faults } = await readWorkbook(layout, file);
    return { cells: book[SHEET] ?? [], faults, remarks };
  }
  const grid = parseDelimited(decodeText(new Uint8Array(await file.arrayBuffer())));
  const { rows, remarks, faults } = readRows(findSheet(layout, SHEET), file.name, { grid, odd: new Map() });
  return { cells: rows, remarks, faults };
};

/**
 * Read a sheet.
 * @param {WorkbookData} layout
 * @param {File} file
 * @param {Language} language
 */
export const readGroup = async (layout, file, language) => {
  const { cells, remarks, faults } = await readCells(layout, file);
  /** @param {Message} message */
  const format = ([key, values]) => formatText(layout, key, language, { file: file.name, ...values });
  if (faults.length) return { rows: [], faults: faults.map(format) };
  const names = readNames(layout);
  const wrong = remarks.filter(({ severity }) => severity === "violation").map(({ key, values }) => format([key, values]));
  /** @type {(GroupRow & { iri: string })[]} */
  const rows = [];
  for (const { pseudonym, competence, evidence } of cells) {
    const row = Number(pseudonym.reference.replace(/\D/g, ""));
    /** @type {(key: string, column: string, values?: Record<string, string>) => void} */
    const report = (key, column, values) => {
      wrong.push(formatText(layout, key, language, { row, column: findColumnHeading(layout, column, language), ...values }));
    };
    const [iri] = names.findResources(competence.text, LIST);
    const found = iri ?? [`${layout.base}${LIST}/${slugify(competence.text)}`].find((one) => names.kinds.has(one));
    const [, word, number] = PSEUDONYM.exec(pseudonym.text) ?? [];
    if (!pseudonym.text || !competence.text) report("workbook.group.empty", pseudonym.text ? "competence" : "pseudonym");
    else if (!word) report("workbook.group.pseudonym", "pseudonym");
    else if (!found) report("workbook.group.unknown", "competence", { name: competence.text });
    else rows.push({ row, pseudonym: `${word.toLowerCase()}-${number}`, competence: competence.text, evidence: evidence.text, iri: found });
  }
  if (!wrong.length && !rows.length) wrong.push(formatText(layout, "workbook.group.no-rows", language));
  return { rows, faults: wrong };
};

/** @type {(layout: WorkbookData, name: string, language: Language) => string} */
const findColumnHeading = (layout, name, language) =>
  findSheet(layout, SHEET).columns.find((column) => column.name === name)?.heading[language] ?? name;
