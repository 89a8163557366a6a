// What the scripts of the pages share: where the site lies, texts, files of data, and elements.

const own = document.currentScript.src;

export const language = document.documentElement.lang;
export const site = new URL("..", own);
/** The address of a page by its path: `role/butikksjef`, `ns#Role`. */
export const pageOf = (path) => {
  const [file, part] = path.split("#");
  return new URL(`${language === "nb" ? "" : `${language}/`}${file}.html${part ? `#${part}` : ""}`, site).href;
};

const loading = new Map();
/** Load a script of the folder `assets`, once. A page opened from disk may not fetch files, so data comes this way too. */
export const load = (name) => {
  if (!loading.has(name)) {
    loading.set(
      name,
      new Promise((done, failed) => {
        const script = document.createElement("script");
        script.src = new URL(name, own).href;
        script.onload = done;
        script.onerror = () => {
          loading.delete(name);
          script.remove();
          failed(new Error(name));
        };
        document.head.append(script);
      }),
    );
  }
  return loading.get(name);
};

/** What a file of data has set. */
export const data = () => globalThis.balansekunst;

/** A text in the page's language, with values in place of `{name}`. */
export const text = (key, values = {}) => data().texts[key].replace(/\{(\w+)\}/g, (_, name) => values[name]);

export const number = (value, digits = 0) => new Intl.NumberFormat(language, { maximumFractionDigits: digits }).format(value);

/** An element with attributes and children. A child may be an element, a text, or a pair of a text and its language. */
export const element = (name, attributes = {}, ...children) => {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false) made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children.filter((child) => child !== undefined && child !== null && child !== ""));
  return made;
};
