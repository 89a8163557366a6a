// The state of the form, and what all its parts do: show texts, report, save the draft and have it checked.
/** @import { DraftKind, Language, SomeTexts } from "../types.d.ts" */
/** @import { FormState, StepName } from "./types.d.ts" */
import { button, data, element, formatMessage, language, otherLanguage, part } from "../common.js";
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

/** Whether a standard may be written in the language of the page alone: in Norwegian, and where the project has English too. */
export const mayBeInternal = () => language === "nb" && data().drafts.languages.includes(otherLanguage);

/**
 * The languages that the draft is written in, that of the page first.
 * @returns {Language[]}
 */
export const listLanguages = () =>
  [language, otherLanguage].filter((tag) => data().drafts.languages.includes(tag) && (tag === language || !form.draft.internal));

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
 * Members that were taken out of a list, put back where they stood.
 * @param {unknown[]} now
 * @param {unknown[]} before
 */
const putBack = (now, before) => {
  const found = [...now];
  before.forEach((one, at) => {
    if (!now.includes(one)) found.splice(at, 0, one);
  });
  return found;
};

/**
 * Take something out of the draft, and offer to put it back.
 * @param {object} given
 * @param {string} given.message says what is removed.
 * @param {[owner: any, list: string][]} given.lists that it is removed from.
 * @param {() => void} given.remove
 * @param {() => void} given.show shows what is left.
 */
export const removeWithUndo = ({ message, lists, remove, show }) => {
  const before = lists.map(([owner, list]) => owner[list]);
  remove();
  saveChange();
  show();
  const { undo } = form.parts;
  const putAllBack = () => {
    lists.forEach(([owner, list], at) => {
      owner[list] = putBack(owner[list], before[at]);
    });
    undo.replaceChildren();
    saveChange();
    show();
    announce(formatMessage("scripts.write.undone"));
    form.parts.body.querySelector("h2")?.focus();
  };
  undo.replaceChildren(element("span", {}, message), " ", button(formatMessage("scripts.write.undo"), putAllBack, { class: "quiet" }));
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
