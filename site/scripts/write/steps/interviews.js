// The second step: how the competences were found, with the questions of an interview one at a time and notes that become competences.
import { button, data, element, formatMessage, language, pageOf } from "../../common.js";
import { newPlacement, text } from "../../drafts/draft.js";
import { foldName } from "../../drafts/names.js";
import { stripBullets } from "../../drafts/written-values.js";
import { makeDraftField, newFieldId } from "../fields.js";
import { announce, form, localize, saveChange } from "../state.js";

/** The questions, one at a time. */
const showQuestions = () => {
  const { questions } = data().drafts;
  const place = element("p", { class: "small soft" });
  const question = element("p", { class: "question", "aria-live": "polite" });
  let at = 0;
  /** @param {number} by */
  const move = (by) => {
    at = (at + by + questions.length) % questions.length;
    place.textContent = formatMessage("scripts.write.question.at", { number: at + 1, of: questions.length });
    question.textContent = localize(questions[at]);
  };
  move(0);
  const moves = [
    button(formatMessage("scripts.write.question.previous"), () => move(-1), { class: "quiet" }),
    button(formatMessage("scripts.write.question.next"), () => move(1), { class: "quiet" }),
  ];
  return element("div", {}, place, question, element("p", { class: "row" }, ...moves));
};

/** Make competences of the notes, each in the dimension that it was noted in, but those that are there already. */
const takeNotes = () => {
  const { draft } = form;
  const { competences, written } = data().drafts;
  const there = new Set(draft.placements.flatMap(({ label }) => [foldName(label.nb), foldName(label.en)]));
  let number = 0;
  for (const [dimension, notes] of Object.entries(draft.notes ?? {})) {
    for (const line of notes.split("\n").map((one) => stripBullets(one, written).trim())) {
      if (!line || there.has(foldName(line))) continue;
      there.add(foldName(line));
      number += 1;
      const known = competences.find(({ label }) => Object.values(label).some((name) => foldName(name) === foldName(line)));
      const fresh = { label: { ...text(), [language]: line }, described: { label: null, definition: text() } };
      draft.placements.push(
        newPlacement({ dimension, ...(known ? { competence: known.iri, label: { ...text(), ...known.label } } : fresh) }),
      );
    }
  }
  saveChange();
  return number;
};

/** The questions and notes, for those who interview. */
const showNotes = () => {
  const { draft } = form;
  const told = element("p", { role: "status" });
  const fields = data().drafts.dimensions.map(({ iri, label }) => {
    const id = newFieldId();
    const input = element("textarea", { id, rows: 3 });
    input.value = draft.notes?.[iri] ?? "";
    input.addEventListener("input", () => {
      draft.notes = { ...draft.notes, [iri]: input.value };
      saveChange();
    });
    return element("div", { class: "field" }, element("label", { for: id }, localize(label)), input);
  });
  const take = () => {
    const message = formatMessage("scripts.write.notes.taken", { number: takeNotes() });
    told.textContent = message;
    announce(message);
  };
  return element(
    "details",
    { class: "notes" },
    element("summary", {}, formatMessage("scripts.write.notes")),
    element(
      "p",
      {},
      `${formatMessage("scripts.write.notes.text")} `,
      element("a", { href: pageOf("how-to"), target: "_blank", rel: "noopener" }, formatMessage("scripts.write.notes.how")),
    ),
    ...(data().drafts.questions.length ? [showQuestions()] : []),
    ...fields,
    element("p", {}, button(formatMessage("scripts.write.notes.take"), take)),
    told,
  );
};

export const showInterviews = () => [
  showNotes(),
  makeDraftField("interviewCount", "scripts.write.interviewCount", "", { inputmode: "numeric" }),
  makeDraftField("interviewedFrom", "scripts.write.interviewedFrom", formatMessage("scripts.write.month.hint")),
  makeDraftField("interviewedTo", "scripts.write.interviewedTo", formatMessage("scripts.write.month.hint")),
  makeDraftField("rawCompetenceCount", "scripts.write.rawCompetenceCount", formatMessage("scripts.write.rawCompetenceCount.hint"), {
    inputmode: "numeric",
  }),
  makeDraftField("placedOn", "scripts.write.placedOn", formatMessage("scripts.write.month.hint")),
];
