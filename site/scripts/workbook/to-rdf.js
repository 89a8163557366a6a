// The statements that a workbook makes, sheet by sheet, as `workbook/to_rdf.py` does it.
/** @import { Statement, Term } from "../types.d.ts" */
/** @import { Book, Cell, Cells, MadeStatements, WorkbookData } from "./types.d.ts" */
import { getOrAdd } from "../collections.js";
import { foldName, slugify } from "../drafts/names.js";
import { BK, iri, RDF_TYPE, typedLiteral, XSD } from "../drafts/rdf.js";
import { Describer } from "./describer.js";
import { LabelIndex } from "./label-index.js";
import {
  CLASSES,
  findColumn,
  findForm,
  findSheet,
  ITEM_KEYS,
  LANGUAGES,
  listDescribed,
  listExternalStatements,
  loadKeywords,
} from "./layout.js";
import { buildSetUpSlug, SetUpGraphBuilder } from "./set-up.js";

/**
 * The end of the IRI of the standard that a workbook is about; it may be empty.
 * @param {Book} book
 */
const buildStandardSlug = ({ role: [form] }) => {
  const given = form["standard-address"].text || form["role-address"].text;
  return slugify(given.replace(/\/+$/, "").split("/").pop() || form["role-name-nb"].text);
};

/** @typedef {{ row: Cells, thing: string }} PlacedRow A row of the sheet of placed competences, and the IRI of what it is about. */

class StandardGraphBuilder extends Describer {
  /**
   * @param {WorkbookData} layout
   * @param {Book} book
   * @param {LabelIndex} names
   * @param {Set<string>} elsewhere
   */
  constructor(layout, book, names, elsewhere) {
    super(layout, book, names, elsewhere);
    this.standard = `${layout.base}standard/${buildStandardSlug(book)}`;
    this.role = this.parseAddress(this.form["role-address"]) ?? `${layout.base}role/${slugify(this.form["role-name-nb"].text)}`;
  }

  /** @returns {MadeStatements} */
  build() {
    const others = this.parseOtherStatements();
    this.names.add(others);
    this.addSources();
    this.addRoleAndStandard();
    this.addDuties();
    this.addPlacements();
    this.addItems();
    this.addOutcomes();
    this.addNumbers();
    for (const statement of others) this.result.put(statement);
    return { statements: this.result.statements, remarks: this.result.remarks };
  }

  addSources() {
    const sheet = findSheet(this.layout, "sources");
    for (const row of this.book.sources) {
      const source = this.parseAddress(row.address) ?? `${this.layout.base}source/${slugify(row["name-nb"].text || row["name-en"].text)}`;
      this.things.add(source);
      if (this.isExternal(source, sheet, row)) continue;
      this.result.add(source, RDF_TYPE, iri(CLASSES.sources));
      this.describeResource(source, sheet, row);
      this.names.add(this.result.statements.filter(([subject]) => subject.value === source));
    }
  }

  addRoleAndStandard() {
    const { form, result, role, standard } = this;
    const sheet = findSheet(this.layout, "role");
    this.things.add(role).add(standard);
    if (!this.isExternal(role, sheet, form, "role")) {
      result.add(role, RDF_TYPE, iri(`${BK}Role`));
      this.describeResource(role, sheet, form, "role");
    }
    result.add(standard, RDF_TYPE, iri(`${BK}CompetenceStandard`));
    result.add(standard, `${BK}describesRole`, iri(role));
    this.describeResource(standard, sheet, form, "standard");
  }

  addDuties() {
    const { result, role } = this;
    const sheet = findSheet(this.layout, "duties");
    for (const row of this.book.duties) {
      const duty = this.parseAddress(row.address) ?? this.mintNumberedIri(`${role}/duty`);
      if (this.isExternal(duty, sheet, row)) continue;
      if (this.elsewhere.has(role)) {
        result.remark("warning", row["name-nb"], "workbook.described-elsewhere", { name: this.findLabels(role) });
        continue;
      }
      this.things.add(duty);
      result.add(role, `${BK}hasDuty`, iri(duty));
      result.add(duty, RDF_TYPE, iri(CLASSES.duties));
      this.describeResource(duty, sheet, row);
      this.addToList(duty, row, [[role, "hasDuty"]]);
    }
  }

