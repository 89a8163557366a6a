// The fields of the form. Each has a key, by which findings are shown beside it.
/** @import { Language, PlainField, Texts } from "../types.d.ts" */
/** @import { Attribute, Child } from "../common.js" */
/** @import { Field } from "./types.d.ts" */
import { data, element, formatMessage } from "../common.js";
import { FIELDS, text as inBoth } from "../drafts/draft.js";
import { READERS, stripBullets } from "../drafts/written-values.js";
import { showFindings } from "./findings.js";
import { form, listLanguages, saveChange } from "./state.js";

/** @type {Record<string, string>} */
const LANGUAGE_KEYS = { nb: "scripts.write.nb", en: "scripts.write.en" };

let count = 0;
/** An id for an element that no other element has. */
export const newFieldId = () => `field-${++count}`;

/** @type {(id: string, hint?: string) => HTMLElement | null} */
const makeHint = (id, hint) => (hint ? element("p", { class: "hint", id: `${id}-hint` }, hint) : null);
/** @param {string} id */
export const makeErrors = (id) => element("div", { class: "errors", id: `${id}-errors` });

/**
 * Have findings shown in a field.
 * @param {string} key the id of a part of the draft and the name of the field.
 * @param {HTMLElement} wrapper the element of the whole field.
 * @param {Field["inputs"]} inputs those that a person writes in.
 * @param {HTMLElement} errors where findings are written.
 * @param {string} [hint] the id of its hint.
 */
export const registerField = (key, wrapper, inputs, errors, hint = "") => {
  form.fields.set(key, { wrapper, inputs, errors, hint });
  wrapper.addEventListener("focusout", (event) => {
    if (wrapper.contains(/** @type {Node | null} */ (event.relatedTarget))) return;
    form.touched.add(key);
    showFindings();
  });
};

/**
 * An input, or a text area of `rows`, that saves what is written.
 * @param {object} given
 * @param {string} given.id
 * @param {string} given.value
 * @param {(value: string) => void} given.set
 * @param {number} [given.rows]
 * @param {(written: string) => string} [given.finish] gives what is shown when the field is left.
 * @param {Record<string, Attribute>} [given.attributes]
 */
const makeInput = ({ id, value, set, finish, rows, attributes = {} }) => {
  const input = rows
    ? element("textarea", { id, rows, ...attributes })
    : element("input", { id, type: "text", autocomplete: "off", ...attributes });
  input.value = value;
  input.addEventListener("input", () => {
    set(input.value);
    saveChange();
  });
  if (finish) {
    input.addEventListener("change", () => {
      const shown = finish(input.value);
      if (shown === input.value) return;
      input.value = shown;
      set(shown);
      saveChange();
    });
  }
  return input;
};

/**
 * A field with one value.
 * @param {object} field
 * @param {string} field.key
 * @param {string} field.name
 * @param {string} [field.hint]
 * @param {string} field.value
 * @param {(value: string) => void} field.set
 * @param {(written: string) => string} [field.finish] gives what is shown when the field is left.
 * @param {number} [field.rows] of a text area.
 * @param {Record<string, Attribute>} [field.attributes] of the input.
 */
export const makeField = ({ key, name, hint, value, set, finish, rows, attributes = { class: "short" } }) => {
  const id = newFieldId();
  const input = makeInput({ id, value, set, finish, rows, attributes });
  const errors = makeErrors(id);
  const wrapper = element("div", { class: "field" }, element("label", { for: id }, name), makeHint(id, hint), errors, input);
  registerField(key, wrapper, [input], errors, hint && `${id}-hint`);
  return wrapper;
};

/**
 * A date or number in the form that the data has.
 * @param {PlainField} name
 * @param {string} value
 */
const readWritten = (name, value) => {
  const kind = name === "issued" ? "time" : name === "version" ? "text" : FIELDS[name][1];
  return READERS[kind]?.(value, data().drafts.written) ?? value;
};

/**
 * The field of a value of the draft itself.
 * @param {PlainField} name
 * @param {string} labelKey of the message with its label.
 * @param {string} hint
 * @param {Record<string, Attribute>} [attributes] of the input.
 */
