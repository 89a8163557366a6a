// The screens where each competence is told of: one each, the sentence first.
/** @import { Placement } from "../../types.d.ts" */
/** @import { Screen } from "../types.d.ts" */
import { button, data, element, formatMessage, language } from "../../common.js";
import { findCompetence } from "../../drafts/competences.js";
import { text as inBoth } from "../../drafts/draft.js";
import { BASE } from "../../drafts/rdf.js";
import { answersOf, localize, mine, nameOf, outcomeOf, PLACE_KEYS, PLACES_OF_LEARNING, saveChange } from "../state.js";
import { textField } from "../warnings.js";

/** @type {(placement: Placement, name: "how" | "took", label: string, hint: string) => HTMLElement} */
const answerField = (placement, name, label, hint) => {
  /** @param {string} value */
  const set = (value) => {
    answersOf(placement)[name] = value;
  };
  return textField(name, hint, answersOf(placement)[name], set, label);
};

/** @param {Placement} placement */
const askWhere = (placement) => {
  const choices = PLACES_OF_LEARNING.map((name) => {
    const input = element("input", { type: "radio", name: "where", value: name });
    input.checked = answersOf(placement).where === name;
    input.addEventListener("change", () => {
      answersOf(placement).where = name;
      saveChange();
    });
    return element("label", { class: "choice" }, input, element("span", {}, formatMessage(PLACE_KEYS[name])));
  });
  return element("fieldset", {}, element("legend", {}, formatMessage("scripts.mine.where")), ...choices);
};

/**
 * The outcomes of roles for the same competence, each with the role's name.
 * @param {Placement} placement
 */
const examplesFor = (placement) => {
  const path = placement.competence?.slice(BASE.length) ?? "";
  const roles = Object.values(data().compare);
  return roles.flatMap(({ name, keyCompetences }) => (keyCompetences[path]?.outcomes ?? []).map((words) => ({ role: name, words })));
};

/** @param {Placement} placement */
const askStatement = (placement) => {
  const outcome = outcomeOf(placement);
  /** @param {string} value */
  const set = (value) => {
    outcome.statement = { ...inBoth(), [language]: value };
  };
  const field = textField("statement", formatMessage("scripts.mine.statement.hint"), localize(outcome.statement), set);
  /** @param {string} words */
  const use = (words) => {
    const input = field.querySelector("textarea");
    if (!input) return;
    input.value = words;
    input.dispatchEvent(new Event("input"));
    input.focus();
  };
  /** @param {{ role: string, words: string }} example */
  const example = ({ role, words }) => {
    const source = element("span", { class: "small soft" }, `(${role})`);
    const take = button(formatMessage("scripts.mine.use"), () => use(words), { class: "quiet" });
    return element("div", {}, element("p", { class: "outcome" }, words, " ", source), element("p", {}, take));
  };
  const examples = examplesFor(placement);
  return [
    field,
    examples.length ? element("details", {}, element("summary", {}, formatMessage("scripts.mine.examples")), ...examples.map(example)) : "",
  ];
};

/**
 * Questions that help to find the words, for those who want them.
 * @param {Placement} placement
 */
const helpingQuestions = (placement) => {
  const { how, took, where } = answersOf(placement);
  const made = element(
    "details",
    { class: "help" },
    element("summary", {}, formatMessage("scripts.mine.help")),
    answerField(placement, "how", formatMessage("scripts.mine.how"), formatMessage("scripts.mine.how.hint")),
    answerField(placement, "took", formatMessage("scripts.mine.took"), formatMessage("scripts.mine.took.hint")),
    askWhere(placement),
  );
  made.open = Boolean(how || took || where);
  return made;
};

/** @type {Screen} */
export const showTell = () => {
  const { draft } = mine;
  const placement = draft.placements[mine.competenceAt];
  if (!placement) return [formatMessage("scripts.mine.choose.title"), element("p", {}, formatMessage("scripts.mine.chosen.none"))];
  return [formatMessage("scripts.mine.statement"), ...askStatement(placement), helpingQuestions(placement)];
};

/** Which competence the questions are about. */
export const showSubject = () => {
  const { draft } = mine;
  const placement = draft.placements[mine.competenceAt];
  const definition = findCompetence(placement.competence)?.definition[language];
  const at = formatMessage("scripts.mine.tell.at", { number: mine.competenceAt + 1, of: draft.placements.length });
  return element(
    "div",
    { class: "subject" },
    element("p", { class: "label" }, `${at}: `, element("strong", { id: "subject" }, nameOf(placement))),
    definition ? element("p", { class: "small soft" }, definition) : "",
  );
};
