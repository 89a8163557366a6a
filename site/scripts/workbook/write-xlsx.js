// A filled workbook as a file (xlsx, a zip of XML): a guide, the sheets, and the lists that their drop-downs show. No text is a formula.
/** @import { Language } from "../types.d.ts" */
/** @import { FilledWorkbook } from "./from-rdf.js" */
/** @import { Column, Sheet, SheetTexts, WorkbookData } from "./types.d.ts" */
import { strToU8, zipSync } from "fflate";
import { findSheet, formatText, ITEM_KEYS, LIST_FAMILY, toLetters, toReference } from "./layout.js";

/** @typedef {{ where: string, from: string | null, isStrict: boolean, note?: string }} Choices Which cells may be chosen for, from where, and a note. */
/**
 * A sheet as it is written.
 * @typedef {object} WrittenSheet
 * @property {string} title
 * @property {string[][]} grid texts by row and column.
 * @property {(row: number, column: number) => number} style of a cell by row and column from 1.
 * @property {number[]} widths of columns.
 * @property {Choices[]} [choices]
 * @property {boolean} [isInput] whether a person writes in it.
 * @property {number[]} [foldedRows] the numbers of rows that are folded away, and of columns.
 * @property {number[]} [foldedColumns]
 * @property {boolean} [isHidden]
 */
/** @typedef {(of: string | null) => string | null} FindChoices Finds the cells that the choices of a list stand in. */

const MAX_CELL_CHARACTERS = 32_767;
/** The longest note that a spreadsheet shows beside a cell. */
const MAX_NOTE_CHARACTERS = 255;
/** The rows of a sheet that have drop-downs. */
const ROWS = 1000;
const [WIDE, NARROW] = [60, 24];
/** Points of a line, and of the highest row that a spreadsheet takes. */
const [LINE_HEIGHT, MAX_ROW_HEIGHT] = [15, 400];
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what XML cannot hold
const ILLEGAL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/u;

const MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
export const OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
export const PACKAGE = "http://schemas.openxmlformats.org/package/2006";
export const RELATIONS = "application/vnd.openxmlformats-package.relationships+xml";
const TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml";

