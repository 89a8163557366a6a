// The sheets of a workbook but the last, filled with what is said of a standard.
/** @import { BlankTerm, IriTerm, Language, Statement, Term, TextTerm } from "../types.d.ts" */
/** @import { ListMember } from "../drafts/list-order.js" */
/** @import { Column, SheetTexts, WorkbookData } from "./types.d.ts" */
import { distinct, getOrAdd, isPresent } from "../collections.js";
import { suggestNumbers } from "../drafts/list-order.js";
import { BK, iri, PREF_LABEL, RDF_TYPE, XSD } from "../drafts/rdf.js";
import { LabelIndex } from "./label-index.js";
import {
  CLASSES,
  findColumn,
  findSheet,
  formatText,
  IN_DOCUMENT,
  IS_PART_OF,
  ITEM_KEYS,
  ORDER,
  SOURCE,
  STATED_IN,
  trimLines,
} from "./layout.js";

/**
 * The IRIs among values, each once.
 * @param {Term[]} values
 */
const filterIris = (values) => distinct(values.filter(({ type }) => type === "iri").map(({ value }) => value));

/** Fills one workbook. */
export class WorkbookFiller {
  /**
   * @param {WorkbookData} layout
   * @param {Statement[]} statements what a file says, in its order.
   * @param {LabelIndex} names what things are called.
   * @param {string} subject what the workbook is about: a standard or a set-up.
   * @param {Language} language of names in the workbook.
   */
  constructor(layout, statements, names, subject, language) {
    this.layout = layout;
    this.statements = statements;
    this.names = names;
    this.subject = subject;
    this.language = language;
    /** @type {Map<string, Term[]>} */
    this.objects = new Map();
    for (const [subject, property, object] of statements) {
      if (subject.type === "iri") getOrAdd(this.objects, `${subject.value}\n${property.value}`, () => []).push(object);
    }
    /**
     * What other sheets link to by name: placed competences or arenas.
     * @type {string[]}
     */
    this.placed = [];
    /**
     * What stands in lists, in the order of the rows.
     * @type {{ row: Record<string, string>, member: ListMember, isElsewhere: boolean }[]}
     */
    this.members = [];
  }

  /**
   * The values of a property: as the file has them, or as is known where the file is silent on the thing.
   * @param {string} thing
   * @param {string} property
   */
  getValues(thing, property) {
    const isDescribed = this.objects.has(`${thing}\n${RDF_TYPE}`) || this.objects.has(`${thing}\n${property}`);
    return isDescribed ? (this.objects.get(`${thing}\n${property}`) ?? []) : this.names.getValues(thing, property);
  }

  /**
   * The number of a thing in its lists.
   * @param {string} thing
   */
  findNumber(thing) {
    const number = this.getValues(thing, ORDER).find(({ type, value }) => type === "text" && /^\d+$/.test(value));
    return number ? Number(number.value) : null;
  }

  /**
   * What a thing lists by a property, by number; what has none comes last, as the file has it.
   * @param {string} thing
   * @param {string} property
   */
  listInOrder(thing, property) {
    /** @param {string} one */
    const rank = (one) => this.findNumber(one) || Number.MAX_SAFE_INTEGER;
    return filterIris(this.getValues(thing, BK + property)).sort((one, two) => rank(one) - rank(two));
  }

  /**
   * The names of a thing by language.
   * @param {string} thing
   */
  getLabels(thing) {
    const texts = this.getValues(thing, PREF_LABEL).filter((object) => object.type === "text");
    return new Map(texts.map(({ language, value }) => [language, value]));
  }

  /** @param {string} thing */
  getLabel(thing) {
    return this.getLabels(thing).get(this.language) || this.names.shortenIri(thing);
  }

  /**
   * What a placed competence is called on the other sheets: its name, or its IRI where several have it.
   * @param {string} thing
   */
  formatPlacement(thing) {
    const name = this.getLabel(thing);
    const alike = this.placed.filter((other) => [...this.getLabels(other).values()].includes(name));
    return alike.length === 1 && alike[0] === thing ? name : this.names.shortenIri(thing);
  }

