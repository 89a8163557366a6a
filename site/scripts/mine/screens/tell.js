// The screens where each competence is told of: a question each.
/** @import { Place, Placement } from "../../types.d.ts" */
/** @import { Child } from "../../common.js" */
/** @import { Question } from "../state.js" */
/** @import { Screen } from "../types.d.ts" */
import { button, data, element, formatMessage, language } from "../../common.js";
import { findCompetence } from "../../drafts/competences.js";
import { text as inBoth } from "../../drafts/draft.js";
import { readModel } from "../../drafts/model.js";
import { placeChoice } from "../../drafts/place-choice.js";
import { BASE } from "../../drafts/rdf.js";
import {
  answersOf,
  localize,
  mine,
  nameOf,
  outcomeOf,
  PLACE_KEYS,
  PLACES_OF_LEARNING,
  QUESTION_KEYS,
  QUESTIONS,
  saveChange,
} from "../state.js";
import { textField } from "../warnings.js";

/** @type {(placement: Placement, name: "how" | "took", hint: string) => HTMLElement[]} */
const answerField = (placement, name, hint) => {
  /** @param {string} value */
  const set = (value) => {
    answersOf(placement)[name] = value;
  };
  return [textField(name, hint, answersOf(placement)[name], set)];
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
  return [element("div", { class: "field", role: "radiogroup", "aria-labelledby": "question" }, ...choices)];
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
  const { how, took } = answersOf(placement);
  const own = [how, took].filter((value) => value.trim()).map((value) => element("p", {}, value));
  return [
    own.length ? element("div", { class: "note" }, element("p", { class: "small" }, formatMessage("scripts.mine.you-wrote")), ...own) : "",
    field,
    examples.length ? element("details", {}, element("summary", {}, formatMessage("scripts.mine.examples")), ...examples.map(example)) : "",
  ];
};

/** @param {Placement} placement */
const askPlace = (placement) => {
  const { dimensions, positions } = data().drafts;
  /** @param {string} iri */
  const definitionOf = (iri) => localize([...dimensions, ...positions].find((thing) => thing.iri === iri)?.definition);
  const poles = readModel().axes.flatMap((axis) => axis.poles);
  const meanings = poles.flatMap(({ position, name }) => [element("dt", {}, name), element("dd", {}, definitionOf(position))]);
  /** @param {Place} where */
  const place = ({ dimension, position }) => {
    Object.assign(placement, { dimension, position });
    saveChange();
  };
  return [
    element("p", { class: "hint" }, formatMessage("scripts.mine.place.hint")),
    placeChoice({ legend: formatMessage("scripts.mine.place"), chosen: placement, place }).element,
    element("details", {}, element("summary", {}, formatMessage("scripts.mine.place.meaning")), element("dl", {}, ...meanings)),
  ];
};

/**
 * What is asked of a competence: the parts of each screen below its question.
 * @type {Record<Question, (placement: Placement) => Child[]>}
 */
const ASK = {
  how: (placement) => answerField(placement, "how", formatMessage("scripts.mine.how.hint")),
  took: (placement) => answerField(placement, "took", formatMessage("scripts.mine.took.hint")),
  where: askWhere,
  statement: askStatement,
  place: askPlace,
};

/** @type {Screen} */
export const showTell = ({ go }) => {
  const { draft } = mine;
  const placement = draft.placements[mine.competenceAt];
  if (!placement) return [formatMessage("scripts.mine.choose.title"), element("p", {}, formatMessage("scripts.mine.chosen.none"))];
  const question = QUESTIONS[mine.questionAt];
  const skip = () => {
    mine.competenceAt += 1;
    mine.questionAt = 0;
    go("tell");
  };
  const isLast = mine.competenceAt + 1 >= draft.placements.length;
  return [
    formatMessage(QUESTION_KEYS[question]),
    ...ASK[question](placement),
    element("p", {}, isLast ? "" : button(formatMessage("scripts.mine.skip"), skip, { class: "quiet" })),
  ];
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
