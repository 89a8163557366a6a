// The description compared with a role, by the catalogue's questions.
/** @import { Row } from "../types.d.ts" */
/** @import { Child } from "../common.js" */
/** @import { GapKind, Measure } from "./gap.js" */
import { button, data, element, formatMessage, language, otherLanguage, pageOf } from "../common.js";
import { askRows } from "../drafts/check.js";
import { findCompetence } from "../drafts/competences.js";
import { DraftIris } from "../drafts/draft.js";
import { BASE } from "../drafts/rdf.js";
import { bindParameters } from "../sparql/query.js";
import { ownIri, statementsOfDescription } from "./description.js";
import { COVERAGE, combineGap, countGap, GAP_KINDS, MEASURES } from "./gap.js";
import { toggleCompetence } from "./parts.js";
import { mine, nameOf } from "./state.js";

/**
 * The heading of each part of a comparison.
 * @type {Record<string, string>}
 */
const KIND_KEYS = {
  covered: "scripts.mine.covered",
  near: "scripts.mine.near",
  missing: "scripts.mine.missing",
  beyond: "scripts.mine.beyond",
};

/**
 * Compare the description with a role; what is found is kept until either changes.
 * @param {string} slug
 */
export const compare = async (slug) => {
  const { questions, standards } = data().mine;
  const own = ownIri();
  const statements = statementsOfDescription();
  /** @type {Row[]} */
  const coverage = [];
  /** @type {Row[]} */
  const ways = [];
  for (const standard of standards[slug]) {
    coverage.push(...(await askRows(bindParameters(questions[COVERAGE].text, { individual: own, standard }), statements)));
    ways.push(...(await askRows(bindParameters(questions[MEASURES].text, { from: own, to: standard }), statements)));
  }
  mine.compared = { slug, gap: combineGap(coverage, ways) };
};

/** A near competence counts half, as in the score of a mobility path. @param {Record<GapKind, number>} counts */
const scoreOf = ({ covered, near, missing }) => (covered + near / 2) / (covered + near + missing);

/** How many competences of each role the description covers or nearly covers, the role that it covers most of first. */
export const rankRoles = async () => {
  const { questions, standards } = data().mine;
  const statements = statementsOfDescription();
  const found = [];
  for (const slug of Object.keys(data().compare)) {
    /** @type {Row[]} */
    const coverage = [];
    for (const standard of standards[slug]) {
      coverage.push(...(await askRows(bindParameters(questions[COVERAGE].text, { individual: ownIri(), standard }), statements)));
    }
    found.push({ slug, counts: countGap(combineGap(coverage, [])) });
  }
  return found.sort((one, two) => scoreOf(two.counts) - scoreOf(one.counts));
};

/** @type {(row: Row, name: string) => string} */
const labelIn = (row, name) => row[`${name}_${language}`]?.value ?? row[`${name}_${otherLanguage}`]?.value ?? "";

/**
 * What is tied to a gap by the project itself, and not by a source, is marked.
 * @type {(row: Row, name: string, provenance: string) => string}
 */
const labelWithTie = (row, name, provenance) =>
  row[provenance]?.value === "editorial" ? formatMessage("scripts.mine.ours", { name: labelIn(row, name) }) : labelIn(row, name);

/**
 * What the person's own competence is called: in the data, or where it is new in the description.
 * @param {Row} row
 */
const ownLabel = (row) => {
  const label = labelIn(row, "own");
  if (label || !row.own) return label;
  const iris = new DraftIris(mine.draft);
  const placement = mine.draft.placements.find((one) => iris.competenceOf(one) === row.own?.value);
  return placement ? nameOf(placement) : "";
};

/** @param {Measure[]} measures */
const measureList = (measures) => {
  /** @param {Measure} measure */
  const line = ({ row, settings, forms }) => {
    const beside = [
      ...settings.map((one) => labelWithTie(one, "setting", "setting_provenance")),
      ...forms.map((one) => labelWithTie(one, "form", "form_provenance")),
    ];
    const about = beside.length ? element("span", { class: "soft" }, ` – ${beside.join("; ")}`) : "";
    return element("li", {}, labelWithTie(row, "way", "provenance"), about);
  };
  return element("ul", { class: "measures" }, ...measures.map(line));
};

/** @param {Measure[] | undefined} measures */
const specificMeasures = (measures) =>
  measures
    ? element("div", {}, element("p", { class: "small soft" }, formatMessage("scripts.mine.measures.text")), measureList(measures))
    : null;

/**
 * What is shown of a row of each kind.
 * @type {Record<GapKind, (row: Row, measures?: Measure[], again?: () => void) => Child[]>}
 */
const PARTS = {
  covered: (row) => [labelIn(row, "competence")],
  near: (row) => [formatMessage("scripts.mine.near.pair", { competence: labelIn(row, "competence"), own: ownLabel(row) })],
  missing: (row, measures, again) => {
    const name = labelIn(row, "competence");
    const thing = findCompetence(row.competence?.value ?? null);
    if (!again || !thing) return [name];
    const add = () => {
      toggleCompetence(thing, true);
      again();
    };
    const link = element("a", { href: pageOf(thing.iri.slice(BASE.length)), target: "_blank", rel: "noopener" }, name);
    const label = formatMessage("scripts.mine.me-too.of", { name });
    return [
      element("strong", {}, link),
      element("span", { class: "small soft" }, ` ${thing.definition[language] ?? ""} `),
      button(formatMessage("scripts.mine.me-too"), add, { class: "quiet", "aria-label": label }),
      specificMeasures(measures),
    ];
  },
  beyond: (row) => [ownLabel(row)],
};

/**
 * The comparison as it is shown, with measures; or as it is printed, without.
 * @param {() => void} [again] compares anew, when something is added to the description.
 */
export const showComparison = (again) => {
  const withMeasures = Boolean(again);
  if (!mine.compared) return [];
  const { gap } = mine.compared;
  const counts = countGap(gap);
  /** @type {(kind: GapKind) => (row: Row) => HTMLElement} */
  const lineOf = (kind) => (row) => {
    const iri = (row.competence ?? row.own)?.value ?? "";
    const measures = withMeasures ? gap.specific.get(iri) : undefined;
    return element("li", { "data-iri": iri }, ...PARTS[kind](row, measures, again));
  };
  const lists = GAP_KINDS.flatMap((kind) => [
    element(withMeasures ? "h3" : "h4", {}, formatMessage(KIND_KEYS[kind])),
    gap[kind].length
      ? element("ul", { class: kind }, ...gap[kind].map(lineOf(kind)))
      : element("p", { class: "soft" }, formatMessage("scripts.mine.none")),
  ]);
  const general =
    withMeasures && counts.missing && gap.general.length
      ? [
          element("h3", {}, formatMessage("scripts.mine.measures")),
          element("p", {}, formatMessage("scripts.mine.measures.general")),
          measureList(gap.general),
          element("p", { class: "note" }, formatMessage("scripts.mine.measures.limits")),
        ]
      : [];
  return [
    element("p", {}, formatMessage("scripts.mine.role.result", counts)),
    ...lists,
    ...general,
    element("p", { class: "note" }, formatMessage("scripts.mine.role.limits")),
  ];
};
