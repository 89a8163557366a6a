// What the cells of a workbook say: values of columns, and things that they name, with remarks on what cannot be read.
/** @import { Severity, Statement, Term, TextTerm } from "../types.d.ts" */
/** @import { LabelIndex } from "./label-index.js" */
/** @import { Book, Cell, Cells, Column, Remark, Values, WorkbookData } from "./types.d.ts" */
import { distinct, isPresent } from "../collections.js";
import { foldName, slugify } from "../drafts/names.js";
import { BK, iri, keyOfTerm, langString, PREF_LABEL, plainLiteral, RDF_TYPE, SKOS, typedLiteral, XSD } from "../drafts/rdf.js";
import { READERS, stripBullets } from "../drafts/written-values.js";
import { Collector } from "./collector.js";
import { findColumn, findForm, findSheet, formatText, IN_DOCUMENT, IS_PART_OF, LANGUAGES, ORDER, SOURCE } from "./layout.js";

/**
 * The message on what is no such number.
 * @type {Record<string, string>}
 */
const NUMBER_PROBLEM_KEYS = {
  integer: "workbook.no-integer",
  year: "workbook.no-year",
  month: "workbook.no-month",
  months: "workbook.no-months",
  boolean: "workbook.no-boolean",
  interval: "workbook.no-interval",
};
/** The columns that say what a row rests on: a document that is not divided into passages, and passages. */
const CITATION = ["source", "passage"];

/** Reads the cells of one workbook. */
export class CellReader {
  /**
   * @param {WorkbookData} layout
   * @param {Book} book its cells.
   * @param {LabelIndex} names what names mean; new things are added to it.
   */
  constructor(layout, book, names) {
    this.layout = layout;
    this.book = book;
    this.names = names;
    this.result = new Collector();
    /** @type {Cells} */
    this.form = book[findForm(layout).name][0];
    /**
     * The IRIs of new and described things.
     * @type {Set<string>}
     */
    this.things = new Set();
    /**
     * What other sheets link to by name, placed competences or arenas: by name and IRI.
     * @type {Map<string, string>}
     */
    this.rows = new Map();
  }

  /**
   * The IRI that stands in a cell, or nothing.
   * @param {Cell} cell
   */
  parseAddress(cell) {
    const found = cell.text ? this.names.expandIri(cell.text) : null;
    if (cell.text && !found) this.result.remark("violation", cell, "workbook.address");
    return found;
  }

  /**
   * The values that a row has in a column.
   * @param {Column} column
   * @param {Cells} row
   */
  parseValues(column, row) {
    return this.parseCell(column, row[column.name], row);
  }

  /**
   * The values of a column; where neither source nor passage is given, those of the standard.
   * @param {Column} column
   * @param {Cells} row
   * @returns {Term[]}
   */
  parseWithDefault(column, row) {
    const cell = row[column.name];
    const name = column.name.replace(/^role-/, "");
    const prefix = column.name.slice(0, -name.length);
    const isCited = CITATION.includes(name) && CITATION.some((one) => row[prefix + one].text);
    const usual = column.default && !cell.text && !isCited ? this.form[name] : undefined;
    const values = this.parseCell(column, usual ?? cell, row);
    if (column.predicate !== SOURCE) return values;
    // The document of a passage follows from the passage.
    const passages = this.parseWithDefault(this.findCitationColumn(column, "passage"), row);
    const documents = new Set(passages.map(({ value }) => this.findDocument(value)));
    return values.filter(({ value }) => !documents.has(value));
  }

  /**
   * The column for sources or passages of the same thing as the one for the other.
   * @param {Column} column
   * @param {"source" | "passage"} name
   */
  findCitationColumn({ thing }, name) {
    const wanted = (thing === "role" ? "role-" : "") + name;
    const columns = this.layout.sheets.flatMap((sheet) => sheet.columns);
    return /** @type {Column} */ (columns.find((column) => column.name === wanted && column.thing === thing));
  }

  /**
   * The document that a passage is part of.
   * @param {string} passage
   * @returns {string | null}
   */
  findDocument(passage) {
    const [document] = this.names.getValues(passage, IN_DOCUMENT);
    const [whole] = this.names.getValues(passage, IS_PART_OF);
    return document?.value ?? (whole ? this.findDocument(whole.value) : null);
  }

