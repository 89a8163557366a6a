// What the rules say of the draft: beside the fields, at the head of the step, and all together in the last step.
/** @import { Finding } from "../types.d.ts" */
/** @import { Field, PlacedFinding } from "./types.d.ts" */
import { button, data, element, formatMessage, reasonOf } from "../common.js";
import { describeFinding, nameSeverity } from "../drafts/finding.js";
import { showWhenReleased } from "../drafts/press.js";
import { placeFindings } from "./finding-places.js";
import { form, listLanguages, STEP_KEYS, STEPS, saveChange } from "./state.js";

/** Rules on a text that is lacking in one of two languages: of the two fields only the empty one is wrong. */
const LANGUAGE_RULES = ["L1", "L8"];

/** @param {PlacedFinding} finding */
const isShown = ({ place }) => form.step === "review" || (place !== null && (form.left.has(place.step) || form.touched.has(place.key)));
/** @param {PlacedFinding} finding */
const isViolation = ({ severity, isUnwritten }) => severity === "violation" && !isUnwritten;
/** The rule on texts that are the same in both languages. */
const SAME_RULE = "L7";

/**
 * A finding beside its field, with what confirms that a text is meant to be the same in both languages.
 * @param {PlacedFinding} finding
 */
const showFinding = (finding) => {
  const shown = describeFinding(finding);
  const owners = finding.place?.owners;
  if (finding.rule !== SAME_RULE || !owners) return shown;
  const confirm = () => {
    for (const owner of owners) owner.same = true;
    saveChange();
  };
  shown.append(button(formatMessage("scripts.write.same"), confirm, { class: "quiet" }));
  return shown;
};

/**
 * Findings as a list, each a link to its field, which `navigation.js` follows.
 * @param {PlacedFinding[]} findings
 */
const listOf = (findings) => {
  const items = findings.map((finding) => {
    const { message, place } = finding;
    const kind = element("strong", {}, `${nameSeverity(finding)}: `);
    if (!place) return [kind, message];
    const { step, key, placement } = place;
    return [kind, element("a", { href: `#${step}`, "data-field": key, "data-placement": placement?.id }, message)];
  });
  return element("ul", { class: "plain" }, ...items.map((item) => element("li", {}, ...item)));
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
  update(errors, findings, () => findings.map(showFinding));
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
  const left = findings.filter(({ isUnwritten }) => isUnwritten).length;
  const faults = findings.filter(isViolation).length;
  const advice = findings.length - left - faults;
  return [
    left && formatMessage("scripts.write.count.left", { left }),
    faults && formatMessage("scripts.write.count.faults", { faults }),
    advice && formatMessage("scripts.write.count.advice", { advice }),
  ]
    .filter(Boolean)
    .join(" ");
};

/**
 * Whether a finding advises against a name that the method's own list has.
 * @param {Finding} finding
 */
const isOnListedName = ({ severity, value }) =>
  severity !== "violation" &&
  value?.type === "Literal" &&
  data().drafts.competences.some(({ label }) => Object.values(label).includes(value.value));

const showNow = () => {
  const { parts, step } = form;
  const findings = form.findings.filter((finding) => !isOnListedName(finding));
  /** @type {PlacedFinding[]} */
  const all = placeFindings(findings, form.draft, STEPS, formatMessage("scripts.write.unnamed"), listLanguages());
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
