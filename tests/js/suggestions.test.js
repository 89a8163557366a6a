import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { BASE } from "../../site/scripts/drafts/rdf.js";
import { suggestCompetences } from "../../site/scripts/drafts/suggestions.js";
import { readCases } from "./cases.js";

/** @type {Record<string, string[]>} */
const everyday = JSON.parse(readFileSync(new URL("../../site/everyday-words.json", import.meta.url), "utf8"));
const competences = Object.keys(everyday).map((slug) => ({
  iri: `${BASE}competence/${slug}`,
  label: { nb: slug.replaceAll("-", " ") },
  other: {},
  definition: {},
  skills: [],
}));
/** @param {string} text */
const suggest = (text) => suggestCompetences(text, everyday, competences).map(({ thing }) => thing.iri.slice(`${BASE}competence/`.length));

test("what everyday descriptions suggest is right, or nothing", () => {
  /** @type {[text: string, right: string[]][]} */
  const cases = readCases("everyday");
  assert.ok(cases.length >= 60);
  const offered = cases.map(([text, right]) => ({ found: suggest(text), right }));
  const wrong = offered.flatMap(({ found, right }) => found.filter((slug) => !right.includes(slug)));
  const total = offered.reduce((sum, { found }) => sum + found.length, 0);
  const precision = 1 - wrong.length / total;
  const share = offered.filter(({ found }) => !found.length).length / cases.length;
  assert.ok(precision >= 0.97, `${precision}: ${wrong}`);
  assert.ok(share <= 0.15, String(share));
});

test("the reason is in the person's own words", () => {
  const found = suggestCompetences("Jeg fyller varer og lærer dem opp. Jeg lager mat.", everyday, competences);
  assert.deepEqual(Object.fromEntries(found.map(({ thing, words }) => [thing.iri.split("/").pop(), words])), {
    "produkt-og-sortimentskunnskap": ["fyller varer"],
    opplaering: ["lærer dem opp"],
  });
});
