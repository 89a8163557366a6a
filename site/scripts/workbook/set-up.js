// Set-ups of cooperation as workbooks, as `workbook/set_ups.py` does it.
/** @import { Book, Cells, MadeStatements, Sheet, SheetTexts } from "./types.d.ts" */
import { getOrAdd } from "../collections.js";
import { foldName, slugify } from "../drafts/names.js";
import { BK, iri, langString, PREF_LABEL, RDF_TYPE, typedLiteral, XSD } from "../drafts/rdf.js";
import { Describer } from "./describer.js";
import { WorkbookFiller } from "./filler.js";
import { findColumn, findForm, findSheet, LANGUAGES } from "./layout.js";

const SAME_IN_BOTH = `${BK}sameInBothLanguages`;
const TRUE = typedLiteral("true", `${XSD}boolean`);

/** The sheets with a row for each thing of an arena: what ties it to the arena, its class, and where it has its IRI. */
export const ROW_SHEETS = {
  seats: { property: "hasParticipation", kind: "Participation", folder: "participation" },
  rhythms: { property: "hasMeetingRhythm", kind: "MeetingRhythm", folder: "rhythm" },
};

/**
 * The end of the IRI of the set-up that a workbook is about; it may be empty.
 * @param {Book} book
 */
export const buildSetUpSlug = ({ "set-up": [form] }) =>
  slugify(form.address.text.replace(/\/+$/, "").split("/").pop() || form["name-nb"].text || form["name-en"].text);

/** Makes statements of the workbook of a set-up. */
export class SetUpGraphBuilder extends Describer {
  /** @returns {MadeStatements} */
  build() {
    const { form, layout, names, result } = this;
    const others = this.parseOtherStatements();
    names.add(others);
    const setUp = this.parseAddress(form.address) ?? `${layout.base}set-up/${buildSetUpSlug(this.book)}`;
    this.things.add(setUp);
    result.add(setUp, RDF_TYPE, iri(`${BK}SetUp`));
    this.describeNamed(setUp, findForm(layout), form, "set-up");
    this.addArenas(setUp);
    for (const [name, about] of Object.entries(ROW_SHEETS)) this.addRows(name, about);
    for (const statement of others) result.put(statement);
    return { statements: result.statements, remarks: result.remarks };
  }

  /** @param {string} setUp */
  addArenas(setUp) {
    const { names, result } = this;
    /** @type {{ row: Cells, arena: string }[]} */
    const rows = [];
    for (const row of this.book.arenas) {
      const here = row["name-nb"].text ? row["name-nb"] : row["name-en"];
      const arena = this.parseAddress(row.address) ?? `${setUp}/${slugify(here.text)}`;
      if (this.things.has(arena)) {
        result.remark("violation", here, "workbook.duplicate", { name: here.text });
        continue;
      }
      this.things.add(arena);
      rows.push({ row, arena });
    }
    // An address goes before a name.
    for (const { arena } of rows) this.rows.set(foldName(names.shortenIri(arena)), arena);
    for (const language of LANGUAGES) {
      for (const { row, arena } of rows) getOrAdd(this.rows, foldName(row[`name-${language}`].text), () => arena);
    }
    for (const { row, arena } of rows) {
      result.add(setUp, `${BK}hasArena`, iri(arena));
      this.describeNamed(arena, findSheet(this.layout, "arenas"), row);
    }
  }

  /**
   * Describe the seats or the meetings of the arenas.
   * @param {string} name of the sheet.
   * @param {{ property: string, kind: string, folder: string }} about
   */
  addRows(name, { property, kind, folder }) {
    const { result } = this;
    const sheet = findSheet(this.layout, name);
    for (const row of this.book[name]) {
      if (!row.arena.text) result.remark("violation", row.arena, "workbook.no-arena");
      for (const { value: arena } of this.parseValues(findColumn(sheet, "arena"), row)) {
        const thing = this.parseAddress(row.address) ?? this.mintNumberedIri(`${arena}/${folder}`);
        if (this.things.has(thing)) {
          result.remark("violation", row.address, "workbook.duplicate", { name: row.address.text });
          continue;
        }
        this.things.add(thing);
        result.add(arena, BK + property, iri(thing));
        result.add(thing, RDF_TYPE, iri(BK + kind));
        this.describeNamed(thing, sheet, row);
      }
    }
  }

  /**
   * Say what a row or form says of a thing. A name in one language is taken to be the name in both.
   * @param {string} thing
   * @param {Sheet} sheet
   * @param {Cells} row
   * @param {string | null} of
   */
  describeNamed(thing, sheet, row, of = null) {
    this.describeResource(thing, sheet, row, of);
    const [name, ...more] = LANGUAGES.map((language) => row[`name-${language}`].text).filter(Boolean);
    if (!name || more.length) return;
    for (const language of LANGUAGES) this.result.add(thing, PREF_LABEL, langString(name, language));
    this.result.add(thing, SAME_IN_BOTH, TRUE);
  }
}

/** Fills the workbook of a set-up. */
export class SetUpFiller extends WorkbookFiller {
  /**
   * The cells that say what is said of a thing; a name that is the same in both languages once.
   * @param {string} thing
   * @param {string} sheet
   * @param {string | null} about
   */
  buildRow(thing, sheet, about = null) {
    const row = super.buildRow(thing, sheet, about);
    const isSame = row["name-nb"] === row["name-en"] && this.getValues(thing, SAME_IN_BOTH).some(({ value }) => value === TRUE.value);
    return isSame ? { ...row, "name-en": "" } : row;
  }

  /**
   * All sheets but the last.
   * @returns {SheetTexts}
   */
  fillSheets() {
    this.placed = this.listInOrder(this.subject, "hasArena");
    /** @type {(name: string, property: string) => Record<string, string>[]} */
    const rowsOf = (name, property) =>
      this.placed.flatMap((arena) =>
        this.listInOrder(arena, property).map((thing) => ({ arena: this.formatPlacement(arena), ...this.buildRow(thing, name) })),
      );
    return {
      "set-up": [this.buildRow(this.subject, "set-up", "set-up")],
      arenas: this.placed.map((arena) => this.buildRow(arena, "arenas")),
      ...Object.fromEntries(Object.entries(ROW_SHEETS).map(([name, { property }]) => [name, rowsOf(name, property)])),
    };
  }
}
