// A draft: a standard of a role, or the description of a person, as forms write it; and the statements that it is.
import { BK, DCTERMS, idOf, iri, METHOD, OWL, RDF, SKOS, typed, written, XSD } from "./rdf.js";

const LANGUAGES = ["nb", "en"];
const CLASSES = { standard: ["CompetenceStandard", "LocalStandard"], individual: ["IndividualDescription"] };
const XSD_TIMES = [
  [/^\d{4}$/, "gYear"],
  [/^\d{4}-\d{2}$/, "gYearMonth"],
  [/^\d{4}-\d{2}-\d{2}$/, "date"],
];
/** The fields that hold one value: the property, and what the value is. */
const FIELDS = {
  designation: ["designation", "text"],
  depth: ["descriptionDepth", "term"],
  interviewCount: ["interviewCount", "number"],
  interviewedFrom: ["interviewedFrom", "time"],
  interviewedTo: ["interviewedTo", "time"],
  placedOn: ["placedOn", "time"],
  presentedOn: ["presentedOn", "time"],
  rawCompetenceCount: ["rawCompetenceCount", "number"],
};

const property = (value) => iri(value);
const a = property(`${RDF}type`);
export const text = (nb = "", en = "") => ({ nb, en });

/** A slug of a name: lower-case ASCII, words parted by hyphens. */
export const slugOf = (name) =>
  name
    .toLowerCase()
    .replace(/[æä]/g, "ae")
    .replace(/[øö]/g, "o")
    .replaceAll("å", "a")
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "");

let made = 0;
/** A key for a thing of a draft, which stays the same while it is written. */
export const freshId = () => `${Date.now().toString(36)}-${(made++).toString(36)}-${Math.random().toString(36).slice(2, 6)}`;

export const newOutcome = () => ({ id: freshId(), iri: null, label: text(), statement: text(), descriptors: [] });
/** A competence placed: `dimension` and `position` are addresses; `position` is null where only the dimension is known. */
export const newPlacement = (given = {}) => ({
  id: freshId(),
  iri: null,
  competence: null,
  described: null,
  label: text(),
  dimension: null,
  position: null,
  key: false,
  rationale: text(),
  what: [],
  why: [],
  outcomes: [],
  ...given,
});
/** An empty draft of a kind: `standard` or `individual`. */
export const newDraft = (kind, base = METHOD) => ({
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
  locator: "",
  placements: [],
  other: [],
});

const unique = (wanted, taken) => {
  let found = wanted;
  for (let number = 2; taken.has(found); number++) found = `${wanted}-${number}`;
  taken.add(found);
  return found;
};

/**
 * The addresses of all that a draft describes. What was read from a file keeps its own; what is new is named by its words.
 * @returns by the id of each part (the draft's own, `role`, a source's, a placement's, `competence ID`, an outcome's) its address.
 */
export const addresses = (draft) => {
  const { base, kind } = draft;
  const found = new Map();
  const taken = new Set([draft, draft.role, ...draft.sources, ...draft.placements, ...draft.placements.flatMap(({ outcomes }) => outcomes)].map((part) => part?.iri).filter(Boolean));
  const slug = draft.slug || slugOf(draft.role?.label.nb || draft.label.nb) || "uten-navn";
  const own = draft.iri ?? `${base}${kind}/${slug}`;
  found.set(draft.id, own);
  if (draft.role) found.set("role", draft.role.iri ?? `${base}role/${slug}`);
  for (const source of draft.sources) found.set(source.id, source.iri ?? unique(`${base}source/${slugOf(source.label.nb) || "uten-navn"}`, taken));
  for (const placement of draft.placements) {
    const name = slugOf(placement.label.nb || placement.label.en) || "uten-navn";
    const address = placement.iri ?? unique(`${own}/${name}`, taken);
    found.set(placement.id, address);
    if (placement.described) found.set(`competence ${placement.id}`, placement.competence ?? unique(`${base}competence/${name}`, taken));
    placement.outcomes.forEach((outcome, at) => found.set(outcome.id, outcome.iri ?? unique(`${address}/outcome/${at + 1}`, taken)));
  }
  return found;
};

