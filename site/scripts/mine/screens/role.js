// The screen where the description is compared with a role.
/** @import { Screen } from "../types.d.ts" */
import { data, element, formatMessage, reasonOf } from "../../common.js";
import { compare, showComparison } from "../comparison.js";
import { roleField } from "../parts.js";
import { mine, ownNotes, saveChange } from "../state.js";

/** @type {Screen} */
export const showRole = () => {
  const { draft } = mine;
  const notes = ownNotes();
  const results = element("div", { id: "results", "aria-live": "polite" });
  /** @param {string} slug */
  const choose = async (slug) => {
    notes.to = slug;
    draft.referredTo = data().mine.standards[slug]?.[0] ?? null;
    saveChange();
    results.replaceChildren(slug ? element("p", {}, formatMessage("scripts.mine.role.working")) : "");
    if (!slug) return;
    try {
      await compare(slug);
      if (notes.to === slug) results.replaceChildren(...showComparison(true));
    } catch (error) {
      results.replaceChildren(
        element("p", { class: "warn", role: "alert" }, formatMessage("scripts.mine.role.failed", { why: reasonOf(error) })),
      );
    }
  };
  if (notes.to) choose(notes.to);
  return [
    formatMessage("scripts.mine.role.title"),
    element("p", {}, formatMessage("scripts.mine.role.text")),
    roleField(formatMessage("scripts.mine.choose-role"), notes.to, choose),
    results,
  ];
};
