// A set-up of cooperation as one writes it, as a workbook, and as statements.
/** @import { Language, Statement } from "../types.d.ts" */
/** @import { Book, Column, SheetTexts, WorkbookData } from "../workbook/types.d.ts" */
/** @import { Arena, CellProblem, Row, SetUpDraft } from "./types.d.ts" */
import { foldCase } from "../drafts/names.js";
import { BK } from "../drafts/rdf.js";
import { fillWorkbook } from "../workbook/from-rdf.js";
import { LabelIndex } from "../workbook/label-index.js";
import { buildWorkbookCells, findForm, findSheet, listExternalStatements } from "../workbook/layout.js";
import { ROW_SHEETS } from "../workbook/set-up.js";
import { workbookToStatements } from "../workbook/to-rdf.js";

const NAMES = ["name-nb", "name-en"];
/** The sheets with rows of an arena. */
const OF_ARENA = /** @type {(keyof typeof ROW_SHEETS)[]} */ (Object.keys(ROW_SHEETS));

/** @param {Row} row */
const isFilled = (row) => Object.values(row).some((text) => text.trim());

/**
 * Names that no other arena has; one without a name is called what it is.
 * @param {Arena[]} arenas
 * @param {string} unnamed what an arena is called of which nothing is said.
 */
const nameArenas = (arenas, unnamed) => {
  const taken = new Set(arenas.flatMap(({ row }) => NAMES.map((name) => foldCase(row[name] ?? ""))));
  return arenas.map(({ row }) => {
    const given = NAMES.map((name) => row[name]?.trim()).find(Boolean);
    const name = given ?? findFreeName(row.kind?.trim() || unnamed, taken);
    taken.add(foldCase(name));
    return name;
  });
};

/**
 * A name, with a number where it is taken.
 * @param {string} name
 * @param {Set<string>} taken folded.
 */
const findFreeName = (name, taken) => {
  let free = name;
  for (let number = 2; taken.has(foldCase(free)); number++) free = `${name} ${number}`;
  return free;
};

/**
 * The rows of a sheet that are written in, in the order of the workbook.
 * @param {SetUpDraft} draft
 * @param {string} sheet
 * @returns {Row[]}
 */
const listRows = ({ row, arenas, other }, sheet) => {
  if (sheet === "set-up") return [row];
  if (sheet === "arenas") return arenas.map((arena) => arena.row);
  if (sheet === "other") return other;
  return arenas.flatMap((arena) => arena[/** @type {"seats"} */ (sheet)].filter(isFilled));
};

/**
 * The sheets of the workbook of a draft.
 * @param {SetUpDraft} draft
 * @param {string} unnamed what an arena is called of which nothing is said.
 * @returns {SheetTexts}
 */
export const toSheets = (draft, unnamed) => {
  const { arenas, language, other, row } = draft;
  const names = nameArenas(arenas, unnamed);
  const rows = arenas.map((arena, at) =>
    NAMES.some((name) => arena.row[name]?.trim()) ? arena.row : { ...arena.row, [`name-${language}`]: names[at] },
  );
  /** @param {"seats" | "rhythms"} sheet */
  const rowsOf = (sheet) => arenas.flatMap((arena, at) => arena[sheet].filter(isFilled).map((one) => ({ ...one, arena: names[at] })));
  return { "set-up": [row], arenas: rows, ...Object.fromEntries(OF_ARENA.map((sheet) => [sheet, rowsOf(sheet)])), other };
};

/**
 * The draft that a workbook says; rows that name no arena of it are left out.
 * @param {SheetTexts} sheets
 * @param {Language} language
 * @returns {SetUpDraft}
 */
export const fromSheets = (sheets, language) => {
  const arenas = sheets.arenas.map((row) => /** @type {Arena} */ ({ row: { ...row }, seats: [], rhythms: [] }));
  /** @param {string} written */
  const findArena = (written) =>
    ["address", ...NAMES].flatMap((column) => arenas.filter(({ row }) => row[column] && foldCase(row[column]) === foldCase(written)))[0];
  for (const sheet of OF_ARENA) {
    for (const { arena, ...row } of sheets[sheet]) findArena(arena)?.[sheet].push(row);
  }
  return { language, row: { ...sheets["set-up"][0] }, arenas, other: sheets.other ?? [] };
};

/**
 * The texts of cells.
 * @param {Book} book
 * @returns {SheetTexts}
 */
export const textsOf = (book) =>
  Object.fromEntries(
    Object.entries(book).map(([sheet, rows]) => [
      sheet,
      rows.map((row) => Object.fromEntries(Object.entries(row).map(([name, { text }]) => [name, text]))),
    ]),
  );

/**
 * The handbook's example as a draft: named in one language, and with the parties left to the roles, so that both follow what one changes.
 * @param {SheetTexts} example
 * @param {Language} language
 */
export const fromExample = (example, language) => {
  const other = language === "nb" ? "name-en" : "name-nb";
  const rowsOf = (/** @type {Row[]} */ rows) => rows.map(({ party, [other]: _, ...row }) => row);
  return fromSheets(Object.fromEntries(Object.entries(example).map(([sheet, rows]) => [sheet, rowsOf(rows)])), language);
};

/**
 * A copy of an arena under a name that no other has.
 * @param {Arena} arena
 * @param {Arena[]} arenas
 * @param {Language} language
 */
