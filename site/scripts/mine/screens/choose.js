// The screen where competences are chosen: those that the story suggests, those of a role, and those that one searches for.
/** @import { NamedThing, Placement } from "../../types.d.ts" */
/** @import { PickedCompetence } from "../../drafts/competences.js" */
/** @import { Screen, Walk } from "../types.d.ts" */
import { isPresent } from "../../collections.js";
import { button, data, element, formatMessage } from "../../common.js";
import { competenceField, findCompetence, searchCompetences } from "../../drafts/competences.js";
import { removePlacement } from "../../drafts/draft.js";
import { BASE } from "../../drafts/rdf.js";
import { competenceChoices, roleField, toggleCompetence } from "../parts.js";
import { mine, nameOf, ownNotes, root, saveChange } from "../state.js";

const MAX_SUGGESTIONS = 12;
/** Shorter words than this suggest nothing. */
const MIN_LETTERS = 4;

/**
 * The competences that the words of the story find, those that more words find first.
 * @param {string} story
 */
const suggestCompetences = (story) => {
  /** @type {Map<NamedThing, number>} */
  const scores = new Map();
  for (const word of new Set(story.toLowerCase().match(/\p{L}+/gu) ?? [])) {
    if (word.length < MIN_LETTERS) continue;
    searchCompetences(word, 2).forEach((thing, at) => {
      scores.set(thing, (scores.get(thing) ?? 0) + (at ? 1 : 2));
    });
  }
  const best = [...scores].sort(([, one], [, two]) => two - one);
  return best.slice(0, MAX_SUGGESTIONS).map(([thing]) => thing);
};

/** @type {(placement: Placement, refresh: Walk["refresh"]) => HTMLElement} */
const chosenItem = (placement, refresh) => {
  const remove = () => {
    removePlacement(mine.draft, placement);
    saveChange();
    refresh();
    /** @type {HTMLInputElement | null} */
    const field = root.querySelector("input.long");
    field?.focus();
  };
  return element(
    "li",
    {},
    element("span", {}, nameOf(placement), placement.described ? ` (${formatMessage("scripts.mine.own")})` : ""),
    button(formatMessage("scripts.mine.remove", { name: nameOf(placement) }), remove, { class: "quiet" }),
  );
};

/** @type {Screen} */
export const showChoose = ({ refresh, allowSteps }) => {
  const { draft } = mine;
  const notes = ownNotes();
  const chosen = element("div", {});
  const showChosen = () => {
    const items = draft.placements.map((placement) => chosenItem(placement, refresh));
    allowSteps();
    const list = items.length
      ? element("ul", { class: "plain chosen" }, ...items)
      : element("p", { class: "soft" }, formatMessage("scripts.mine.chosen.none"));
    chosen.replaceChildren(element("h3", {}, formatMessage("scripts.mine.chosen", { number: items.length })), list);
  };
  const ofRole = element("div", {});
  /** @param {string} slug */
  const showRole = (slug) => {
    const role = data().compare[slug];
    notes.from = slug;
    const things = Object.keys(role?.keyCompetences ?? {}).map((path) => findCompetence(BASE + path));
    ofRole.replaceChildren(
      ...(role
        ? [competenceChoices(formatMessage("scripts.mine.of-role", { role: role.name }), things.filter(isPresent), showChosen)]
        : []),
    );
  };
  /** @param {PickedCompetence} thing */
  const pick = (thing) => {
    toggleCompetence(thing, true);
    showChosen();
  };
  const suggested = suggestCompetences(notes.story);
  const none = notes.story.trim() ? element("p", { class: "soft" }, formatMessage("scripts.mine.suggested.none")) : "";
  showChosen();
  if (notes.from) showRole(notes.from);
  return [
    formatMessage("scripts.mine.choose.title"),
    element("p", {}, formatMessage("scripts.mine.choose.text")),
    suggested.length ? competenceChoices(formatMessage("scripts.mine.suggested"), suggested, showChosen) : none,
    roleField(formatMessage("scripts.mine.by-role"), notes.from, showRole),
    ofRole,
    competenceField({ label: formatMessage("scripts.mine.find"), hint: formatMessage("scripts.mine.find.hint"), pick }),
    chosen,
  ];
};
