// The state of the page where a person describes what they can do, and what all its parts do: show texts and save.
/** @import { Answers, Draft, DraftKind, Placement, SomeTexts } from "../types.d.ts" */
/** @import { Gap } from "./gap.js" */
import { data, formatMessage, language, otherLanguage, part } from "../common.js";
import { text as inBoth, newDraft, newOutcome } from "../drafts/draft.js";
import { deleteDraft, listDrafts, saveDraft } from "../drafts/saved-drafts.js";

/** @typedef {"start" | "done" | "choose" | "tell" | "review" | "role" | "occupations" | "take"} Step */
/**
 * The steps in order, and the key of the title of each.
 * @type {Record<Step, string>}
 */
export const STEP_KEYS = {
  start: "scripts.mine.step.start",
  done: "scripts.mine.step.done",
  choose: "scripts.mine.step.choose",
  tell: "scripts.mine.step.tell",
  review: "scripts.mine.step.review",
  role: "scripts.mine.step.role",
  occupations: "scripts.mine.step.occupations",
  take: "scripts.mine.step.take",
};
/** The element that the list of occupations is made of. A project without ESCO's occupations has none, and no such step. */
export const OCCUPATIONS_PART = "near-occupations";
/** @param {string} step */
const isThere = (step) => step !== "occupations" || document.getElementById(OCCUPATIONS_PART) !== null;
export const STEPS = /** @type {Step[]} */ (Object.keys(STEP_KEYS).filter(isThere));
/**
 * Where one has learnt something, and the key of what it is called.
 * @type {Record<string, string>}
 */
export const PLACE_KEYS = {
  work: "scripts.mine.where.work",
  course: "scripts.mine.where.course",
  school: "scripts.mine.where.school",
  else: "scripts.mine.where.else",
};
export const PLACES_OF_LEARNING = Object.keys(PLACE_KEYS);
/** @type {DraftKind} */
export const KIND = "individual";
export const SLUG = "min-kompetanse-1";

export const root = part("mine", "div");
const fault = part("fault", "p");

/** @returns {Draft} */
const newDescription = () => ({
  ...newDraft(KIND, data()?.drafts?.base),
  slug: SLUG,
  label: inBoth("Min kompetanse", "My competence"),
  mine: { story: "", answers: {} },
});

/**
 * The state of the page.
 * @typedef {object} OwnState
 * @property {Draft} draft
 * @property {boolean} isOpen whether the person has begun or opened a description.
 * @property {Step} step
 * @property {number} competenceAt the number of the competence that is on the screen, in the step `tell`.
 * @property {{ slug: string, gap: Gap } | null} compared how the description compares with a role, as long as neither changes.
 * @property {(wait?: number) => void} requestCheck asks for a check of what is written, after a wait.
 */
/** @type {OwnState} */
export const mine = {
  draft: newDescription(),
  isOpen: false,
  step: "start",
  competenceAt: 0,
  compared: null,
  requestCheck: () => {},
};

/**
 * A text in two languages in the page's own, or else in the other.
 * @param {SomeTexts | undefined} value
 */
export const localize = (value) => value?.[language] || value?.[otherLanguage] || "";

/** @param {string} message */
export const showFault = (message) => {
  fault.textContent = message;
};

/** What this page has saved: the last saved first. */
export const listOwnDrafts = () => listDrafts(KIND).filter(({ draft }) => draft.mine);

/** Take up a description. @param {Draft} draft */
export const openDescription = (draft) => {
  Object.assign(mine, { draft, isOpen: true, compared: null });
};

/** Delete what this page has saved, and begin anew. */
export const beginAnew = () => {
  for (const { draft } of listOwnDrafts()) deleteDraft(draft);
  openDescription(newDescription());
};

/** Delete what this page has saved. */
export const wipe = () => {
  beginAnew();
  mine.isOpen = false;
};

/** Save a draft that has changed, and have it checked. */
export const saveChange = () => {
  if (!saveDraft(mine.draft)) showFault(formatMessage("scripts.mine.not-kept"));
  mine.compared = null;
  mine.requestCheck();
};

/** @param {Placement} placement */
export const nameOf = (placement) => localize(placement.label);
export const keyPlacements = () => mine.draft.placements.filter(({ key }) => key);

/** What the person has told beside the description itself. */
export const ownNotes = () => {
  mine.draft.mine ??= { story: "", answers: {} };
  return mine.draft.mine;
};

/**
 * What a person has answered on a competence that goes into no file.
 * @param {Placement} placement
 * @returns {Answers}
 */
export const answersOf = ({ id }) => {
  const { answers } = ownNotes();
  answers[id] ??= { how: "", took: "", where: "" };
  return answers[id];
};

/**
 * The outcome of a competence, made where there is none.
 * @param {Placement} placement
 */
export const outcomeOf = (placement) => {
  placement.outcomes[0] ??= newOutcome();
  return placement.outcomes[0];
};

/** @param {Placement} placement */
export const statementOf = (placement) => localize(placement.outcomes[0]?.statement);
