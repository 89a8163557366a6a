// The description as statements, for a file and for the rules, and a draft of a file that is opened.
/** @import { Draft, Statement } from "../types.d.ts" */
import { formatMessage, language } from "../common.js";
import { DraftIris } from "../drafts/draft.js";
import { toStatements } from "../drafts/draft-to-rdf.js";
import { DCTERMS, iri, langString, SKOS } from "../drafts/rdf.js";
import { answersOf, localize, mine, ownNotes, PLACE_KEYS, PLACES_OF_LEARNING } from "./state.js";

const NOTE = `${SKOS}note`;

/** @param {string} where */
const learned = (where) => formatMessage("scripts.mine.learned", { where: formatMessage(PLACE_KEYS[where]) });

/**
 * The draft without outcomes that have no words.
 * @param {Draft} draft
 * @returns {Draft}
 */
const withoutEmpty = (draft) => ({
  ...draft,
  placements: draft.placements.map((placement) => ({
    ...placement,
    outcomes: placement.outcomes.filter(({ statement }) => localize(statement).trim()),
  })),
});

/**
 * Where each thing was learned, as notes.
 * @param {Draft} draft
 * @returns {Statement[]}
 */
const notesOf = (draft) => {
  const iris = new DraftIris(draft);
  const answered = draft.placements.filter((placement) => answersOf(placement).where);
  return answered.map((placement) => [iri(iris.of(placement)), iri(NOTE), langString(learned(answersOf(placement).where), language)]);
};

/** The IRI of the description. */
export const ownIri = () => new DraftIris(mine.draft).draft;

/** The statements of the description, with where each thing was learned. */
export const statementsOfDescription = () => {
  const draft = withoutEmpty(mine.draft);
  return [...toStatements(draft), ...notesOf(draft)];
};

/** All that is written, what goes into no file too, for the rules to look at. */
export const statementsToCheck = () => {
  const { draft } = mine;
  const answers = draft.placements.map(answersOf).flatMap(({ how, took }) => [how, took]);
  const texts = [ownNotes().story, ...answers].map((value) => value.trim()).filter(Boolean);
  /** @type {Statement[]} */
  const aside = texts.map((value) => [iri(ownIri()), iri(`${DCTERMS}description`), langString(value, language)]);
  return [...statementsOfDescription(), ...aside];
};

/** The description as it goes into a file: with where things were learned beside what forms show. */
export const draftForFile = () => {
  const draft = withoutEmpty(mine.draft);
  return { ...draft, other: [...draft.other, ...notesOf(draft)] };
};

/**
 * A draft from a file, with where things were learned read from its notes.
 * @param {Draft} opened
 * @returns {Draft}
 */
export const adoptDraft = (opened) => {
  /** @type {NonNullable<Draft["mine"]>} */
  const notes = { story: "", answers: {} };
  const draft = { ...opened, mine: notes };
  const places = new Map(PLACES_OF_LEARNING.map((name) => [learned(name), name]));
  for (const placement of draft.placements) {
    /** @param {Statement} statement */
    const isNote = ([subject, property, object]) => subject.value === placement.iri && property.value === NOTE && places.has(object.value);
    const [where] = draft.other.filter(isNote).map(([, , object]) => places.get(object.value));
    notes.answers[placement.id] = { how: "", took: "", where: where ?? "" };
    draft.other = draft.other.filter((statement) => !isNote(statement));
  }
  return draft;
};
