import assert from "node:assert/strict";
import { test } from "node:test";
import { DraftIris, NotADraft, newDraft, newOutcome, newPlacement, removePlacement, text } from "../../site/scripts/drafts/draft.js";
import { fromStatements } from "../../site/scripts/drafts/draft-from-rdf.js";
import { toStatements, toTime } from "../../site/scripts/drafts/draft-to-rdf.js";
import {
  BASE,
  iri,
  keyOfStatement,
  langString,
  plainLiteral,
  toJsonLd,
  toTurtle,
  typedLiteral,
  XSD,
} from "../../site/scripts/drafts/rdf.js";
import { listDrafts } from "../../site/scripts/drafts/saved-drafts.js";
import { placeFindings } from "../../site/scripts/write/finding-places.js";
import { readTurtle } from "./turtle.js";

/** @import { Draft, Finding, Statement } from "../../site/scripts/types.d.ts" */
/** @import { StepName } from "../../site/scripts/write/types.d.ts" */

/** A draft with two competences, of which one is a key competence with an outcome. */
const makeDraft = () => {
  const outcome = { ...newOutcome(), statement: text("Kan lytte.", "Can listen.") };
  const key = newPlacement({ label: text("Å lytte", "Listening"), key: true, what: [text("Høre", "Hear")], outcomes: [outcome] });
  const other = newPlacement({ label: text("Å lytte", "Listening") });
  /** @type {Draft} */
  const draft = { ...newDraft("standard"), placements: [key, other], interviewCount: "4", interviewedFrom: "2026-03" };
  draft.role = { iri: null, label: text("Kaffebrenner", "Coffee roaster"), definition: text(), described: true };
  return { draft, key, other, outcome };
};

test("new parts are named by their words, and no two alike", () => {
  const { draft, key, other, outcome } = makeDraft();
  const iris = new DraftIris(draft);
  assert.equal(iris.draft, `${BASE}standard/kaffebrenner`);
  assert.equal(iris.role, `${BASE}role/kaffebrenner`);
  assert.equal(iris.of(key), `${BASE}standard/kaffebrenner/a-lytte`);
  assert.equal(iris.of(other), `${BASE}standard/kaffebrenner/a-lytte-2`);
  assert.equal(iris.of(outcome), `${BASE}standard/kaffebrenner/a-lytte/outcome/1`);
  assert.equal(iris.ofItem(key, "what", 0), `${BASE}standard/kaffebrenner/a-lytte/what/1`);
  assert.equal(new DraftIris(newDraft("standard")).draft, `${BASE}standard/uten-navn`);
});

test("a part that was read keeps its IRI, and no new one gets it", () => {
  const { draft, key, other } = makeDraft();
  other.iri = `${BASE}standard/kaffebrenner/a-lytte`;
  const iris = new DraftIris(draft);
  assert.equal(iris.of(other), `${BASE}standard/kaffebrenner/a-lytte`);
  assert.equal(iris.of(key), `${BASE}standard/kaffebrenner/a-lytte-2`);
});

test("dates are years, months or days, and anything else a text", () => {
  assert.deepEqual(toTime("2026"), typedLiteral("2026", `${XSD}gYear`));
  assert.deepEqual(toTime("2026-03"), typedLiteral("2026-03", `${XSD}gYearMonth`));
  assert.deepEqual(toTime("2026-03-01"), typedLiteral("2026-03-01", `${XSD}date`));
  assert.deepEqual(toTime("i mars"), plainLiteral("i mars"));
});

test("a draft that is written and read is the same", () => {
  const { draft } = makeDraft();
  const statements = toStatements(draft);
  const read = fromStatements(readTurtle(toTurtle(statements, BASE)), { dimensionOf: {} });
  assert.deepEqual(new Set(toStatements(read).map(keyOfStatement)), new Set(statements.map(keyOfStatement)));
  assert.equal(read.placements.length, 2);
  assert.equal(read.interviewedFrom, "2026-03");
  assert.deepEqual(read.other, []);
});

test("what the form has no place for is kept", () => {
  const { draft } = makeDraft();
  /** @type {Statement} */
  const more = [iri(`${BASE}standard/kaffebrenner`), iri("https://example.org/x"), langString("<b>", "nb")];
  const read = fromStatements([...toStatements(draft), more], { dimensionOf: {} });
  assert.deepEqual(read.other, [more]);
});

test("a file with no standard or with several is no draft", () => {
  const { draft } = makeDraft();
  const other = { ...makeDraft().draft, slug: "en-annen" };
  assert.throws(() => fromStatements([], { dimensionOf: {} }), new NotADraft(["scripts.drafts.file.none", {}]));
  assert.throws(
    () => fromStatements([...toStatements(draft), ...toStatements(other)], { dimensionOf: {} }),
    new NotADraft(["scripts.drafts.file.several", {}]),
  );
  assert.throws(
    () => fromStatements(toStatements(draft), { dimensionOf: {}, wanted: "individual" }),
    new NotADraft(["scripts.drafts.file.none", {}]),
  );
});

test("a competence that is removed takes its outcomes along", () => {
  const { draft, key } = makeDraft();
  const read = fromStatements(toStatements(draft), { dimensionOf: {} });
  const [placement] = read.placements.filter((one) => one.key);
  removePlacement(read, placement);
  const left = new Set(toStatements(read).map(([subject]) => subject.value));
  assert.ok(![...left].some((subject) => subject.includes("outcome") || subject.includes("what")));
  assert.equal(draft.placements.includes(key), true);
});

