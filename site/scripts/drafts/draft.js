// A draft: a standard of a role, or the description of a person, as forms write it.
/** @import { Draft, DraftKind, FieldName, Outcome, Placement, Texts } from "../types.d.ts" */
import { isPresent } from "../collections.js";
import { slugify } from "./names.js";
import { BASE, BK } from "./rdf.js";

/** @type {("nb" | "en")[]} */
export const LANGUAGES = ["nb", "en"];
export const CLASSES = { standard: ["CompetenceStandard", "LocalStandard"], individual: ["IndividualDescription"] };
/**
 * The fields that hold one value: the property, and what the value is.
 * @type {Record<FieldName, [property: string, kind: "text" | "term" | "number" | "time"]>}
 */
export const FIELDS = {
  designation: ["designation", "text"],
  depth: ["descriptionDepth", "term"],
  interviewCount: ["interviewCount", "number"],
  interviewedFrom: ["interviewedFrom", "time"],
  interviewedTo: ["interviewedTo", "time"],
  placedOn: ["placedOn", "time"],
  presentedOn: ["presentedOn", "time"],
  rawCompetenceCount: ["rawCompetenceCount", "number"],
};

/**
 * A text in both languages.
 * @returns {Texts}
 */
export const text = (nb = "", en = "") => ({ nb, en });

let made = 0;
/** A key for a thing of a draft, which stays the same while it is written. */
export const freshId = () => `${Date.now().toString(36)}-${(made++).toString(36)}-${Math.random().toString(36).slice(2, 6)}`;

/** @returns {Outcome} */
export const newOutcome = () => ({ id: freshId(), iri: null, label: text(), statement: text(), descriptors: [], number: null });

/**
 * A competence placed.
 * @param {Partial<Placement>} given
 * @returns {Placement}
 */
export const newPlacement = (given = {}) => ({
  id: freshId(),
  iri: null,
  competence: null,
  described: null,
  label: text(),
  dimension: null,
  position: null,
  key: false,
  number: null,
  rationale: text(),
  what: [],
  why: [],
  outcomes: [],
  ...given,
});

/**
 * An empty draft.
 * @param {DraftKind} kind
 * @param {string} [base] what new IRIs begin with.
 * @returns {Draft}
 */
export const newDraft = (kind, base = BASE) => ({
  id: freshId(),
  kind,
  base,
  iri: null,
  slug: "",
  label: text(),
  description: text(),
  role: kind === "standard" ? { iri: null, label: text(), definition: text(), described: true } : null,
  referredTo: null,
  designation: kind === "standard" ? text("kompetansestandard", "competence standard") : text(),
  depth: kind === "standard" ? `${BK}FullDescription` : null,
  interviewCount: kind === "standard" ? "" : "1",
  interviewedFrom: "",
  interviewedTo: "",
  placedOn: "",
  presentedOn: "",
  rawCompetenceCount: "",
  issued: "",
  version: "",
  sources: [],
  places: "",
  passages: [],
  placements: [],
  other: [],
});

/**
 * The document that a passage is part of.
 * @param {string} passage
 */
export const documentOf = (passage) => /^.*?\/source\/[^/]+/.exec(passage)?.[0] ?? passage;

/**
 * The headings that a draft rests on in its own source.
 * @param {Draft} draft
 */
export const placesOf = ({ places }) =>
  places
    .split("\n")
    .map((place) => place.trim())
    .filter(Boolean);

/**
 * The source that a draft's headings are in: the first that it describes itself, else the first.
 * @param {Draft} draft
 */
export const placedSource = ({ sources }) => sources.find(({ described }) => described) ?? sources.at(0) ?? null;

/** What a part is called in its IRI as long as it has no name. */
const NAMELESS = "uten-navn";

/**
 * An IRI that no other part has: the one wanted, or that with the first free number.
 * @param {string} wanted
 * @param {Set<string>} taken
 */
const unique = (wanted, taken) => {
  let found = wanted;
  for (let number = 2; taken.has(found); number++) found = `${wanted}-${number}`;
  taken.add(found);
  return found;
};

/** The IRIs of all that a draft describes. */
export class DraftIris {
  /**
   * What was read from a file keeps its own IRI; what is new is named by its words.
   * @param {Draft} draft
   */
  constructor(draft) {
    const { base, kind, placements, role, sources } = draft;
    /** @type {Map<string, string>} */
    this.byId = new Map();
    const inPlacements = placements.flatMap(({ outcomes, what, why }) => [...outcomes, ...what, ...why]);
    const taken = new Set([draft, role, ...sources, ...placements, ...inPlacements].flatMap((part) => part?.iri ?? []));
    const name = draft.slug || slugify(role?.label.nb || draft.label.nb) || NAMELESS;
    this.draft = draft.iri ?? `${base}${kind}/${name}`;
    this.role = role ? (role.iri ?? `${base}role/${name}`) : null;
    for (const { id, iri, label } of sources) this.byId.set(id, iri ?? unique(`${base}source/${slugify(label.nb) || NAMELESS}`, taken));
    for (const { id, iri, competence, described, label, outcomes, what, why } of placements) {
      const placementName = slugify(label.nb || label.en) || NAMELESS;
      const placement = iri ?? unique(`${this.draft}/${placementName}`, taken);
      this.byId.set(id, placement);
      if (described) this.byId.set(`competence ${id}`, competence ?? unique(`${base}competence/${placementName}`, taken));
      for (const [kind, items] of Object.entries({ what, why })) {
        items.forEach((item, at) => {
          this.byId.set(`${id} ${kind} ${at}`, item.iri ?? unique(`${placement}/${kind}/${at + 1}`, taken));
        });
      }
      outcomes.forEach((outcome, at) => {
        this.byId.set(outcome.id, outcome.iri ?? unique(`${placement}/outcome/${at + 1}`, taken));
      });
    }
  }

  /**
   * The IRI of a source, a placement or an outcome.
   * @param {{ id: string }} part
   */
  of({ id }) {
    return /** @type {string} */ (this.byId.get(id));
  }

  /**
   * The IRI of one of the items of a placement.
   * @param {Placement} placement
   * @param {"what" | "why"} kind
   * @param {number} at its place among them.
   */
  ofItem({ id }, kind, at) {
    return /** @type {string} */ (this.byId.get(`${id} ${kind} ${at}`));
  }

  /**
   * The IRI of the competence that is placed; nothing where there is none.
   * @param {Placement} placement
   */
  competenceOf(placement) {
    return placement.described ? /** @type {string} */ (this.byId.get(`competence ${placement.id}`)) : placement.competence;
  }
}

/**
 * Take a placement out of a draft, with all that is said of it, of its outcomes and of the competence that was worded for it.
 * @param {Draft} draft
 * @param {Placement} placement
 */
export const removePlacement = (draft, placement) => {
  const parts = [...placement.outcomes, ...placement.what, ...placement.why];
  const iris = [placement.iri, placement.described ? placement.competence : null, ...parts.map(({ iri }) => iri)];
  const gone = new Set(iris.filter(isPresent));
  draft.placements = draft.placements.filter((other) => other !== placement);
  draft.other = draft.other.filter(([subject, , object]) => !gone.has(subject.value) && !(object.type === "iri" && gone.has(object.value)));
};

/** Why a file cannot be opened as a draft. */
export class NotADraft extends Error {
  /** @param {...[key: string, values: Record<string, unknown>]} problems the messages of what is wrong. */
  constructor(...problems) {
    super(problems.map(([key]) => key).join(", "));
    this.problems = problems;
  }
}
