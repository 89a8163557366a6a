// What a person can against what a role asks for, put together from the rows of the catalogue's questions, as `balansekunst gap` does it.
/** @import { Row } from "../types.d.ts" */
import { distinct, groupBy } from "../collections.js";

/** The questions of the catalogue that are asked, for each standard of the role. */
export const COVERAGE = "individual-against-standard";
export const MEASURES = "measures-for-gap";
/** The ground of a measure that fits any gap. */
const ANY_GAP = "gap";

/** @typedef {{ row: Row, settings: Row[], forms: Row[] }} Measure A way to competence, and the rows that tell of its settings and forms of learning. */
/** @typedef {"covered" | "near" | "missing" | "beyond"} GapKind */
/** @type {GapKind[]} */
export const GAP_KINDS = ["covered", "near", "missing", "beyond"];
/**
 * How a person stands to a role.
 * @typedef {object} Gap
 * @property {Row[]} covered
 * @property {Row[]} near
 * @property {Row[]} missing
 * @property {Row[]} beyond
 * @property {Map<string, Measure[]>} specific the measures by the IRI of the competence that they build.
 * @property {Measure[]} general those that fit any gap.
 */

/** @type {(row: Row, name: string) => string} */
const value = (row, name) => row[name]?.value ?? "";

/**
 * One row for each value of a column, without rows that have none.
 * @param {Row[]} rows
 * @param {string} name
 */
const once = (rows, name) =>
  distinct(
    rows.filter((row) => row[name]),
    (row) => value(row, name),
  );

/**
 * The ways to competence that rows tell of, each once for each ground.
 * @param {Row[]} rows
 * @returns {Measure[]}
 */
const measuresOf = (rows) => {
  const ways = groupBy(rows, (row) => `${value(row, "basis")} ${value(row, "way")}`);
  return [...ways.values()].map((same) => ({ row: same[0], settings: once(same, "setting"), forms: once(same, "form") }));
};

/**
 * Put together how a person stands to a role.
 * @param {Row[]} coverage rows of the question `COVERAGE`, for all standards of the role.
 * @param {Row[]} ways rows of the question `MEASURES`, for all of them.
 * @returns {Gap} each pair of competences once.
 */
export const combineGap = (coverage, ways) => {
  const pairs = distinct(coverage, (row) => ["kind", "competence", "own"].map((name) => value(row, name)).join(" "));
  /** @param {GapKind} kind */
  const ofKind = (kind) => pairs.filter((row) => value(row, "kind") === kind);
  const [covered, near, missing, beyond] = GAP_KINDS.map(ofKind);
  // What lies beyond one standard of a role may meet another of them.
  const meets = new Set([...covered, ...near].map((row) => value(row, "own")));
  const specific = groupBy(
    ways.filter((row) => value(row, "basis") !== ANY_GAP),
    (row) => value(row, "competence"),
  );
  return {
    covered,
    near,
    missing,
    beyond: beyond.filter((row) => !meets.has(value(row, "own"))),
    specific: new Map([...specific].map(([competence, rows]) => [competence, measuresOf(rows)])),
    general: measuresOf(ways.filter((row) => value(row, "basis") === ANY_GAP)),
  };
};

/**
 * How many competences there are of each kind: those that the role asks for, and of those beyond it the person's own.
 * @param {Gap} gap
 * @returns {Record<GapKind, number>}
 */
export const countGap = (gap) => {
  /** @type {(kind: GapKind, name: string) => number} */
  const count = (kind, name) => new Set(gap[kind].map((row) => value(row, name))).size;
  return {
    covered: count("covered", "competence"),
    near: count("near", "competence"),
    missing: count("missing", "competence"),
    beyond: count("beyond", "own"),
  };
};
