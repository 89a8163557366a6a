// The statements of a draft.
/** @import { Described, DescribedCompetence, Draft, FieldName, Outcome, Placement, Statement, Term, Texts } from "../types.d.ts" */
import { isPresent } from "../collections.js";
import { CLASSES, DraftIris, documentOf, FIELDS, LANGUAGES, placedSource, placesOf, text } from "./draft.js";
import { suggestNumbers } from "./list-order.js";
import { slugify } from "./names.js";
import {
  BASE,
  BK,
  DCTERMS,
  distinctStatements,
  iri,
  langString,
  OWL,
  PREF_LABEL,
  plainLiteral,
  RDF_TYPE,
  SKOS,
  typedLiteral,
  XSD,
} from "./rdf.js";

/** @type {[form: RegExp, datatype: string][]} */
const TIMES = [
  [/^\d{4}$/, "gYear"],
  [/^\d{4}-\d{2}$/, "gYearMonth"],
  [/^\d{4}-\d{2}-\d{2}$/, "date"],
];

/**
 * A year, a month or a day; what is none of them is a text, and the rules say so.
 * @param {string} value
 */
export const toTime = (value) => typedLiteral(value, XSD + (TIMES.find(([form]) => form.test(value))?.[1] ?? "string"));
/** @type {(value: string) => Term} */
const toNumber = (value) => typedLiteral(value, `${XSD}${/^-?\d+$/.test(value) ? "integer" : "string"}`);
const TERM_OF = { term: iri, number: toNumber, time: toTime };

/** Makes the statements of one draft, in the order that a file has them. */
class StatementWriter {
  /** @param {Draft} draft */
  constructor(draft) {
    this.draft = draft;
    this.iris = new DraftIris(draft);
    /** @type {Statement[]} */
    this.statements = [];
    this.numbers = findNumbers(draft);
  }

  /**
   * @param {string} subject
   * @param {string} property
   * @param {Term} object
   */
  add(subject, property, object) {
    this.statements.push([iri(subject), iri(property), object]);
  }

  /**
   * Add a text in each language that it has.
   * @param {string} subject
   * @param {string} property
   * @param {Texts} value
   */
  addTexts(subject, property, value) {
    for (const language of LANGUAGES) {
      const trimmed = value[language].trim();
      if (trimmed) this.add(subject, property, langString(trimmed, language));
    }
  }

  /**
   * Say that texts are meant to be the same in both languages.
   * @param {string} subject
   * @param {Described} part
   */
  addSame(subject, { same }) {
    if (same) this.add(subject, `${BK}sameInBothLanguages`, typedLiteral("true", `${XSD}boolean`));
  }

  /**
   * Say that a part rests on what the draft rests on: passages, and documents that are not divided into passages.
   * @param {string} subject
   */
  cite(subject) {
    const { passages, sources } = this.draft;
    if (!sources.length && !passages.length) {
      this.add(subject, `${BK}editorial`, typedLiteral("true", `${XSD}boolean`));
      return;
    }
    const stated = [...this.listOwnPassages().map(({ passage }) => passage), ...passages];
    const documents = new Set(stated.map(documentOf));
    const whole = sources.map((source) => this.iris.of(source)).filter((source) => !documents.has(source));
    for (const source of whole) this.add(subject, `${DCTERMS}source`, iri(source));
    for (const passage of stated) this.add(subject, `${BK}statedIn`, iri(passage));
  }

  /** The passages of the draft's own source, each with its heading. */
  listOwnPassages() {
    const source = placedSource(this.draft);
    if (!source) return [];
    const document = this.iris.of(source);
    return placesOf(this.draft).map((heading) => ({ heading, document, passage: `${document}/${slugify(heading)}` }));
  }

  /**
   * @param {string} subject
   * @param {number | null | undefined} number
   */
  addNumber(subject, number) {
    if (isPresent(number) && !Number.isNaN(number)) this.add(subject, `${BK}order`, typedLiteral(String(number), `${XSD}integer`));
  }

