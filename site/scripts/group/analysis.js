// How a group stands to a role, put together from how each person does, as `gap/analysis.py` does it.
/** @import { Row } from "../types.d.ts" */
/** @import { Measure } from "../mine/gap.js" */
import { getOrAdd, isPresent } from "../collections.js";
import { combineGap } from "../mine/gap.js";

/** @typedef {"covered" | "near" | "missing"} CoverageKind */
/** @type {CoverageKind[]} */
export const COVERAGE_KINDS = ["covered", "near", "missing"];
/**
 * How a group stands to one competence of a role.
 * @typedef {object} Coverage
 * @property {string} competence its IRI.
 * @property {Row} row that tells of it.
 * @property {Record<CoverageKind, number>} counts how many have it, only something near, or neither.
 * @property {Measure[]} measures what may build just this competence.
 */

/**
 * Put together how a group stands to a role.
 * @param {{ coverage: Row[], ways: Row[] }[]} people the rows of the two questions on each person, for all standards of the role.
 * @param {string[]} order the competences of the role, by IRI.
 */
export const combineGroup = (people, order) => {
  const gaps = people.map(({ coverage, ways }) => combineGap(coverage, ways));
  /** @type {Coverage[]} */
  const coverage = order.map((competence) => {
    /** @type {(gap: ReturnType<typeof combineGap>, kind: CoverageKind) => Row | undefined} */
    const find = (gap, kind) => gap[kind].find((row) => row.competence?.value === competence);
    const counts = Object.fromEntries(COVERAGE_KINDS.map((kind) => [kind, gaps.filter((gap) => find(gap, kind)).length]));
    const rows = gaps.flatMap((gap) => COVERAGE_KINDS.map((kind) => find(gap, kind)).filter(isPresent));
    /** @type {Map<string, Measure>} */
    const measures = new Map();
    for (const { specific } of gaps) {
      for (const measure of specific.get(competence) ?? []) {
        getOrAdd(measures, `${measure.row.basis?.value} ${measure.row.way?.value}`, () => measure);
      }
    }
    return { competence, row: rows[0], counts: /** @type {Record<CoverageKind, number>} */ (counts), measures: [...measures.values()] };
  });
  const known = coverage.filter(({ row }) => row);
  return {
    people: people.length,
    coverage: known.sort((one, two) => two.counts.missing - one.counts.missing),
    general: gaps.find(({ general }) => general.length)?.general ?? [],
  };
};
