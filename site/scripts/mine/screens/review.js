// The screen where the whole description is seen: which competences are the key ones, and where they are placed.
/** @import { Place, Placement } from "../../types.d.ts" */
/** @import { Screen } from "../types.d.ts" */
import { button, data, element, formatMessage } from "../../common.js";
import { balanceFigure } from "../../drafts/figure.js";
import { readModel } from "../../drafts/model.js";
import { placeChoice } from "../../drafts/place-choice.js";
import { keyPlacements, localize, mine, nameOf, saveChange, statementOf } from "../state.js";
import { leftWarning } from "../warnings.js";

/** More key competences than this are too many to read. */
const MAX_KEYS = 15;

/** What the words of the balance model mean. */
const showMeanings = () => {
  const { dimensions, positions } = data().drafts;
  /** @param {string} iri */
  const definitionOf = (iri) => localize([...dimensions, ...positions].find((thing) => thing.iri === iri)?.definition);
  const poles = readModel().axes.flatMap((axis) => axis.poles);
  const meanings = poles.flatMap(({ position, name }) => [element("dt", {}, name), element("dd", {}, definitionOf(position))]);
  return element("details", {}, element("summary", {}, formatMessage("scripts.mine.place.meaning")), element("dl", {}, ...meanings));
};

/**
 * Choices of where a competence is placed, for those who do not drag it in the figure.
 * @param {Placement} placement
 * @param {(id: string, where: Place) => void} place
 */
const placeField = (placement, place) => {
  const summary = element("summary", {}, formatMessage("scripts.mine.place.of", { name: nameOf(placement) }));
  const made = element("details", { class: "where small" }, summary);
  made.addEventListener("toggle", () => {
    if (!made.open || made.querySelector(".place-choice")) return;
    const legend = formatMessage("scripts.mine.place");
    made.append(placeChoice({ legend, chosen: placement, place: (where) => place(placement.id, where) }).element);
  });
  return made;
};

/**
 * What is done with a competence in the list.
 * @typedef {object} Actions
 * @property {() => void} change
 * @property {() => void} edit
 * @property {(id: string, where: Place) => void} place
 */

/** @type {(placement: Placement, number: number, actions: Actions) => HTMLElement} */
const placementItem = (placement, number, { change, edit, place }) => {
  const input = element("input", { type: "checkbox" });
  input.checked = placement.key;
  input.addEventListener("change", () => {
    placement.key = input.checked;
    change();
  });
  const statement = statementOf(placement);
  return element(
    "li",
    {},
    element("label", { class: "choice" }, input, element("span", {}, `${number}. ${nameOf(placement)}`)),
    button(formatMessage("scripts.mine.edit", { name: nameOf(placement) }), edit, { class: "quiet" }),
    element("p", { class: `said${statement ? "" : " soft"}` }, statement || `(${formatMessage("scripts.mine.missing-words")})`),
    placeField(placement, place),
  );
};

/** @type {Screen} */
export const showReview = ({ go }) => {
  const { draft } = mine;
  /** @type {(id: string, where: Place) => void} */
  const place = (id, { dimension, position }) => {
    const moved = draft.placements.find((placement) => placement.id === id);
    if (moved) Object.assign(moved, { dimension, position });
    saveChange();
    draw(id);
  };
  const figure = balanceFigure({ place, choose: (id) => draw(id) });
  /** @param {string | null} chosen */
  const draw = (chosen = null) => {
    const placements = draft.placements.map((placement) => ({ ...placement, name: nameOf(placement) }));
    figure.show(placements, chosen);
  };
  const many = element("p", { class: "warn mild", role: "status" });
  const count = () => {
    const { length } = keyPlacements();
    many.textContent = length > MAX_KEYS ? formatMessage("scripts.mine.many", { number: length }) : "";
  };
  const change = () => {
    count();
    saveChange();
  };
  const items = draft.placements.map((placement, at) =>
    placementItem(placement, at + 1, {
      change,
      place,
      edit: () => {
        mine.competenceAt = at;
        go("tell");
      },
    }),
  );
  figure.caption.textContent = formatMessage("scripts.mine.figure.hint");
  draw();
  count();
  return [
    formatMessage("scripts.mine.review.title"),
    element("p", {}, formatMessage("scripts.mine.review.text")),
    leftWarning(),
    element(
      "fieldset",
      {},
      element("legend", {}, formatMessage("scripts.mine.review.keys")),
      element("ol", { class: "plain review" }, ...items),
    ),
    many,
    element("h3", {}, formatMessage("scripts.mine.place.title")),
    element("p", {}, formatMessage("scripts.mine.place.hint")),
    showMeanings(),
    figure.element,
  ];
};
