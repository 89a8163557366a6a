// The catalogue's questions on the query page: one is chosen, its parameters are set, and a link carries both.
/** @import { QueryParameter } from "../types.d.ts" */
/** @import { ChosenQuestion } from "./results.js" */
import { data, element, formatMessage, part } from "../common.js";
import { bindParameters } from "./query.js";

const select = part("question", "select");
const parameters = part("parameters", "div");
const meaning = part("meaning", "div");

/**
 * The question that is chosen; nothing where the query is one's own.
 * @type {ChosenQuestion | null}
 */
let chosen = null;
export const chosenQuestion = () => chosen;

const values = () => Object.fromEntries([...parameters.querySelectorAll("select")].map(({ name, value }) => [name, value]));

/** The query of the chosen question, with its parameters; nothing where there is none. */
export const chosenQuery = () => chosen && bindParameters(chosen.text, values());

/** @type {(parameter: QueryParameter, given: string | undefined) => HTMLElement} */
const parameterField = ({ name, label, default: usual, values: choices }, given) => {
  const id = `parameter-${name}`;
  const options = choices.map(([iri, title]) => element("option", { value: iri }, title));
  const field = element("select", { name, id }, element("option", { value: "" }, formatMessage("scripts.sparql.any")), ...options);
  field.value = given ?? usual;
  return element("p", {}, element("label", { for: id }, label), " ", field);
};

/**
 * Choose a question of the catalogue, or none.
 * @param {string} id
 * @param {Record<string, string>} [given] the values of its parameters, from the base on; the others have their usual ones.
 * @returns whether there is such a question.
 */
export const chooseQuestion = (id, given = {}) => {
  const { questions, base } = data().sparql;
  const question = questions[id];
  chosen = question ? { id, ...question } : null;
  select.value = chosen ? id : "";
  /** @param {string} name */
  const iriOf = (name) => (name in given ? (given[name] ? base + given[name] : "") : undefined);
  const fields = (question?.parameters ?? []).map((parameter) => parameterField(parameter, iriOf(parameter.name)));
  parameters.replaceChildren(...fields);
  const told = question
    ? [element("p", {}, question.means), element("p", {}, `${formatMessage("scripts.sparql.not")} ${question.doesNotMean}`)]
    : [];
  meaning.replaceChildren(...told);
  return chosen !== null;
};

/**
 * What the address of the page ends in for the chosen question, or for a query of one's own.
 * @param {string} query
 */
export const fragmentOf = (query) => {
  const { base } = data().sparql;
  const given = Object.entries(values()).map(([name, iri]) => [name, iri.slice(base.length)]);
  const parts = new URLSearchParams(chosen ? [["question", chosen.id], ...given] : [["query", query]]);
  return `#${parts.toString().replaceAll("%2F", "/")}`;
};

/**
 * What the address of the page asks for: a query, or a question of the catalogue with the values of its parameters; or nothing.
 * @returns {{ query?: string, question?: string, values?: Record<string, string> } | null}
 */
export const readFragment = () => {
  const { query, question, ...given } = Object.fromEntries(new URLSearchParams(location.hash.slice(1)));
  if (query !== undefined) return { query };
  return question && data().sparql.questions[question] ? { question, values: given } : null;
};

/**
 * Have functions called when a person chooses a question, or the value of a parameter.
 * @param {(id: string) => void} onQuestion
 * @param {() => void} onParameter
 */
export const watchCatalogue = (onQuestion, onParameter) => {
  select.addEventListener("change", () => onQuestion(select.value));
  parameters.addEventListener("change", onParameter);
};
