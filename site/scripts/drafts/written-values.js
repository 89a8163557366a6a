// Dates and numbers as people write them, as `workbook/written_values.py` reads them.
/** @import { WrittenValues } from "../types.d.ts" */
import { foldName } from "./names.js";

/**
 * A date as the data has it, or what was written.
 * @param {string} written
 * @param {WrittenValues} forms
 */
const readDate = (written, { dates, months }) => {
  const folded = foldName(written);
  for (const form of dates) {
    const { year, month, day } = folded.match(new RegExp(`^(?:${form})$`))?.groups ?? {};
    const number = Object.hasOwn(months, month) ? months[month] : Number(month);
    if (!(number >= 1 && number <= 12) || (day && !(Number(day) >= 1 && Number(day) <= 31))) continue;
    return [year, String(number).padStart(2, "0"), day?.padStart(2, "0")].filter(Boolean).join("-");
  }
  return written;
};

/**
 * A whole number in digits, or what was written.
 * @param {string} written
 * @param {WrittenValues} forms
 */
const readNumber = (written, { numbers, thousands }) => {
  const folded = foldName(written);
  if (new RegExp(`^(?:${thousands})$`).test(folded)) return folded.replaceAll(" ", "");
  return Object.hasOwn(numbers, folded) ? String(numbers[folded]) : written;
};

/**
 * A text without the bullets of a list that it was pasted from.
 * @param {string} written
 * @param {WrittenValues} forms
 */
export const stripBullets = (written, { bullet }) => written.replace(new RegExp(`^${bullet}(?=\\S)`, "gm"), "");

/**
 * What reads each kind of value.
 * @type {Record<string, (written: string, forms: WrittenValues) => string>}
 */
export const READERS = { integer: readNumber, months: readNumber, year: readDate, month: readDate, time: readDate, number: readNumber };
