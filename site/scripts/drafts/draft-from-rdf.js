// A draft from the statements of a file.
/** @import { Draft, DraftKind, DraftRole, DescribedCompetence, FieldName, Item, Outcome, Placement, Statement, Term, Texts } from "../types.d.ts" */
import { distinct, getOrAdd } from "../collections.js";
import { CLASSES, documentOf, FIELDS, freshId, LANGUAGES, NotADraft, newDraft, newOutcome, newPlacement, text } from "./draft.js";
import { findUsualNumbers, formToStatements } from "./draft-to-rdf.js";
import { slugify } from "./names.js";
import { BASE, BK, DCTERMS, keyOfStatement, OWL, PREF_LABEL, RDF_TYPE, SKOS } from "./rdf.js";

/** @typedef {(subject: string) => boolean} IsCited Whether a part rests on something else than the whole. */

/** Statements, to be asked for the values of properties. */
class Description {
  /** @param {Statement[]} statements */
  constructor(statements) {
    /** @type {Map<string, [property: string, object: Term][]>} */
    this.bySubject = new Map();
    for (const [subject, property, object] of statements) {
      getOrAdd(this.bySubject, subject.value, () => []).push([property.value, object]);
    }
  }
  /** @param {string} subject */
  has(subject) {
    return this.bySubject.has(subject);
  }
  /**
   * @param {string} subject
   * @param {string} property
   */
  objects(subject, property) {
    return (this.bySubject.get(subject) ?? []).filter(([name]) => name === property).map(([, object]) => object);
  }
  /**
   * @param {string} subject
   * @param {string} property
   */
  values(subject, property) {
    return this.objects(subject, property).map(({ value }) => value);
  }
  /**
   * The first value, or nothing.
   * @param {string} subject
   * @param {string} property
   */
  first(subject, property) {
    return this.values(subject, property)[0] ?? null;
  }
  /**
   * The texts in a language.
   * @param {string} subject
   * @param {string} property
   * @param {string} language
   */
  inLanguage(subject, property, language) {
    const objects = this.objects(subject, property);
    return objects.filter((object) => object.type === "text" && object.language === language).map(({ value }) => value);
  }
  /**
   * The first text in each language.
   * @param {string} subject
   * @param {string} property
   */
  texts(subject, property) {
    return text(...LANGUAGES.map((language) => this.inLanguage(subject, property, language)[0] ?? ""));
  }
  /**
   * The number of a thing in its list; `NaN` where it has none.
   * @param {string} subject
   */
  number(subject) {
    return Number.parseInt(this.first(subject, `${BK}order`) ?? "", 10);
  }
  /**
   * What a thing lists by a property, by number; what has none comes last.
   * @param {string} subject
   * @param {string} property
   */
  listInOrder(subject, property) {
    /** @param {string} one */
    const rank = (one) => this.number(one) || Number.MAX_SAFE_INTEGER;
    return this.values(subject, property).sort((one, two) => rank(one) - rank(two));
  }
  /**
   * The items that a thing lists by a property.
   * @param {string} subject
   * @param {string} property
   * @returns {Item[]}
   */
  items(subject, property) {
    return this.listInOrder(subject, property).map((iri) => ({ iri, ...this.texts(iri, PREF_LABEL) }));
  }
  /**
   * @param {string} subject
   * @param {string[]} classes
   */
  isA(subject, classes) {
    return this.values(subject, RDF_TYPE).some((kind) => classes.some((name) => kind === BK + name));
  }
  /**
   * What a thing rests on, to be compared.
   * @param {string} subject
   */
  citation(subject) {
    const [sources, passages] = [`${DCTERMS}source`, `${BK}statedIn`].map((property) => this.values(subject, property).sort());
    return JSON.stringify([sources, passages, this.values(subject, `${BK}editorial`)]);
  }
}

/**
 * The kind and IRI of what a file describes.
 * @param {Description} about
 * @param {DraftKind | null} wanted
 * @returns {[DraftKind, string]}
 */
