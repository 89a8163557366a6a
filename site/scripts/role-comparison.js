// What roles have in common: the same key competences, and near ones paired as `scripts/balansekunst/mobility/paths.py` pairs them.
/** @import { ComparisonData } from "./types.d.ts" */
import { compare, groupBy } from "./collections.js";

/**
 * The near competences of two roles, one to one: of as many of the second role's as can be, the first role's that each is near. A
 * competence that both roles have is near none. Pairs are found by augmenting paths, in the order of the competences' addresses.
 * @param {string} from
 * @param {string} to
 * @param {ComparisonData} roles
 */
export const pairNeighbours = (from, to, roles) => {
  const [own, asked] = [from, to].map((role) => roles[role].keyCompetences);
  /** @param {string} competence */
  const listNeighbours = (competence) =>
    asked[competence].neighbours.filter((neighbour) => neighbour in own && !(neighbour in asked)).sort(compare);
  /** @type {Map<string, string>} */
  const owners = new Map();
  /** @type {(competence: string, tried: Set<string>) => boolean} */
  const assign = (competence, tried) =>
    listNeighbours(competence).some((neighbour) => {
      if (tried.has(neighbour)) return false;
      tried.add(neighbour);
      const owner = owners.get(neighbour);
      if (owner !== undefined && !assign(owner, tried)) return false;
      owners.set(neighbour, competence);
      return true;
    });
  const unshared = Object.keys(asked).filter((competence) => !(competence in own));
  for (const competence of unshared.sort(compare)) assign(competence, new Set());
  return new Map([...owners].map(([neighbour, competence]) => [competence, neighbour]));
};

/**
 * How many of a role's key competences another has, and has near ones to.
 * @param {string} from
 * @param {string} to
 * @param {ComparisonData} roles
 */
export const countCarriedOver = (from, to, roles) => {
  const asked = Object.keys(roles[to].keyCompetences);
  return {
    shared: asked.filter((competence) => competence in roles[from].keyCompetences).length,
    near: pairNeighbours(from, to, roles).size,
    number: asked.length,
  };
};

/** How many roles are laid beside all others to find two that are near: all of them where there are few. */
const MOST_STARTS = 25;

/**
 * The two roles that have most in common, to begin with.
 * @param {ComparisonData} roles
 */
export const findNearestRoles = (roles) => {
  const names = Object.keys(roles);
  let best = { roles: names.slice(0, 2), score: 0 };
  names.slice(0, MOST_STARTS).forEach((from, at) => {
    for (const to of names.slice(at + 1)) {
      const { shared, near } = countCarriedOver(from, to, roles);
      if (shared + near / 2 > best.score) best = { roles: [from, to], score: shared + near / 2 };
    }
  });
  return best.roles;
};

/**
 * @typedef {object} ComparedRow What belongs together in some of the roles.
 * @property {string[]} competences one where all have the same, more where they are near each other.
 * @property {string[]} having the roles that have any of them.
 */

/**
 * The key competences of roles: those that are the same or paired as near stand together in one row. The rows by the roles that have
 * them, most roles first; the same before the near.
 * @param {string[]} chosen roles, in their order.
 * @param {ComparisonData} roles
 */
export const compareRoles = (chosen, roles) => {
  /** @type {Map<string, string>} */
  const first = new Map();
  /** @param {string} competence @returns {string} */
  const findFirst = (competence) => {
    const found = first.get(competence) ?? competence;
    return found === competence ? found : findFirst(found);
  };
  chosen.forEach((from, at) => {
    for (const to of chosen.slice(at + 1)) {
      for (const [competence, neighbour] of pairNeighbours(from, to, roles)) first.set(findFirst(competence), findFirst(neighbour));
    }
  });
  const all = new Set(chosen.flatMap((role) => Object.keys(roles[role].keyCompetences)));
  const rows = [...groupBy(all, findFirst).values()].map((competences) => ({
    competences,
    having: chosen.filter((role) => competences.some((competence) => competence in roles[role].keyCompetences)),
  }));
  rows.sort((one, other) => compare(one.competences.length, other.competences.length));
  const groups = [...groupBy(rows, ({ having }) => having.join()).values()].map((found) => ({ having: found[0].having, rows: found }));
  /** @param {{ having: string[] }} group */
  const rank = ({ having }) => having.map((role) => chosen.indexOf(role)).join("");
  return groups.sort((one, other) => compare(other.having.length, one.having.length) || compare(rank(one), rank(other)));
};
