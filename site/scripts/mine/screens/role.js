// The screen where the description is compared with a role.
/** @import { Screen } from "../types.d.ts" */
import { button, data, element, formatMessage, reasonOf } from "../../common.js";
import { compare, rankRoles, showComparison } from "../comparison.js";
import { roleField } from "../parts.js";
import { mine, ownNotes, saveChange } from "../state.js";

/** @type {Screen} */
export const showRole = () => {
  const { draft } = mine;
  const notes = ownNotes();
  const field = roleField(formatMessage("scripts.mine.choose-role"), notes.to, (slug) => choose(slug));
  const near = element("div", { id: "near-roles" });
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
      if (notes.to === slug) results.replaceChildren(...showComparison(() => choose(slug)));
    } catch (error) {
      results.replaceChildren(
        element("p", { class: "warn", role: "alert" }, formatMessage("scripts.mine.role.failed", { why: reasonOf(error) })),
      );
    }
  };
  const showRoles = async () => {
    const roles = (await rankRoles()).filter(({ counts }) => counts.covered + counts.near);
    if (!roles.length) return;
    const items = roles.map(({ slug, counts }) => {
      const select = () => {
        const input = field.querySelector("select");
        if (input) input.value = slug;
        choose(slug);
      };
      const elected = data().mine.elected.includes(slug) ? ` ${formatMessage("scripts.occupations.elected")}` : "";
      const told = element("span", { class: "small soft" }, ` ${formatMessage("scripts.mine.roles.counts", counts)}${elected}`);
      return element("li", { "data-role": slug }, button(data().compare[slug].name, select, { class: "quiet" }), told);
    });
    near.replaceChildren(
      element("h3", {}, formatMessage("scripts.mine.roles")),
      element("p", { class: "small soft" }, formatMessage("scripts.mine.roles.text")),
      element("ul", { class: "plain" }, ...items),
    );
  };
  showRoles().catch(() => {
    // Comparing with one role says what went wrong.
  });
  if (notes.to) choose(notes.to);
  return [formatMessage("scripts.mine.role.title"), element("p", {}, formatMessage("scripts.mine.role.text")), near, field, results];
};