  addSources() {
    for (const source of this.draft.sources.filter(({ described }) => described)) {
      this.add(this.iris.of(source), RDF_TYPE, iri(`${BK}SourceDocument`));
      this.addTexts(this.iris.of(source), PREF_LABEL, source.label);
      this.addSame(this.iris.of(source), source);
    }
    this.listOwnPassages().forEach(({ heading, document, passage }, at) => {
      this.add(passage, RDF_TYPE, iri(`${BK}Passage`));
      this.addTexts(passage, PREF_LABEL, text(heading, heading));
      this.add(passage, `${BK}sameInBothLanguages`, typedLiteral("true", `${XSD}boolean`));
      this.add(passage, `${DCTERMS}isPartOf`, iri(document));
      this.add(passage, `${BK}inDocument`, iri(document));
      this.addNumber(passage, at + 1);
    });
  }

  addRole() {
    const { role } = this.draft;
    if (!role?.described || !this.iris.role) return;
    this.add(this.iris.role, RDF_TYPE, iri(`${BK}Role`));
    this.addTexts(this.iris.role, PREF_LABEL, role.label);
    this.addSame(this.iris.role, role);
    this.addTexts(this.iris.role, `${SKOS}definition`, role.definition);
    if (!role.cited) this.cite(this.iris.role);
  }

  /** Say what the draft as a whole is, and what it is about. */
  addDraft() {
    const { draft, iris } = this;
    const own = iris.draft;
    this.add(own, RDF_TYPE, iri(BK + (draft.type ?? CLASSES[draft.kind][0])));
    this.addTexts(own, PREF_LABEL, draft.label);
    this.addSame(own, draft);
    this.addTexts(own, `${DCTERMS}description`, draft.description);
    if (iris.role) this.add(own, `${BK}describesRole`, iri(iris.role));
    if (draft.referredTo) this.add(own, `${BK}referredTo`, iri(draft.referredTo));
    for (const name of /** @type {FieldName[]} */ (Object.keys(FIELDS))) this.addField(own, name);
    if (draft.issued) this.add(own, `${DCTERMS}issued`, toTime(draft.issued.trim()));
    if (draft.version) this.add(own, `${OWL}versionInfo`, plainLiteral(draft.version.trim()));
    this.cite(own);
    for (const placement of draft.placements) {
      this.add(own, `${BK}${placement.key ? "hasKeyCompetence" : "hasPlacement"}`, iri(iris.of(placement)));
    }
  }

  /**
   * @param {string} own
   * @param {FieldName} name
   */
  addField(own, name) {
    const [property, kind] = FIELDS[name];
    const value = this.draft[name];
    if (kind === "text") this.addTexts(own, BK + property, /** @type {Texts} */ (value));
    else if (value) this.add(own, BK + property, TERM_OF[kind](String(value).trim()));
  }

  /**
   * @param {string} subject
   * @param {DescribedCompetence} described
   * @param {Texts} label
   */
  addCompetence(subject, described, label) {
    const { base } = this.draft;
    this.add(subject, RDF_TYPE, iri(`${BK}Competence`));
    this.addTexts(subject, PREF_LABEL, described.label ?? label);
    this.addSame(subject, described);
    this.addTexts(subject, `${SKOS}definition`, described.definition);
    // What is described outside the method's own base belongs to a scheme of its own.
    const scheme = iri(described.scheme ?? (base === BASE ? `${BASE}competence` : `${base}scheme`));
    this.add(subject, `${SKOS}inScheme`, scheme);
    if (!described.broader) this.add(subject, `${SKOS}topConceptOf`, scheme);
    if (!described.cited) this.cite(subject);
  }

  /** @param {Placement} placement */
  addPlacement(placement) {
    const { described, dimension, label, outcomes, position } = placement;
    const subject = this.iris.of(placement);
    const competence = this.iris.competenceOf(placement);
    if (described && competence) this.addCompetence(competence, described, label);
    this.add(subject, RDF_TYPE, iri(`${BK}${placement.key ? "KeyCompetence" : "PlacedCompetence"}`));
    this.addTexts(subject, PREF_LABEL, label);
    this.addSame(subject, placement);
    this.addNumber(subject, this.numbers.get(placement.id));
    if (competence) this.add(subject, `${BK}competence`, iri(competence));
    if (position) this.add(subject, `${BK}atPosition`, iri(position));
    if (dimension && (!position || placement.both)) this.add(subject, `${BK}inDimension`, iri(dimension));
    this.addTexts(subject, `${BK}rationale`, placement.rationale);
    this.addItems(placement, subject, "what");
    this.addItems(placement, subject, "why");
    for (const outcome of outcomes) this.add(subject, `${BK}hasLearningOutcome`, iri(this.iris.of(outcome)));
    if (!placement.cited) this.cite(subject);
    outcomes.forEach((outcome, index) => {
      this.addOutcome(placement, outcome, index);
    });
  }

