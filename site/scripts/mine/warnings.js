// Fields of text that warn of names, numbers and e-mail addresses as they are written.
/** @import { Finding } from "../types.d.ts" */
import { element, formatMessage } from "../common.js";
import { findName } from "./names.js";
import { saveChange } from "./state.js";

/**
 * The rule on personal data and that on long texts, and the text on each.
 * @type {Record<string, string>}
 */
const WARNINGS = { I7: "scripts.mine.private", I5: "scripts.mine.long" };

/**
 * What the rules say of texts now, by the text: a key of a message.
 * @type {Map<string, string>}
 */
let found = new Map();
/**
 * The fields on the screen, and where warnings stand: `strict` for those of the rules, `mild` for what may be a name.
 * @type {{ input: HTMLTextAreaElement, strict: HTMLElement, mild: HTMLElement }[]}
 */
let fields = [];

/** @type {(target: HTMLElement, message: string) => void} */
const write = (target, message) => {
  // What is written anew is read aloud again.
  if (target.textContent !== message) target.textContent = message;
};

export const showWarnings = () => {
  for (const { input, strict, mild } of fields) {
    const value = input.value.trim();
    const warning = found.get(value);
    write(strict, warning ? formatMessage(warning) : "");
    const name = findName(value);
    write(mild, name ? formatMessage("scripts.mine.name-hint", { words: name }) : "");
  }
  const left = document.getElementById("left");
  if (left) left.textContent = [...found.values()].includes(WARNINGS.I7) ? formatMessage("scripts.mine.private.left") : "";
};

/**
 * Take up what the rules say.
 * @param {Finding[]} findings
 */
export const takeFindings = (findings) => {
  found = new Map();
  for (const { rule, value } of findings) if (value && rule in WARNINGS) found.set(value.value.trim(), WARNINGS[rule]);
  showWarnings();
};

export const forgetFindings = () => {
  found = new Map();
};

/** Forget the fields of the last screen. */
export const clearFields = () => {
  fields = [];
};

/**
 * A field of text for the question of the screen.
 * @param {string} id
 * @param {string} hint
 * @param {string} value
 * @param {(value: string) => void} set
 */
export const textField = (id, hint, value, set) => {
  const described = `${id}-hint ${id}-strict ${id}-mild`;
  const input = element("textarea", { id, rows: "5", "aria-labelledby": "question", "aria-describedby": described });
  input.value = value;
  const strict = element("p", { class: "warn", id: `${id}-strict`, role: "alert" });
  const mild = element("p", { class: "warn mild", id: `${id}-mild`, role: "status" });
  input.addEventListener("input", () => {
    set(input.value);
    showWarnings();
    saveChange();
  });
  fields.push({ input, strict, mild });
  return element("div", { class: "field" }, element("p", { class: "hint", id: `${id}-hint` }, hint), input, strict, mild);
};

/** Where it is said that something private is left. */
export const leftWarning = () => element("p", { class: "warn", id: "left", role: "alert" });