const timeOf = (value) => typed(value, XSD + (XSD_TIMES.find(([form]) => form.test(value))?.[1] ?? "string"));
const termOf = (value, kind) => (kind === "term" ? iri(value) : kind === "number" ? typed(value, `${XSD}${/^-?\d+$/.test(value) ? "integer" : "string"}`) : timeOf(value));

/** What the form shows of a draft, as statements. */
const shown = (draft) => {
  const { kind } = draft;
  const at = addresses(draft);
  const made = [];
  const say = (subject, name, object) => made.push([iri(subject), property(name), object]);
  const texts = (subject, name, value) => LANGUAGES.forEach((language) => value[language].trim() && say(subject, name, written(value[language].trim(), language)));
  const cite = (subject) => {
    if (!draft.sources.length) return say(subject, `${BK}editorial`, typed("true", `${XSD}boolean`));
    draft.sources.forEach(({ id }) => say(subject, `${DCTERMS}source`, iri(at.get(id))));
    draft.locator.split("\n").forEach((place) => place.trim() && say(subject, `${BK}locator`, { type: "text", value: place.trim() }));
  };
  for (const source of draft.sources.filter(({ described }) => described)) {
    say(at.get(source.id), a.value, iri(`${BK}SourceDocument`));
    texts(at.get(source.id), `${SKOS}prefLabel`, source.label);
  }
  const own = at.get(draft.id);
  if (draft.role?.described) {
    const role = at.get("role");
    say(role, a.value, iri(`${BK}Role`));
    texts(role, `${SKOS}prefLabel`, draft.role.label);
    texts(role, `${SKOS}definition`, draft.role.definition);
    if (!draft.role.cited) cite(role);
  }
  say(own, a.value, iri(BK + (draft.type ?? CLASSES[kind][0])));
  texts(own, `${SKOS}prefLabel`, draft.label);
  texts(own, `${DCTERMS}description`, draft.description);
  if (draft.role && at.get("role")) say(own, `${BK}describesRole`, iri(at.get("role")));
  if (draft.referredTo) say(own, `${BK}referredTo`, iri(draft.referredTo));
  for (const [name, [term, what]] of Object.entries(FIELDS)) {
    if (what === "text") texts(own, BK + term, draft[name]);
    else if (draft[name]) say(own, BK + term, termOf(String(draft[name]).trim(), what));
  }
  if (draft.issued) say(own, `${DCTERMS}issued`, timeOf(draft.issued.trim()));
  if (draft.version) say(own, `${OWL}versionInfo`, { type: "text", value: draft.version.trim() });
  cite(own);
  for (const placement of draft.placements) say(own, `${BK}${placement.key ? "hasKeyCompetence" : "hasPlacement"}`, iri(at.get(placement.id)));
  for (const placement of draft.placements) {
    const here = at.get(placement.id);
    const competence = placement.described ? at.get(`competence ${placement.id}`) : placement.competence;
    if (placement.described) {
      say(competence, a.value, iri(`${BK}Competence`));
      texts(competence, `${SKOS}prefLabel`, placement.described.label ?? placement.label);
      texts(competence, `${SKOS}definition`, placement.described.definition);
      // What is described outside the method's own base belongs to a scheme of its own.
      const scheme = iri(placement.described.scheme ?? (draft.base === METHOD ? `${METHOD}competence` : `${draft.base}scheme`));
      say(competence, `${SKOS}inScheme`, scheme);
      if (!placement.described.broader) say(competence, `${SKOS}topConceptOf`, scheme);
      if (!placement.described.cited) cite(competence);
    }
    say(here, a.value, iri(`${BK}${placement.key ? "KeyCompetence" : "PlacedCompetence"}`));
    texts(here, `${SKOS}prefLabel`, placement.label);
    if (competence) say(here, `${BK}competence`, iri(competence));
    if (placement.position) say(here, `${BK}atPosition`, iri(placement.position));
    if (placement.dimension && (!placement.position || placement.both)) say(here, `${BK}inDimension`, iri(placement.dimension));
    texts(here, `${BK}rationale`, placement.rationale);
    for (const name of ["what", "why"]) placement[name].forEach((item) => texts(here, BK + name, item));
    placement.outcomes.forEach(({ id }) => say(here, `${BK}hasLearningOutcome`, iri(at.get(id))));
    if (!placement.cited) cite(here);
    placement.outcomes.forEach((outcome, index) => {
      const one = at.get(outcome.id);
      const number = placement.outcomes.length > 1 ? ` ${index + 1}` : "";
      const label = outcome.label.nb || outcome.label.en ? outcome.label : text(placement.label.nb && `Læringsutbytte: ${placement.label.nb}${number}`, placement.label.en && `Learning outcome: ${placement.label.en}${number}`);
      say(one, a.value, iri(`${BK}LearningOutcome`));
      texts(one, `${SKOS}prefLabel`, label);
      texts(one, `${BK}statement`, outcome.statement);
      const dimension = outcome.dimension ?? placement.dimension;
      if (dimension) say(one, `${BK}inDimension`, iri(dimension));
      outcome.descriptors.forEach((descriptor) => say(one, `${BK}nkrDescriptor`, iri(descriptor)));
      if (!outcome.cited) cite(one);
    });
  }
  return made;
};

