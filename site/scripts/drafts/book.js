// Drafts as workbooks, which takes some room: loaded when one is saved or opened.
import { fill, sentence, statementsOf, tidy } from "./workbook.js";
import { read, write } from "./xlsx.js";

/**
 * A draft's statements as a workbook.
 * @param told the layout, and what is described elsewhere: the data of `workbook-data.js`.
 * @returns `bytes`, or `fault`: a sentence on why it cannot be.
 */
export const toBook = (told, statements, language) => {
  // Space at the ends of lines does not stand in a workbook.
  const tidied = statements.map(([subject, property, object]) => [subject, property, object.type === "text" ? { ...object, value: tidy(object.value) } : object]);
  const { fault, ...given } = fill(told, tidied, language);
  return fault ? { fault: sentence(told, fault, language) } : write(told, given, language);
};

/**
 * The statements of a workbook.
 * @param file a File of the person's.
 * @returns `statements`, and `notes`, sentences to know of; or `faults`, sentences on what is wrong, all at once.
 */
export const fromBook = async (told, file, language) => {
  const { book, faults, remarks: odd } = await read(told, file);
  if (faults) return { faults: faults.map(([key, values]) => sentence(told, key, language, { file: file.name, ...values })) };
  const { statements, remarks } = statementsOf(told, book);
  const say = ({ cell, key, values }) => {
    const { title } = told.sheets.find((sheet) => sheet.name === cell.sheet);
    return `${sentence(told, "where", language, { sheet: title[language], cell: cell.reference })}: ${sentence(told, key, language, values)}`;
  };
  const all = [...odd, ...remarks];
  const wrong = all.filter(({ severity }) => severity === "violation");
  return wrong.length ? { faults: wrong.map(say) } : { statements, notes: all.map(say) };
};

(globalThis.balansekunst ??= {}).book = { fromBook, toBook };