/** @type {Record<string, string>} */
const ENTITIES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
/** @param {string} text */
export const escapeXml = (text) => text.replace(/[&<>"]/g, (sign) => ENTITIES[sign]);
/** @param {string} content */
export const documentOf = (content) => strToU8(`<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n${content}`);

// The styles of cells, by their place in the list of styles.
const [PLAIN, HEADING, INPUT] = [0, 1, 2];
const STYLES = [
  'numFmtId="0" fontId="0" fillId="0"',
  'numFmtId="0" fontId="1" fillId="2" applyFont="1" applyFill="1"',
  // Kept as text, so that 2026-03 does not become a day.
  'numFmtId="49" fontId="0" fillId="0" applyNumberFormat="1"',
];

const stylesXml = () => {
  /** @param {string} bold */
  const font = (bold) => `<font>${bold}<sz val="11"/><name val="Calibri"/></font>`;
  /** @param {string} type */
  const pattern = (type) => `<fill><patternFill patternType="${type}"/></fill>`;
  const solid = '<fill><patternFill patternType="solid"><fgColor rgb="FFE6EEF5"/></patternFill></fill>';
  const alignment = '<alignment vertical="top" wrapText="1"/>';
  const formats = STYLES.map((style) => `<xf ${style} borderId="0" xfId="0" applyAlignment="1">${alignment}</xf>`);
  return documentOf(
    [
      `<styleSheet xmlns="${MAIN}">`,
      `<fonts count="2">${font("")}${font("<b/>")}</fonts>`,
      `<fills count="3">${pattern("none")}${pattern("gray125")}${solid}</fills>`,
      '<borders count="1"><border/></borders>',
      '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>',
      `<cellXfs count="${formats.length}">${formats.join("")}</cellXfs>`,
      '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>',
      "</styleSheet>",
    ].join(""),
  );
};

/** @param {[type: string, target: string][]} relations */
const relationsXml = (relations) => {
  const parts = relations.map(([type, target], at) => `<Relationship Id="r${at + 1}" Type="${OFFICE}/${type}" Target="${target}"/>`);
  return documentOf(`<Relationships xmlns="${PACKAGE}/relationships">${parts.join("")}</Relationships>`);
};

/** @param {WrittenSheet[]} sheets */
const typesXml = (sheets) => {
  /** @type {(name: string, type: string) => string} */
  const override = (name, type) => `<Override PartName="/xl/${name}.xml" ContentType="${TYPES}.${type}+xml"/>`;
  const defaults = `<Default Extension="rels" ContentType="${RELATIONS}"/><Default Extension="xml" ContentType="application/xml"/>`;
  const parts = [
    override("workbook", "sheet.main"),
    override("styles", "styles"),
    ...sheets.map((_, at) => override(`worksheets/sheet${at + 1}`, "worksheet")),
  ];
  return documentOf(`<Types xmlns="${PACKAGE}/content-types">${defaults}${parts.join("")}</Types>`);
};

/** @param {WrittenSheet[]} sheets */
const workbookXml = (sheets) => {
  const parts = sheets.map(({ title, isHidden }, at) => {
    const state = isHidden ? ' state="hidden"' : "";
    return `<sheet name="${escapeXml(title)}" sheetId="${at + 1}"${state} r:id="r${at + 1}"/>`;
  });
  const views = "<bookViews><workbookView/></bookViews>";
  return documentOf(`<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}">${views}<sheets>${parts.join("")}</sheets></workbook>`);
};

/** @type {(text: string, reference: string, style: number) => string} */
const cellXml = (text, reference, style) =>
  text
    ? `<c r="${reference}" s="${style}" t="inlineStr"><is><t xml:space="preserve">${escapeXml(text)}</t></is></c>`
    : `<c r="${reference}" s="${style}"/>`;

/** @param {Choices} choices */
const validationXml = ({ where, from, note, isStrict }) =>
  [
    `<dataValidation ${from ? 'type="list" ' : ""}allowBlank="1"`,
    isStrict ? ' showErrorMessage="1"' : "",
    note && note.length <= MAX_NOTE_CHARACTERS ? ` showInputMessage="1" prompt="${escapeXml(note)}"` : "",
    ` sqref="${where}">`,
    from ? `<formula1>${escapeXml(from)}</formula1>` : "",
    "</dataValidation>",
  ].join("");

/**
 * How high a row is: as its texts, which not all spreadsheets see to when they open a file.
 * @param {string[]} row
 * @param {number[]} widths
 */
const heightOf = (row, widths) => {
  /** @type {(text: string, at: number) => number} */
  const countLines = (text, at) => text.split("\n").reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / widths[at])), 0);
  const lines = Math.max(1, ...row.map((text, at) => (text ? countLines(text, at) : 1)));
  return lines > 1 ? Math.min(MAX_ROW_HEIGHT, LINE_HEIGHT * lines) : 0;
};

/** @param {boolean | undefined} isFolded */
const foldXml = (isFolded) => (isFolded ? ' hidden="1" outlineLevel="1"' : "");

/** @param {WrittenSheet} sheet */
const sheetXml = ({ grid, style, widths, choices = [], isInput = false, foldedRows = [], foldedColumns = [] }) => {
  const frozen = '<pane xSplit="1" ySplit="1" topLeftCell="B2" activePane="bottomRight" state="frozen"/>';
  const columns = widths.map((width, at) => {
    const number = at + 1;
    return `<col min="${number}" max="${number}" width="${width}" customWidth="1" style="${style(2, number)}"${foldXml(foldedColumns.includes(number))}/>`;
  });
  const rows = grid.map((row, at) => {
    const cells = row.map((text, place) => cellXml(text, toReference(at + 1, place + 1), style(at + 1, place + 1)));
    const height = heightOf(row, widths);
    const high = height ? ` ht="${height}" customHeight="1"` : "";
    return `<row r="${at + 1}"${high}${foldXml(foldedRows.includes(at + 1))}>${cells.join("")}</row>`;
  });
  const validations = choices.map(validationXml);
  return documentOf(
    [
      `<worksheet xmlns="${MAIN}">`,
      '<sheetPr><outlinePr summaryBelow="0" summaryRight="0"/><pageSetUpPr fitToPage="1"/></sheetPr>',
      `<sheetViews><sheetView workbookViewId="0">${isInput ? frozen : ""}</sheetView></sheetViews>`,
      `<cols>${columns.join("")}</cols><sheetData>${rows.join("")}</sheetData>`,
      validations.length ? `<dataValidations count="${validations.length}">${validations.join("")}</dataValidations>` : "",
      '<pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/>',
      "</worksheet>",
    ].join(""),
  );
};

