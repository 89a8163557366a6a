import assert from "node:assert/strict";
import { test } from "node:test";
import { createIndex, find, markMatches, openIndex } from "../../site/scripts/search/index.js";

const documents = [
  { t: "Avdelingsleder", x: ["En leder på et sykehjem."], p: "role/avdelingsleder", k: 0 },
  { t: "Veiledning", a: ["coaching"], o: ["Guidance"], x: ["Å hjelpe en annen videre."], p: "competence/veiledning", k: 1 },
  { t: "Tidsstyring", x: ["Å bruke tiden godt, også i veiledning."], p: "competence/tidsstyring", k: 1 },
];

/** @type {(query: string) => string[]} */
const paths = (query) => find(openIndex({ documents, index: null }, "nb"), query).map(({ document }) => document.p);

test("the thing of that name comes first", () => {
  assert.deepEqual(paths("veiledning"), ["competence/veiledning", "competence/tidsstyring"]);
});

test("compounds are found by their last word, and things by their English names and addresses", () => {
  assert.deepEqual(paths("leder"), ["role/avdelingsleder"]);
  assert.deepEqual(paths("guidance"), ["competence/veiledning"]);
  assert.equal(paths("https://w3id.org/balansekunst/competence/tidsstyring")[0], "competence/tidsstyring");
});

test("an index that was written as JSON finds the same", () => {
  const index = JSON.parse(JSON.stringify(createIndex(documents, "nb")));
  const opened = openIndex({ documents, index }, "nb");
  assert.deepEqual(
    find(opened, "veiledning").map(({ document }) => document.p),
    paths("veiledning"),
  );
});

test("the words that matched are marked", () => {
  const [{ match }] = find(openIndex({ documents, index: null }, "nb"), "leder");
  assert.deepEqual(markMatches("En avdelingsleder til", match, "nb"), [
    ["En ", false],
    ["avdelingsleder", true],
    [" til", false],
  ]);
});
