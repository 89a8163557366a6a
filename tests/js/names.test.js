import assert from "node:assert/strict";
import { test } from "node:test";
import { foldCase, foldName, slugify } from "../../site/scripts/drafts/names.js";
import { fold, words } from "../../site/scripts/search/index.js";
import { readCases } from "./cases.js";

const { slugs, compared, folded } = readCases("names");

test("a slug is as the package makes it", () => {
  for (const [label, slug] of slugs) assert.equal(slugify(label), slug);
});

test("names are compared as in the package", () => {
  for (const [name, expected] of compared) assert.equal(foldName(name), expected);
});

test("large and small letters are the same as in the package", () => {
  for (const [text, expected] of folded) assert.equal(foldCase(text), expected);
});

test("the search takes æ and ae, ø and oe, å and aa, and accents, for the same", () => {
  assert.equal(fold("Læring"), fold("laering"));
  assert.equal(fold("Førstelinje"), fold("foerstelinje"));
  assert.equal(fold("Årshjul"), fold("aarshjul"));
  assert.equal(fold("kafé"), fold("KAFE"));
  assert.deepEqual(words("Tids-styring, 2 ganger!"), ["Tids", "styring", "2", "ganger"]);
});