  /**
   * @param {Placement} placement
   * @param {string} subject
   * @param {"what" | "why"} kind
   */
  addItems(placement, subject, kind) {
    let number = 0;
    placement[kind].forEach((item, at) => {
      if (!item.nb.trim() && !item.en.trim()) return;
      const part = this.iris.ofItem(placement, kind, at);
      this.add(subject, BK + kind, iri(part));
      this.add(part, RDF_TYPE, iri(`${BK}Item`));
      this.addTexts(part, PREF_LABEL, item);
      this.addSame(part, item);
      this.addNumber(part, ++number);
    });
  }

  /**
   * @param {Placement} placement
   * @param {Outcome} outcome
   * @param {number} index
   */
  addOutcome(placement, outcome, index) {
    const subject = this.iris.of(outcome);
    this.add(subject, RDF_TYPE, iri(`${BK}LearningOutcome`));
    this.addTexts(subject, PREF_LABEL, outcome.label.nb || outcome.label.en ? outcome.label : usualLabel(placement, index));
    this.addNumber(subject, this.numbers.get(outcome.id));
    this.addTexts(subject, `${BK}statement`, outcome.statement);
    this.addSame(subject, outcome);
    const dimension = outcome.dimension ?? placement.dimension;
    if (dimension) this.add(subject, `${BK}inDimension`, iri(dimension));
    for (const descriptor of outcome.descriptors) this.add(subject, `${BK}nkrDescriptor`, iri(descriptor));
    if (!outcome.cited) this.cite(subject);
  }
}

/**
 * Placements and outcomes with the lists that they stand in.
 * @param {Draft} draft
 * @returns {{ part: Placement | Outcome, lists: string[] }[]}
 */
const listMembers = ({ placements }) => [
  ...placements.map((part) => ({ part, lists: [part.key ? "keys" : "placements"] })),
  ...placements.flatMap(({ id, outcomes }) => outcomes.map((part) => ({ part, lists: [id] }))),
];

/**
 * The number that each placement and outcome has in its list by its place, by id; nothing in a list of one.
 * @param {Draft} draft
 */
export const findUsualNumbers = (draft) => {
  const members = listMembers(draft);
  const known = members.map(({ part: { number }, lists }) => ({ lists, number: Number.isNaN(number) ? null : number }));
  const suggested = suggestNumbers(known);
  return new Map(members.map(({ part }, at) => [part.id, suggested[at]]));
};

/**
 * The number of each placement and outcome, by id.
 * @param {Draft} draft
 */
const findNumbers = (draft) => {
  const usual = findUsualNumbers(draft);
  return new Map(listMembers(draft).map(({ part: { id, number } }) => [id, number ?? usual.get(id)]));
};

/**
 * What an outcome is called that has no name of its own.
 * @param {Placement} placement
 * @param {number} index
 */
const usualLabel = ({ label, outcomes }, index) => {
  const number = outcomes.length > 1 ? ` ${index + 1}` : "";
  return text(label.nb && `Læringsutbytte: ${label.nb}${number}`, label.en && `Learning outcome: ${label.en}${number}`);
};

/**
 * What the form shows of a draft, as statements.
 * @param {Draft} draft
 */
export const formToStatements = (draft) => {
  const writer = new StatementWriter(draft);
  writer.addSources();
  writer.addRole();
  writer.addDraft();
  for (const placement of draft.placements) writer.addPlacement(placement);
  return writer.statements;
};

/**
 * All statements of a draft: what the form shows, and what a file held beside it.
 * @param {Draft} draft
 */
export const toStatements = (draft) => distinctStatements([...formToStatements(draft), ...draft.other]);