  /**
   * The number that a thing has.
   * @param {string} thing
   */
  findNumber(thing) {
    const [number] = this.names.getValues(thing, ORDER);
    return number ? Number(number.value) : null;
  }

  /**
   * @param {Column} column
   * @param {Cell} cell
   * @param {Cells} row
   */
  parseCell(column, cell, row) {
    if (cell.text === this.layout.none) return [];
    const separators = new RegExp(`[${column.separator.trim()}\n]`);
    const parts = (column.many ? cell.text.split(separators) : [cell.text]).map((part) => part.trim()).filter(Boolean);
    return distinct(parts.map((part) => this.parsePart(part, column, cell, row)).filter(isPresent), keyOfTerm);
  }

  /**
   * @param {string} part
   * @param {Column} column
   * @param {Cell} cell
   * @param {Cells} row
   * @returns {Term | null}
   */
  parsePart(part, column, cell, row) {
    const { value: kind, of, language } = column;
    if (of) return this.resolveLink(part, of, column, cell, row);
    if (language) return langString(stripBullets(part, this.layout.written), language);
    return this.layout.forms[kind] ? this.parseLiteral(part, kind, cell) : typedLiteral(part, this.layout.datatypes[kind]);
  }

  /**
   * The value that a word in a cell stands for.
   * @param {string} part
   * @param {string} kind
   */
  expandKeyword(part, kind) {
    const words = Object.entries(this.layout.keywords[kind] ?? {});
    /** @param {[value: string, key: string]} word */
    const isMeant = ([, key]) => LANGUAGES.some((language) => foldName(formatText(this.layout, key, language)) === foldName(part));
    return words.find(isMeant)?.[0] ?? part;
  }

  /**
   * A number, a year, a month, a length of time, or yes or no.
   * @param {string} part
   * @param {string} kind
   * @param {Cell} cell
   * @returns {TextTerm | null}
   */
  parseLiteral(part, kind, cell) {
    const written = READERS[kind]?.(part, this.layout.written) ?? this.expandKeyword(part, kind);
    const match = new RegExp(`^(?:${this.layout.forms[kind]})$`).exec(written);
    const { datatypes } = this.layout;
    if (match && kind === "months") return typedLiteral(`P${Number(written)}M`, datatypes[kind]);
    if (match) return typedLiteral(kind === "integer" ? String(Number(written)) : match[1], datatypes[kind]);
    this.result.remark("violation", cell, NUMBER_PROBLEM_KEYS[kind]);
    return null;
  }

  /**
   * The thing that a name or IRI means; a new one where the list takes them.
   * @param {string} part
   * @param {string} of the list.
   * @param {Column} column
   * @param {Cell} cell
   * @param {Cells} row
   */
  resolveLink(part, of, column, cell, row) {
    if (this.layout.rows[of]) {
      const found = this.rows.get(foldName(part));
      if (!found) this.result.remark("violation", cell, this.layout.rows[of], { name: part });
      return found ? iri(found) : null;
    }
    const candidates = this.names.findResources(part, of);
    if (candidates.length === 1) return iri(candidates[0]);
    if (candidates.length) {
      const several = candidates.map((thing) => this.names.shortenIri(thing)).join(", ");
      this.result.remark("violation", cell, "workbook.ambiguous", { name: part, candidates: several });
      return null;
    }
    if (of === "passage" && slugify(part)) return this.addPassage(part, column, cell, row);
    if (this.layout.lists[of].new && slugify(part)) {
      const thing = `${this.layout.base}${this.layout.folders[of]}/${slugify(part)}`;
      if (this.names.kinds.has(thing)) return iri(thing);
      if (of === "competence") this.propose(thing, part, cell, row);
      else if (this.layout.named[of]) this.addNamed(thing, this.layout.named[of], part);
      else this.addAgent(thing, part);
      return iri(thing);
    }
    this.result.remark("violation", cell, of === "source" ? "workbook.page.no-source" : "workbook.page.not-listed", { name: part });
    return null;
  }

