// Where a text stops being JSON. Browsers say it each in their own way, and some not at all.

const SPACE = /[ \t\n\r]*/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON has none in its texts.
const VALUE = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;

/**
 * The line and column of the first thing that JSON does not have there, from 1.
 * @param {string} text
 * @returns {[line: number, column: number]}
 */
export const findJsonError = (text) => {
  let at = 0;
  /** @param {RegExp} pattern */
  const take = (pattern) => {
    pattern.lastIndex = at;
    const length = pattern.exec(text)?.[0].length ?? 0;
    at += length;
    return length > 0;
  };
  /**
   * What closes that which is open around the place.
   * @type {string[]}
   */
  const open = [];
  /** @type {"value" | "first" | "key" | "colon" | "end"} */
  let wanted = "value";
  for (;;) {
    take(SPACE);
    const sign = text[at];
    const isObject = open.at(-1) === "}";
    if (sign === open.at(-1) && sign !== undefined && (wanted === "end" || wanted === "first")) {
      open.pop();
      at++;
      wanted = "end";
    } else if (wanted === "end" && sign === "," && open.length) {
      at++;
      wanted = isObject ? "key" : "value";
    } else if (wanted === "colon" && sign === ":") {
      at++;
      wanted = "value";
    } else if ((wanted === "key" || (wanted === "first" && isObject)) && sign === '"' && take(VALUE)) wanted = "colon";
    else if ((wanted === "value" || (wanted === "first" && !isObject)) && (sign === "{" || sign === "[")) {
      open.push(sign === "{" ? "}" : "]");
      at++;
      wanted = "first";
    } else if ((wanted === "value" || (wanted === "first" && !isObject)) && take(VALUE)) wanted = "end";
    else break;
  }
  const before = text.slice(0, at).split("\n");
  return [before.length, [...(before.at(-1) ?? "")].length + 1];
};