  addPlacements() {
    const { result, standard } = this;
    const rows = this.parsePlacements();
    this.namePlacements(rows);
    const keys = this.parseKeys();
    const rowOf = new Map(rows.map(({ row, thing }) => [thing, row]));
    for (const [key, keyRow] of keys) {
      result.add(standard, `${BK}hasKeyCompetence`, iri(key));
      this.addToList(key, rowOf.get(key) ?? keyRow, [[standard, "hasKeyCompetence"]]);
    }
    for (const { row, thing } of rows) {
      const key = keys.get(thing);
      result.add(thing, RDF_TYPE, iri(`${BK}${key ? "KeyCompetence" : "PlacedCompetence"}`));
      if (!key) {
        result.add(standard, `${BK}hasPlacement`, iri(thing));
        this.addToList(thing, row, [[standard, "hasPlacement"]]);
      }
      this.describeResource(thing, findSheet(this.layout, "placed"), row);
      if (key) this.describeResource(thing, findSheet(this.layout, "keys"), key);
    }
  }

  /** The rows of placed competences, each with its IRI. A name that is not given is that of the competence. */
  parsePlacements() {
    const sheet = findSheet(this.layout, "placed");
    /** @type {PlacedRow[]} */
    const rows = [];
    for (const row of this.book.placed) {
      const [competence] = this.parseValues(findColumn(sheet, "competence"), row).map(({ value }) => value);
      const isNamed = LANGUAGES.some((language) => row[`name-${language}`].text);
      for (const language of LANGUAGES) {
        const cell = row[`name-${language}`];
        const unknown = language === "nb" ? row.competence.text : "";
        if (!cell.text && competence) {
          row[`name-${language}`] = { ...cell, text: this.names.labels.get(competence)?.get(language) ?? unknown };
        }
      }
      const name = row["name-nb"].text || row["name-en"].text;
      const thing = this.parseAddress(row.address) ?? `${this.standard}/${slugify(competence?.split("/").pop() ?? name)}`;
      if (this.things.has(thing)) {
        this.result.remark("violation", row.competence.text ? row.competence : row["name-nb"], "workbook.duplicate", { name });
        continue;
      }
      this.things.add(thing);
      rows.push({ row, thing });
      // The method's own name is the same in both languages where it is meant to be.
      if (!isNamed && row["name-nb"].text === row["name-en"].text) {
        this.result.add(thing, `${BK}sameInBothLanguages`, typedLiteral("true", `${XSD}boolean`));
      }
    }
    return rows;
  }

  /**
   * Note what placed competences are called: an IRI goes before a name, and the name in the standard before that of the competence.
   * @param {PlacedRow[]} rows
   */
  namePlacements(rows) {
    for (const { thing } of rows) this.rows.set(foldName(this.names.shortenIri(thing)), thing);
    for (const name of ["name-nb", "name-en", "competence"]) {
      for (const { row, thing } of rows) getOrAdd(this.rows, foldName(row[name].text), () => thing);
    }
  }

  /** The rows of key competences, by the IRI of each. */
  parseKeys() {
    const column = findColumn(findSheet(this.layout, "keys"), "key");
    /** @type {Map<string, Cells>} */
    const keys = new Map();
    for (const row of this.book.keys) {
      for (const { value: key } of this.parseValues(column, row)) {
        if (keys.has(key)) this.result.remark("violation", row.key, "workbook.duplicate", { name: row.key.text });
        else keys.set(key, row);
      }
      if (!row.key.text) this.result.remark("violation", row.key, "workbook.no-key");
    }
    return keys;
  }

  addItems() {
    const sheet = findSheet(this.layout, "items");
    const kinds = loadKeywords(this.layout, ITEM_KEYS);
    for (const row of this.book.items) {
      const kind = kinds.get(foldName(row.kind.text));
      if (!kind) this.result.remark("violation", row.kind, "workbook.no-item-kind");
      if (!row.key.text) this.result.remark("violation", row.key, "workbook.no-key");
      const keys = this.parseValues(findColumn(sheet, "key"), row);
      if (!kind) continue;
      for (const { value: key } of keys) {
        const item = this.parseAddress(row.address) ?? this.mintNumberedIri(`${key}/${kind}`);
        if (this.things.has(item)) {
          this.result.remark("violation", row.address, "workbook.duplicate", { name: row.address.text });
          continue;
        }
        this.things.add(item);
        this.result.add(key, BK + kind, iri(item));
        this.result.add(item, RDF_TYPE, iri(CLASSES.items));
        this.describeResource(item, sheet, row);
        this.addToList(item, row, [[key, kind]], { isAlwaysNumbered: true });
      }
    }
  }

