// The first screens: what this is, a description that is saved or in a file, and what the person has done.
/** @import { Screen, Walk } from "../types.d.ts" */
import { button, data, element, formatMessage } from "../../common.js";
import { NotADraft } from "../../drafts/draft.js";
import { openDraft } from "../../drafts/draft-files.js";
import { readModel } from "../../drafts/model.js";
import { adoptDraft } from "../description.js";
import { beginAnew, KIND, listOwnDrafts, mine, openDescription, ownNotes, saveChange } from "../state.js";
import { textField } from "../warnings.js";

/** @param {Walk["go"]} go */
const fileField = (go) => {
  const file = element("input", { type: "file", id: "file", accept: ".ttl,.trig,.nt,.jsonld,.json" });
  const wrong = element("p", { class: "warn", role: "alert" });
  file.addEventListener("change", async () => {
    if (!file.files?.length) return;
    const reading = { dimensionOf: readModel().dimensionOf, wanted: KIND, base: data().drafts.base };
    try {
      openDescription(adoptDraft(await openDraft(file.files[0], reading)));
      saveChange();
      go("review");
    } catch (error) {
      const found = error instanceof NotADraft ? error.problems.map(([key, values]) => formatMessage(key, values)) : [];
      wrong.textContent = [formatMessage("scripts.mine.open.failed"), ...found].join(" ");
    }
  });
  return element("div", { class: "field" }, element("label", { for: "file" }, formatMessage("scripts.mine.open")), file, wrong);
};

/** @type {Screen} */
export const showStart = ({ go }) => {
  const [last] = listOwnDrafts();
  const goOn = () => {
    openDescription(last.draft);
    mine.requestCheck();
    go(mine.draft.placements.length ? "review" : "done");
  };
  const begin = () => {
    if (last && !window.confirm(formatMessage("scripts.mine.wipe.sure"))) return;
    beginAnew();
    saveChange();
    go("done");
  };
  const buttons = last
    ? [button(formatMessage("scripts.mine.continue"), goOn), button(formatMessage("scripts.mine.begin-anew"), begin, { class: "quiet" })]
    : [button(formatMessage("scripts.mine.begin"), begin)];
  return [
    formatMessage("scripts.mine.start.title"),
    element("p", {}, formatMessage("scripts.mine.start.text")),
    element("p", {}, formatMessage("scripts.mine.start.names")),
    element("p", { class: "moves" }, ...buttons),
    fileField(go),
  ];
};

/** @type {Screen} */
export const showDone = () => {
  const notes = ownNotes();
  /** @param {string} value */
  const set = (value) => {
    notes.story = value;
  };
  return [formatMessage("scripts.mine.done.title"), textField("story", formatMessage("scripts.mine.done.hint"), notes.story, set)];
};
