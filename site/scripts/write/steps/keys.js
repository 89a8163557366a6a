// The fourth step: the key competences are chosen and described, with their learning outcomes.
/** @import { Outcome, Placement, Texts } from "../../types.d.ts" */
import { button, data, element, formatMessage, language } from "../../common.js";
import { newOutcome } from "../../drafts/draft.js";
import { makeChoice, makeChoices, makeErrors, makeItems, makeTexts, registerField, setIn } from "../fields.js";
import { showFindings } from "../findings.js";
import { nameOfPlace, nameOfPlacement } from "../placements.js";
import { form, listLanguages, removeWithUndo, saveChange } from "../state.js";

/**
 * @param {Placement} placement
 * @param {Outcome} outcome
 */
const removeOutcome = (placement, outcome) => {
  const { draft } = form;
  const { iri } = outcome;
  placement.outcomes = placement.outcomes.filter((one) => one !== outcome);
  draft.other = draft.other.filter(([subject, , object]) => !iri || (subject.value !== iri && object.value !== iri));
};

/**
 * How many of the parts of a key competence are written, in all the languages of the draft.
 * @param {Placement} placement
 */
const countWritten = ({ rationale, what, why, outcomes }) => {
  /** @param {Texts} texts */
  const isWritten = (texts) => listLanguages().every((tag) => texts[tag].trim());
  const parts = [
    isWritten(rationale),
    what.length && what.every(isWritten),
    why.length && why.every(isWritten),
    outcomes.length && outcomes.every(({ statement, descriptors }) => isWritten(statement) && descriptors.length),
  ];
  return { written: parts.filter(Boolean).length, of: parts.length };
};

/**
 * The fields of a learning outcome.
 * @param {Placement} placement
 * @param {Outcome} outcome
 * @param {number} index
 * @param {() => unknown} refill shows all outcomes anew.
 */
const outcomeFields = (placement, outcome, index, refill) => {
  const number = index + 1;
  const kinds = data().drafts.descriptors.map(({ iri, label }) =>
    makeChoice(
      {
        type: "checkbox",
        value: iri,
        isChecked: outcome.descriptors.includes(iri),
        change: (on) => {
          outcome.descriptors = on ? [...outcome.descriptors, iri] : outcome.descriptors.filter((one) => one !== iri);
          saveChange();
        },
      },
      label[language],
    ),
  );
  const remove = () => {
    removeWithUndo({
      message: formatMessage("scripts.write.outcome.removed", { number }),
      lists: [
        [placement, "outcomes"],
        [form.draft, "other"],
      ],
      remove: () => removeOutcome(placement, outcome),
      show: refill,
    });
  };
  return element(
    "div",
    { class: "outcome-field" },
    makeTexts({
      key: `${outcome.id} statement`,
      name: formatMessage("scripts.write.outcome", { number }),
      hint: formatMessage("scripts.write.outcome.hint"),
      value: outcome.statement,
      set: setIn(outcome.statement),
      rows: 3,
    }),
    makeChoices(`${outcome.id} descriptors`, formatMessage("scripts.write.descriptors"), [element("div", { class: "row" }, ...kinds)]),
    button(formatMessage("scripts.write.outcome.remove", { number }), remove, { class: "quiet" }),
  );
};

/**
 * @param {Placement} placement
 * @param {() => HTMLElement} refill shows all outcomes anew, in the element that is returned.
 */
const outcomesOf = (placement, refill) => {
  const errors = makeErrors(`outcomes-${placement.id}`);
  const outcomes = placement.outcomes.map((outcome, index) => outcomeFields(placement, outcome, index, refill));
  const addOutcome = () => {
    placement.outcomes.push(newOutcome());
    saveChange();
    /** @type {HTMLElement | null} */
    const field = refill().querySelector(".outcome-field:last-of-type textarea");
    field?.focus();
  };
  const add = button(formatMessage("scripts.write.outcome.add"), addOutcome, { class: "quiet" });
  const made = element("div", {}, element("h4", {}, formatMessage("scripts.write.outcomes")), errors, ...outcomes, add);
  registerField(`${placement.id} outcomes`, made, [add], errors);
  return made;
};

/** @type {(placement: Placement, name: "what" | "why", label: string, hint: string) => HTMLElement} */
const itemsOf = (placement, name, label, hint) =>
  makeItems({
    key: `${placement.id} ${name}`,
    name: label,
    hint,
    value: placement[name],
    set: (value) => {
      placement[name] = value;
    },
  });

/**
 * What is said of a key competence, which opens and closes.
 * @param {Placement} placement
 */
const makeDetails = (placement) => {
  const body = element("div", {});
  const name = element("strong", {}, nameOfPlacement(placement));
  const progress = element("span", { class: "progress small" });
  const summary = element("summary", {}, name, " ", element("span", { class: "soft" }, nameOfPlace(placement)), " ", progress);
  const showProgress = () => {
    const count = countWritten(placement);
    progress.classList.toggle("done", count.written === count.of);
    progress.textContent = formatMessage("scripts.write.progress", count);
  };
  const made = element("details", { class: "key-details", "data-id": placement.id }, summary, body);
  const fill = () => {
    const rationale = makeTexts({
      key: `${placement.id} rationale`,
      name: formatMessage("scripts.write.rationale"),
      hint: formatMessage("scripts.write.rationale.hint"),
      value: placement.rationale,
      set: setIn(placement.rationale),
      rows: 3,
    });
    body.replaceChildren(
      rationale,
      itemsOf(placement, "what", formatMessage("scripts.write.what"), formatMessage("scripts.write.what.hint")),
      itemsOf(placement, "why", formatMessage("scripts.write.why"), formatMessage("scripts.write.why.hint")),
      outcomesOf(placement, fill),
    );
    showProgress();
    showFindings();
    return body;
  };
  made.addEventListener("toggle", () => {
    if (made.open) form.openKeys.add(placement.id);
    else form.openKeys.delete(placement.id);
    if (made.open && !body.childElementCount) fill();
  });
  for (const event of ["input", "change"]) body.addEventListener(event, showProgress);
  showProgress();
  if (form.openKeys.has(placement.id)) {
    made.open = true;
    fill();
  }
  return made;
};

export const showKeys = () => {
  const { draft } = form;
  const count = element("p", { class: "soft", role: "status" });
  const details = element("div", {});
  const show = () => {
    const keys = draft.placements.filter(({ key }) => key);
    count.textContent = formatMessage("scripts.write.chosen", { number: keys.length });
    details.replaceChildren(
      ...(keys.length ? keys.map(makeDetails) : [element("p", { class: "soft" }, formatMessage("scripts.write.describe.none"))]),
    );
    showFindings();
  };
  const choices = draft.placements.map((placement) =>
    makeChoice(
      {
        type: "checkbox",
        value: placement.id,
        isChecked: placement.key,
        change: (on) => {
          placement.key = on;
          saveChange();
          show();
        },
      },
      nameOfPlacement(placement),
      " ",
      element("span", { class: "soft small" }, nameOfPlace(placement)),
    ),
  );
  const chooser = makeChoices(`${draft.id} keys`, formatMessage("scripts.write.choose"), choices, count);
  show();
  return [
    draft.placements.length ? chooser : element("p", {}, formatMessage("scripts.write.placements.none")),
    element("h3", {}, formatMessage("scripts.write.describe")),
    details,
  ];
};
