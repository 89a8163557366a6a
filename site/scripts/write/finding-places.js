// Where in the form a finding of the rules belongs: the step and the field. Without a page.
/** @import { Described, Draft, Finding, Language, Placement } from "../types.d.ts" */
/** @import { FindingPlace, PlacedFinding, StepName } from "./types.d.ts" */
import { compare } from "../collections.js";
import { DraftIris } from "../drafts/draft.js";

/** @typedef {"draft" | "role" | "source" | "placement" | "competence" | "outcome" | "item"} PartKind */
/**
 * A part of the draft: what kind it is, and the id that the keys of its fields begin with.
 * @typedef {object} Part
 * @property {PartKind} kind
 * @property {string} id
 * @property {Described} owner what it is in the draft.
 * @property {Placement} [placement]
 * @property {"what" | "why"} [list] the list that an item stands in.
 */

const SEVERITIES = ["violation", "warning", "info"];
/**
 * The field that a property is written in, where it is not called the same.
 * @type {Record<string, string>}
 */
const FIELD = {
  prefLabel: "label",
  label: "label",
  competence: "label",
  describesRole: "role",
  hasKeyCompetence: "keys",
  hasPlacement: "placements",
  inDimension: "place",
  atPosition: "place",
  ofDimension: "place",
  hasLearningOutcome: "outcomes",
  hasEditorialOutcome: "outcomes",
  nkrDescriptor: "descriptors",
  source: "sources",
  statedIn: "places",
  editorial: "sources",
  versionInfo: "version",
  descriptionDepth: "depth",
};
/** @type {[step: StepName, fields: string[]][]} */
const FIELDS_OF_STEP = [
  ["role", ["role", "label", "definition", "description"]],
  ["interviews", ["interviewCount", "interviewedFrom", "interviewedTo", "rawCompetenceCount", "placedOn", "presentedOn"]],
  ["placing", ["placements", "place"]],
  ["keys", ["keys", "rationale", "what", "why", "outcomes", "statement", "descriptors"]],
  ["sources", ["sources", "places", "issued", "version", "depth"]],
];
/**
 * The field for what is wrong with a part as a whole.
 * @type {Record<PartKind, string>}
 */
const USUAL_FIELD = {
  draft: "keys",
  role: "label",
  source: "label",
  placement: "label",
  competence: "label",
  outcome: "statement",
  item: "what",
};

/**
 * The step where a field is; nothing where there is no such field.
 * @param {PartKind} kind
 * @param {string} field
 */
const findStep = (kind, field) => {
  if (["placement", "competence"].includes(kind) && ["label", "definition"].includes(field)) return "placing";
  if (kind === "source") return "sources";
  return FIELDS_OF_STEP.find(([, fields]) => fields.includes(field))?.[0];
};

/**
 * The parts of a draft by IRI.
 * @param {Draft} draft
 */
const partsByIri = (draft) => {
  const iris = new DraftIris(draft);
  /** @type {Map<string, Part>} */
  const found = new Map([[iris.draft, { kind: "draft", id: draft.id, owner: draft }]]);
  if (iris.role && draft.role) found.set(iris.role, { kind: "role", id: "role", owner: draft.role });
  for (const source of draft.sources) found.set(iris.of(source), { kind: "source", id: source.id, owner: source });
  for (const placement of draft.placements) {
    const { id, outcomes } = placement;
    const competence = iris.competenceOf(placement);
    found.set(iris.of(placement), { kind: "placement", id, placement, owner: placement });
    const { described } = placement;
    if (described && competence) found.set(competence, { kind: "competence", id, placement, owner: described });
    for (const outcome of outcomes) found.set(iris.of(outcome), { kind: "outcome", id: outcome.id, placement, owner: outcome });
    for (const list of /** @type {("what" | "why")[]} */ (["what", "why"])) {
      placement[list].forEach((item, at) => {
        found.set(iris.ofItem(placement, list, at), { kind: "item", id, placement, list, owner: item });
      });
    }
  }
  return found;
};

/**
 * The field of a part of the draft that has the value that a finding is of.
 * @param {Finding} finding
 * @param {Described} owner
 */
const findFieldByValue = ({ value }, owner) => {
  if (value?.type !== "Literal" || !value.value) return undefined;
  /** @param {any} own */
  const isMeant = (own) => [own, own?.nb, own?.en].some((text) => typeof text === "string" && text.trim() === value.value);
  return Object.entries(owner).find(([, own]) => isMeant(own))?.[0];
};

/**
 * The step and the key of the field where a finding is shown; nothing where it concerns what the form does not show.
 * @param {Finding} finding
 * @param {Draft} draft
 * @param {Map<string, Part>} parts
 * @returns {FindingPlace | null}
 */