export const makeDraftField = (name, labelKey, hint, attributes = {}) =>
  makeField({
    key: `${form.draft.id} ${name}`,
    name: formatMessage(labelKey),
    hint,
    value: form.draft[name],
    attributes: { class: "short", ...attributes },
    set: (value) => {
      form.draft[name] = readWritten(name, value.trim());
    },
    finish: () => form.draft[name],
  });

/**
 * A text as it stays in its field: without the bullets of what it was pasted from.
 * @param {string} written
 */
const cleanText = (written) => stripBullets(written, data().drafts.written);

/**
 * A field with a text in the languages of the draft, the page's own first.
 * @param {object} field
 * @param {string} field.key
 * @param {string} field.name
 * @param {string} [field.hint]
 * @param {Texts} field.value
 * @param {(language: Language, value: string) => void} field.set
 * @param {number} [field.rows] of text areas.
 */
export const makeTexts = ({ key, name, hint, value, set, rows }) => {
  const id = newFieldId();
  const errors = makeErrors(id);
  const languages = listLanguages();
  const inputs = languages.map((tag) =>
    makeInput({
      id: `${id}-${tag}`,
      value: value[tag],
      set: (text) => set(tag, text),
      finish: cleanText,
      rows,
      attributes: { lang: tag, class: "long" },
    }),
  );
  if (languages.length === 1) {
    const label = element("label", { for: inputs[0].id }, name);
    const single = element("div", { class: "field" }, label, makeHint(id, hint), errors, inputs[0]);
    registerField(key, single, inputs, errors, hint && `${id}-hint`);
    return single;
  }
  const both = inputs.map((input) =>
    element("div", {}, element("label", { for: input.id }, formatMessage(LANGUAGE_KEYS[input.lang])), input),
  );
  const wrapper = element(
    "fieldset",
    { class: "field" },
    element("legend", {}, name),
    makeHint(id, hint),
    errors,
    element("div", { class: "both" }, ...both),
  );
  registerField(key, wrapper, inputs, errors, hint && `${id}-hint`);
  return wrapper;
};

/**
 * What sets a text in one of its languages.
 * @param {Texts} value
 * @returns {(language: Language, text: string) => void}
 */
export const setIn = (value) => (language, text) => {
  value[language] = text;
};

/**
 * A field with items in both languages, one a line.
 * @param {object} field
 * @param {string} field.key
 * @param {string} field.name
 * @param {string} [field.hint]
 * @param {Texts[]} field.value
 * @param {(value: Texts[]) => void} field.set
 */
export const makeItems = ({ key, name, hint, value, set }) => {
  const lines = { nb: value.map((item) => item.nb), en: value.map((item) => item.en) };
  /** @param {Language} language */
  const join = (language) => lines[language].join("\n").replace(/\n+$/, "");
  return makeTexts({
    key,
    name,
    hint,
    rows: 4,
    value: { nb: join("nb"), en: join("en") },
    set: (language, text) => {
      lines[language] = text.replace(/\s+$/, "").split("\n");
      const length = Math.max(lines.nb.length, lines.en.length);
      const pairs = Array.from({ length }, (_, at) => inBoth(lines.nb[at] ?? "", lines.en[at] ?? ""));
      set(pairs.filter((item) => item.nb.trim() || item.en.trim()));
    },
  });
};

/**
 * A check box or radio button with its label.
 * @param {object} choice
 * @param {"checkbox" | "radio"} choice.type
 * @param {string} [choice.name]
 * @param {string} choice.value
 * @param {boolean} choice.isChecked
 * @param {(isChecked: boolean) => void} choice.change
 * @param {...Child} children
 */
export const makeChoice = ({ type, name, value, isChecked, change }, ...children) => {
  const input = element("input", { type, name, value });
  input.checked = isChecked;
  input.addEventListener("change", () => change(input.checked));
  return element("label", { class: "choice" }, input, element("span", {}, ...children));
};

/**
 * A group of choices.
 * @param {string} key
 * @param {string} legend
 * @param {HTMLElement[]} choices
 * @param {...Child} after
 */
export const makeChoices = (key, legend, choices, ...after) => {
  const errors = makeErrors(newFieldId());
  const wrapper = element("fieldset", { class: "field" }, element("legend", {}, legend), errors, ...choices, ...after);
  registerField(key, wrapper, [...wrapper.querySelectorAll("input")], errors);
  return wrapper;
};
