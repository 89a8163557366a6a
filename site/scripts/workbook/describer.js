// What rows and forms say of things, column by column, unless another file describes them.
/** @import { ListMember } from "../drafts/list-order.js" */
/** @import { LabelIndex } from "./label-index.js" */
/** @import { Statement, Term } from "../types.d.ts" */
/** @import { Book, Cell, Cells, Sheet, WorkbookData } from "./types.d.ts" */
import { suggestNumbers } from "../drafts/list-order.js";
import { foldName } from "../drafts/names.js";
import { blankNode, iri, keyOfTerm, langString, plainLiteral, typedLiteral } from "../drafts/rdf.js";
import { CellReader } from "./cell-reader.js";
import { LANGUAGES, loadKeywords, ORDER, PREFIXED, TYPE_KEYS } from "./layout.js";

/**
 * The columns that say something of a thing, with their properties.
 * @param {Sheet} sheet
 * @param {string | null} of in a form `role` or `standard`.
 */
const columnsAbout = (sheet, of) =>
  sheet.columns.flatMap((column) => (column.predicate && column.thing === of ? [{ column, predicate: column.predicate }] : []));

/** Describes things by the cells of one workbook. */
export class Describer extends CellReader {
  /**
   * @param {WorkbookData} layout
   * @param {Book} book its cells.
   * @param {LabelIndex} names what names mean; new things are added to it.
   * @param {Set<string>} elsewhere what other files describe: it is pointed to, never described anew.
   */
  constructor(layout, book, names, elsewhere) {
    super(layout, book, names);
    this.elsewhere = elsewhere;
    /**
     * What stands in lists, in the order of the rows.
     * @type {{ thing: string, member: ListMember, isNone: boolean }[]}
     */
    this.members = [];
    const cells = Object.values(book).flatMap((rows) => rows.flatMap((row) => Object.values(row)));
    this.used = new Set(cells.map(({ text }) => text));
  }

  /**
   * Note that a thing stands in lists, in the order of the rows.
   * @param {string} thing
   * @param {Cells} row
   * @param {[thing: string, property: string][]} lists
   * @param {{ given?: number | null, isAlwaysNumbered?: boolean }} [options] `given`, the number that it has elsewhere.
   */
  addToList(thing, row, lists, { given = null, isAlwaysNumbered = false } = {}) {
    const { text } = row.order;
    const isNone = text === this.layout.none;
    const written = text && !isNone ? this.parseLiteral(text, "integer", row.order) : null;
    const number = given ?? (written ? Number(written.value) : null);
    const member = { lists: lists.map((list) => list.join("\n")), number, isAlwaysNumbered };
    this.members.push({ thing, member, isNone });
  }

  /** Number what is listed: as the row says, else by the order of the rows. */
  addNumbers() {
    const suggested = suggestNumbers(this.members.map(({ member }) => member));
    this.members.forEach(({ thing, member, isNone }, at) => {
      const number = member.number ?? suggested[at];
      if (number === null || isNone || this.elsewhere.has(thing)) return;
      this.result.add(thing, ORDER, typedLiteral(String(number), this.layout.datatypes.integer));
    });
  }

  /**
   * What a thing is called in both languages.
   * @param {string} thing
   */
  findLabels(thing) {
    return Object.fromEntries(LANGUAGES.map((language) => [language, this.names.findLabel(thing, language)]));
  }

  /**
   * Say what a row or form says of a thing, column by column.
   * @param {string} thing
   * @param {Sheet} sheet
   * @param {Cells} row
   * @param {string | null} of
   */
  describeResource(thing, sheet, row, of = null) {
    for (const { column, predicate } of columnsAbout(sheet, of)) {
      for (const value of this.parseWithDefault(column, row)) this.result.add(thing, predicate, value);
    }
  }

  /**
   * The cells that say something else of a thing than is known of it.
   * @param {string} thing
   * @param {Sheet} sheet
   * @param {Cells} row
   * @param {string | null} of
   */
  findChangedCells(thing, sheet, row, of = null) {
    const changed = columnsAbout(sheet, of).filter(({ column, predicate }) => {
      const known = new Set(this.names.getValues(thing, predicate).map(keyOfTerm));
      return this.parseValues(column, row).some((value) => !known.has(keyOfTerm(value)));
    });
    return changed.map(({ column }) => row[column.name]);
  }

  /**
   * Whether another file describes a thing; what is written otherwise here is remarked on, since it is not read.
   * @param {string} thing
   * @param {Sheet} sheet
   * @param {Cells} row
   * @param {string | null} of
   */
  isExternal(thing, sheet, row, of = null) {
    if (!this.elsewhere.has(thing)) return false;
    for (const cell of this.findChangedCells(thing, sheet, row, of)) {
      this.result.remark("warning", cell, "workbook.described-elsewhere", { name: this.findLabels(thing) });
    }
    return true;
  }

  /**
   * The IRI of a new thing below another: the first number that is free.
   * @param {string} above
   */
  mintNumberedIri(above) {
    let number = 1;
    while (this.used.has(this.names.shortenIri(`${above}/${number}`))) number++;
    this.used.add(this.names.shortenIri(`${above}/${number}`));
    return `${above}/${number}`;
  }

  /**
   * The statements of the sheet for all the rest.
   * @returns {Statement[]}
   */
  parseOtherStatements() {
    const kinds = loadKeywords(this.layout, TYPE_KEYS);
    return this.book.other.flatMap((row) => {
      const property = this.parseTerm(row.property);
      const value = this.parseOtherValue(row, kinds);
      const parts = { subject: this.parseTerm(row.subject), property: property?.type === "iri" ? property : null, value };
      for (const [name, part] of Object.entries(parts)) if (!part) this.result.remark("violation", row[name], "workbook.no-statement");
      return parts.subject && parts.property && parts.value ? [[parts.subject, parts.property, parts.value]] : [];
    });
  }

  /**
   * @param {Cells} row
   * @param {Map<string, string>} kinds what words for types stand for.
   * @returns {Term | null}
   */
  parseOtherValue(row, kinds) {
    const { text: kind } = row.type;
    const { text: value } = row.value;
    const means = kinds.get(foldName(kind));
    if (means === "text") return plainLiteral(value);
    const [prefix, ...rest] = kind.split(":");
    if (rest.length && this.layout.prefixes[prefix]) return typedLiteral(value, this.layout.prefixes[prefix] + rest.join(":"));
    if (means === "link") return this.parseTerm(row.value);
    return /^[a-z]{2,3}(-[a-z0-9]+)*$/.test(kind) ? langString(value, kind) : null;
  }

  /**
   * What an IRI, a prefixed name or the label of a blank node means.
   * @param {Cell} cell
   */
  parseTerm({ text }) {
    if (text.startsWith("_:")) return blankNode(text.slice(2));
    const [, prefix, rest] = PREFIXED.exec(text) ?? [];
    const namespace = prefix && this.layout.prefixes[prefix];
    const found = namespace ? namespace + rest : this.names.expandIri(text);
    return found ? iri(found) : null;
  }
}
