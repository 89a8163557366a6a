// What things are called, and which thing a name means, as `workbook/label_index.py` does it. Things and properties are IRIs in plain text.
/** @import { Language, Statement, Term } from "../types.d.ts" */
/** @import { ChoiceList, WorkbookData } from "./types.d.ts" */
import { compare, distinct, getOrAdd } from "../collections.js";
import { foldName, slugify } from "../drafts/names.js";
import { BASE, BK, OWL, PREF_LABEL, RDF_TYPE, RDFS, SKOS } from "../drafts/rdf.js";
import { LANGUAGES } from "./layout.js";

const LABELS = [PREF_LABEL, `${RDFS}label`];
const OTHER_LABELS = [`${SKOS}altLabel`, `${SKOS}hiddenLabel`];
const DEPRECATED = `${OWL}deprecated`;
/** What an IRI below the base is made of. */
const LEGAL = /^[A-Za-z0-9/_.~-]+$/;

/** Names and IRIs of what is described. */
export class LabelIndex {
  /**
   * @param {Pick<WorkbookData, "base" | "lists">} layout of the workbook: its lists, and the base of what is new.
   * @param {Statement[]} statements what is described.
   */
  constructor(layout, statements) {
    this.layout = layout;
    /**
     * The name of each thing by language.
     * @type {Map<string, Map<string, string>>}
     */
    this.labels = new Map();
    /**
     * The classes of each thing: what is in here is described.
     * @type {Map<string, Set<string>>}
     */
    this.kinds = new Map();
    /** @type {Map<string, string[]>} */
    this.otherLabels = new Map();
    /** @type {Map<string, Term[]>} */
    this.values = new Map();
    /** @type {Map<string, Map<string, string[]>>} */
    this.lists = new Map();
    this.add(statements);
  }

  /**
   * Take in more that is described.
   * @param {Statement[]} statements
   */
  add(statements) {
    this.lists.clear();
    for (const [{ type, value: thing }, { value: property }, object] of statements) {
      if (type !== "iri") continue;
      getOrAdd(this.values, `${thing}\n${property}`, () => []).push(object);
      if (property === RDF_TYPE) getOrAdd(this.kinds, thing, () => new Set()).add(object.value);
      else if (object.type !== "text") continue;
      else if (LABELS.includes(property)) this.addLabel(thing, object.language ?? "", object.value);
      else if (OTHER_LABELS.includes(property)) getOrAdd(this.otherLabels, thing, () => []).push(object.value);
    }
  }

  /**
   * Take in what a thing is called; the first name in a language counts.
   * @param {string} thing
   * @param {string} language
   * @param {string} label
   */
  addLabel(thing, language, label) {
    getOrAdd(
      getOrAdd(this.labels, thing, () => new Map()),
      language,
      () => label,
    );
  }

  /**
   * The values of a property of a thing.
   * @param {string} thing
   * @param {string} property
   */
  getValues(thing, property) {
    return this.values.get(`${thing}\n${property}`) ?? [];
  }

  /**
   * The things that have a value for a property.
   * @param {string} property
   * @param {string} value
   */
  listSubjects(property, value) {
    const entries = [...this.values].filter(([key]) => key.endsWith(`\n${property}`));
    return entries.filter(([, objects]) => objects.some((one) => one.value === value)).map(([key]) => key.split("\n")[0]);
  }

  /**
   * @param {string} thing
   * @param {string[]} classes
   */
  isA(thing, classes) {
    return classes.some((name) => this.kinds.get(thing)?.has(name));
  }

  /**
   * Whether a thing is in a list.
   * @param {string} thing
   * @param {ChoiceList} list
   */
  isIn(thing, { classes, members }) {
    return members?.length ? members.includes(thing) : this.isA(thing, classes);
  }

  /**
   * Whether the drop-down of a list shows a thing; what is retired is not shown, and still found by its name.
   * @param {string} thing
   * @param {ChoiceList} list
   */
  isShown(thing, { members, shown }) {
    if (this.getValues(thing, DEPRECATED).some(({ value }) => value === "true")) return false;
    return members?.length ? members.includes(thing) : this.isA(thing, shown);
  }