const findSubject = (about, wanted) => {
  const kinds = wanted ? [wanted] : /** @type {DraftKind[]} */ (Object.keys(CLASSES));
  const subjects = [...about.bySubject.keys()];
  const found = kinds.flatMap((kind) =>
    subjects.filter((subject) => about.isA(subject, CLASSES[kind])).map((subject) => /** @type {[DraftKind, string]} */ ([kind, subject])),
  );
  if (found.length !== 1) throw new NotADraft([found.length ? "scripts.drafts.file.several" : "scripts.drafts.file.none", {}]);
  return found[0];
};

/**
 * @param {Description} about
 * @param {string | null} iri
 * @param {IsCited} isCited
 * @returns {DraftRole}
 */
const readRole = (about, iri, isCited) => {
  if (!iri || !about.has(iri)) return { iri, label: text(), definition: text(), described: false };
  const texts = { label: about.texts(iri, PREF_LABEL), definition: about.texts(iri, `${SKOS}definition`) };
  return { iri, ...texts, described: true, cited: isCited(iri) };
};

/**
 * The competence of a placement, where the file describes it.
 * @param {Description} about
 * @param {string | null} iri
 * @param {Texts} label of the placement.
 * @param {IsCited} isCited
 * @returns {DescribedCompetence | null}
 */
const readCompetence = (about, iri, label, isCited) => {
  if (iri === null || !about.isA(iri, ["Competence"])) return null;
  const name = about.texts(iri, PREF_LABEL);
  return {
    label: name.nb === label.nb && name.en === label.en ? null : name,
    definition: about.texts(iri, `${SKOS}definition`),
    cited: isCited(iri),
    scheme: about.first(iri, `${SKOS}inScheme`),
    broader: !about.values(iri, `${SKOS}topConceptOf`).length,
  };
};

/**
 * @param {Description} about
 * @param {string} iri
 * @param {string | null} dimension of the placement.
 * @param {IsCited} isCited
 * @returns {Outcome}
 */
const readOutcome = (about, iri, dimension, isCited) => {
  const own = about.first(iri, `${BK}inDimension`);
  return {
    ...newOutcome(),
    iri,
    label: about.texts(iri, PREF_LABEL),
    number: about.number(iri),
    statement: about.texts(iri, `${BK}statement`),
    descriptors: about.values(iri, `${BK}nkrDescriptor`),
    ...(own && own !== dimension ? { dimension: own } : {}),
    cited: isCited(iri),
  };
};

/**
 * @param {Description} about
 * @param {string} iri
 * @param {boolean} key
 * @param {Record<string, string>} dimensionOf
 * @param {IsCited} isCited
 */
const readPlacement = (about, iri, key, dimensionOf, isCited) => {
  const competence = about.first(iri, `${BK}competence`);
  const position = about.first(iri, `${BK}atPosition`);
  const ownDimension = about.first(iri, `${BK}inDimension`);
  const dimension = ownDimension ?? (position && dimensionOf[position]) ?? null;
  const label = about.texts(iri, PREF_LABEL);
  return newPlacement({
    iri,
    competence,
    described: readCompetence(about, competence, label, isCited),
    label,
    dimension,
    position,
    both: Boolean(position && ownDimension),
    key,
    number: about.number(iri),
    rationale: about.texts(iri, `${BK}rationale`),
    what: about.items(iri, `${BK}what`),
    why: about.items(iri, `${BK}why`),
    cited: isCited(iri),
    outcomes: about.listInOrder(iri, `${BK}hasLearningOutcome`).map((outcome) => readOutcome(about, outcome, dimension, isCited)),
  });
};

/**
 * The fields that hold one value.
 * @param {Description} about
 * @param {string} own
 * @returns {Pick<Draft, FieldName>}
 */
