// Comma-separated text as spreadsheets write it, as `delimited.py` reads it: with commas, semicolons or tabs, and in the encoding of Windows.

const DELIMITERS = [",", ";", "\t"];

/**
 * The text of a file: UTF-8, or what Excel in Norwegian writes.
 * @param {Uint8Array} bytes
 */
export const decodeText = (bytes) => {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("windows-1252").decode(bytes);
  }
};

/**
 * The rows of a text. One that Excel begins with the delimiter, `sep=;`, has an empty row there.
 * @param {string} written
 */
export const parseDelimited = (written) => {
  const told = /^sep=(.)\r?\n/i.exec(written);
  const table = told ? written.slice(told[0].length) : written;
  const [first] = table.replace(/"[^"]*"/g, "").split("\n", 1);
  const counts = DELIMITERS.map((mark) => first.split(mark).length);
  const delimiter = told?.[1] ?? DELIMITERS[counts.indexOf(Math.max(...counts))];
  /** @type {string[][]} */
  const rows = told ? [[], [""]] : [[""]];
  let isQuoted = false;
  for (let at = 0; at < table.length; at++) {
    const sign = table[at];
    const row = /** @type {string[]} */ (rows.at(-1));
    if (isQuoted && sign === '"' && table[at + 1] === '"') at++;
    else if (sign === '"' && (isQuoted || !row.at(-1))) {
      isQuoted = !isQuoted;
      continue;
    } else if (!isQuoted && sign === delimiter) {
      row.push("");
      continue;
    } else if (!isQuoted && sign === "\n") {
      rows.push([""]);
      continue;
    } else if (!isQuoted && sign === "\r") continue;
    row[row.length - 1] += sign;
  }
  return rows;
};
