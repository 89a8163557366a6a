// Parts that several screens have.
/** @import { PickedCompetence } from "../drafts/competences.js" */
/** @import { NamedThing } from "../types.d.ts" */
import { data, element, formatMessage } from "../common.js";
import { text as inBoth, newPlacement, removePlacement as remove } from "../drafts/draft.js";
import { localize, mine, saveChange } from "./state.js";

/**
 * Take a competence into the description, or out of it.
 * @param {PickedCompetence} thing
 * @param {boolean} isWanted
 */
export const toggleCompetence = (thing, isWanted) => {
  const { draft } = mine;
  const placement = draft.placements.find((one) => thing.iri && one.competence === thing.iri);
  if (placement && !isWanted) remove(draft, placement);
  if (!placement && isWanted) {
    const label = inBoth(thing.label.nb ?? "", thing.label.en ?? "");
    const described = thing.iri ? null : { label: null, definition: inBoth(), broader: false };
    draft.placements.push(newPlacement({ competence: thing.iri ?? null, described, label, key: true }));
  }
  saveChange();
};

/**
 * Check boxes to take competences into the description or out of it.
 * @param {string} legend
 * @param {NamedThing[]} things
 * @param {() => void} after is called when one is taken in or out.
 * @param {Map<string, string>} [reasons] why each is offered, by its IRI.
 */
export const competenceChoices = (legend, things, after, reasons) => {
  const choices = things.map((thing) => {
    const input = element("input", { type: "checkbox", value: thing.iri });
    input.checked = mine.draft.placements.some((placement) => placement.competence === thing.iri);
    input.addEventListener("change", () => {
      toggleCompetence(thing, input.checked);
      after();
    });
    const reason = reasons?.get(thing.iri);
    const about = reason && element("span", { class: "small soft" }, ` ${reason}`);
    return element("label", { class: "choice" }, input, element("span", {}, localize(thing.label), about));
  });
  return element("fieldset", {}, element("legend", {}, legend), element("div", { class: "ticks" }, ...choices));
};

/**
 * A field to choose a role.
 * @param {string} label
 * @param {string | undefined} chosen the slug of the one that is chosen.
 * @param {(slug: string) => void} choose
 */
export const roleField = (label, chosen, choose) => {
  const options = Object.entries(data().compare).map(([slug, { name }]) => element("option", { value: slug }, name));
  const select = element("select", { id: "role" }, element("option", { value: "" }, formatMessage("scripts.mine.choose-role")), ...options);
  select.value = chosen ?? "";
  select.addEventListener("change", () => choose(select.value));
  return element("div", { class: "field" }, element("label", { for: "role" }, label), select);
};
