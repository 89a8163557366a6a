import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { suggestNumbers } from "../../site/scripts/drafts/list-order.js";
import { BASE, BK, iri, langString, PREF_LABEL, RDF_TYPE, SKOS } from "../../site/scripts/drafts/rdf.js";
import { stripBullets } from "../../site/scripts/drafts/written-values.js";
import { CellReader } from "../../site/scripts/workbook/cell-reader.js";
import { LabelIndex } from "../../site/scripts/workbook/label-index.js";
import { formatText, toLetters, toReference, trimLines } from "../../site/scripts/workbook/layout.js";
import { readOdsSheets } from "../../site/scripts/workbook/read-ods.js";
import { readCases } from "./cases.js";

/** @import { Statement } from "../../site/scripts/types.d.ts" */
/** @import { WorkbookData } from "../../site/scripts/workbook/types.d.ts" */

const cases = readCases("labels");
/** @type {(written: string) => string} */
const whole = (written) => {
  if (written.startsWith("bk:")) return BK + written.slice(3);
  return written.startsWith("http") ? written : BASE + written;
};

const labelIndex = () => {
  const lists = Object.fromEntries(
    Object.entries(cases.lists).map(([name, list]) => [name, { ...list, classes: list.classes.map(whole), shown: list.shown.map(whole) }]),
  );
  /** @type {Statement[]} */
  const statements = [];
  for (const [thing, kind, labels, others] of cases.described) {
    statements.push([iri(whole(thing)), iri(RDF_TYPE), iri(whole(kind))]);
    for (const [language, label] of Object.entries(labels)) {
      statements.push([iri(whole(thing)), iri(PREF_LABEL), langString(label, language)]);
    }
    for (const label of others) statements.push([iri(whole(thing)), iri(`${SKOS}altLabel`), langString(label, "nb")]);
  }
  return new LabelIndex({ base: BASE, lists }, statements);
};

test("a name in a cell means what it means in the package", () => {
  const index = labelIndex();
  for (const [written, of, things] of cases.find) assert.deepEqual(index.findResources(written, of), things.map(whole), written);
});

test("an address in a cell is read and written as in the package", () => {
  const index = labelIndex();
  for (const [written, thing] of cases.expand) assert.equal(index.expandIri(written), thing && whole(thing), written);
  for (const [thing, written] of cases.shorten) assert.equal(index.shortenIri(whole(thing)), written);
});

test("things are shown and chosen by the names of the package", () => {
  const index = labelIndex();
  for (const [thing, of, language, shown] of cases.show) assert.equal(index.formatResource(whole(thing), of, language), shown);
  for (const [of, language, choices] of cases.choices) assert.deepEqual(index.listChoices(of, language), choices);
});

test("what cells hold is read as in the package", () => {
  const forms = readCases("forms");
  const { keywords, texts } = readCases("keywords");
  const sheets = [{ name: "role", form: true }];
  const written = JSON.parse(readFileSync(new URL("../../site/written-values.json", import.meta.url), "utf8"));
  const layout = /** @type {WorkbookData} */ (
    /** @type {unknown} */ ({ forms, datatypes: {}, lists: {}, keywords, texts, sheets, written })
  );
  const cell = { sheet: "role", reference: "B2", text: "" };
  for (const [kind, text, value] of readCases("cells")) {
    const reader = new CellReader(layout, { role: [{}] }, labelIndex());
    assert.equal(reader.parseLiteral(text, kind, cell)?.value ?? null, value, `${kind} ${text}`);
    assert.deepEqual(
      reader.result.remarks.map(({ key }) => key),
      value === null ? [`workbook.no-${kind}`] : [],
    );
  }
});

test("bullets are taken off as in the package", () => {
  const forms = JSON.parse(readFileSync(new URL("../../site/written-values.json", import.meta.url), "utf8"));
  for (const [written, stripped] of readCases("bullets")) assert.equal(stripBullets(written, forms), stripped);
});

test("what is listed gets the numbers of the package", () => {
  for (const { members, numbers } of readCases("numbers")) {
    /** @type {{ lists: string[], number?: number, always?: boolean }[]} */
    const given = members;
    const found = suggestNumbers(given.map(({ lists, number = null, always }) => ({ lists, number, isAlwaysNumbered: always })));
    assert.deepEqual(found, numbers);
  }
});

test("cells are named as spreadsheets name them", () => {
  assert.deepEqual([1, 26, 27, 52, 53, 702, 703].map(toLetters), ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]);
  assert.equal(toReference(7, 28), "AB7");
});

test("lines of a cell are trimmed", () => {
  assert.equal(trimLines("  a \r\n b\u2028c \n"), "a\nb\nc");
});

test("a text of the workbook takes values, also by language", () => {
  const layout = /** @type {WorkbookData} */ (/** @type {unknown} */ ({ texts: { en: { key: "{name}: {number} {none}" } } }));
  assert.equal(formatText(layout, "key", "en", { name: { nb: "ja", en: "yes" }, number: 2 }), "yes: 2 ");
});

test("the sheets of an OpenDocument workbook are read as in the package", () => {
  const limits = { rows: 5_000, cells: 200_000 };
  for (const [what, rows, grid, formulas] of readCases("open-document")) {
    const body = `<office:body><office:spreadsheet><table:table table:name="a">${rows}</table:table></office:spreadsheet></office:body>`;
    const read = () => readOdsSheets(`<office:document-content>${body}</office:document-content>`, () => new Set(["a"]), limits);
    if (grid === "damaged") {
      assert.throws(read, what);
      continue;
    }
    const [sheet] = read();
    assert.equal(sheet.isTooLarge, grid === "too large", what);
    if (!sheet.isTooLarge) assert.deepEqual([sheet.grid, Object.fromEntries(sheet.formulas)], [grid, formulas], what);
  }
});
