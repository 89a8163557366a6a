// Answers as tables, with names in place of IRIs, and as files.
/** @import { CatalogueQuestion, JsonTerm, QueryAnswer, QueryForm, Row } from "../types.d.ts" */
import { data, element, formatMessage, language, number, pageOf } from "../common.js";
import { isLinkable, toCsv } from "./query.js";

/** @typedef {QueryAnswer["known"]} Known */
/** @typedef {CatalogueQuestion & { id: string }} ChosenQuestion */
/** @typedef {{ heading: string, from: string[], codes?: Record<string, string>, link?: string }} ShownColumn What it shows: the first of some variables; and the variable of the IRI that it links to. */

/** How many rows are shown; files have all. */
export const MAX_ROWS = 500;

/**
 * A link to what an IRI names: to its page where it is one of ours.
 * @param {string} iri
 * @param {Known} known
 */
const linkTo = (iri, known) => {
  const { base, terms, prefixes, schemes } = data().sparql;
  const prefix = Object.keys(prefixes).find((name) => iri.startsWith(prefixes[name]));
  const short = prefix ? `${prefix}:${iri.slice(prefixes[prefix].length)}` : iri;
  const local = iri.startsWith(base) ? iri.slice(base.length) : short;
  const usual = terms.find(([name]) => name === short)?.[2] ?? local;
  const [label = usual, tag] = known[iri] ?? [];
  const isTerm = prefixes.bk && iri.startsWith(prefixes.bk);
  const ownPage = iri in known && iri.startsWith(base) ? pageOf(iri.slice(base.length)) : iri;
  const page = isTerm ? pageOf(`ns#${iri.slice(prefixes.bk.length)}`) : ownPage;
  const shown = { title: iri, lang: tag && tag !== language && tag };
  return page !== iri || isLinkable(iri, schemes) ? element("a", { href: page, ...shown }, label) : element("span", shown, label);
};

/**
 * A term as it is shown.
 * @param {JsonTerm | undefined} term
 * @param {Known} known
 * @param {Record<string, string> | undefined} codes what the values of the column mean, by value; nothing where they are no codes.
 * @param {boolean} isTagged whether the language of a text is shown.
 */
const showTerm = (term, known, codes, isTagged) => {
  if (!term) return "";
  if (term.type === "uri") return linkTo(term.value, known);
  if (term.type === "bnode") return `_:${term.value}`;
  if (codes && term.value in codes) return codes[term.value];
  const value = Number(term.value);
  if (/#(double|float|decimal)$/.test(term.datatype ?? "") && Number.isFinite(value)) return number(value, 4);
  const tag = term["xml:lang"];
  const shownTag = isTagged && tag ? [" ", element("span", { class: "soft" }, `@${tag}`)] : [];
  return element("span", { lang: tag && tag !== language && tag, class: "value" }, term.value, ...shownTag);
};

/**
 * The columns to show: those of the catalogue's question, in one language, or every variable.
 * @param {string[]} vars
 * @param {ChosenQuestion | null} question
 * @returns {ShownColumn[]}
 */
const columnsOf = (vars, question) => {
  const listed = Object.entries(question?.columns ?? {});
  if (!question || !listed.length) return vars.map((name) => ({ heading: name, from: [name] }));
  return listed.map(([name, [heading, ...inLanguages]]) => {
    const from = inLanguages.filter((variable) => vars.includes(variable));
    const isNamed = vars.includes(name) && from.length > 0;
    return { heading, from: from.length ? from : [name], codes: question.codes[name], link: isNamed ? name : undefined };
  });
};

/** @type {(row: Row, column: ShownColumn, known: Known, isTagged: boolean) => HTMLElement} */
const cellOf = (row, { from, codes, link }, known, isTagged) => {
  const term = from.map((name) => row[name]).find(Boolean);
  const shown = showTerm(term, known, codes, isTagged);
  const target = link && row[link];
  if (!term || !target || target.type !== "uri") return element("td", {}, shown);
  const anchor = linkTo(target.value, known);
  anchor.replaceChildren(shown);
  return element("td", {}, anchor);
};

/** @type {(bindings: Row[], answer: QueryAnswer, question: ChosenQuestion | null) => HTMLElement} */
const tableOf = (bindings, { results: { head }, known }, question) => {
  const columns = columnsOf(head.vars, question);
  /** @param {Row} row */
  const cells = (row) =>
    columns.map((column) => {
      const cell = cellOf(row, column, known, !question);
      cell.dataset.label = column.heading;
      return cell;
    });
  const rows = bindings.slice(0, MAX_ROWS).map((row) => element("tr", {}, ...cells(row)));
  const caption =
    bindings.length > MAX_ROWS
      ? formatMessage("scripts.sparql.first", { shown: number(MAX_ROWS), number: number(bindings.length) })
      : formatMessage("scripts.sparql.rows", { number: number(bindings.length) });
  const headings = columns.map(({ heading }) => element("th", { scope: "col" }, heading));
  const table = element(
    "table",
    { class: "stacked" },
    element("caption", {}, caption),
    element("thead", {}, element("tr", {}, ...headings)),
    element("tbody", {}, ...rows),
  );
  return element("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": formatMessage("scripts.sparql.answer") }, table);
};

/** @type {string[]} */
let addresses = [];
/** @type {(label: string, name: string, type: string, content: string) => HTMLElement} */
const download = (label, name, type, content) => {
  const address = URL.createObjectURL(new Blob([content], { type }));
  addresses.push(address);
  return element("li", {}, element("a", { href: address, download: name, class: "button" }, label));
};

/**
 * The answer as files.
 * @param {QueryAnswer} answer
 * @param {QueryForm} form
 * @param {string} name
 */
const downloadsOf = (answer, form, name) => {
  for (const address of addresses) URL.revokeObjectURL(address);
  addresses = [];
  const asCsv = download(formatMessage("scripts.sparql.csv"), `${name}.csv`, "text/csv", toCsv(answer.results));
  if (form === "graph") return [download(formatMessage("scripts.sparql.turtle"), `${name}.ttl`, "text/turtle", answer.turtle ?? ""), asCsv];
  const json = JSON.stringify(answer.results, null, 1);
  return [asCsv, download(formatMessage("scripts.sparql.json"), `${name}.srj`, "application/sparql-results+json", json)];
};

/**
 * What an answer says in a sentence, with the time it took.
 * @param {QueryAnswer} answer
 */
export const summarize = ({ took, results: { results, boolean } }) => {
  const seconds = number(took / 1000, 2);
  if (results) return formatMessage("scripts.sparql.done", { number: number(results.bindings.length), seconds });
  return formatMessage(boolean ? "scripts.sparql.yes" : "scripts.sparql.no", { seconds });
};

/** @type {(answer: QueryAnswer, question: ChosenQuestion | null) => HTMLElement} */
const bodyOf = (answer, question) => {
  const { results, boolean } = answer.results;
  if (!results) return element("p", { class: "lead" }, formatMessage(boolean ? "scripts.sparql.true" : "scripts.sparql.false"));
  return results.bindings.length ? tableOf(results.bindings, answer, question) : element("p", {}, formatMessage("scripts.sparql.empty"));
};

/**
 * An answer as elements.
 * @param {QueryAnswer} answer
 * @param {QueryForm} form
 * @param {ChosenQuestion | null} question the catalogue's, or nothing.
 */
export const showAnswer = (answer, form, question) => [
  element("h2", {}, formatMessage("scripts.sparql.answer")),
  element("ul", { class: "tags" }, ...downloadsOf(answer, form, question?.id ?? "balansekunst")),
  bodyOf(answer, question),
];
