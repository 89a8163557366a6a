// Fields for the cells of a row, by what the column of the workbook holds.
/** @import { Language } from "../types.d.ts" */
/** @import { Column, WorkbookData } from "../workbook/types.d.ts" */
/** @import { Row } from "./types.d.ts" */
import { button, element, formatMessage } from "../common.js";

/** @typedef {HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement} Input */
/** @typedef {{ wrapper: HTMLElement, errors: HTMLElement, inputs: Input[] }} CellField */
/**
 * What fields are made by.
 * @typedef {object} Maker
 * @property {WorkbookData} layout
 * @property {Language} language
 * @property {Record<string, string[]>} choices what can be chosen, by list.
 * @property {() => void} change is called when something was written.
 */

let count = 0;
/** The id of the element with what can be chosen of a list. @param {string} list */
const listId = (list) => `list-${list}`;

/**
 * Lists that fields for new names suggest from, to be put on the page once.
 * @param {Maker} maker
 */
export const makeSuggestions = ({ choices, layout }) =>
  Object.keys(layout.lists)
    .filter((list) => layout.lists[list].new)
    .map((list) => element("datalist", { id: listId(list) }, ...choices[list].map((name) => element("option", { value: name }))));

/** @param {string} text */
const linesOf = (text) => text.split("\n").filter((line) => line.trim());

/**
 * What a column offers to choose among; nothing where one writes.
 * @param {Maker} maker
 * @param {Column} column
 */
const choicesOf = ({ choices, language, layout }, { of, value }) =>
  of ? choices[of] : layout.keywords[value] && Object.values(layout.keywords[value]).map((key) => layout.texts[language][key]);

/** @type {(names: string[], chosen: string) => HTMLOptionElement[]} */
const optionsOf = (names, chosen) =>
  [...new Set([...names, chosen].filter(Boolean))].map((name) => element("option", { value: name }, name));

/** @type {(names: string[], chosen: string, attributes: Record<string, string>) => HTMLSelectElement} */
const makeSelect = (names, chosen, attributes) => {
  const none = element("option", { value: "" }, formatMessage("scripts.set-up.not-chosen"));
  const select = element("select", attributes, none, ...optionsOf(names, chosen));
  select.value = chosen;
  return select;
};

/** @type {(maker: Maker, column: Column, text: string, attributes: Record<string, string>) => Input} */
const makeInput = (maker, column, text, attributes) => {
  const { of, value } = column;
  const names = choicesOf(maker, column);
  const isOpen = of && maker.layout.lists[of].new;
  if (names && !isOpen) return makeSelect(names, text, attributes);
  const isLong = column.many || value === "texts";
  const isNumber = ["integer", "months"].includes(value);
  const made = isLong
    ? element("textarea", { rows: 3, ...attributes })
    : element("input", {
        type: "text",
        autocomplete: "off",
        inputmode: isNumber && "numeric",
        list: isOpen && of && listId(of),
        ...attributes,
      });
  made.value = text;
  return made;
};

/**
 * What adds a name of a list to those that are written.
 * @param {Maker} maker
 * @param {Column} column
 * @param {Input} input
 */
const makePicker = ({ choices, language }, { heading, of }, input) => {
  const name = formatMessage("scripts.set-up.pick", { name: heading[language] });
  const first = element("option", { value: "" }, formatMessage("scripts.set-up.pick.choose"));
  const select = element("select", { "aria-label": name }, first, ...optionsOf(choices[of ?? ""], ""));
  const add = () => {
    if (select.value) input.value = [...new Set([...linesOf(input.value), select.value])].join("\n");
    select.value = "";
    input.dispatchEvent(new Event("input"));
  };
  return element(
    "div",
    { class: "row" },
    select,
    button(formatMessage("scripts.write.source.add"), add, { class: "quiet", "aria-label": name }),
  );
};

/**
 * A group of check boxes for the names of a list.
 * @param {Maker} maker
 * @param {Column} column
 * @param {Row} row
 * @param {HTMLElement} errors
 * @returns {CellField}
 */
const makeChecks = (maker, column, row, errors) => {
  const chosen = linesOf(row[column.name] ?? "");
  const inputs = [...new Set([...maker.choices[column.of ?? ""], ...chosen])].map((name) => {
    const input = element("input", { type: "checkbox", value: name });
    input.checked = chosen.includes(name);
    return input;
  });
  const labels = inputs.map((input) => element("label", { class: "choice" }, input, element("span", {}, input.value)));
  const wrapper = element("fieldset", { class: "field" }, element("legend", {}, column.heading[maker.language]), errors, ...labels);
  wrapper.addEventListener("change", () => {
    row[column.name] = inputs.flatMap(({ checked, value }) => (checked ? value : [])).join("\n");
    maker.change();
  });
  return { wrapper, errors, inputs };
};

/**
 * The field of a cell.
 * @param {Maker} maker
 * @param {Column} column
 * @param {Row} row what is written goes here.
 * @param {boolean} [isHinted] whether the note on the column is shown.
 * @returns {CellField}
 */
export const makeCellField = (maker, column, row, isHinted = false) => {
  const { language, layout } = maker;
  const { heading, many, name, note, of } = column;
  const id = `cell-${++count}`;
  const errors = element("div", { class: "errors", id: `${id}-errors` });
  if (many && of && !layout.lists[of].new) return makeChecks(maker, column, row, errors);
  // The notes on cells with several values say how that is done in a spreadsheet.
  const hint = isHinted && !many ? element("p", { class: "hint", id: `${id}-hint` }, note[language]) : null;
  const label = many ? formatMessage("scripts.set-up.lines", { name: heading[language] }) : heading[language];
  const described = [hint && `${id}-hint`, `${id}-errors`].filter(Boolean).join(" ");
  const attributes = { id, "aria-describedby": described, ...(column.language ? { lang: column.language } : {}) };
  const input = makeInput(maker, column, row[name] ?? "", attributes);
  input.addEventListener("input", () => {
    row[name] = input.value;
    maker.change();
  });
  const picker = many && of ? makePicker(maker, column, input) : null;
  const wrapper = element("div", { class: `field ${name}` }, element("label", { for: id }, label), hint, errors, input, picker);
  return { wrapper, errors, inputs: [input] };
};
