// The two roles that the comparison begins with.
/** @import { ComparisonData } from "../../site/scripts/types.d.ts" */
import assert from "node:assert/strict";
import { test } from "node:test";
import { findNearestRoles } from "../../site/scripts/role-comparison.js";

/**
 * As many roles, each with a key competence of its own and one that it shares with the role after it.
 * @param {number} number
 * @returns {ComparisonData}
 */
const makeRoles = (number) => {
  /** @param {string} name */
  const placed = (name) => ({ name, page: name, position: "", hasPosition: false, dimension: "", outcomes: [], neighbours: [] });
  const roles = Array.from({ length: number }, (_, at) => {
    const names = [`own-${at}`, `shared-${at}`, `shared-${at + 1}`];
    return [`role-${at}`, { name: `Role ${at}`, keyCompetences: Object.fromEntries(names.map((name) => [name, placed(name)])) }];
  });
  return Object.fromEntries(roles);
};

test("the roles that share most come first", () => {
  const roles = makeRoles(6);
  roles["role-5"].keyCompetences["own-2"] = roles["role-2"].keyCompetences["own-2"];
  roles["role-5"].keyCompetences["shared-2"] = roles["role-2"].keyCompetences["shared-2"];
  assert.deepEqual(findNearestRoles(roles), ["role-2", "role-5"]);
});

test("what finding them takes grows with the roles, not with their square", () => {
  /** @param {number} number */
  const countReads = (number) => {
    let count = 0;
    const roles = new Proxy(makeRoles(number), {
      get(target, role) {
        count++;
        return Reflect.get(target, role);
      },
    });
    findNearestRoles(roles);
    return count;
  };
  assert.ok(countReads(400) < 2.2 * countReads(200));
});
