// What the rules say of the draft: beside the fields, at the head of the step, and all together in the last step.
/** @import { Field, PlacedFinding } from "./types.d.ts" */
import { element, formatMessage, reasonOf } from "../common.js";
import { describeFinding } from "../drafts/finding.js";
import { showWhenReleased } from "../drafts/press.js";
import { placeFindings } from "./finding-places.js";
import { form, STEP_KEYS, STEPS } from "./state.js";

/** Rules on a text that is lacking in one of two languages: of the two fields only the empty one is wrong. */
const LANGUAGE_RULES = ["L1", "L8"];

/** @param {PlacedFinding} finding */
const isShown = ({ place }) => form.step === "review" || (place !== null && (form.left.has(place.step) || form.touched.has(place.key)));
/** @param {PlacedFinding} finding */
const isViolation = ({ severity }) => severity === "violation";

/**
 * Findings as a list, each a link to its field, which `navigation.js` follows.
 * @param {PlacedFinding[]} findings
 */
const listOf = (findings) => {
  const items = findings.map(({ message, place }) => {
    if (!place) return message;
    const { step, key, placement } = place;
    return element("a", { href: `#${step}`, "data-field": key, "data-placement": placement?.id }, message);
  });
  return element("ul", { class: "plain" }, ...items.map((item) => element("li", {}, item)));
};

/**
 * All findings by the step that they are shown in, and last those of what the form does not show.
 * @param {PlacedFinding[]} findings
 */
const listsByStep = (findings) => {
  /** @type {(titleKey: string, list: PlacedFinding[]) => HTMLElement[]} */
  const under = (titleKey, list) => (list.length ? [element("h3", {}, formatMessage(titleKey)), listOf(list)] : []);
  const steps = STEPS.slice(0, -1).flatMap((name) =>
    under(
      STEP_KEYS[name].title,
      findings.filter(({ place }) => place?.step === name),
    ),
  );
  const elsewhere = findings.filter(({ place }) => !place);
  return [...steps, ...under("scripts.write.elsewhere", elsewhere)];
};

/**
 * Write findings where they are not written already: what is open stays open, and what has the focus keeps it.
 * @param {HTMLElement} target
 * @param {PlacedFinding[]} findings
 * @param {() => HTMLElement[]} make
 */
const update = (target, findings, make) => {
  const now = JSON.stringify(findings.map(({ rule, message, place }) => [rule, message, place?.key]));
  if (target.dataset.shown === now) return;
  target.dataset.shown = now;
  target.replaceChildren(...make());
};

/**
 * @param {Field} field
 * @param {PlacedFinding[]} findings
 */
const showInField = ({ wrapper, inputs, errors, hint }, findings) => {
  update(errors, findings, () => findings.map(describeFinding));
  const isWrong = findings.some(isViolation);
  wrapper.classList.toggle("wrong", isWrong);
  for (const input of inputs) {
    if (input.matches("input, textarea, select")) {
      const lacks = inputs.length < 2 || !input.value.trim() || findings.every(({ rule }) => !LANGUAGE_RULES.includes(rule));
      if (isWrong && lacks) input.setAttribute("aria-invalid", "true");
      else input.removeAttribute("aria-invalid");
    }
    const described = [hint, findings.length ? errors.id : ""].filter(Boolean).join(" ");
    if (described) input.setAttribute("aria-describedby", described);
    else input.removeAttribute("aria-describedby");
  }
};

/** @param {PlacedFinding[]} findings */
const stateText = (findings) => {
  if (form.failure) return formatMessage("scripts.write.broken", { why: reasonOf(form.failure) });
  if (!form.isChecked)
    return form.parts.state.ariaBusy === "true" ? formatMessage("scripts.write.loading") : formatMessage("scripts.write.idle");
  if (!findings.length) return formatMessage("scripts.write.clean");
  const faults = findings.filter(isViolation).length;
  return formatMessage("scripts.write.count", { faults, advice: findings.length - faults });
};

const showNow = () => {
  const { parts, step } = form;
  /** @type {PlacedFinding[]} */
  const all = placeFindings(form.findings, form.draft, STEPS, formatMessage("scripts.write.unnamed"));
  const visible = all.filter(isShown);
  for (const [key, field] of form.fields) {
    showInField(
      field,
      visible.filter(({ place }) => place?.key === key),
    );
  }
  for (const name of STEPS) {
    const faults = visible.filter((finding) => finding.place?.step === name && isViolation(finding)).length;
    parts.counts[name].textContent = faults ? String(faults) : "";
  }
  const here = visible.filter(({ place }) => place?.step === step);
  parts.summary.classList.toggle("mild", !here.some(isViolation));
  parts.summary.hidden = step === "review" || !here.length;
  update(parts.summary, here, () => [element("h3", {}, formatMessage("scripts.write.summary")), listOf(here)]);
  parts.state.textContent = stateText(all);
  if (step === "review") update(parts.review, all, () => listsByStep(all));
};

/** Show what the last check found: of the fields and steps that the person has been to, and in the last step everything. */
export const showFindings = () => showWhenReleased(showNow);