  /**
   * What stands in a cell for a value; nothing where the cell cannot hold it.
   * @param {Column} column
   * @param {Term} object
   */
  formatValue(column, object) {
    if (column.of) return object.type === "iri" ? this.formatLink(column.of, column.separator, object.value) : null;
    if (object.type !== "text" || (object.language ?? null) !== column.language) return null;
    const { datatypes, none } = this.layout;
    if (!column.language && (object.datatype ?? `${XSD}string`) !== datatypes[column.value]) return null;
    if (this.layout.forms[column.value]) return this.formatLiteral(column.value, object.value);
    const { value } = object;
    return value && value === trimLines(value) && value !== none && !value.includes("\n") ? value : null;
  }

  /**
   * What stands in a cell for a number, a year, a month, a length of time, or yes or no; nothing where it would be read as another value.
   * @param {string} kind
   * @param {string} value
   */
  formatLiteral(kind, value) {
    const key = this.layout.keywords[kind]?.[value];
    if (key) return formatText(this.layout, key, this.language);
    if (kind === "months") return /^P([1-9]\d{0,2})M$/.exec(value)?.[1] ?? null;
    const isRead = new RegExp(`^(?:${this.layout.forms[kind]})$`).test(value);
    return isRead && (kind !== "integer" || value === String(Number(value))) ? value : null;
  }

  /**
   * @param {string} of the list.
   * @param {string} separator
   * @param {string} thing
   */
  formatLink(of, separator, thing) {
    if (this.layout.rows[of]) return this.placed.includes(thing) ? this.formatPlacement(thing) : null;
    const shown = this.names.formatResource(thing, of, this.language);
    const means = this.names.findResources(shown, of);
    return means.length === 1 && means[0] === thing && !shown.includes(separator) ? shown : null;
  }

  /**
   * @param {Column} column
   * @param {Term[]} values
   */
  formatCell(column, values) {
    const found = values.map((value) => this.formatValue(column, value)).filter(isPresent);
    const kept = column.many ? found : found.slice(0, 1);
    while (kept.reduce((length, { length: more }) => length + more, 0) > this.layout.longest) kept.pop();
    return kept.join(column.separator) || (column.default ? this.layout.none : "");
  }

  /**
   * The cells that say what is said of a thing.
   * @param {string} thing
   * @param {string} sheet
   * @param {string | null} about in a form `role` or `standard`.
   * @returns {Record<string, string>}
   */
  buildRow(thing, sheet, about = null) {
    const { columns: all } = findSheet(this.layout, sheet);
    const columns = all.filter(({ predicate, thing: of, value }) => of === about && (predicate || value === "address"));
    /** @param {Column} column */
    const textOf = (column) =>
      column.predicate ? this.formatCell(column, this.getValues(thing, column.predicate)) : this.names.shortenIri(thing);
    return Object.fromEntries(columns.map((column) => [column.name, textOf(column)]));
  }

  /**
   * The row of a thing that stands in lists.
   * @param {string} thing
   * @param {string} sheet
   * @param {[thing: string, property: string][]} lists
   * @param {boolean} [isAlwaysNumbered] whether it has a number in a list of one too.
   */
  buildListedRow(thing, sheet, lists, isAlwaysNumbered = false) {
    const row = this.buildRow(thing, sheet);
    const isElsewhere = !this.objects.has(`${thing}\n${RDF_TYPE}`) && this.names.kinds.has(thing);
    const member = { lists: lists.map((list) => list.join("\n")), number: this.findNumber(thing), isAlwaysNumbered };
    this.members.push({ row, member, isElsewhere });
    return row;
  }

  /** Fill in the numbers that the order of the rows does not tell. */
  fillNumbers() {
    const suggested = suggestNumbers(this.members.map(({ member }) => member));
    this.members.forEach(({ row, member: { number }, isElsewhere }, at) => {
      row.order = isElsewhere || number === suggested[at] ? "" : String(number ?? this.layout.none);
    });
  }
}

/** Fills the workbook of a standard. */
export class StandardFiller extends WorkbookFiller {
  /** @param {ConstructorParameters<typeof WorkbookFiller>} given what a filler takes. */
  constructor(...given) {
    super(...given);
    this.standard = this.subject;
    this.keys = this.listInOrder(this.standard, "hasKeyCompetence");
    this.placed = distinct([...this.keys, ...this.listInOrder(this.standard, "hasPlacement")]);
  }

