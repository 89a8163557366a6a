// What can be told of a query by its words alone: its form, and what the page does not do.

/** @import { JsonTerm, QueryForm, QueryResults } from "../types.d.ts" */

/**
 * The query with strings, IRIs and comments made blank, each character in its place.
 * @param {string} query
 */
export const blankOut = (query) =>
  query.replace(/#[^\n]*|"""[\s\S]*?"""|'''[\s\S]*?'''|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|<[^<>"{}|^`\\\s]*>/g, (part) =>
    part.replace(/[^\n]/g, " "),
  );

/** @param {string} words */
const keyword = (words) => new RegExp(`(?<![:?$\\w.-])(?:${words})(?![\\w:.-])`, "gi");
const FORM = keyword("SELECT|ASK|CONSTRUCT|DESCRIBE");
const UPDATE = keyword("INSERT|DELETE|LOAD|CLEAR|DROP|CREATE|COPY|MOVE|ADD|WITH");
const SERVICE = keyword("SERVICE");

/** @type {(query: string, words: RegExp) => RegExpExecArray | undefined} */
const first = (query, words) => query.matchAll(words).next().value;

/**
 * What a query gives. One that begins with none of SPARQL's words is taken for rows, and the engine says what is wrong.
 * @param {string} query
 * @returns {QueryForm}
 */
export const formOf = (query) => {
  const word = first(blankOut(query), FORM)?.[0].toUpperCase();
  return word === "ASK" ? "boolean" : word === "CONSTRUCT" || word === "DESCRIBE" ? "graph" : "rows";
};

/**
 * Whether a page may link to an address elsewhere. A browser would run some addresses as scripts.
 * @param {string} iri
 * @param {string[]} schemes how those begin that it may, before the colon.
 */
export const isLinkable = (iri, schemes) => schemes.includes(iri.slice(0, Math.max(iri.indexOf(":"), 0)).toLowerCase());

/**
 * What the page does not do and where in the query it is asked for: `update` or `service`; nothing where it does all.
 * @param {string} query
 */
export const findRefusal = (query) => {
  const plain = blankOut(query);
  const [update, form, service] = [UPDATE, FORM, SERVICE].map((words) => first(plain, words));
  if (update && (!form || update.index < form.index)) return { reason: "update", from: update.index, to: update.index + update[0].length };
  if (service) return { reason: "service", from: service.index, to: service.index + service[0].length };
  return null;
};

const SUB_SELECT = /\{\s*SELECT\s+([^{}]*?)\s+WHERE\s*\{/g;

/**
 * A query with its parameters bound to IRIs, as every engine of ours takes it: at its end, and in each sub-select that gives them on.
 * @param {string} query
 * @param {Record<string, string>} values the IRI of each parameter, or an empty text.
 */
export const bindParameters = (query, values) => {
  const names = Object.keys(values).filter((name) => values[name]);
  if (!names.length) return query;
  /** @param {string[]} some */
  const clause = (some) =>
    `VALUES (${some.map((name) => `?${name}`).join(" ")}) { (${some.map((name) => `<${values[name]}>`).join(" ")}) }`;
  const within = query.replace(SUB_SELECT, (begun, projected) => {
    const given = names.filter((name) => new RegExp(`\\?${name}\\b`).test(projected));
    return given.length ? `${begun} ${clause(given)}` : begun;
  });
  return `${within}\n${clause(names)}\n`;
};

/**
 * Rows as CSV (SPARQL 1.1 Query Results CSV and TSV Formats, section 3).
 * @param {QueryResults} answer
 */
export const toCsv = ({ head, results, boolean }) => {
  if (!results) return `answer\r\n${boolean}\r\n`;
  /** @param {JsonTerm | undefined} term */
  const cell = (term) => {
    const value = term ? (term.type === "bnode" ? `_:${term.value}` : term.value) : "";
    return /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
  };
  return [head.vars.join(","), ...results.bindings.map((row) => head.vars.map((name) => cell(row[name])).join(",")), ""].join("\r\n");
};