/**
 * Why a text cannot stand in a cell, as a sentence; nothing where all can.
 * @param {WorkbookData} layout
 * @param {SheetTexts} filled
 * @param {Language} language
 */
export const findUnwritable = (layout, filled, language) => {
  const cannotHold = (text = "") => text.length > MAX_CELL_CHARACTERS || ILLEGAL.test(text);
  for (const { name, title, columns } of layout.sheets) {
    for (const row of filled[name]) {
      const column = columns.find((one) => cannotHold(row[one.name]));
      const thing = row.subject || row.address || title[language];
      if (column) return formatText(layout, "workbook.unsupported-text", language, { thing, property: column.heading[language] });
    }
  }
  return null;
};

/**
 * What drop-downs show, by list. Two or three descriptors may be chosen together.
 * @param {WorkbookData} layout
 * @param {Record<string, string[]>} choices
 * @param {Language} language
 * @returns {Record<string, string[]>}
 */
const listsOf = (layout, choices, language) => {
  if (layout.name !== "standard") {
    /** @param {Record<string, string>} keys */
    const wordsOf = (keys) => Object.values(keys).map((key) => formatText(layout, key, language));
    return { ...choices, ...Object.fromEntries(Object.entries(layout.keywords).map(([kind, keys]) => [kind, wordsOf(keys)])) };
  }
  const { descriptor } = choices;
  const pairs = descriptor.flatMap((one, at) => descriptor.slice(at + 1).map((other) => `${one}, ${other}`));
  return {
    ...choices,
    descriptor: [...descriptor, ...pairs, ...(descriptor.length > 2 ? [descriptor.join(", ")] : [])],
    item: Object.values(ITEM_KEYS).map((key) => formatText(layout, key, language)),
  };
};

/**
 * The sheet of the lists.
 * @param {WorkbookData} layout
 * @param {Record<string, string[]>} lists
 * @param {Language} language
 * @returns {WrittenSheet}
 */
const listSheet = (layout, lists, language) => {
  const longest = Math.max(...Object.values(lists).map(({ length }) => length));
  return {
    title: formatText(layout, "workbook.sheet.lists", language),
    grid: [
      Object.keys(lists).map((name) => formatText(layout, `${LIST_FAMILY}${name}`, language)),
      ...Array.from({ length: longest }, (_, at) => Object.values(lists).map((list) => list[at] ?? "")),
    ],
    isHidden: true,
    style: (row) => (row === 1 ? HEADING : PLAIN),
    widths: Object.keys(lists).map(() => NARROW),
  };
};

/**
 * @param {WorkbookData} layout
 * @param {Language} language
 * @returns {WrittenSheet}
 */
const guideSheet = (layout, language) => {
  const lines = Object.keys(layout.texts[language]).filter((key) => key.startsWith(layout.guide));
  return {
    title: formatText(layout, "workbook.sheet.guide", language),
    grid: lines.sort().map((key) => [formatText(layout, key, language)]),
    style: (row) => (row === 1 ? HEADING : PLAIN),
    widths: [2 * WIDE],
  };
};

/**
 * @param {WorkbookData} layout
 * @param {Record<string, string[]>} lists
 * @param {Language} language
 * @returns {FindChoices}
 */
const choicesFinder = (layout, lists, language) => (of) => {
  if (of && layout.rows[of]) return `'${findSheet(layout, of).title[language]}'!$A$2:$A$${ROWS}`;
  const at = of ? Object.keys(lists).indexOf(of) : -1;
  if (!of || at < 0) return null;
  const letters = toLetters(at + 1);
  return `'${formatText(layout, "workbook.sheet.lists", language)}'!$${letters}$2:$${letters}$${lists[of].length + 1}`;
};

/**
 * The list that a column's drop-down shows.
 * @param {WorkbookData} layout
 * @param {Column} column
 */
const choicesOf = (layout, { of, value }) => of ?? (layout.keywords[value] ? value : null);

/**
 * Whether a column is seldom needed, or for a language that the project does not have.
 * @param {WorkbookData} layout
 * @param {Column} column
 */
