// The last screen: the description to print, to copy into a CV, and as files.
/** @import { Placement, TextBlock } from "../../types.d.ts" */
/** @import { Screen } from "../types.d.ts" */
import { button, data, element, formatMessage, language } from "../../common.js";
import { download } from "../../download.js";
import { askGraph } from "../../drafts/check.js";
import { findCompetence } from "../../drafts/competences.js";
import { downloadDocument, downloadDraft } from "../../drafts/draft-files.js";
import { balanceFigure } from "../../drafts/figure.js";
import { bindParameters } from "../../sparql/query.js";
import { compare, showComparison } from "../comparison.js";
import { draftForFile, ownIri, statementsOfDescription } from "../description.js";
import { answersOf, keyPlacements, mine, nameOf, ownNotes, PLACE_KEYS, SLUG, statementOf } from "../state.js";
import { leftWarning } from "../warnings.js";

/** What is on the sheet beside the competences. Nobody hands out what they lack without choosing to. */
const shown = { figure: true, comparison: false };

/** Whether the figure has anything to show. */
const hasPlaces = () => keyPlacements().some(({ position, dimension }) => position || dimension);

/** @param {Placement} placement */
const sheetItem = (placement) => {
  const { where } = answersOf(placement);
  const statement = statementOf(placement);
  const learned = where && formatMessage("scripts.mine.learned", { where: formatMessage(PLACE_KEYS[where]).toLowerCase() });
  return element(
    "li",
    {},
    element("strong", {}, nameOf(placement)),
    statement && `: ${statement}`,
    learned && element("span", { class: "soft" }, ` (${learned})`),
  );
};

/** What is printed: the competences, and what the person chose to have with them. */
const makeSheet = () => {
  const { compared } = mine;
  const keys = keyPlacements();
  const figure = balanceFigure({ place: () => {}, choose: () => {} });
  figure.caption.remove();
  figure.show(keys.map((placement) => ({ ...placement, name: nameOf(placement) })));
  const comparison =
    shown.comparison && compared && compared.slug === ownNotes().to
      ? [element("h3", {}, formatMessage("scripts.mine.sheet.role", { role: data().compare[compared.slug].name })), ...showComparison()]
      : [];
  return element(
    "section",
    { class: "sheet", "aria-label": formatMessage("scripts.mine.sheet") },
    element("h3", {}, formatMessage("scripts.mine.sheet")),
    element("ol", {}, ...keys.map(sheetItem)),
    shown.figure && hasPlaces() ? figure.element : "",
    ...comparison,
  );
};

/** The sheet as a document. */
const saveDocument = () => {
  /** @type {TextBlock[]} */
  const blocks = [["title", formatMessage("scripts.mine.sheet")]];
  for (const placement of keyPlacements())
    blocks.push(["item", [nameOf(placement), statementOf(placement).trim()].filter(Boolean).join(": ")]);
  return downloadDocument({ ...mine.draft, slug: SLUG }, blocks);
};

/**
 * What ESCO calls a competence: in Norwegian by names that are ours.
 * @param {Placement} placement
 */
const listEscoNames = (placement) => {
  const skills = findCompetence(placement.competence)?.skills ?? [];
  const same = skills.filter(({ relation }) => ["exactMatch", "closeMatch"].includes(relation));
  return same.map(({ label, nb }) => (language === "nb" && nb) || label);
};

/** The key competences as lines for a CV, with what copies them. */
const makeCv = () => {
  const cv = element("textarea", { id: "cv", readonly: true, class: "cv", rows: "12" });
  /** @param {Placement} placement */
  const lineOf = (placement) => `• ${[nameOf(placement), statementOf(placement).trim()].filter(Boolean).join(": ")}`;
  const names = [...new Set(keyPlacements().flatMap(listEscoNames))];
  const esco = names.length ? ["", `${formatMessage("scripts.mine.cv.esco")}: ${names.join(", ")}`] : [];
  cv.value = [...keyPlacements().map(lineOf), ...esco].join("\n");
  const done = element("span", { role: "status" });
  const copy = async () => {
    cv.select();
    try {
      await navigator.clipboard.writeText(cv.value);
    } catch {
      document.execCommand("copy");
    }
    done.textContent = formatMessage("scripts.mine.copied");
  };
  return [
    element("h3", {}, formatMessage("scripts.mine.cv")),
    element("div", { class: "field" }, element("label", { for: "cv" }, formatMessage("scripts.mine.cv.hint")), cv),
    element("p", {}, button(formatMessage("scripts.mine.copy"), copy), " ", done),
  ];
};

const saveElm = async () => {
  const query = bindParameters(data().mine.elm, { individual: ownIri() });
  download(`${SLUG}-elm.jsonld`, await askGraph(query, statementsOfDescription()), "application/ld+json");
};

const makeFiles = () => {
  /** @param {"ttl" | "jsonld"} ending */
  const save = (ending) => downloadDraft({ ...draftForFile(), slug: SLUG }, ending);
  const buttons = [
    button(formatMessage("scripts.mine.save.ttl"), () => save("ttl")),
    button(formatMessage("scripts.mine.save.jsonld"), () => save("jsonld")),
    button(formatMessage("scripts.mine.save.elm"), saveElm),
  ];
  return [
    element("h3", {}, formatMessage("scripts.mine.files")),
    element("p", {}, formatMessage("scripts.mine.files.text")),
    element("p", { class: "buttons" }, ...buttons),
    element("p", { class: "small" }, formatMessage("scripts.mine.elm")),
  ];
};

/** @type {Screen} */
export const showTake = ({ refresh }) => {
  const { to } = ownNotes();
  if (to && !mine.compared) {
    compare(to).then(
      () => mine.step === "take" && refresh(),
      () => {},
    );
  }
  const sheet = element("div", {});
  const show = () => sheet.replaceChildren(makeSheet());
  /** @type {(part: "figure" | "comparison", label: string) => HTMLElement} */
  const choice = (part, label) => {
    const input = element("input", { type: "checkbox" });
    input.checked = shown[part];
    input.addEventListener("change", () => {
      shown[part] = input.checked;
      show();
    });
    return element("label", { class: "choice" }, input, element("span", {}, label));
  };
  const parts = [
    ...(hasPlaces() ? [choice("figure", formatMessage("scripts.mine.sheet.figure"))] : []),
    ...(to ? [choice("comparison", formatMessage("scripts.mine.sheet.comparison"))] : []),
  ];
  show();
  return [
    formatMessage("scripts.mine.take.title"),
    leftWarning(),
    parts.length ? element("fieldset", { class: "take" }, element("legend", {}, formatMessage("scripts.mine.sheet.parts")), ...parts) : "",
    sheet,
    element(
      "div",
      { class: "take" },
      button(formatMessage("scripts.mine.print"), () => window.print()),
      button(formatMessage("scripts.mine.document"), saveDocument, { class: "quiet" }),
    ),
    element("div", { class: "take" }, ...makeCv(), ...makeFiles()),
  ];
};
