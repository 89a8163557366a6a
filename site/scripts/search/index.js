// The search itself, without a page: words made comparable, an index of documents, and what a query finds in it.
/** @import { Language, SearchDocument, TaggedText } from "../types.d.ts" */
/** @import { Query } from "minisearch" */
import { stemmer as english } from "@orama/stemmers/english";
import { stemmer as norwegian } from "@orama/stemmers/norwegian";
import MiniSearch from "minisearch";

/** @typedef {SearchDocument & { id: number }} NumberedDocument */
/** @typedef {Record<string, string[]>} Match The fields of each term that matched. */
/**
 * What is searched.
 * @typedef {object} OpenIndex
 * @property {SearchDocument[]} documents
 * @property {Language} language
 * @property {MiniSearch<NumberedDocument>} index
 */
/** @typedef {{ document: SearchDocument, score: number, match: Match }} SearchResult */

const stemmers = { nb: norwegian, en: english };
const WEIGHTS = { title: 8, alt: 5, other: 3, what: 1.5, text: 1, context: 1, part: 2 };
const CODE_WEIGHT = 20;
// How much more counts whose whole name was asked for: as it stands, or with another ending or letter.
const SAME_NAME = 3;
const LIKE_NAME = 2;
// How much a match in each kind of thing counts, in the order of the kinds.
const KIND_WEIGHTS = [2.5, 2.5, 1.4, 1.2, 2, 1, 1, 0.9, 1, 1, 1, 0.9];
const FUZZY_FROM = 6;
const PREFIX_FROM = 2;
// The shortest first and last part of a Norwegian compound that is looked for.
const HEAD_FROM = 3;
const TAIL_FROM = 4;
const BASE = /^https:\/\/w3id\.org\/balansekunst\//;

/**
 * A word or code so that æ/ae, ø/o/oe and å/a/aa, cases and accents are alike.
 * @param {string} word
 */
export const fold = (word) =>
  word
    .normalize("NFC")
    .toLowerCase()
    .replace(/[æä]/g, "ae")
    .replace(/[øö]/g, "o")
    .replaceAll("å", "a")
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .replaceAll("aa", "a")
    .replaceAll("oe", "o");

/**
 * The words of a text.
 * @param {string} value
 * @returns {string[]}
 */
export const words = (value) => value.match(/[\p{L}\p{N}]+/gu) ?? [];

/** @param {TaggedText} value */
const textOf = (value) => (typeof value === "string" ? value : value[0]);
/** @param {TaggedText[]} [values] */
const join = (values = []) => values.map(textOf).join("\n");
/** @type {(language: Language) => Language} */
const other = (language) => (language === "nb" ? "en" : "nb");

/** @type {Record<Language, Map<string, string[]>>} */
const known = { nb: new Map(), en: new Map() };
/**
 * A word folded, and its stem. Texts have each word many times, so what is found is kept.
 * @param {string} word
 * @param {Language} language
 */
const stems = (word, language) => {
  const found = known[language].get(word);
  if (found) return found;
  const folded = fold(word);
  const made = [...new Set([folded, stemmers[language](folded)])];
  known[language].set(word, made);
  return made;
};

/**
 * The words that a compound ends in: «leder» of «avdelingsleder». Norwegian writes as one word what English writes as several.
 * @param {string} word
 * @param {Set<string>} vocabulary
 */
const tails = (word, vocabulary) => {
  const found = [];
  for (let at = HEAD_FROM; at <= word.length - TAIL_FROM; at++) if (vocabulary.has(word.slice(at))) found.push(word.slice(at));
  return found;
};

/** @type {Record<string, (document: SearchDocument) => string>} */
const fields = {
  title: ({ t }) => textOf(t),
  alt: ({ a }) => join(a),
  text: ({ x }) => join(x),
  what: ({ w }) => join(w),
  context: ({ u }) => join(u),
  other: ({ o }) => join(o),
  code: ({ c = [], p }) => [...c, p].join("\n"),
  part: (document) => ["title", "alt", "what"].map((name) => fields[name](document)).join("\n"),
};

/**
 * Index the documents of a language. What comes back is written as JSON, and read by `openIndex`.
 * @param {SearchDocument[]} documents
 * @param {Language} language
 */
export const createIndex = (documents, language) => {
  const vocabulary = new Set(
    language === "nb" ? documents.flatMap((document) => words(`${fields.part(document)}\n${fields.text(document)}`).map(fold)) : [],
  );
  /** @type {MiniSearch<NumberedDocument>} */
  const index = new MiniSearch({
    fields: Object.keys(fields),
    extractField: (document, field) => (field === "id" ? String(document.id) : fields[field](document)),
    tokenize: (value, field) => (field === "code" ? value.split("\n") : words(value)),
    processTerm: (term, field) => {
      if (field === "code") return fold(term);
      if (field === "part") return [...new Set(tails(fold(term), vocabulary).flatMap((tail) => stems(tail, language)))];
      return stems(term, field === "other" ? other(language) : language);
    },
  });
  index.addAll(documents.map((document, id) => ({ ...document, id })));
  return index;
};