export const copyArena = (arena, arenas, language) => {
  const made = structuredClone(arena);
  const taken = new Set(arenas.flatMap(({ row }) => NAMES.map((name) => foldCase(row[name] ?? ""))));
  made.row[`name-${language}`] = findFreeName(made.row[`name-${language}`] || made.row.kind, taken);
  return made;
};

/**
 * What a draft says, and what is wrong with its cells. A set-up without a name is called something meanwhile, so that the rest is read.
 * @param {WorkbookData} layout
 * @param {SetUpDraft} draft
 * @param {{ setUp: string, arena: string }} unnamed what things without a name are called.
 * @returns {{ statements: Statement[], problems: CellProblem[] }}
 */
export const readDraft = (layout, draft, unnamed) => {
  const sheets = toSheets(draft, unnamed.arena);
  const isNamed = NAMES.some((name) => draft.row[name]?.trim());
  const form = isNamed ? draft.row : { ...draft.row, [`name-${draft.language}`]: unnamed.setUp };
  const { statements, remarks } = workbookToStatements(layout, buildWorkbookCells(layout, { ...sheets, "set-up": [form] }));
  /** @type {CellProblem[]} */
  const problems = remarks.map(({ cell, key, values }) => {
    const [, letters, number] = /** @type {RegExpExecArray} */ (/^([A-Z]+)(\d+)$/.exec(cell.reference));
    const sheet = findSheet(layout, cell.sheet);
    const across = [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1;
    const row = listRows(draft, cell.sheet)[sheet.form ? 0 : Number(number) - 2];
    return { row, column: sheet.columns[sheet.form ? Number(number) - 2 : across].name, message: [key, values] };
  });
  if (!isNamed) problems.unshift({ row: draft.row, column: `name-${draft.language}`, message: ["workbook.no-set-up-name", {}] });
  return { statements, problems };
};

/**
 * A file's statements as a draft; nothing where a workbook cannot say the same.
 * @param {WorkbookData} layout
 * @param {Statement[]} statements
 * @param {Language} language
 */
export const fromStatements = (layout, statements, language) => {
  const isSetUp = statements.some(([, , { value }]) => value === `${BK}SetUp`);
  const filled = isSetUp ? fillWorkbook(layout, statements, language)?.filled : null;
  return filled ? fromSheets(filled, language) : null;
};

/**
 * What all things are called, those of a draft among them.
 * @param {WorkbookData} layout
 * @param {Statement[]} statements
 */
export const indexLabels = (layout, statements) => new LabelIndex(layout, [...listExternalStatements(layout, ""), ...statements]);

/**
 * What can be chosen, by list.
 * @param {WorkbookData} layout
 * @param {LabelIndex} names
 * @param {Language} language
 */
export const listAllChoices = (layout, names, language) =>
  Object.fromEntries(Object.keys(layout.lists).map((list) => [list, names.listChoices(list, language)]));

/**
 * A draft with the names of things in another language.
 * @param {WorkbookData} layout
 * @param {SetUpDraft} draft
 * @param {LabelIndex} names
 * @param {Language} language
 * @returns {SetUpDraft}
 */
export const translateDraft = (layout, draft, names, language) => {
  /** @type {(line: string, column: Column) => string} */
  const translate = (line, { of, value }) => {
    const things = of && layout.lists[of] ? names.findResources(line, of) : [];
    if (of && things.length === 1) return names.formatResource(things[0], of, language);
    const words = Object.values(layout.keywords[value] ?? {});
    const key = words.find((one) => foldCase(layout.texts[draft.language][one]) === foldCase(line));
    return key ? layout.texts[language][key] : line;
  };
  /** @type {(row: Row, sheet: string) => Row} */
  const rowOf = (row, sheet) => {
    const columns = columnsOf(layout, sheet).filter(({ name }) => row[name]);
    const texts = columns.map((column) => [
      column.name,
      row[column.name]
        .split("\n")
        .map((line) => translate(line, column))
        .join("\n"),
    ]);
    return { ...row, ...Object.fromEntries(texts) };
  };
  const arenas = draft.arenas.map(({ row, seats, rhythms }) => ({
    row: rowOf(row, "arenas"),
    seats: seats.map((seat) => rowOf(seat, "seats")),
    rhythms: rhythms.map((rhythm) => rowOf(rhythm, "rhythms")),
  }));
  return { ...draft, language, arenas };
};

/**
 * The arena that each thing belongs to, by its place in the draft.
 * @param {Statement[]} statements
 */
export const findArenas = (statements) => {
  /** @param {string} property */
  const pairsOf = (property) => statements.filter(([, { value }]) => value === BK + property);
  const arenas = pairsOf("hasArena").map(([, , { value }]) => value);
  const owned = ["hasParticipation", "hasMeetingRhythm", "hasTopic"].flatMap(pairsOf);
  return new Map([
    ...owned.map(([{ value }, , thing]) => /** @type {[string, number]} */ ([thing.value, arenas.indexOf(value)])),
    ...arenas.map((arena, at) => /** @type {[string, number]} */ ([arena, at])),
  ]);
};

/**
 * The columns of a sheet by name.
 * @param {WorkbookData} layout
 * @param {string} sheet
 */
export const columnsOf = (layout, sheet) => (sheet === "set-up" ? findForm(layout) : findSheet(layout, sheet)).columns;