  /**
   * The rows of what or why.
   * @param {string} key
   * @param {string} kind
   */
  buildItemRows(key, kind) {
    const about = { key: this.formatPlacement(key), kind: formatText(this.layout, ITEM_KEYS[kind], this.language) };
    return this.listInOrder(key, kind).map((item) => Object.assign(this.buildListedRow(item, "items", [[key, kind]], true), about));
  }

  /**
   * @param {string} outcome
   * @param {string[]} tied the placed competences that have it, and the standard where it has it.
   */
  buildOutcomeRow(outcome, tied) {
    const sheet = findSheet(this.layout, "outcomes");
    /** @param {string} thing */
    const isEditorial = (thing) => this.getValues(thing, `${BK}hasEditorialOutcome`).some(({ value }) => value === outcome);
    /** @type {(name: string, things: string[]) => string} */
    const cellOf = (name, things) => this.formatCell(findColumn(sheet, name), things.map(iri));
    const keys = tied.filter((thing) => thing !== this.standard);
    const lists = tied.map((thing) => /** @type {[string, string]} */ ([thing, "hasLearningOutcome"]));
    return Object.assign(this.buildListedRow(outcome, "outcomes", lists), {
      key: cellOf("key", keys),
      "editorial-key": cellOf("editorial-key", this.placed.filter(isEditorial)),
    });
  }

  buildOutcomeRows() {
    /** @type {Map<string, string[]>} */
    const ties = new Map();
    for (const thing of [...this.placed, this.standard]) {
      for (const outcome of this.listInOrder(thing, "hasLearningOutcome")) getOrAdd(ties, outcome, () => []).push(thing);
    }
    return [...ties].map(([outcome, tied]) => this.buildOutcomeRow(outcome, tied));
  }

  /**
   * The sources that the statements describe or name, and those of the role.
   * @param {string | undefined} role
   */
  listSources(role) {
    /** @param {Statement} statement */
    const isSource = ([, property, object]) => property.value === RDF_TYPE && object.value === CLASSES.sources;
    const described = this.statements.filter(isSource).map(([subject]) => subject);
    /** @param {string} name */
    const objectsOf = (name) => this.statements.filter(([, property]) => property.value === name).map(([, , object]) => object);
    /** @param {string} name */
    const valuesOf = (name) => [...objectsOf(name), ...(role ? this.getValues(role, name) : [])];
    const documents = filterIris(valuesOf(STATED_IN)).flatMap((passage) => this.listDocuments(passage));
    return filterIris([...described, ...valuesOf(SOURCE), ...documents]);
  }

  /**
   * The document that a passage is part of.
   * @param {string} passage
   * @returns {Term[]}
   */
  listDocuments(passage) {
    const documents = this.getValues(passage, IN_DOCUMENT);
    return documents.length ? documents : filterIris(this.getValues(passage, IS_PART_OF)).flatMap((whole) => this.listDocuments(whole));
  }

  /**
   * All sheets but the last.
   * @returns {SheetTexts}
   */
  fillSheets() {
    const { keys, standard } = this;
    const [role] = filterIris(this.getValues(standard, `${BK}describesRole`));
    /** @type {(thing: string) => [string, string]} */
    const listOf = (thing) => [standard, keys.includes(thing) ? "hasKeyCompetence" : "hasPlacement"];
    const duties = role ? this.listInOrder(role, "hasDuty").map((duty) => this.buildListedRow(duty, "duties", [[role, "hasDuty"]])) : [];
    const filled = {
      role: [{ ...this.buildRow(standard, "role", "standard"), ...(role ? this.buildRow(role, "role", "role") : {}) }],
      duties,
      placed: this.placed.map((thing) => this.buildListedRow(thing, "placed", [listOf(thing)])),
      keys: keys.map((key) => ({ key: this.formatPlacement(key), ...this.buildRow(key, "keys") })),
      items: keys.flatMap((key) => Object.keys(ITEM_KEYS).flatMap((kind) => this.buildItemRows(key, kind))),
      outcomes: this.buildOutcomeRows(),
      sources: this.listSources(role).map((source) => this.buildRow(source, "sources")),
    };
    this.fillNumbers();
    return filled;
  }
}
