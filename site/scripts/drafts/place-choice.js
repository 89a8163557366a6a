// The places of the balance model as a group of choices, for keys, touch and voice.
/** @import { Place } from "../types.d.ts" */
import { element, formatMessage } from "../common.js";
import { readModel } from "./model.js";

let groups = 0;
/**
 * A group of choices: for each dimension its two points, in between, and the dimension only.
 * @param {object} choice
 * @param {string} choice.legend
 * @param {Place} choice.chosen where it is now.
 * @param {(where: Place) => void} choice.place is called with the place that is chosen.
 * @returns its element, and `legend`.
 */
export const placeChoice = ({ legend, chosen, place }) => {
  const { axes } = readModel();
  const name = `place-${++groups}`;
  /**
   * @param {string} label
   * @param {Place} where
   */
  const makeChoice = (label, where) => {
    const input = element("input", { type: "radio", name, value: where.position ?? where.dimension });
    input.checked = Boolean(chosen.dimension) && where.position === chosen.position && where.dimension === chosen.dimension;
    input.addEventListener("change", () => place(where));
    return element("label", { class: "choice" }, input, element("span", {}, label));
  };
  const rows = axes.map(({ dimension, name: title, style, between, poles: [one, two] }) =>
    element(
      "div",
      { class: `places ${style}`, role: "group", "aria-label": title },
      element("p", { class: "label" }, title),
      makeChoice(one.name, { dimension, position: one.position }),
      makeChoice(formatMessage("scripts.drafts.between"), { dimension, position: between }),
      makeChoice(two.name, { dimension, position: two.position }),
      makeChoice(formatMessage("scripts.drafts.dimension-only"), { dimension, position: null }),
    ),
  );
  const heading = element("legend", {}, legend);
  return { element: element("fieldset", { class: "place-choice" }, heading, ...rows), legend: heading };
};
