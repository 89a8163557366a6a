// The steps of the form: which one is shown, and the way to a field.
/** @import { StepName } from "./types.d.ts" */
import { element, formatMessage } from "../common.js";
import { showFindings } from "./findings.js";
import { checkFirst, form, page, STEP_KEYS, STEPS } from "./state.js";
import { showInterviews } from "./steps/interviews.js";
import { showKeys } from "./steps/keys.js";
import { showPlacing } from "./steps/placing.js";
import { showReview } from "./steps/review.js";
import { showRole } from "./steps/role.js";
import { showSources } from "./steps/sources.js";

/**
 * What makes the elements of each step.
 * @type {Record<StepName, () => HTMLElement[]>}
 */
const BODIES = {
  role: () => showRole(() => showStep("role", false)),
  interviews: showInterviews,
  placing: showPlacing,
  keys: showKeys,
  sources: showSources,
  review: showReview,
};

/** The links to all steps, with the number of faults in each. */
export const makeStepLinks = () => {
  const { parts } = form;
  const counts = STEPS.map((name) => [name, element("span", { class: "count" })]);
  parts.counts = Object.fromEntries(counts);
  const links = STEPS.map((name) =>
    element("li", {}, element("a", { href: `#${name}` }, formatMessage(STEP_KEYS[name].title)), parts.counts[name]),
  );
  return element(
    "nav",
    { class: "steps", "aria-label": formatMessage("scripts.write.steps") },
    element("ol", { class: "plain" }, ...links),
  );
};

/** @type {(name: StepName | undefined, key: string, style: string) => HTMLElement | null} */
const linkTo = (name, key, style) =>
  name ? element("a", { href: `#${name}`, class: style }, formatMessage(key, { name: formatMessage(STEP_KEYS[name].title) })) : null;

/**
 * Show a step.
 * @param {StepName} name
 * @param {boolean} [focus] whether to move there what reads the page aloud.
 */
export const showStep = (name, focus = true) => {
  const { parts } = form;
  if (name !== form.step) form.left.add(form.step);
  form.step = name;
  parts.undo.replaceChildren();
  form.fields = new Map();
  for (const link of parts.steps.querySelectorAll("a")) {
    if (link.hash === `#${name}`) link.setAttribute("aria-current", "step");
    else link.removeAttribute("aria-current");
  }
  const at = STEPS.indexOf(name);
  const heading = element("h2", { tabindex: "-1" }, formatMessage(STEP_KEYS[name].title));
  parts.summary = element("div", { class: "summary", hidden: true });
  parts.body.replaceChildren(
    element("p", { class: "soft small" }, formatMessage("scripts.write.step", { number: at + 1, count: STEPS.length })),
    heading,
    element("p", {}, formatMessage(STEP_KEYS[name].lead)),
    parts.summary,
    ...BODIES[name](),
    element(
      "p",
      { class: "row moves" },
      linkTo(STEPS[at - 1], "scripts.write.previous", "quiet-link"),
      linkTo(STEPS[at + 1], "scripts.write.next", "button"),
    ),
  );
  showFindings();
  if (name === "review") checkFirst();
  if (location.hash !== `#${name}`) history[location.hash ? "pushState" : "replaceState"](null, "", `#${name}`);
  if (focus) {
    heading.focus({ preventScroll: true });
    page.scrollIntoView();
  }
};

/**
 * @param {StepName} step
 * @param {string} key
 * @param {string | undefined} placement the id of the placement that the field is of.
 */
const goToField = (step, key, placement) => {
  if (placement && step === "placing") form.chosen = placement;
  if (placement && step === "keys") form.openKeys.add(placement);
  showStep(step, false);
  const field = form.fields.get(key);
  const target = field?.inputs.find((input) => input.getAttribute("aria-invalid")) ?? field?.inputs[0] ?? field?.wrapper;
  (target ?? form.parts.body.querySelector("h2"))?.focus();
  target?.scrollIntoView({ block: "center" });
};

const stepInAddress = () => STEPS.find((name) => location.hash === `#${name}`);

/** Show the step that the address asks for, now and when it changes, and follow links from findings to their fields. */
export const startNavigation = () => {
  globalThis.addEventListener("hashchange", () => {
    const wanted = stepInAddress();
    if (wanted && wanted !== form.step) showStep(wanted);
  });
  page.addEventListener("click", (event) => {
    const target = /** @type {Element} */ (event.target);
    const link = /** @type {HTMLAnchorElement | null} */ (target.closest("a[data-field]"));
    const step = STEPS.find((name) => link?.hash === `#${name}`);
    if (!link?.dataset.field || !step) return;
    event.preventDefault();
    goToField(step, link.dataset.field, link.dataset.placement);
  });
  showStep(stepInAddress() ?? "role", false);
};
