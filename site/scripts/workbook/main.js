// Drafts as workbooks, which takes some room: loaded when one is saved or opened.
/** @import { Language, PageData, Statement } from "../types.d.ts" */
/** @import { Remark, WorkbookData } from "./types.d.ts" */
import { fillWorkbook } from "./from-rdf.js";
import { readGroup, toGroupTemplate } from "./group.js";
import { findSheet, formatText, trimLines } from "./layout.js";
import { readWorkbook } from "./read-xlsx.js";
import { workbookToStatements } from "./to-rdf.js";
import { writeDocx } from "./write-docx.js";
import { findUnwritable, writeTables, writeXlsx } from "./write-xlsx.js";

/**
 * A draft's statements as a workbook.
 * @param {WorkbookData} layout of the workbook, and what is described elsewhere.
 * @param {Statement[]} statements
 * @param {Language} language of names, headings and notes.
 * @returns {{ bytes?: Uint8Array, fault?: string }} `fault` is a sentence on why it cannot be.
 */
export const toBook = (layout, statements, language) => {
  // Space at the ends of lines does not stand in a workbook.
  const trimmed = statements.map(
    ([subject, property, object]) =>
      /** @type {Statement} */ ([subject, property, object.type === "text" ? { ...object, value: trimLines(object.value) } : object]),
  );
  const workbook = fillWorkbook(layout, trimmed, language);
  if (!workbook) return { fault: formatText(layout, "workbook.page.not-the-same", language) };
  const fault = findUnwritable(layout, workbook.filled, language);
  return fault ? { fault } : { bytes: writeXlsx(layout, workbook, language) };
};

/**
 * The statements of a workbook.
 * @param {WorkbookData} layout
 * @param {File} file
 * @param {Language} language of messages.
 * @returns {Promise<{ statements?: Statement[], notes?: string[], faults?: string[] }>} `notes`, sentences to know of, or `faults`,
 *   sentences on what is wrong, all at once.
 */
export const fromBook = async (layout, file, language) => {
  const { book, remarks: odd, faults } = await readWorkbook(layout, file);
  if (faults.length) return { faults: faults.map(([key, values]) => formatText(layout, key, language, { file: file.name, ...values })) };
  const { statements, remarks } = workbookToStatements(layout, book);
  /** @param {Remark} remark */
  const format = ({ cell, key, values }) => {
    const sheet = findSheet(layout, cell.sheet).title[language];
    const where = formatText(layout, "workbook.where", language, { sheet, cell: cell.reference });
    return `${where}: ${formatText(layout, key, language, values)}`;
  };
  const all = [...odd, ...remarks];
  const wrong = all.filter(({ severity }) => severity === "violation");
  return wrong.length ? { faults: wrong.map(format) } : { statements, notes: all.map(format) };
};

globalThis.balansekunst ??= /** @type {PageData} */ ({});
globalThis.balansekunst.book = { fromBook, readGroup, toBook, toDocument: writeDocx, toGroupTemplate, toTables: writeTables };
