// Finding a competence that is there already, or wording a new one with its nearest neighbours in sight.
import { data, element, language, pageOf, text } from "../common.js";
import { createIndex, find, words } from "../index.js";
import { METHOD } from "./rdf.js";

const SHOWN = 8;
const PAUSE = 120;

let opened = null;
/** The competences of the scheme as the search reads them: their names in both languages, other names, ESCO's names, and definitions. */
const index = () => {
  if (!opened) {
    const other = language === "nb" ? "en" : "nb";
    const { competences } = data().drafts;
    const documents = competences.map(({ iri, label, other: names, definition, skills }) => ({
      t: label[language] ?? label[other],
      a: names[language] ?? [],
      o: [label[other] ?? "", ...(names[other] ?? []), ...skills.map((skill) => skill.label)],
      x: [definition[language] ?? ""],
      p: iri.slice(METHOD.length),
      k: 1,
    }));
    opened = { documents, language, index: createIndex(documents, language), things: new Map(documents.map((document, at) => [document.p, competences[at]])) };
  }
  return opened;
};

/**
 * The competences that words find, best first.
 * @returns things with `iri`, `label`, `other`, `definition` and `skills` (ESCO's), each `{iri, label, relation}`.
 */
export const search = (query, limit = SHOWN) => (words(query).length ? find(index(), query).slice(0, limit).map(({ document }) => index().things.get(document.p)) : []);

/** A competence of the scheme by its address, or nothing. */
export const competence = (iri) => data().drafts.competences.find((thing) => thing.iri === iri) ?? null;

/** The ESCO skills that a competence is mapped to, each a link with what the mapping says; nothing where there are none. */
export const skillsOf = (thing) =>
  thing.skills.length
    ? element("span", { class: "skills" }, `ESCO: `, ...thing.skills.flatMap(({ iri, label, relation }, at) => [at ? ", " : "", element("a", { href: iri, lang: "en", rel: "external" }, label), ` (${text(`drafts.${relation}`)})`]))
    : null;

let fields = 0;
/**
 * A field to pick a competence by search, or to word a new one.
 * @param pick is given a competence of the scheme, or `{label}` with the words of a new one.
 * @returns its element.
 */
export const competenceField = ({ label, hint, pick }) => {
  const id = `competence-${++fields}`;
  const input = element("input", { type: "text", id, autocomplete: "off", "aria-describedby": `${id}-hint`, class: "long" });
  const said = element("p", { class: "small soft", role: "status" });
  const found = element("ul", { class: "plain found" });
  const fresh = element("button", { type: "button", class: "quiet", hidden: true });
  const choose = (value) => {
    pick(value);
    input.value = "";
    show();
    input.focus();
  };
  let timer;
  const show = () => {
    timer = clearTimeout(timer);
    const query = input.value.trim();
    const things = search(query);
    said.textContent = query ? text("drafts.found", { number: things.length }) : "";
    found.replaceChildren(
      ...things.map((thing) => {
        const button = element("button", { type: "button", class: "pick" }, thing.label[language] ?? thing.label.nb);
        button.addEventListener("click", () => choose(thing));
        return element("li", {}, button, " ", element("span", { class: "small" }, thing.definition[language] ?? "", " ", skillsOf(thing) ? element("span", { class: "soft" }, skillsOf(thing)) : "", " ", element("a", { href: pageOf(thing.iri.slice(METHOD.length)) }, text("drafts.more"))));
      }),
    );
    fresh.hidden = !query;
    fresh.textContent = text("drafts.new-competence", { name: query });
  };
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(show, PAUSE);
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault();
    // What Tab leads to, or a finger presses, must not be replaced a moment later.
    if (event.key === "Tab" && timer) show();
  });
  fresh.addEventListener("click", () => choose({ label: { [language]: input.value.trim() } }));
  for (const pressed of [found, fresh]) pressed.addEventListener("pointerdown", () => (timer = clearTimeout(timer)));
  return element("div", { class: "field" }, element("label", { for: id }, label), element("p", { class: "hint", id: `${id}-hint` }, hint), input, said, found, fresh);
};