  /**
   * Describe a thing of which nothing is told but the name.
   * @param {string} thing
   * @param {string} kind its class.
   * @param {string} name
   */
  addNamed(thing, kind, name) {
    /** @type {[property: string, value: Term][]} */
    const described = [
      [RDF_TYPE, iri(kind)],
      ...LANGUAGES.map((language) => /** @type {[string, Term]} */ ([PREF_LABEL, langString(name, language)])),
      [`${BK}sameInBothLanguages`, typedLiteral("true", `${XSD}boolean`)],
      // It is taken from no document.
      [`${BK}editorial`, typedLiteral("true", `${XSD}boolean`)],
    ];
    this.things.add(thing);
    for (const [property, value] of described) this.result.add(thing, property, value);
    this.names.add(described.map(([property, value]) => [iri(thing), iri(property), value]));
  }

  /**
   * Propose a competence that is not there.
   * @param {string} thing
   * @param {string} name
   * @param {Cell} cell
   * @param {Cells} row
   */
  propose(thing, name, cell, row) {
    const { result } = this;
    result.remark("info", cell, "workbook.page.new-competence", { name });
    this.things.add(thing);
    result.add(thing, RDF_TYPE, iri(`${BK}Competence`));
    const labels = { nb: row["name-nb"].text || name, en: row["name-en"].text };
    for (const language of LANGUAGES) if (labels[language]) result.add(thing, PREF_LABEL, langString(labels[language], language));
    for (const property of ["inScheme", "topConceptOf"]) result.add(thing, SKOS + property, iri(this.layout.scheme));
    for (const part of CITATION) {
      const column = findColumn(findSheet(this.layout, "placed"), part);
      for (const value of this.parseWithDefault(column, row)) if (column.predicate) result.add(thing, column.predicate, value);
    }
  }

  /**
   * The passage with a heading in the document that the row, or else the standard, rests on; a new one where there is none.
   * @param {string} heading
   * @param {Column} column
   * @param {Cell} cell
   * @param {Cells} row
   */
  addPassage(heading, column, cell, row) {
    const { names, result } = this;
    const sources = this.findCitationColumn(column, "source");
    const given = row[sources.name].text ? row[sources.name] : this.form.source;
    const [document] = this.parseCell(sources, given, row);
    if (!document) {
      result.remark("violation", cell, "workbook.no-document", { name: heading });
      return null;
    }
    const passage = `${document.value}/${slugify(heading)}`;
    if (names.kinds.has(passage)) return iri(passage);
    const numbers = names.listSubjects(IS_PART_OF, document.value).map((thing) => this.findNumber(thing) ?? 0);
    /** @type {[property: string, value: Term][]} */
    const described = [
      [RDF_TYPE, iri(`${BK}Passage`)],
      [PREF_LABEL, langString(heading, "nb")],
      [PREF_LABEL, langString(heading, "en")],
      [`${BK}sameInBothLanguages`, typedLiteral("true", `${XSD}boolean`)],
      [ORDER, typedLiteral(String(1 + Math.max(0, ...numbers)), `${XSD}integer`)],
      [IS_PART_OF, document],
      [IN_DOCUMENT, document],
    ];
    this.things.add(passage);
    for (const [property, value] of described) result.add(passage, property, value);
    names.add(described.map(([property, value]) => [iri(passage), iri(property), value]));
    return iri(passage);
  }

  /**
   * Describe an organisation that is not there.
   * @param {string} thing
   * @param {string} name
   */
  addAgent(thing, name) {
    const { result } = this;
    const { foaf, org } = this.layout.prefixes;
    this.things.add(thing);
    for (const kind of [foaf, org]) result.add(thing, RDF_TYPE, iri(`${kind}Organization`));
    for (const language of LANGUAGES) result.add(thing, PREF_LABEL, langString(name, language));
    result.add(thing, `${BK}sameInBothLanguages`, typedLiteral("true", `${XSD}boolean`));
    result.add(thing, `${foaf}name`, plainLiteral(name));
    this.names.add([
      [iri(thing), iri(RDF_TYPE), iri(`${foaf}Organization`)],
      [iri(thing), iri(PREF_LABEL), langString(name, "nb")],
    ]);
  }
}