  /**
   * The dimension of a placed competence: its own, or that of its position.
   * @param {string} thing
   */
  findDimension(thing) {
    const places = [`${BK}inDimension`, `${BK}atPosition`];
    /** @param {Statement} statement */
    const isPlace = ([subject, property]) => subject.value === thing && places.includes(property.value);
    const place = this.result.statements.find(isPlace)?.[2];
    return place ? [place, ...this.names.getValues(place.value, `${BK}ofDimension`)].at(-1) : null;
  }

  /** Describe the outcomes, and tie them to key competences and standard. One that is shared and reworded becomes a variant. */
  addOutcomes() {
    const { result, standard } = this;
    const sheet = findSheet(this.layout, "outcomes");
    for (const row of this.book.outcomes) {
      const keys = this.parseValues(findColumn(sheet, "key"), row);
      const editorial = this.parseValues(findColumn(sheet, "editorial-key"), row);
      const given = this.parseAddress(row.address);
      const shared = given && this.elsewhere.has(given) ? given : null;
      const isVariant = shared !== null && this.findChangedCells(shared, sheet, row).length > 0;
      if (shared && isVariant) {
        const cell = row["statement-nb"].text ? row["statement-nb"] : row["name-nb"];
        result.remark("info", cell, "workbook.variant", { name: this.findLabels(shared) });
      }
      const outcome = (isVariant ? null : given) ?? this.mintNumberedIri(`${keys[0]?.value ?? standard}/outcome`);
      if (this.things.has(outcome)) {
        result.remark("violation", row.address, "workbook.duplicate", { name: row.address.text });
        continue;
      }
      this.things.add(outcome);
      for (const key of keys) result.add(key.value, `${BK}hasLearningOutcome`, iri(outcome));
      if (!keys.length) result.add(standard, `${BK}hasLearningOutcome`, iri(outcome));
      const tied = keys.length ? keys.map(({ value }) => value) : [standard];
      const lists = tied.map((thing) => /** @type {[string, string]} */ ([thing, "hasLearningOutcome"]));
      this.addToList(outcome, row, lists, { given: outcome === shared ? this.findNumber(outcome) : null });
      for (const key of editorial) result.add(key.value, `${BK}hasEditorialOutcome`, iri(outcome));
      if (outcome === shared) continue;
      result.add(outcome, RDF_TYPE, iri(CLASSES.outcomes));
      this.describeResource(outcome, sheet, row);
      if (shared) result.add(outcome, `${BK}variantOf`, iri(shared));
      const dimension = keys.length && !row.dimension.text ? this.findDimension(keys[0].value) : null;
      if (dimension) result.add(outcome, `${BK}inDimension`, dimension);
    }
  }
}

/**
 * The statements of a workbook, in its order, and remarks on its cells.
 * @param {WorkbookData} layout
 * @param {Book} book
 * @param {LabelIndex} names what names mean; new things are added to it.
 * @param {Set<string>} elsewhere what other files describe: it is pointed to, never described anew.
 */
export const buildGraph = (layout, book, names, elsewhere) => {
  const Builder = layout.name === "set-up" ? SetUpGraphBuilder : StandardGraphBuilder;
  return new Builder(layout, book, names, elsewhere).build();
};

/**
 * The statements that a workbook makes; where the role or set-up has no name, that is remarked on.
 * @param {WorkbookData} layout
 * @param {Book} book
 * @returns {MadeStatements}
 */
export const workbookToStatements = (layout, book) => {
  const isSetUp = layout.name === "set-up";
  const own = isSetUp ? buildSetUpSlug(book) : buildStandardSlug(book);
  if (!own) {
    const [{ "role-name-nb": role, "name-nb": setUp }] = book[findForm(layout).name];
    const [cell, key] = isSetUp ? [setUp, "workbook.no-set-up-name"] : [role, "workbook.no-role"];
    return { statements: [], remarks: [{ severity: "violation", cell, key, values: {} }] };
  }
  const others = listExternalStatements(layout, own);
  return buildGraph(layout, book, new LabelIndex(layout, others), listDescribed(others));
};
