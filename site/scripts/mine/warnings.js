// Fields of text that warn of names, numbers and e-mail addresses as they are written.
/** @import { Finding } from "../types.d.ts" */
import { element, formatMessage } from "../common.js";
import { saveChange } from "./state.js";

const PRIVATE = "scripts.mine.private";
const NAMED = "scripts.mine.name-hint";
/**
 * The text on each finding of the rule on personal data and that on long texts.
 * @type {Record<string, string>}
 */
const WARNINGS = { "I8 violation": PRIVATE, "I8 warning": NAMED, "I5 warning": "scripts.mine.long" };

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
    write(strict, warning && warning !== NAMED ? formatMessage(warning) : "");
    write(mild, warning === NAMED ? formatMessage(NAMED) : "");
  }
  const left = document.getElementById("left");
  if (left) left.textContent = [...found.values()].includes(PRIVATE) ? formatMessage("scripts.mine.private.left") : "";
};

/**
 * Take up what the rules say.
 * @param {Finding[]} findings
 */
export const takeFindings = (findings) => {
  found = new Map();
  for (const { rule, severity, value } of findings) {
    const warning = WARNINGS[`${rule} ${severity}`];
    const text = value?.value.trim() ?? "";
    if (warning && found.get(text) !== PRIVATE) found.set(text, warning);
  }
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
 * A field of text: for the question of the screen, or with a label of its own.
 * @param {string} id
 * @param {string} hint
 * @param {string} value
 * @param {(value: string) => void} set
 * @param {string} [label] of a field that is not for the question of the screen.
 */
export const textField = (id, hint, value, set, label) => {
  const described = `${id}-hint ${id}-strict ${id}-mild`;
  const input = element("textarea", { id, rows: "5", "aria-labelledby": label ? undefined : "question", "aria-describedby": described });
  input.value = value;
  const strict = element("p", { class: "warn", id: `${id}-strict`, role: "alert" });
  const mild = element("p", { class: "warn mild", id: `${id}-mild`, role: "status" });
  input.addEventListener("input", () => {
    set(input.value);
    showWarnings();
    saveChange();
  });
  fields.push({ input, strict, mild });
  const name = label && element("label", { for: id }, label);
  return element("div", { class: "field" }, name, element("p", { class: "hint", id: `${id}-hint` }, hint), input, strict, mild);
};

/** Where it is said that something private is left. */
export const leftWarning = () => element("p", { class: "warn", id: "left", role: "alert" });
