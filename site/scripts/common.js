// What the scripts of the pages share: where the site lies, texts, files of data, and elements.
/** @import { Language, PageData } from "./types.d.ts" */

/** @typedef {string | number | boolean | null | undefined} Attribute A value that is missing or false is left out. */
/** @typedef {Node | string | null | undefined} Child One that is missing or empty is left out. */

const own = /** @type {HTMLScriptElement} */ (document.currentScript).src;

export const language = /** @type {Language} */ (document.documentElement.lang);
/** @type {Language} */
export const otherLanguage = language === "nb" ? "en" : "nb";
const site = new URL("..", own);

/**
 * The address of a page by its path: `role/butikksjef`, `ns#Role`.
 * @param {string} path
 */
export const pageOf = (path) => {
  const [file, part] = path.split("#");
  return new URL(`${language === "nb" ? "" : `${language}/`}${file}.html${part ? `#${part}` : ""}`, site).href;
};

/** @type {Map<string, Promise<void>>} */
const loading = new Map();
/**
 * Load a script of the folder `assets`, once. A page opened from disk may not fetch files, so data comes this way too.
 * @param {string} name
 * @returns {Promise<void>}
 */
export const load = (name) => {
  const found =
    loading.get(name) ??
    new Promise((done, fail) => {
      const script = document.createElement("script");
      script.src = new URL(name, own).href;
      script.onload = () => done();
      script.onerror = () => {
        loading.delete(name);
        script.remove();
        fail(new Error(name));
      };
      document.head.append(script);
    });
  loading.set(name, found);
  return found;
};

/**
 * What files of data have set.
 * @returns {PageData}
 */
export const data = () => globalThis.balansekunst;

/**
 * The message of a key in the page's language, with values in place of `{name}`.
 * @param {string} key
 * @param {Record<string, unknown>} [values]
 */
export const formatMessage = (key, values = {}) => data().texts[key].replace(/\{(\w+)\}/g, (_, name) => String(values[name]));

/**
 * A number as it is written in the page's language.
 * @param {number} value
 * @param {number} [digits] after the comma, at most.
 */
export const number = (value, digits = 0) => new Intl.NumberFormat(language, { maximumFractionDigits: digits }).format(value);

/**
 * What a thing went wrong with.
 * @param {unknown} error
 */
export const reasonOf = (error) => (error instanceof Error ? error.message : String(error));

/**
 * The element of the page with an id.
 * @template {keyof HTMLElementTagNameMap} Name
 * @param {string} id
 * @param {Name} [_name] what kind of element it is.
 * @returns {HTMLElementTagNameMap[Name]}
 */
export const part = (id, _name) => /** @type {HTMLElementTagNameMap[Name]} */ (document.getElementById(id));

/**
 * An element with attributes and children.
 * @template {keyof HTMLElementTagNameMap} Name
 * @param {Name} name
 * @param {Record<string, Attribute>} [attributes]
 * @param {...Child} children
 */
export const element = (name, attributes = {}, ...children) => {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== null && value !== false) made.setAttribute(key, value === true ? "" : String(value));
  }
  for (const child of children) if (child !== undefined && child !== null && child !== "") made.append(child);
  return made;
};

/**
 * A button that does something when it is pressed.
 * @param {string} label
 * @param {() => unknown} press
 * @param {Record<string, Attribute>} [attributes]
 */
export const button = (label, press, attributes = {}) => {
  const made = element("button", { type: "button", ...attributes }, label);
  made.addEventListener("click", () => press());
  return made;
};