  /**
   * The things of a list by every name, first names before other names.
   * @param {string} of
   */
  getList(of) {
    return getOrAdd(this.lists, of, () => this.buildList(this.layout.lists[of]));
  }

  /**
   * @param {ChoiceList} list
   * @returns {Map<string, string[]>}
   */
  buildList(list) {
    const members = [...this.kinds.keys()].filter((thing) => this.isIn(thing, list)).sort(compare);
    /** @param {string} thing */
    const ownNames = (thing) => [...(this.labels.get(thing)?.values() ?? [])];
    /** @param {string} thing */
    const otherNames = (thing) => this.otherLabels.get(thing) ?? [];
    /** @type {Map<string, string[]>} */
    const found = new Map();
    // What may be chosen goes before what may not, and a name of its own before another's other name.
    for (const isShown of [true, false]) {
      const things = members.filter((thing) => this.isShown(thing, list) === isShown);
      for (const namesOf of [ownNames, otherNames]) {
        /** @type {Map<string, string[]>} */
        const fresh = new Map();
        for (const thing of things) {
          for (const name of new Set(namesOf(thing).map(foldName))) getOrAdd(fresh, name, () => []).push(thing);
        }
        for (const [name, same] of fresh) getOrAdd(found, name, () => same);
      }
    }
    return found;
  }

  /**
   * The IRI that is written whole or from the base on; nothing where it is none.
   * @param {string} written
   */
  expandIri(written) {
    const bare = written.replace(/^[<>]+|[<>]+$/g, "");
    if (bare.startsWith("bk:")) return BK + bare.slice(3);
    if (/^https?:\/\//.test(bare)) return /[\s<>"{}|^`\\]/.test(bare) ? null : bare;
    if (!LEGAL.test(bare)) return null;
    const found = [this.layout.base, BASE].map((base) => base + bare);
    return found.find((thing) => this.kinds.has(thing)) ?? found[0];
  }

  /**
   * An IRI as people write it: from the base on.
   * @param {string} thing
   */
  shortenIri(thing) {
    for (const base of [this.layout.base, BASE]) {
      const short = thing.startsWith(base) ? thing.slice(base.length) : "";
      if (LEGAL.test(short) && this.expandIri(short) === thing) return short;
    }
    return thing.startsWith(BK) ? `bk:${thing.slice(BK.length)}` : thing;
  }

  /**
   * What a thing is called, or its IRI.
   * @param {string} thing
   * @param {Language} language
   */
  findLabel(thing, language) {
    const names = [language, ...LANGUAGES].map((tag) => this.labels.get(thing)?.get(tag));
    return names.find((name) => name !== undefined) ?? this.shortenIri(thing);
  }

  /**
   * What stands in a cell for a thing of a list: its name where that means this thing only, else its IRI.
   * @param {string} thing
   * @param {string} of
   * @param {Language} language
   */
  formatResource(thing, of, language) {
    const name = this.labels.get(thing)?.get(language) ?? "";
    const means = this.getList(of).get(foldName(name)) ?? [];
    const isPlain = name && name === name.trim() && !name.includes("\n") && means.length === 1 && means[0] === thing;
    return isPlain ? name : this.shortenIri(thing);
  }

  /**
   * The things that a name or IRI in a cell may mean: one, several or none.
   * @param {string} written
   * @param {string} of
   */
  findResources(written, of) {
    const named = this.getList(of).get(foldName(written));
    if (named) return named;
    const thing = /[/:]/.test(written) ? this.expandIri(written) : null;
    return thing && this.isIn(thing, this.layout.lists[of]) ? [thing] : [];
  }

  /**
   * The things that the drop-down of a list shows.
   * @param {string} of
   */
  listShown(of) {
    return [...this.kinds.keys()].filter((thing) => this.isShown(thing, this.layout.lists[of]));
  }

  /**
   * What a drop-down shows: the names in a list, sorted.
   * @param {string} of
   * @param {Language} language
   */
  listChoices(of, language) {
    const names = distinct(this.listShown(of).map((thing) => this.formatResource(thing, of, language)));
    return names.sort((one, two) => compare(slugify(one), slugify(two)) || compare(one, two));
  }
}