/**
 * What `find` searches: documents, and the index made of them when the site was built; made here where it was not.
 * @param {{ documents: SearchDocument[], index?: object | null }} given
 * @param {Language} language
 * @returns {OpenIndex}
 */
export const openIndex = ({ documents, index }, language) => ({
  documents,
  language,
  index: index
    ? MiniSearch.loadJS(/** @type {import("minisearch").AsPlainObject} */ (index), { fields: Object.keys(fields) })
    : createIndex(documents, language),
});

/**
 * What is asked of the index for a part of a query without spaces: its words, or it as a code.
 * @param {string} chunk
 * @param {Language} language
 * @returns {Query}
 */
const queryOf = (chunk, language) => {
  const own = Object.keys(WEIGHTS).filter((field) => field !== "other");
  /** @type {Query[]} */
  const written = words(chunk).map((word) => ({
    combineWith: "OR",
    queries: [
      {
        queries: [fold(word)],
        prefix: (term) => term.length >= PREFIX_FROM,
        fuzzy: (term) => (term.length >= FUZZY_FROM && !/\d/.test(term) ? 1 : false),
        fields: [...own, "other"],
      },
      { queries: [stemmers[language](fold(word))], fields: own },
      { queries: [stemmers[other(language)](fold(word))], fields: ["other"] },
    ],
  }));
  const code = {
    queries: [fold(chunk.replace(BASE, "").replace(/^[<"(]+|[>"),;.]+$/g, ""))],
    fields: ["code"],
    boost: { code: CODE_WEIGHT },
  };
  /** @type {Query[]} */
  const queries = written.length ? [code, { combineWith: "AND", queries: written }] : [code];
  return { combineWith: "OR", queries };
};

/**
 * How much more a document counts since one of its names is what was asked for.
 * @param {SearchDocument} document
 * @param {Match} match
 * @param {string[]} asked the words, folded.
 * @param {Language} language
 */
const likeness = ({ t, a = [], o = [] }, match, asked, language) => {
  const names = [...[t, ...a].map((name) => ({ name, tag: language })), ...o.map((name) => ({ name, tag: other(language) }))];
  const alike = names.map(({ name, tag }) => ({ parts: words(textOf(name)), tag })).filter(({ parts }) => parts.length === asked.length);
  if (alike.some(({ parts }) => parts.every((part, at) => fold(part) === asked[at]))) return SAME_NAME;
  return alike.some(({ parts, tag }) => parts.every((part) => stems(part, tag).some((term) => term in match))) ? LIKE_NAME : 1;
};

/**
 * The documents that a query finds, best first, each with the terms that matched. All words must match; where that finds nothing, any.
 * @param {OpenIndex} open
 * @param {string} query
 * @returns {SearchResult[]}
 */
export const find = ({ index, documents, language }, query) => {
  const chunks = query.trim().split(/\s+/).filter(Boolean);
  if (!chunks.length) return [];
  const asked = words(query).map(fold);
  /** @type {import("minisearch").SearchOptions} */
  const options = { tokenize: (value) => [value], processTerm: (term) => term, boost: WEIGHTS, weights: { prefix: 0.5, fuzzy: 0.25 } };
  const queries = chunks.map((chunk) => queryOf(chunk, language));
  const all = index.search({ combineWith: "AND", queries }, options);
  const found = all.length ? all : index.search({ combineWith: "OR", queries }, options);
  return found
    .map(({ id, score, match }) => {
      const document = documents[Number(id)];
      return { document, score: score * KIND_WEIGHTS[document.k] * likeness(document, match, asked, language), match };
    })
    .sort((one, two) => two.score - one.score || one.document.k - two.document.k || one.document.p.localeCompare(two.document.p));
};

/**
 * Cut a text at its words, each with whether it matched, or ends in a word that did.
 * @param {string} value
 * @param {Match} match
 * @param {Language} language
 */
export const markMatches = (value, match, language) => {
  const ends = Object.keys(match).filter((term) => match[term].includes("part"));
  /** @type {[part: string, isMatch: boolean][]} */
  const parts = [];
  let at = 0;
  for (const { 0: word, index } of value.matchAll(/[\p{L}\p{N}]+/gu)) {
    if (!stems(word, language).some((form) => form in match || ends.some((end) => form.endsWith(end)))) continue;
    if (index > at) parts.push([value.slice(at, index), false]);
    parts.push([word, true]);
    at = index + word.length;
  }
  if (at < value.length) parts.push([value.slice(at), false]);
  return parts;
};
