// The cells of a workbook filled with what is said of a standard, as `workbook/from_rdf.py` does it.
/** @import { BlankTerm, IriTerm, Language, Statement, TextTerm } from "../types.d.ts" */
/** @import { SheetTexts, WorkbookData } from "./types.d.ts" */
import { BK, iri, keyOfStatement, RDF_TYPE } from "../drafts/rdf.js";
import { StandardFiller } from "./filler.js";
import { LabelIndex } from "./label-index.js";
import { buildWorkbookCells, formatText, listDescribed, listExternalStatements, PREFIXED } from "./layout.js";
import { SetUpFiller } from "./set-up.js";
import { buildGraph } from "./to-rdf.js";

/**
 * The classes of what a workbook is about, by the kind of workbook.
 * @type {Record<WorkbookData["name"], string[]>}
 */
const SUBJECT_CLASSES = { standard: ["CompetenceStandard", "LocalStandard"], "set-up": ["SetUp"], group: [] };

/**
 * An IRI with a prefix, from the base on, or whole; the label of a blank node.
 * @param {IriTerm | BlankTerm} term
 * @param {LabelIndex} names
 * @param {Record<string, string>} prefixes
 */
const compactIri = ({ type, value }, names, prefixes) => {
  if (type === "blank") return `_:${value}`;
  for (const [prefix, space] of Object.entries(prefixes)) {
    const short = `${prefix}:${value.slice(space.length)}`;
    if (value.startsWith(space) && PREFIXED.test(short)) return short;
  }
  return names.shortenIri(value);
};

/**
 * A statement as a row of the last sheet.
 * @param {Statement} statement
 * @param {WorkbookData} layout
 * @param {LabelIndex} names
 * @param {Language} language
 */
const buildOtherRow = ([subject, property, object], layout, names, language) => {
  /** @param {IriTerm | BlankTerm} term */
  const compact = (term) => compactIri(term, names, layout.prefixes);
  /** @param {TextTerm} text */
  const typeOf = (text) =>
    text.language || (text.datatype ? compact(iri(text.datatype)) : formatText(layout, "workbook.type.text", language));
  return {
    subject: compact(subject),
    property: compact(property),
    value: object.type === "text" ? object.value : compact(object),
    type: object.type === "text" ? typeOf(object) : formatText(layout, "workbook.type.link", language),
  };
};

/** @typedef {{ filled: SheetTexts, choices: Record<string, string[]> }} FilledWorkbook What stands in it, and what can be chosen, by list. */

/**
 * Fill a workbook with all that is said of a standard or a set-up. What the columns do not carry stands on the last sheet, a statement a row.
 * @param {WorkbookData} layout
 * @param {Statement[]} statements
 * @param {Language} language
 * @returns {FilledWorkbook | null} nothing where it cannot be filled so that it says the same.
 */
export const fillWorkbook = (layout, statements, language) => {
  const kinds = SUBJECT_CLASSES[layout.name].map((name) => BK + name);
  /** @param {Statement} statement */
  const isAbout = ([subject, property, object]) => subject.type === "iri" && property.value === RDF_TYPE && kinds.includes(object.value);
  const about = statements.find(isAbout)?.[0].value ?? "";
  const others = listExternalStatements(layout, about.split("/").pop() ?? "");
  const elsewhere = listDescribed(others);
  const names = new LabelIndex(layout, [...others, ...statements]);
  const lists = Object.keys(layout.lists).filter((name) => name !== "outcome");
  const choices = Object.fromEntries(lists.map((name) => [name, names.listChoices(name, language)]));
  const Filler = layout.name === "set-up" ? SetUpFiller : StandardFiller;
  const columns = new Filler(layout, statements, names, about, language).fillSheets();
  const made = buildGraph(layout, buildWorkbookCells(layout, columns), names, elsewhere);
  const carried = new Set(made.statements.map(keyOfStatement));
  const rest = statements.filter((statement) => !carried.has(keyOfStatement(statement)));
  const filled = { ...columns, other: rest.map((statement) => buildOtherRow(statement, layout, names, language)) };
  // A reader knows only what the others say; for them too it is to be the same.
  const read = buildGraph(layout, buildWorkbookCells(layout, filled), new LabelIndex(layout, others), elsewhere);
  const again = new Set(read.statements.map(keyOfStatement));
  const own = new Set(statements.map(keyOfStatement));
  return again.size === own.size && [...own].every((key) => again.has(key)) ? { filled, choices } : null;
};
