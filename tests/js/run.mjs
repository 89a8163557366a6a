// Calls functions of the pages, so that the tests of the package can compare what they give with its own. Reads a JSON list of pairs from
// standard input, the name of a function and its arguments; prints a JSON list of what each gives.
/** @import { OccupationData, Row } from "../../site/scripts/types.d.ts" */
import { readFileSync } from "node:fs";
import oxigraph from "oxigraph";
import { FigureGeometry } from "../../site/scripts/drafts/figure-geometry.js";
import { foldCase } from "../../site/scripts/drafts/names.js";
import { askStore } from "../../site/scripts/engine/left-to-right.js";
import { combineGap, countGap } from "../../site/scripts/mine/gap.js";
import { OccupationSpace, rankAll, rankOccupations } from "../../site/scripts/mine/occupation-ranking.js";
import { compareRoles, countCarriedOver } from "../../site/scripts/role-comparison.js";

const { sizes } = JSON.parse(readFileSync(new URL("../../site/figure.json", import.meta.url), "utf8"));
const geometry = new FigureGeometry(sizes);

/** @type {Record<string, (...given: any[]) => unknown>} */
const FUNCTIONS = {
  compareRoles,
  countCarriedOver,
  foldCase,
  getMarkRadius: geometry.getMarkRadius.bind(geometry),
  packDiscs: geometry.packDiscs.bind(geometry),
  placeAlongAxis: geometry.placeAlongAxis.bind(geometry),
  placeInRow: geometry.placeInRow.bind(geometry),
  /** @param {string} query */
  askStore: (query) => JSON.parse(String(askStore(new oxigraph.Store(), query, { results_format: "json" }))).results.bindings[0],
  getLabelHeight: geometry.getLabelHeight.bind(geometry),
  /** @type {(coverage: Row[], ways: Row[]) => unknown} */
  gap(coverage, ways) {
    const found = combineGap(coverage, ways);
    return { ...found, specific: Object.fromEntries(found.specific), counts: countGap(found) };
  },
  /** @type {(data: OccupationData, ...each: Record<string, string>[]) => unknown} */
  rankOccupations(data, ...each) {
    const space = new OccupationSpace(data);
    return each.map((subjects) => {
      const own = new Map(Object.entries(subjects));
      const scores = space.computeScores(space.findHeldSkills(own.keys()));
      return { scores: [...scores], order: rankAll(scores).order, shown: rankOccupations(space, own) };
    });
  },
};

/** @type {[name: string, given: unknown[]][]} */
const calls = JSON.parse(readFileSync(0, "utf8"));
process.stdout.write(JSON.stringify(calls.map(([name, given]) => FUNCTIONS[name](...given))));
