// The state of the form, and what all its parts do: show texts, report, save the draft and have it checked.
/** @import { DraftKind, Language, SomeTexts } from "../types.d.ts" */
/** @import { FormState, StepName } from "./types.d.ts" */
import { element, formatMessage, language, otherLanguage, part } from "../common.js";
import { newDraft } from "../drafts/draft.js";
import { saveDraft } from "../drafts/saved-drafts.js";

/** @type {DraftKind} */
export const KIND = "standard";
/**
 * The steps in order: the keys of the title and of the text below it.
 * @type {Record<StepName, { title: string, lead: string }>}
 */
export const STEP_KEYS = {
  role: { title: "scripts.write.role", lead: "scripts.write.role.lead" },
  interviews: { title: "scripts.write.interviews", lead: "scripts.write.interviews.lead" },
  placing: { title: "scripts.write.placing", lead: "scripts.write.placing.lead" },
  keys: { title: "scripts.write.keys", lead: "scripts.write.keys.lead" },
  sources: { title: "scripts.write.sources", lead: "scripts.write.sources.lead" },
  review: { title: "scripts.write.review", lead: "scripts.write.review.lead" },
};
export const STEPS = /** @type {StepName[]} */ (Object.keys(STEP_KEYS));
/** @type {Language[]} */
export const LANGUAGES = [language, otherLanguage];
export const LOCALE = language === "nb" ? "nb" : "en-GB";

export const page = part("write", "div");

/**
 * The state. What the page cannot make before its data is loaded, `write.js` puts here.
 * @type {FormState}
 */
export const form = {
  draft: newDraft(KIND),
  model: { axes: [], nameOf: () => "", dimensionOf: {} },
  step: "role",
  chosen: null,
  openKeys: new Set(),
  findings: [],
  failure: null,
  isChecked: false,
  touched: new Set(),
  left: new Set(),
  fields: new Map(),
  parts: /** @type {FormState["parts"]} */ ({}),
  requestCheck: () => {},
};

/**
 * A text in two languages in the page's own, or else in the other.
 * @param {SomeTexts} value
 */
export const localize = (value) => value[language] || value[otherLanguage] || "";

/**
 * Have the draft checked anew: until that is done, the state that is shown is not read aloud.
 * @param {number} [wait] milliseconds.
 */
export const check = (wait) => {
  const { state } = form.parts;
  state.ariaBusy = "true";
  if (!form.isChecked) state.textContent = formatMessage("scripts.write.loading");
  form.requestCheck(wait);
};

/** Have the draft checked where that is not done yet: the engine is started when the person starts. */
export const checkFirst = () => {
  if (!form.isChecked && form.parts.state.ariaBusy !== "true") check(0);
};

/** Save a draft that has changed, and have it checked. */
export const saveChange = () => {
  form.draft.seen = [...form.left];
  const time = new Date().toLocaleTimeString(LOCALE, { hour: "2-digit", minute: "2-digit" });
  form.parts.saved.textContent = saveDraft(form.draft)
    ? formatMessage("scripts.write.saved", { time })
    : formatMessage("scripts.write.not-saved");
  check();
};

/**
 * Report to those who hear the page what has happened.
 * @param {string} message
 */
export const announce = (message) => {
  form.parts.announcement.textContent = message;
};

/**
 * Show sentences on what went wrong in place of those that are there.
 * @param {string[]} sentences
 */
export const showFaults = (sentences) => form.parts.fault.replaceChildren(...sentences.map((one) => element("p", {}, one)));
