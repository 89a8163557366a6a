// The screen where competences are chosen: those that the story suggests, those of a role, and those that one searches for.
/** @import { Placement } from "../../types.d.ts" */
/** @import { PickedCompetence } from "../../drafts/competences.js" */
/** @import { Screen, Walk } from "../types.d.ts" */
import { isPresent } from "../../collections.js";
import { button, data, element, formatMessage } from "../../common.js";
import { competenceField, findCompetence } from "../../drafts/competences.js";
import { removePlacement } from "../../drafts/draft.js";
import { BASE } from "../../drafts/rdf.js";
import { suggestCompetences } from "../../drafts/suggestions.js";
import { competenceChoices, roleField, toggleCompetence } from "../parts.js";
import { mine, nameOf, ownNotes, root, saveChange } from "../state.js";

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
  const { competences, everyday } = data().drafts;
  const told = suggestCompetences(notes.story, everyday, competences);
  const suggested = told.map(({ thing }) => thing);
  const reasons = new Map(told.map(({ thing, words }) => [thing.iri, formatMessage("scripts.mine.because", { words: words.join(", ") })]));
  const none = notes.story.trim() ? element("p", { class: "soft" }, formatMessage("scripts.mine.suggested.none")) : "";
  showChosen();
  if (notes.from) showRole(notes.from);
  return [
    formatMessage("scripts.mine.choose.title"),
    element("p", {}, formatMessage("scripts.mine.choose.text")),
    suggested.length ? competenceChoices(formatMessage("scripts.mine.suggested"), suggested, showChosen, reasons) : none,
    roleField(formatMessage("scripts.mine.by-role"), notes.from, showRole),
    ofRole,
    competenceField({ label: formatMessage("scripts.mine.find"), hint: formatMessage("scripts.mine.find.hint"), pick }),
    chosen,
  ];
};