const isFolded = ({ languages }, { folded, language }) => folded || (language !== null && !languages.includes(language));

/** @typedef {(layout: WorkbookData, sheet: Sheet, rows: Record<string, string>[], findChoices: FindChoices, language: Language) => WrittenSheet} MakeSheet */

/** @type {MakeSheet} A sheet that is about one thing: a line a property. */
const formSheet = (layout, { title, columns }, [row], findChoices, language) => ({
  title: title[language],
  isInput: true,
  foldedRows: columns.flatMap((column, at) => (isFolded(layout, column) && !row[column.name] ? at + 2 : [])),
  grid: [
    ["workbook.form.property", "workbook.form.value", "workbook.form.note"].map((key) => formatText(layout, key, language)),
    ...columns.map((column) => [column.heading[language], row[column.name] ?? "", column.note[language]]),
  ],
  style: (line, column) => (line === 1 || column === 1 ? HEADING : column === 2 ? INPUT : PLAIN),
  widths: [2 * NARROW, WIDE, WIDE],
  choices: columns
    .map((column, at) => {
      const of = choicesOf(layout, column);
      return { where: toReference(at + 2, 2), from: findChoices(of), isStrict: layout.strict.includes(of ?? "") };
    })
    .filter(({ from }) => from),
});

/** @type {MakeSheet} A sheet with a row for each thing. */
const tableSheet = (layout, { title, columns }, rows, findChoices, language) => ({
  title: title[language],
  isInput: true,
  foldedColumns: columns.flatMap((column, at) => (isFolded(layout, column) && !rows.some((row) => row[column.name]) ? at + 1 : [])),
  grid: [columns.map(({ heading }) => heading[language]), ...rows.map((row) => columns.map(({ name }) => row[name] ?? ""))],
  style: (line) => (line === 1 ? HEADING : INPUT),
  widths: columns.map(({ value, name }) => (["text", "texts"].includes(value) && !name.startsWith("name") ? WIDE : NARROW)),
  choices: columns
    .map((column, at) => {
      const of = choicesOf(layout, column);
      const where = `${toLetters(at + 1)}2:${toLetters(at + 1)}${ROWS}`;
      return { where, from: findChoices(of), isStrict: layout.strict.includes(of ?? ""), note: column.note[language] };
    })
    .filter(({ from, note }) => from || note),
});

/**
 * Write a filled workbook.
 * @param {WorkbookData} layout
 * @param {FilledWorkbook} workbook
 * @param {Language} language
 */
export const writeXlsx = (layout, { filled, choices }, language) => {
  const lists = listsOf(layout, choices, language);
  const findChoices = choicesFinder(layout, lists, language);
  const tables = layout.sheets.map((sheet) =>
    (sheet.form ? formSheet : tableSheet)(layout, sheet, filled[sheet.name], findChoices, language),
  );
  return writeSheets([guideSheet(layout, language), ...tables, listSheet(layout, lists, language)]);
};

/**
 * Write tables of texts, the headings of each in its first row.
 * @param {{ title: string, grid: string[][] }[]} tables
 */
export const writeTables = (tables) =>
  writeSheets(
    tables.map(({ title, grid }) => ({
      title,
      grid,
      style: (row) => (row === 1 ? HEADING : PLAIN),
      widths: (grid[0] ?? []).map((_, at) => (at ? NARROW : WIDE)),
    })),
  );

/** @param {WrittenSheet[]} sheets */
const writeSheets = (sheets) => {
  const parts = {
    "[Content_Types].xml": typesXml(sheets),
    "_rels/.rels": relationsXml([["officeDocument", "xl/workbook.xml"]]),
    "xl/workbook.xml": workbookXml(sheets),
    "xl/_rels/workbook.xml.rels": relationsXml([
      ...sheets.map((_, at) => /** @type {[string, string]} */ (["worksheet", `worksheets/sheet${at + 1}.xml`])),
      ["styles", "styles.xml"],
    ]),
    "xl/styles.xml": stylesXml(),
    ...Object.fromEntries(sheets.map((sheet, at) => [`xl/worksheets/sheet${at + 1}.xml`, sheetXml(sheet)])),
  };
  return zipSync(parts, { mtime: new Date(1980, 0, 1) });
};