/** All statements of a draft: what the form shows, and what a file held beside it. */
export const toStatements = (draft) => {
  const found = new Map();
  for (const statement of [...shown(draft), ...draft.other]) {
    const id = idOf(statement);
    if (!found.has(id)) found.set(id, statement);
  }
  return [...found.values()];
};

/** Take a placement out of a draft, with all that is said of it, of its outcomes and of the competence that was worded for it. */
export const removePlacement = (draft, placement) => {
  const gone = new Set([placement.iri, placement.described ? placement.competence : null, ...placement.outcomes.map((outcome) => outcome.iri)].filter(Boolean));
  draft.placements = draft.placements.filter((other) => other !== placement);
  draft.other = draft.other.filter(([subject, , object]) => !gone.has(subject.value) && !(object.type === "iri" && gone.has(object.value)));
};

/** Why a file cannot be opened as a draft: `key` names the message. */
export class NotADraft extends Error {
  constructor(key) {
    super(key);
    this.key = key;
  }
}

/**
 * Read a draft from statements. What the form has no place for is kept in `other`, so that nothing is lost.
 * @param statements in the order of the file.
 * @param dimensionOf the dimension of each position, by address.
 * @param wanted the kind that may be read, or none for any.
 * @throws NotADraft where the statements hold no such description, or several.
 */
