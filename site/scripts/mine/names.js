// Names of people in a text.

/** Two words in a row that begin large, or what follows “my name is”. */
const NAMES = [/\p{Lu}[\p{Ll}’-]+ \p{Lu}[\p{Ll}’-]+/u, /(?:jeg heter|navnet mitt er|my name is|i am called) (\p{Lu}[\p{L}’-]+)/iu];

/**
 * What may be the name of a person in a text, or nothing.
 * @param {string} value
 */
export const findName = (value) => {
  const found = NAMES.map((form) => value.match(form)).find(Boolean);
  return found ? (found[1] ?? found[0]) : null;
};