const readFields = (about, own) => {
  const fields = Object.entries(FIELDS).map(([name, [property, kind]]) => {
    if (kind === "text") return [name, about.texts(own, BK + property)];
    return [name, about.first(own, BK + property) ?? (kind === "term" ? null : "")];
  });
  return Object.fromEntries(fields);
};

/**
 * The headings in the draft's own source, the passages elsewhere, and the documents of both.
 * @param {Description} about
 * @param {string} own
 */
const readCitation = (about, own) => {
  const stated = about.listInOrder(own, `${BK}statedIn`);
  /**
   * Whether a passage is one that the form words: a heading that is the same in both languages.
   * @param {string} passage
   */
  const isOwn = (passage) => {
    const { nb, en } = about.texts(passage, PREF_LABEL);
    return about.has(passage) && nb === en && passage === `${documentOf(passage)}/${slugify(nb)}`;
  };
  const headings = stated.filter(isOwn).map((passage) => about.texts(passage, PREF_LABEL).nb);
  return {
    places: headings.join("\n"),
    passages: stated.filter((passage) => !isOwn(passage)),
    documents: distinct([...about.values(own, `${DCTERMS}source`), ...stated.map(documentOf)]),
  };
};

/**
 * Forget the numbers that the order of the parts tells.
 * @param {Draft} draft
 */
const forgetUsualNumbers = (draft) => {
  const usual = findUsualNumbers(draft);
  for (const placement of draft.placements) {
    for (const part of [placement, ...placement.outcomes]) {
      const number = usual.get(part.id);
      if (part.number === number || (Number.isNaN(part.number) && number === null)) part.number = null;
    }
  }
};

/**
 * Read a draft from statements. What the form has no place for is kept in `other`, so that nothing is lost.
 * @param {Statement[]} statements in the order of the file.
 * @param {object} given
 * @param {string} [given.base] what new IRIs begin with.
 * @param {Record<string, string>} given.dimensionOf the dimension of each position, by IRI.
 * @param {DraftKind | null} [given.wanted] the kind that may be read, or none for any.
 * @returns {Draft}
 * @throws {NotADraft} where the statements hold no such description, or several.
 */
export const fromStatements = (statements, { base = BASE, dimensionOf, wanted = null }) => {
  const about = new Description(statements);
  const [kind, own] = findSubject(about, wanted);
  /** @type {IsCited} */
  const isCited = (subject) => about.citation(subject) !== about.citation(own);
  const role = about.first(own, `${BK}describesRole`);
  const keys = about.listInOrder(own, `${BK}hasKeyCompetence`);
  const placed = distinct([...keys, ...about.listInOrder(own, `${BK}hasPlacement`)]);
  const { places, passages, documents } = readCitation(about, own);
  /** @param {string} iri */
  const readSource = (iri) => ({ id: freshId(), iri, label: about.texts(iri, PREF_LABEL), described: about.has(iri) });
  /** @type {Draft} */
  const draft = {
    ...newDraft(kind, base),
    ...readFields(about, own),
    iri: own,
    type: CLASSES[kind].find((name) => about.isA(own, [name])),
    slug: own.split("/").pop() ?? "",
    label: about.texts(own, PREF_LABEL),
    description: about.texts(own, `${DCTERMS}description`),
    role: kind === "standard" || (role && about.has(role)) ? readRole(about, role, isCited) : null,
    referredTo: about.first(own, `${BK}referredTo`),
    issued: about.first(own, `${DCTERMS}issued`) ?? "",
    version: about.first(own, `${OWL}versionInfo`) ?? "",
    places,
    passages,
    sources: documents.map(readSource),
    placements: placed.map((iri) => readPlacement(about, iri, keys.includes(iri), dimensionOf, isCited)),
  };
  forgetUsualNumbers(draft);
  const shown = new Set(formToStatements(draft).map(keyOfStatement));
  draft.other = statements.filter((statement) => !shown.has(keyOfStatement(statement)));
  return draft;
};
