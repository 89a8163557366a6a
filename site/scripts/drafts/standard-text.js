// A draft of a standard as a text for people: to read in the page, to print, and as a document.
/** @import { Draft, Placement, SomeTexts, TextBlock } from "../types.d.ts" */
import { data, element, formatMessage } from "../common.js";

/**
 * The blocks of the text.
 * @param {Draft} draft
 * @param {(texts: SomeTexts) => string} localize
 * @param {(placement: Placement) => string} nameOfPlace
 * @returns {TextBlock[]}
 */
export const describeStandard = (draft, localize, nameOfPlace) => {
  const { description, interviewCount, interviewedFrom, interviewedTo, placements, role, sources } = draft;
  /** @type {(kind: TextBlock[0], ...texts: string[]) => TextBlock[]} */
  const blocks = (kind, ...texts) => texts.filter((text) => text.trim()).map((text) => [kind, text.trim()]);
  /** @type {(key: string, items: string[]) => TextBlock[]} */
  const list = (key, items) =>
    items.some((item) => item.trim()) ? [...blocks("text", `${formatMessage(key)}:`), ...blocks("item", ...items)] : [];
  /** @type {(placement: Placement, at: number) => TextBlock[]} */
  const describeKey = (placement, at) => [
    ...blocks("subheading", `${at + 1}. ${localize(placement.label)}`),
    ...blocks("text", nameOfPlace(placement), localize(placement.rationale)),
    ...list("scripts.write.what", placement.what.map(localize)),
    ...list("scripts.write.why", placement.why.map(localize)),
    ...list(
      "scripts.write.outcomes",
      placement.outcomes.map(({ statement }) => localize(statement)),
    ),
  ];
  const keys = placements.filter(({ key }) => key);
  const others = placements.filter(({ key }) => !key);
  const time = [interviewedFrom, interviewedTo].filter(Boolean).join("–");
  const named = sources.map(({ iri, label }) => localize(data().drafts.sources.find((one) => one.iri === iri)?.label ?? label));
  /** @type {(key: string, found: TextBlock[]) => TextBlock[]} */
  const section = (key, found) => (found.length ? [...blocks("heading", formatMessage(key)), ...found] : []);
  return [
    ...blocks("title", localize(draft.label) || formatMessage("scripts.write.new")),
    ...blocks("text", role ? localize(role.definition) : "", localize(description)),
    ...blocks(
      "text",
      interviewCount ? formatMessage("scripts.write.text.interviews", { number: interviewCount, time: time ? ` (${time})` : "" }) : "",
    ),
    ...section("scripts.write.keys", keys.flatMap(describeKey)),
    ...section("scripts.write.text.others", blocks("item", ...others.map((one) => `${localize(one.label)}: ${nameOfPlace(one)}`))),
    ...section("scripts.write.sources", blocks("item", ...named)),
  ];
};

/**
 * The elements of blocks, below the heading of the text that they are in.
 * @type {Record<TextBlock[0], keyof HTMLElementTagNameMap>}
 */
const ELEMENTS = { title: "h4", heading: "h5", subheading: "h6", text: "p", item: "li" };

/**
 * Blocks of text as elements.
 * @param {TextBlock[]} blocks
 */
export const showBlocks = (blocks) => {
  /** @type {HTMLElement[]} */
  const found = [];
  for (const [kind, text] of blocks) {
    const made = element(ELEMENTS[kind], {}, text);
    const last = found.at(-1);
    if (kind !== "item") found.push(made);
    else if (last?.tagName === "UL") last.append(made);
    else found.push(element("ul", {}, made));
  }
  return found;
};