const findPlace = (finding, draft, parts) => {
  const focus = parts.get(finding.focus);
  const other = finding.value?.type === "NamedNode" ? parts.get(finding.value.value) : undefined;
  const isOfOther = other && (!focus || focus.kind === "draft");
  const about = isOfOther ? other : focus;
  if (!about) return null;
  const { placement, list } = about;
  let { kind, id } = about;
  const names = finding.properties.map((iri) => iri.split(/[#/]/).pop() ?? "");
  const name = names.find((one) => one !== "descriptionDepth") ?? names[0];
  const usual = list ?? USUAL_FIELD[kind];
  const byValue = list ? undefined : findFieldByValue(finding, isOfOther ? other.owner : about.owner);
  let field = byValue ?? (list || isOfOther || !name ? usual : (FIELD[name] ?? name));
  if (["sources", "places"].includes(field)) [kind, id] = ["draft", draft.id];
  if (field === "role") [kind, id, field] = ["role", "role", "label"];
  if (placement && kind === "outcome" && ["label", "place"].includes(field)) [kind, id] = ["placement", placement.id];
  const step = findStep(kind, field);
  const shown = step ? field : USUAL_FIELD[kind];
  const usualStep = step ?? findStep(kind, shown);
  return usualStep ? { step: usualStep, key: `${id} ${shown}`, placement, owners: [about.owner] } : null;
};

/** Fewer key competences, or competences to choose them from, than a standard usually has. */
const MIN_KEYS = 10;

/**
 * What a draft has in a field.
 * @param {string} key
 * @param {Draft} draft
 */
const getValue = (key, draft) => {
  const { placements, role, sources } = draft;
  const [id, field] = key.split(" ");
  if (field === "keys") return placements.filter((placement) => placement.key).slice(MIN_KEYS - 1);
  if (field === "placements") return placements.slice(MIN_KEYS - 1);
  const placement = placements.find((one) => one.id === id);
  if (placement && field === "place") return placement.position ?? placement.dimension;
  if (placement && field === "definition") return placement.described?.definition;
  const owners = [draft, ...sources, ...placements, ...placements.flatMap(({ outcomes }) => outcomes)];
  const owner = id === "role" ? role : owners.find((one) => one.id === id);
  return /** @type {Record<string, any> | undefined | null} */ (owner)?.[field];
};

/**
 * The languages that a value of a field lacks; all of them where nothing is written.
 * @param {any} value
 * @param {Language[]} languages
 * @returns {Language[]}
 */
const listMissing = (value, languages) => {
  if (Array.isArray(value) && value.length) return languages.filter((tag) => value.some((one) => listMissing(one, [tag]).length));
  if (!value || Array.isArray(value)) return languages;
  if (typeof value === "string") return value.trim() ? [] : languages;
  // An outcome is written where its words are.
  if (value.statement) return listMissing(value.statement, languages);
  return "nb" in value ? languages.filter((tag) => !value[tag].trim()) : [];
};

/**
 * The findings on a draft, each with its place and once for each field: the gravest first, then in the order of the steps.
 * @param {Finding[]} findings as the rules give them.
 * @param {Draft} draft what they are about.
 * @param {StepName[]} steps in their order.
 * @param {string} unnamed what a part that has no name yet is called.
 * @param {Language[]} languages that it is written in.
 * @returns {PlacedFinding[]}
 */
export const placeFindings = (findings, draft, steps, unnamed, languages) => {
  const parts = partsByIri(draft);
  /** @type {Map<string, PlacedFinding>} */
  const found = new Map();
  for (const finding of findings) {
    const about = parts.get(finding.focus);
    const place = findPlace(finding, draft, parts);
    // That an outcome has no name or dimension follows from that its competence has none.
    if (about?.kind === "outcome" && /(label|place)$/.test(place?.key ?? "")) continue;
    const missing = place && finding.value?.type !== "Literal" ? listMissing(getValue(place.key, draft), ["nb", "en"]) : [];
    // Another language is asked for where the draft is for others.
    if (missing.length && !missing.some((tag) => languages.includes(tag))) continue;
    // A part that has no name yet is not called by its IRI.
    const message = about ? finding.message.replaceAll(finding.focus.replace(draft.base, ""), unnamed) : finding.message;
    const key = `${place?.key} ${message}`;
    const same = found.get(key);
    if (same) same.place?.owners.push(...(place?.owners ?? []));
    else found.set(key, { ...finding, message, place, isUnwritten: missing.length > 0 });
  }
  /** @param {PlacedFinding} finding */
  const stepOf = ({ place }) => (place ? steps.indexOf(place.step) : -1);
  return [...found.values()].sort(
    (one, two) => compare(SEVERITIES.indexOf(one.severity), SEVERITIES.indexOf(two.severity)) || compare(stepOf(one), stepOf(two)),
  );
};
