// Finding a competence that is there already, or wording a new one with its nearest neighbours in sight.
/** @import { NamedThing, SomeTexts } from "../types.d.ts" */
import { data, element, formatMessage, language, otherLanguage, pageOf } from "../common.js";
import { createIndex, find, words } from "../search/index.js";
import { BASE } from "./rdf.js";
import { suggestCompetences } from "./suggestions.js";

/** @type {Record<string, string>} */
const RELATION_KEYS = {
  exactMatch: "scripts.drafts.exactMatch",
  closeMatch: "scripts.drafts.closeMatch",
  broadMatch: "scripts.drafts.broadMatch",
  narrowMatch: "scripts.drafts.narrowMatch",
};

/** @typedef {{ iri?: string, label: SomeTexts }} PickedCompetence One of the scheme, or the words of a new one. */

const MAX_RESULTS = 8;
/** Milliseconds without writing before it is searched. */
const PAUSE = 120;

/** @type {{ search: import("../search/index.js").OpenIndex, things: Map<string, NamedThing> } | null} */
let opened = null;
/** The competences of the scheme as the search reads them: their names in both languages, other names, ESCO's names, and definitions. */
const openIndex = () => {
  if (opened) return opened;
  const { competences } = data().drafts;
  const documents = competences.map(({ iri, label, other, definition, skills }) => ({
    t: label[language] ?? label[otherLanguage] ?? "",
    a: other[language] ?? [],
    o: [label[otherLanguage] ?? "", ...(other[otherLanguage] ?? []), ...skills.map((skill) => skill.label)],
    x: [definition[language] ?? ""],
    p: iri.slice(BASE.length),
    k: 1,
  }));
  const search = { documents, language, index: createIndex(documents, language) };
  opened = { search, things: new Map(competences.map((thing) => [thing.iri.slice(BASE.length), thing])) };
  return opened;
};

/**
 * The competences of the scheme that words find, best first.
 * @param {string} query
 * @param {number} [limit]
 */
export const searchCompetences = (query, limit = MAX_RESULTS) => {
  if (!words(query).length) return [];
  const { search, things } = openIndex();
  const { competences, everyday } = data().drafts;
  const told = suggestCompetences(query, everyday, competences).map(({ thing }) => thing);
  const found = find(search, query).flatMap(({ document }) => things.get(document.p) ?? []);
  return [...new Set([...told, ...found])].slice(0, limit);
};

/**
 * A competence of the scheme by its IRI, or nothing.
 * @param {string | null} iri
 */
export const findCompetence = (iri) => data().drafts.competences.find((thing) => thing.iri === iri) ?? null;

/** @param {string | undefined} name */
const isNorwegian = (name) => language === "nb" && Boolean(name);

/**
 * The ESCO skills that a competence is mapped to, each a link with what the mapping says; nothing where there are none.
 * @param {NamedThing} thing
 */
export const listSkills = ({ skills }) => {
  if (!skills.length) return null;
  const links = skills.flatMap(({ iri, label, nb, relation }, at) => [
    at ? ", " : "",
    element("a", { href: iri, lang: isNorwegian(nb) ? "nb" : "en", title: label, rel: "external" }, isNorwegian(nb) ? nb : label),
    ` (${formatMessage(RELATION_KEYS[relation])})`,
  ]);
  return element("span", { class: "skills" }, `ESCO: `, ...links);
};

/**
 * @param {NamedThing} thing
 * @param {(thing: NamedThing) => void} choose
 */
const resultItem = (thing, choose) => {
  const pick = element("button", { type: "button", class: "pick" }, thing.label[language] ?? thing.label.nb ?? "");
  pick.addEventListener("click", () => choose(thing));
  const skills = listSkills(thing);
  const about = element(
    "span",
    { class: "small" },
    thing.definition[language],
    " ",
    skills && element("span", { class: "soft" }, skills),
    " ",
    element("a", { href: pageOf(thing.iri.slice(BASE.length)) }, formatMessage("scripts.drafts.more")),
  );
  return element("li", {}, pick, " ", about);
};

let fields = 0;
/**
 * A field to pick a competence by search, or to word a new one.
 * @param {object} field
 * @param {string} field.label
 * @param {string} field.hint
 * @param {(thing: PickedCompetence) => void} field.pick is given what is picked.
 * @returns its element.
 */
export const competenceField = ({ label, hint, pick }) => {
  const id = `competence-${++fields}`;
  const input = element("input", { type: "text", id, autocomplete: "off", "aria-describedby": `${id}-hint`, class: "long" });
  const count = element("p", { class: "small soft", role: "status" });
  const results = element("ul", { class: "plain found" });
  const fresh = element("button", { type: "button", class: "quiet", hidden: true });
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const stop = () => {
    clearTimeout(timer);
    timer = undefined;
  };
  const show = () => {
    stop();
    const query = input.value.trim();
    const things = searchCompetences(query);
    count.textContent = query ? formatMessage("scripts.drafts.found", { number: things.length }) : "";
    results.replaceChildren(...things.map((thing) => resultItem(thing, choose)));
    fresh.hidden = !query;
    fresh.textContent = formatMessage("scripts.drafts.new-competence", { name: query });
  };
  /** @param {PickedCompetence} thing */
  const choose = (thing) => {
    pick(thing);
    input.value = "";
    show();
    input.focus();
  };
  input.addEventListener("input", () => {
    stop();
    timer = setTimeout(show, PAUSE);
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault();
    // What Tab leads to, or a finger presses, must not be replaced a moment later.
    if (event.key === "Tab" && timer !== undefined) show();
  });
  fresh.addEventListener("click", () => choose({ label: { [language]: input.value.trim() } }));
  for (const pressed of [results, fresh]) pressed.addEventListener("pointerdown", stop);
  const lead = [element("label", { for: id }, label), element("p", { class: "hint", id: `${id}-hint` }, hint)];
  return element("div", { class: "field" }, ...lead, input, count, results, fresh);
};
