// The third step: competences are added and placed in the balance model, in the figure or by choices.
/** @import { Language, Place, Placement } from "../../types.d.ts" */
import { button, element, formatMessage, pageOf } from "../../common.js";
import { competenceField, findCompetence, listSkills } from "../../drafts/competences.js";
import { newPlacement, removePlacement, text } from "../../drafts/draft.js";
import { balanceFigure } from "../../drafts/figure.js";
import { placeChoice } from "../../drafts/place-choice.js";
import { BASE } from "../../drafts/rdf.js";
import { makeErrors, makeTexts, registerField, setIn } from "../fields.js";
import { showFindings } from "../findings.js";
import { nameOfPlace, nameOfPlacement } from "../placements.js";
import { announce, form, localize, removeWithUndo, saveChange } from "../state.js";

/**
 * What its parts do.
 * @typedef {object} Actions
 * @property {(placement: Placement, index: number) => void} edit
 * @property {(placement: Placement, name: string) => void} remove
 * @property {(id: string, where: Place) => void} place
 * @property {() => void} redraw
 */

/**
 * What is shared with other standards: the competence of the scheme, with the ESCO skills it is mapped to.
 * @param {Placement} placement
 */
const sharedCompetence = (placement) => {
  const shared = findCompetence(placement.competence);
  if (!shared) return null;
  const page = pageOf(shared.iri.slice(BASE.length));
  const link = element("a", { href: page, target: "_blank", rel: "noopener" }, localize(shared.label));
  return element("p", { class: "small" }, `${formatMessage("scripts.write.shared")} `, link, ". ", listSkills(shared));
};

/** @param {Placement} placement */
const definitionField = (placement) =>
  placement.described
    ? makeTexts({
        key: `${placement.id} definition`,
        name: formatMessage("scripts.write.definition"),
        hint: formatMessage("scripts.write.definition.hint"),
        value: placement.described.definition,
        set: setIn(placement.described.definition),
        rows: 2,
      })
    : null;

/**
 * A competence in the list: its name and place, and where it is the chosen one its fields.
 * @param {Placement} placement
 * @param {number} index
 * @param {Actions} act
 */
const makeEntry = (placement, index, act) => {
  const name = nameOfPlacement(placement);
  const isChosen = placement.id === form.chosen;
  const title = element("strong", {}, name);
  const editing = { class: "quiet", "aria-expanded": String(isChosen), "aria-label": formatMessage("scripts.write.edit.of", { name }) };
  const head = element(
    "div",
    { class: "head" },
    element("span", { class: "n" }, `${index + 1}`),
    title,
    element("span", { class: "soft" }, nameOfPlace(placement)),
    button(formatMessage("scripts.write.edit"), () => act.edit(placement, index), editing),
    button(formatMessage("scripts.write.remove"), () => act.remove(placement, name), {
      class: "quiet",
      "aria-label": formatMessage("scripts.write.remove.of", { name }),
    }),
  );
  const key = `${placement.id} place`;
  const errors = makeErrors(`place-${placement.id}`);
  if (!isChosen) {
    const row = element("li", {}, head, errors);
    registerField(key, row, [], errors);
    return row;
  }
  const choice = placeChoice({
    legend: formatMessage("scripts.write.where", { name }),
    chosen: placement,
    place: (where) => act.place(placement.id, where),
  });
  choice.legend.after(errors);
  registerField(key, choice.element, [...choice.element.querySelectorAll("input")], errors);
  /** @type {(tag: Language, written: string) => void} */
  const setName = (tag, written) => {
    placement.label[tag] = written;
    title.textContent = nameOfPlacement(placement);
    act.redraw();
  };
  const nameField = makeTexts({
    key: `${placement.id} label`,
    name: formatMessage("scripts.write.placement-label"),
    value: placement.label,
    set: setName,
  });
  return element("li", { class: "current" }, head, sharedCompetence(placement), choice.element, nameField, definitionField(placement));
};

export const showPlacing = () => {
  const { draft, fields, parts } = form;
  const list = element("ol", { class: "plain placements" });
  const heading = element("h3", {});
  const figure = balanceFigure({
    place: (id, where) => act.place(id, where),
    choose: (id) => {
      form.chosen = id;
      show();
      parts.body.querySelector(".current")?.scrollIntoView({ block: "nearest" });
    },
  });
  /** @type {Actions} */
  const act = {
    redraw: () => {
      const named = draft.placements.map((placement) => ({ ...placement, name: nameOfPlacement(placement) }));
      figure.show(named, form.chosen);
    },
    edit: (placement, index) => {
      form.chosen = placement.id === form.chosen ? null : placement.id;
      show();
      const buttons = list.querySelectorAll("li")[index]?.querySelectorAll("button");
      buttons?.[0].focus();
    },
    remove: (placement, name) => {
      form.chosen = null;
      removeWithUndo({
        message: formatMessage("scripts.write.removed", { name }),
        lists: [
          [draft, "placements"],
          [draft, "other"],
        ],
        remove: () => removePlacement(draft, placement),
        show,
      });
      parts.body.querySelector("input")?.focus();
    },
    place: (id, { dimension, position }) => {
      const placement = draft.placements.find((one) => one.id === id);
      if (!placement) return;
      Object.assign(placement, { dimension, position, both: false });
      form.chosen = id;
      announce(formatMessage("scripts.write.placed", { name: nameOfPlacement(placement), place: nameOfPlace(placement) }));
      form.touched.add(`${id} place`);
      const hasFocus = list.contains(document.activeElement);
      saveChange();
      show();
      /** @type {HTMLInputElement | null} */
      const checked = list.querySelector(".current input:checked");
      if (hasFocus) checked?.focus();
    },
  };
  const show = () => {
    for (const key of [...fields.keys()]) if (key !== `${draft.id} placements`) fields.delete(key);
    heading.textContent = draft.placements.length
      ? formatMessage("scripts.write.placements", { number: draft.placements.length })
      : formatMessage("scripts.write.placements.none");
    list.replaceChildren(...draft.placements.map((placement, index) => makeEntry(placement, index, act)));
    act.redraw();
    showFindings();
  };
  const find = competenceField({
    label: formatMessage("scripts.write.find"),
    hint: formatMessage("scripts.write.find.hint"),
    pick: (thing) => {
      const label = { ...text(), ...thing.label };
      const fresh = { label, described: { label: null, definition: text() } };
      // The method's own name is the same in both languages where it is meant to be.
      const same = label.nb === label.en;
      const placement = newPlacement(thing.iri ? { competence: thing.iri, label, same } : fresh);
      draft.placements.push(placement);
      form.chosen = placement.id;
      // The name is the person's own, and has been written already.
      if (!thing.iri) form.touched.add(`${placement.id} label`);
      announce(formatMessage("scripts.write.added", { name: localize(label) }));
      saveChange();
      show();
    },
  });
  show();
  return [find, element("div", { class: "split" }, figure.element, element("div", {}, heading, list))];
};
