// The screen where the whole description is seen: which competences are the key ones, and where they are placed.
/** @import { Placement } from "../../types.d.ts" */
/** @import { Screen } from "../types.d.ts" */
import { button, element, formatMessage } from "../../common.js";
import { balanceFigure } from "../../drafts/figure.js";
import { keyPlacements, mine, nameOf, saveChange, statementOf } from "../state.js";
import { leftWarning } from "../warnings.js";

/** More key competences than this are too many to read. */
const MAX_KEYS = 15;

/** @type {(placement: Placement, number: number, change: () => void, edit: () => void) => HTMLElement} */
const placementItem = (placement, number, change, edit) => {
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
  );
};

/** @type {Screen} */
export const showReview = ({ go }) => {
  const { draft } = mine;
  const figure = balanceFigure({
    place: (id, { dimension, position }) => {
      const moved = draft.placements.find((placement) => placement.id === id);
      if (moved) Object.assign(moved, { dimension, position });
      saveChange();
      draw(id);
    },
    choose: (id) => draw(id),
  });
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
    placementItem(placement, at + 1, change, () => {
      Object.assign(mine, { competenceAt: at, questionAt: 0 });
      go("tell");
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
    figure.element,
  ];
};
