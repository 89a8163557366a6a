// The search page: results as one types, by kind, each a link. The field of every page leads here.
/** @import { Language, TaggedText } from "./types.d.ts" */
/** @import { Match, OpenIndex, SearchResult } from "./search/index.js" */
import { groupBy } from "./collections.js";
import { button, data, element, formatMessage, language, load, number, otherLanguage, pageOf, part } from "./common.js";
import { find, markMatches, openIndex } from "./search/index.js";

/** The heading of each kind of result, in the order that the index numbers them. */
const KIND_KEYS = [
  "scripts.search.kind.tool",
  "scripts.search.kind.role",
  "scripts.search.kind.standard",
  "scripts.search.kind.key-competence",
  "scripts.search.kind.competence",
  "scripts.search.kind.placed-competence",
  "scripts.search.kind.outcome",
  "scripts.search.kind.mapping",
  "scripts.search.kind.source",
  "scripts.search.kind.rule",
  "scripts.search.kind.question",
  "scripts.search.kind.other",
];

/** The kind of what is of none of the others; it is shown by the section that its page is in. */
const OTHER = KIND_KEYS.length - 1;
/** How many results of a kind are shown at first. */
const MAX_RESULTS = 5;
/** How much of a text is shown before the first match, in characters; three times as much after it. */
const AROUND = 70;
const form = part("search-form", "form");
const field = part("q", "input");
const results = part("results", "div");
const status = part("count", "p");

/** @type {Promise<OpenIndex> | undefined} */
let opening;
const open = () => {
  const start = performance.now();
  opening ??= Promise.all([load(`texts.${language}.js`), load(`search-data.${language}.js`)]).then(() => {
    const made = openIndex(data().search, language);
    performance.measure("index", { start });
    return made;
  });
  return opening;
};

/** @type {(value: TaggedText, language: Language) => [string, Language]} */
const withLanguage = (value, usual) => (typeof value === "string" ? [value, usual] : [value[0], /** @type {Language} */ (value[1])]);

/**
 * @param {string} value
 * @param {Match} match
 * @param {Language} tag
 */
const highlight = (value, match, tag) => markMatches(value, match, tag).map(([words, hit]) => (hit ? element("mark", {}, words) : words));

/**
 * What shows why a thing was found, beside its name: the first text with the most matching words, cut around the first of them.
 * @param {SearchResult} result
 */
const excerpt = ({ document: { a = [], c = [], o = [], w = [], x = [] }, match }) => {
  const texts = [...[...a, ...w, ...x].map((one) => withLanguage(one, language)), ...o.map((one) => withLanguage(one, otherLanguage))];
  let best = { hits: 0, value: "", tag: language };
  for (const [value, tag] of texts) {
    const hits = markMatches(value, match, tag).filter(([, hit]) => hit).length;
    if (hits > best.hits) best = { hits, value, tag };
  }
  const { hits, value, tag } = best;
  if (!hits) {
    const code = c.find((one) => one.toLowerCase() in match);
    return code ? element("p", { class: "excerpt" }, element("mark", {}, code)) : null;
  }
  const [[before, isMatch]] = markMatches(value, match, tag);
  const start = isMatch || before.length < AROUND ? 0 : value.indexOf(" ", before.length - AROUND) + 1;
  const end = value.length - start > 3 * AROUND ? value.lastIndexOf(" ", start + 3 * AROUND) : value.length;
  return element(
    "p",
    { class: "excerpt", lang: tag !== language && tag },
    start ? "… " : "",
    ...highlight(value.slice(start, end), match, tag),
    end < value.length ? " …" : "",
  );
};

/** @param {SearchResult} result */
const resultItem = (result) => {
  const { document, match } = result;
  const [title, tag] = withLanguage(document.t, language);
  const link = element("a", { href: pageOf(document.p), lang: tag !== language && tag }, ...highlight(title, match, tag));
  const context = (document.u ?? []).map((one) => (typeof one === "string" ? one : element("span", { lang: one[1] }, one[0])));
  const places = context.flatMap((place, at) => [at ? ", " : " – ", place]);
  const mark = document.r ? [" ", element("span", { class: "tag" }, formatMessage("scripts.search.retired"))] : [];
  return element("li", {}, link, ...mark, places.length ? element("span", { class: "soft" }, ...places) : "", excerpt(result));
};

/**
 * The heading that a result stands under.
 * @param {SearchResult} result
 */
const headingOf = ({ document: { k, p } }) => (k === OTHER && data().search.sections[p.split("/")[0]]) || formatMessage(KIND_KEYS[k]);

/**
 * The results under one heading.
 * @param {string} heading
 * @param {SearchResult[]} found
 * @param {number} at its place among the headings.
 */
const resultSection = (heading, found, at) => {
  const id = `kind-${at}`;
  const list = element("ol", { class: "plain" }, ...found.slice(0, MAX_RESULTS).map(resultItem));
  const count = element("span", { class: "soft" }, number(found.length));
  const section = element("section", { "aria-labelledby": id }, element("h2", { id }, `${heading} `, count), list);
  if (found.length > MAX_RESULTS) {
    const showRest = () => {
      const rest = found.slice(MAX_RESULTS).map(resultItem);
      list.append(...rest);
      more.remove();
      rest[0].querySelector("a")?.focus();
    };
    const more = button(formatMessage("scripts.search.more", { number: number(found.length) }), showRest);
    section.append(more);
  }
  return section;
};

let turn = 0;
const show = async () => {
  const query = field.value.trim();
  const own = ++turn;
  const index = await open().catch(() => null);
  if (own !== turn) return;
  if (!index) {
    status.textContent = form.dataset.failed ?? "";
    return;
  }
  history.replaceState(null, "", `?${new URLSearchParams(query ? { q: query } : {})}`);
  const found = find(index, query);
  const groups = groupBy(found, headingOf);
  results.replaceChildren(...[...groups].map(([heading, same], at) => resultSection(heading, same, at)));
  status.textContent = query
    ? formatMessage(found.length ? "scripts.search.count" : "scripts.search.none", { number: number(found.length), query })
    : "";
  results.dataset.query = query;
};

/**
 * Arrows go between the field and the results; every result is also reached with Tab.
 * @param {KeyboardEvent} event
 */
const moveByKey = (event) => {
  const links = [...results.querySelectorAll("a")];
  const stops = [field, ...links];
  const at = stops.indexOf(/** @type {HTMLInputElement} */ (document.activeElement));
  if (at < 0 || event.altKey || event.ctrlKey || event.metaKey) return;
  /** @type {Record<string, number>} */
  const targets = { ArrowDown: at + 1, ArrowUp: at - 1, Home: at > 0 ? 1 : -1, End: at > 0 ? links.length : -1, Escape: at > 0 ? 0 : -1 };
  const stop = stops[targets[event.key]];
  if (!stop) return;
  event.preventDefault();
  stop.focus();
};

field.addEventListener("focus", () => open().catch(() => null));
field.addEventListener("input", show);
form.addEventListener("submit", (event) => {
  event.preventDefault();
  show();
});
part("content", "main").addEventListener("keydown", moveByKey);
field.value = new URLSearchParams(location.search).get("q") ?? "";
form.hidden = false;
if (field.value) show();
else field.focus();