export const fromStatements = (statements, { base = METHOD, dimensionOf, wanted = null }) => {
  const about = new Map();
  for (const [subject, name, object] of statements) {
    if (!about.has(subject.value)) about.set(subject.value, []);
    about.get(subject.value).push([name.value, object]);
  }
  const all = (subject, name) => (about.get(subject) ?? []).filter(([known]) => known === name).map(([, object]) => object);
  const link = (subject, name) => all(subject, name)[0]?.value ?? null;
  const value = (subject, name) => all(subject, name)[0]?.value ?? "";
  const isA = (subject, ...kinds) => all(subject, a.value).some((kind) => kinds.some((name) => kind.value === BK + name));
  const texts = (subject, name) => Object.fromEntries(LANGUAGES.map((language) => [language, all(subject, name).find((object) => object.language === language)?.value ?? ""]));
  const pairs = (subject, name) => {
    const [nb, en] = LANGUAGES.map((language) => all(subject, name).filter((object) => object.language === language).map((object) => object.value));
    return Array.from({ length: Math.max(nb.length, en.length) }, (_, at) => text(nb[at], en[at]));
  };
  const kinds = wanted ? [wanted] : Object.keys(CLASSES);
  const found = kinds.flatMap((kind) => [...about.keys()].filter((subject) => isA(subject, ...CLASSES[kind])).map((subject) => [kind, subject]));
  if (found.length !== 1) throw new NotADraft(found.length ? "several" : "none");
  const [[kind, own]] = found;
  const list = (subject, name) => all(subject, name).map((object) => object.value);
  const citing = (subject) => JSON.stringify([list(subject, `${DCTERMS}source`).sort(), list(subject, `${BK}locator`).sort(), list(subject, `${BK}editorial`)]);
  const cited = (subject) => citing(subject) !== citing(own);
  const role = link(own, `${BK}describesRole`);
  const draft = {
    ...newDraft(kind, base),
    iri: own,
    type: CLASSES[kind].find((name) => isA(own, name)),
    slug: own.split("/").pop(),
    label: texts(own, `${SKOS}prefLabel`),
    description: texts(own, `${DCTERMS}description`),
    role: kind === "standard" ? { iri: role, label: text(), definition: text(), described: false } : null,
    referredTo: link(own, `${BK}referredTo`),
    issued: value(own, `${DCTERMS}issued`),
    version: value(own, `${OWL}versionInfo`),
    locator: list(own, `${BK}locator`).join("\n"),
    sources: list(own, `${DCTERMS}source`).map((address) => ({ id: freshId(), iri: address, label: texts(address, `${SKOS}prefLabel`), described: about.has(address) })),
  };
  for (const [name, [term, what]] of Object.entries(FIELDS)) draft[name] = what === "text" ? texts(own, BK + term) : what === "term" ? link(own, BK + term) : value(own, BK + term);
  if (role && about.has(role)) draft.role = { iri: role, label: texts(role, `${SKOS}prefLabel`), definition: texts(role, `${SKOS}definition`), described: true, cited: cited(role) };
  const placed = [...new Set([...list(own, `${BK}hasKeyCompetence`), ...list(own, `${BK}hasPlacement`)])];
  draft.placements = placed.map((here) => {
    const competence = link(here, `${BK}competence`);
    const position = link(here, `${BK}atPosition`);
    const label = texts(here, `${SKOS}prefLabel`);
    const describes = competence !== null && isA(competence, "Competence");
    const name = describes && texts(competence, `${SKOS}prefLabel`);
    const dimension = link(here, `${BK}inDimension`) ?? dimensionOf[position] ?? null;
    return newPlacement({
      iri: here,
      competence,
      described: describes
        ? {
            label: name.nb === label.nb && name.en === label.en ? null : name,
            definition: texts(competence, `${SKOS}definition`),
            cited: cited(competence),
            scheme: link(competence, `${SKOS}inScheme`),
            broader: !list(competence, `${SKOS}topConceptOf`).length,
          }
        : null,
      label,
      dimension,
      position,
      both: Boolean(position && link(here, `${BK}inDimension`)),
      key: list(own, `${BK}hasKeyCompetence`).includes(here),
      rationale: texts(here, `${BK}rationale`),
      what: pairs(here, `${BK}what`),
      why: pairs(here, `${BK}why`),
      cited: cited(here),
      outcomes: list(here, `${BK}hasLearningOutcome`).map((one) => {
        const within = link(one, `${BK}inDimension`);
        return {
          ...newOutcome(),
          iri: one,
          label: texts(one, `${SKOS}prefLabel`),
          statement: texts(one, `${BK}statement`),
          descriptors: list(one, `${BK}nkrDescriptor`),
          ...(within && within !== dimension ? { dimension: within } : {}),
          cited: cited(one),
        };
      }),
    });
  });
  const told = new Set(shown(draft).map(idOf));
  draft.other = statements.filter((statement) => !told.has(idOf(statement)));
  return draft;
};