test("Turtle and JSON-LD hold texts as they are", () => {
  /** @type {Statement[]} */
  const statements = [
    [iri(`${BASE}role/x`), iri("https://example.org/p"), langString('"\\\n', "nb")],
    [iri(`${BASE}role/x`), iri("https://example.org/p"), plainLiteral("2")],
    [iri(`${BASE}role/x`), iri("https://example.org/p"), typedLiteral("2", `${XSD}integer`)],
  ];
  assert.deepEqual(readTurtle(toTurtle(statements, BASE)).map(keyOfStatement), statements.map(keyOfStatement));
  const [node] = JSON.parse(toJsonLd(statements));
  assert.deepEqual(node["https://example.org/p"], [
    { "@value": '"\\\n', "@language": "nb" },
    { "@value": "2" },
    { "@value": "2", "@type": `${XSD}integer` },
  ]);
});

/** @type {StepName[]} */
const STEPS = ["role", "interviews", "placing", "keys", "sources", "review"];
/** @type {(given: Partial<Finding>) => Finding} */
const finding = (given) => ({
  rule: "X1",
  severity: "violation",
  component: "",
  focus: "",
  value: null,
  properties: [],
  message: "Feil",
  name: "",
  rationale: "",
  remediation: "",
  ...given,
});

test("a finding is shown in the step and the field of what it is about", () => {
  const { draft, key, outcome } = makeDraft();
  const iris = new DraftIris(draft);
  /** @type {(given: Partial<Finding>) => string | undefined} */
  const placeOf = (given) => {
    const [{ place }] = placeFindings([finding(given)], draft, STEPS, "uten navn", ["nb", "en"]);
    return place
      ? `${place.step} ${place.key.replace(draft.id, "DRAFT").replace(key.id, "KEY").replace(outcome.id, "OUTCOME")}`
      : undefined;
  };
  assert.equal(placeOf({ focus: iris.draft, properties: [`${BASE}ns#interviewCount`] }), "interviews DRAFT interviewCount");
  assert.equal(placeOf({ focus: iris.draft, value: { type: "Literal", value: "2026-03" } }), "interviews DRAFT interviewedFrom");
  assert.equal(placeOf({ focus: iris.draft, properties: [`${BASE}ns#describesRole`] }), "role role label");
  assert.equal(placeOf({ focus: iris.of(key), properties: [`${BASE}ns#atPosition`] }), "placing KEY place");
  assert.equal(placeOf({ focus: iris.of(key), properties: [`${BASE}ns#rationale`] }), "keys KEY rationale");
  assert.equal(placeOf({ focus: iris.of(outcome), properties: [`${BASE}ns#statement`] }), "keys OUTCOME statement");
  assert.equal(
    placeOf({ focus: iris.ofItem(key, "what", 0), properties: ["http://www.w3.org/2004/02/skos/core#prefLabel"] }),
    "keys KEY what",
  );
  assert.equal(placeOf({ focus: iris.draft, value: { type: "NamedNode", value: iris.of(key) } }), "placing KEY label");
  assert.equal(placeOf({ focus: iris.of(key), properties: [`${BASE}ns#editorial`] }), "sources DRAFT sources");
  assert.equal(placeOf({ focus: "https://example.org/else" }), undefined);
});

test("findings are shown once, the gravest first, and parts without a name not by their IRI", () => {
  const { draft } = makeDraft();
  const { draft: own } = new DraftIris(draft);
  const found = placeFindings(
    [
      finding({ severity: "info", focus: own, message: "a" }),
      finding({ focus: own, message: `standard/kaffebrenner mangler noe` }),
      finding({ focus: own, message: `standard/kaffebrenner mangler noe` }),
    ],
    draft,
    STEPS,
    "uten navn",
    ["nb", "en"],
  );
  assert.deepEqual(
    found.map(({ message }) => message),
    ["uten navn mangler noe", "a"],
  );
});

test("a draft in the browser's store that is not of this form is passed over, and one from before gets what is new", () => {
  const whole = newDraft("standard");
  const { notes, places, ...older } = { ...newDraft("standard"), notes: {} };
  /** @type {Record<string, string>} */
  const stored = {
    "balansekunst-draft a": JSON.stringify({ saved: "2026", draft: whole }),
    "balansekunst-draft b": JSON.stringify({ saved: "2025", draft: older }),
    "balansekunst-draft c": "{",
    "balansekunst-draft d": "null",
    "balansekunst-draft e": JSON.stringify({ saved: 3, draft: whole }),
    "balansekunst-draft f": JSON.stringify({ saved: "2026", draft: { kind: "standard", id: "f", label: { nb: 3 } } }),
    "balansekunst-draft g": JSON.stringify({ saved: "2026", draft: { ...whole, placements: [{ label: 3 }] } }),
  };
  globalThis.localStorage = Object.assign(Object.create({ getItem: (/** @type {string} */ key) => stored[key] }), stored);
  assert.deepEqual(
    listDrafts("standard").map(({ draft }) => draft),
    [whole, { ...older, places: "" }],
  );
});
