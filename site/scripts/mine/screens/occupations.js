// The screen with ESCO's occupations near what the person can. What they are found with is loaded when the person asks for it.
/** @import { Child } from "../../common.js" */
/** @import { NearOccupation } from "../occupation-ranking.js" */
/** @import { Screen } from "../types.d.ts" */
import { button, data, element, formatMessage, language, load, pageOf, part } from "../../common.js";
import { BASE } from "../../drafts/rdf.js";
import { OccupationSpace, rankOccupations } from "../occupation-ranking.js";
import { keyPlacements, nameOf, OCCUPATIONS_PART, statementOf } from "../state.js";

const FILE = "occupations-data.js";
/** How many names are shown of each kind. */
const MAX_COMPETENCES = 3;
const MAX_SKILLS = 4;
const MAX_OTHERS = 5;
/** @type {OccupationSpace | undefined} */
let space;

/**
 * A name in the page's language, or the English one marked as such.
 * @type {(english: string, norwegian: string | undefined) => Child}
 */
const showName = (english, norwegian) => {
  if (language === "nb") return norwegian || element("span", { lang: "en" }, english);
  return english;
};

/** Names in a row. @param {Child[]} names @returns {Child[]} */
const joinNames = (names) => names.flatMap((name, at) => [at ? ", " : "", name]);

/** @param {string} code */
const findGroupName = (code) => {
  const [english, norwegian] = data().occupations.index.groups[code] ?? ["", ""];
  return language === "nb" && norwegian ? norwegian : english;
};

/** What the description names: its key competences, and the outcomes of roles whose words are the person's own. */
const findSubjects = () => {
  /** @type {Map<string, string>} */
  const found = new Map();
  for (const placement of keyPlacements()) {
    const { competence } = placement;
    if (!competence) continue;
    found.set(competence, competence);
    const words = statementOf(placement).trim();
    for (const [outcome, { statement }] of Object.entries(data().occupations.subjects)) {
      if (statement && words && Object.values(statement).includes(words)) found.set(outcome, competence);
    }
  }
  return found;
};

/** @param {NearOccupation} near */
const occupationItem = ({ at, band, isco, notNamed, others, shares, used }) => {
  const { index, settings, skillNames } = data().occupations;
  const names = new Map(keyPlacements().map((placement) => [placement.competence, nameOf(placement)]));
  const [uri, , english, norwegian] = index.occupations[at];
  const competences = shares.slice(0, MAX_COMPETENCES).map(([iri]) => {
    const name = names.get(iri) ?? "";
    return element("a", { href: pageOf(iri.slice(BASE.length)) }, name.charAt(0).toLowerCase() + name.slice(1));
  });
  const skills = notNamed.slice(0, MAX_SKILLS).map((skill) => showName(index.skills[skill][1], skillNames[skill]));
  const more = notNamed.length - skills.length;
  const shownOthers = others.slice(0, MAX_OTHERS).map((other) => showName(index.occupations[other][2], index.occupations[other][3]));
  return element(
    "li",
    { "data-has": [`field-${isco.slice(0, 2)}`, ...settings.skillLevels[isco].map((level) => `level-${level}`)].join(" ") },
    element(
      "h3",
      {},
      element("a", { href: settings.occupationBase + uri }, showName(english, norwegian)),
      " ",
      element(
        "span",
        { class: "tag" },
        band ? formatMessage("scripts.occupations.band", { number: band }) : formatMessage("scripts.occupations.band.far"),
      ),
    ),
    element(
      "p",
      {},
      `${formatMessage("scripts.occupations.bring")} `,
      used ? formatMessage("scripts.occupations.used", { used, of: keyPlacements().length }) : formatMessage("scripts.occupations.area"),
      competences.length ? `, ${formatMessage("scripts.occupations.mostly")} ` : "",
      ...joinNames(competences),
      ".",
      ...(skills.length
        ? [
            element("br"),
            `${formatMessage("scripts.mine.occupations.not-named")} `,
            ...joinNames(skills),
            more > 0 ? formatMessage("scripts.occupations.and-more", { number: more }) : "",
            ".",
          ]
        : []),
    ),
    others.length
      ? element(
          "details",
          { class: "small" },
          element("summary", {}, `${findGroupName(isco)}: ${formatMessage("scripts.occupations.others", { number: others.length })}`),
          element("p", {}, ...joinNames(shownOthers), others.length > MAX_OTHERS ? " …" : ""),
        )
      : "",
  );
};

/** The occupations, with what narrows the list. */
const showList = () => {
  space ??= new OccupationSpace(data().occupations);
  const subjects = findSubjects();
  const unmapped = keyPlacements().filter(({ competence }) => !competence || !data().occupations.subjects[competence]);
  const left = unmapped.length
    ? element("p", { class: "soft" }, formatMessage("scripts.mine.occupations.unmapped", { names: unmapped.map(nameOf).join(", ") }))
    : "";
  if (!space.findHeldSkills(subjects.keys()).size) return [element("p", {}, formatMessage("scripts.mine.occupations.none")), left];
  const found = rankOccupations(space, subjects).filter(({ score }) => score);
  const frame = /** @type {DocumentFragment} */ (part(OCCUPATIONS_PART, "template").content.cloneNode(true));
  const fields = [...new Set(found.map(({ isco }) => isco.slice(0, 2)))].sort();
  frame.querySelector("#field")?.append(...fields.map((code) => element("option", { value: `field-${code}` }, findGroupName(code))));
  frame.querySelector("#things")?.append(...found.map(occupationItem));
  return [left, frame];
};

/** @type {Screen} */
export const showOccupations = () => {
  const results = element("div", { id: "results" });
  const status = element("p", { role: "status" });
  const show = () => {
    status.textContent = "";
    results.replaceChildren(...showList());
    results.querySelector("[data-filter]")?.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const ask = async () => {
    status.textContent = formatMessage("scripts.mine.occupations.working");
    try {
      await load(FILE);
      show();
    } catch {
      status.textContent = formatMessage("scripts.mine.occupations.failed");
    }
  };
  if (data().occupations) requestAnimationFrame(show);
  else results.append(element("p", { class: "moves" }, button(formatMessage("scripts.mine.occupations.show"), ask)));
  return [
    formatMessage("scripts.mine.occupations.title"),
    element("p", {}, formatMessage("scripts.mine.occupations.text")),
    data().occupations ? "" : element("p", { class: "small soft" }, formatMessage("scripts.mine.occupations.load")),
    status,
    results,
  ];
};
