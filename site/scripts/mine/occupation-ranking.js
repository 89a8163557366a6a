// Which occupations of ESCO are near what somebody can, as `balansekunst mobility --into esco --no-field` finds them. How much counts for
// what stands in the index; the measure is that of `docs/occupation-mobility.md`.
/** @import { OccupationData } from "../types.d.ts" */
import { compare, distinct, getOrAdd, groupBy } from "../collections.js";

/** @typedef {{ subject: string, skill: number, amount: number }} Mapping What a competence or outcome has of a skill, by the skill's number. */
/**
 * @typedef {object} NearOccupation
 * @property {number} at its number in the index.
 * @property {string} isco
 * @property {number} score from 0 to 1.
 * @property {number} place among all.
 * @property {[low: number, high: number]} range of its places when some mappings are left out.
 * @property {number | undefined} band among how many nearest it is, also then; nothing where it is further away.
 * @property {[competence: string, share: number][]} shares what each competence adds of the score, most first.
 * @property {number} used how many competences are mapped to a skill that it asks for itself.
 * @property {number[]} notNamed the numbers of its essential skills that nothing is mapped to, those that most occupations ask for first.
 * @property {number[]} others the numbers of the others of its unit group, nearest first.
 */

/**
 * Running sums: the index has numbers as what is added to the one before.
 * @param {number[]} steps
 */
const addUp = (steps) => {
  let at = 0;
  return steps.map((step) => {
    at += step;
    return at;
  });
};

/** The CRC-32 of a text, as zlib computes it. @param {string} text */
const computeCrc32 = (text) => {
  let crc = -1;
  for (const byte of new TextEncoder().encode(text)) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
};

/**
 * Whether a mapping is left out of a sample; `is_left_out` in `role_mappings.py` draws the same.
 * @param {number} sample
 * @param {string} subject
 * @param {string} skill
 * @param {number} oneOf one of so many is left out.
 */
export const isLeftOut = (sample, subject, skill, oneOf) => {
  let mixed = computeCrc32(`${sample} ${subject} ${skill}`);
  for (const [shift, factor] of [
    [16, 0x85ebca6b],
    [13, 0xc2b2ae35],
    [16, 1],
  ]) {
    mixed = Math.imul(mixed ^ (mixed >>> shift), factor) >>> 0;
  }
  return mixed % oneOf === 0;
};

/** The occupations as vectors over the skills and groups at or above those that we are mapped to. */
export class OccupationSpace {
  /** @param {OccupationData} data */
  constructor({ index, settings, subjects }) {
    this.index = index;
    this.settings = settings;
    this.subjects = subjects;
    /** By node the occupations with something of it, and its weight in the vector of each. */
    this.columns = index.amounts.map((pairs, node) => ({
      at: addUp(pairs.filter((_, number) => number % 2 === 0)),
      values: pairs.filter((_, number) => number % 2).map((amount) => index.nodes[node] * Math.log1p(amount / index.unit)),
    }));
  }

  /**
   * What is held of each node, by its number: the vector, and what each skill gives the node.
   * @param {Map<number, Mapping[]>} held the mappings to each skill, what counts most first.
   */
  weigh(held) {
    const { above, nodes, weights } = this.index;
    /** @type {Map<number, { mapping: Mapping, amount: number }[]>} */
    const given = new Map();
    for (const [skill, [mapping]] of held) {
      const steps = above[skill];
      for (let at = 0; at < steps.length; at += 2) {
        getOrAdd(given, steps[at], () => []).push({ mapping, amount: mapping.amount * weights.step ** steps[at + 1] });
      }
    }
    return [...given]
      .map(([node, parts]) => {
        const sum = parts.reduce((total, { amount }) => total + amount, 0);
        return { node, value: nodes[node] * Math.log1p(sum), parts, sum };
      })
      .sort((one, two) => compare(one.node, two.node));
  }

  /**
   * The cosine of what is held with each occupation, from 0 to 1.
   * @param {Map<number, Mapping[]>} held
   */
  computeScores(held) {
    const scores = new Float64Array(this.index.occupations.length);
    const own = this.weigh(held);
    const length = Math.sqrt(own.reduce((total, { value }) => total + value ** 2, 0));
    for (const { node, value } of own) {
      const { at, values } = this.columns[node];
      for (let number = 0; number < at.length; number++) scores[at[number]] += value * values[number];
    }
    return scores.map((dot, at) => dot / (length * this.index.lengths[at] || 1));
  }

  /**
   * What competences and outcomes are mapped to, by the number of the skill, what counts most first.
   * @param {Iterable<string>} own their IRIs.
   * @param {(subject: string, skill: number) => boolean} [isWanted]
   */
  findHeldSkills(own, isWanted = () => true) {
    /** @type {Mapping[]} */
    const mappings = [];
    for (const subject of own) {
      for (const [skill, relation] of this.subjects[subject]?.skills ?? []) {
        if (isWanted(subject, skill)) mappings.push({ subject, skill, amount: this.index.weights.match[relation] });
      }
    }
    mappings.sort((one, two) => compare(two.amount, one.amount) || compare(one.subject, two.subject));
    return groupBy(mappings, ({ skill }) => skill);
  }

  /** The range of places of each occupation when some mappings are left out. @param {Iterable<string>} own */
  computeRanges(own) {
    const { one_of: oneOf, quantiles, times } = this.index.resampling;
    /** @type {(sample: number) => (subject: string, skill: number) => boolean} */
    const isKept = (sample) => (subject, skill) =>
      !isLeftOut(sample, subject, this.settings.skillBase + this.index.skills[skill][0], oneOf);
    const drawn = Array.from(
      { length: times },
      (_, sample) => rankAll(this.computeScores(this.findHeldSkills(own, isKept(sample)))).places,
    );
    return this.index.occupations.map((_, at) => {
      const places = drawn.map((of) => of[at]).sort(compare);
      const [low, high] = quantiles.map((share) => places[Math.round(share * (times - 1))]);
      return /** @type {[number, number]} */ ([low, high]);
    });
  }
}

/** The occupations in order, and the place of each. @param {Float64Array} scores */
export const rankAll = (scores) => {
  const order = Array.from(scores, (_, at) => at).sort((one, two) => compare(scores[two], scores[one]) || compare(one, two));
  const places = new Int32Array(order.length);
  order.forEach((at, number) => {
    places[at] = number + 1;
  });
  return { order, places };
};

/**
 * Unit groups in their order, but with no more than some of the same minor group among the first; as `vary_groups` in `isco.py`.
 * @param {string[]} codes
 * @param {OccupationData["settings"]} settings
 */
const varyGroups = (codes, { firstGroups, maxOfMinorGroup }) => {
  /** @type {string[]} */
  const first = [];
  for (const code of codes) {
    const ofMinor = first.filter((one) => one.slice(0, 3) === code.slice(0, 3)).length;
    if (first.length < firstGroups && ofMinor < maxOfMinorGroup) first.push(code);
  }
  return distinct([...first, ...codes]);
};

/**
 * The unit groups to show: the nearest, and of each major group the nearest, so that each filter finds some; as `build_near_occupations`.
 * @param {string[]} codes nearest first.
 * @param {OccupationData["settings"]} settings
 */
const chooseGroups = (codes, settings) => {
  const nearest = varyGroups(codes, settings).slice(0, settings.nearestGroups);
  const ofMajor = [...groupBy(codes, (code) => code[0]).values()].flatMap((of) =>
    varyGroups(of, settings).slice(0, settings.groupsOfEachMajor),
  );
  const order = new Map(codes.map((code, at) => [code, at]));
  const further = ofMajor.filter((code) => !nearest.includes(code));
  return [...nearest, ...further.sort((one, two) => compare(order.get(one) ?? 0, order.get(two) ?? 0))];
};

/** @type {(space: OccupationSpace, held: Map<number, Mapping[]>, at: number, subjects: Map<string, string>) => [string, number][]} */
const sumShares = (space, held, at, subjects) => {
  /** @type {Map<string, number>} */
  const sums = new Map();
  let total = 0;
  for (const { node, value, parts, sum } of space.weigh(held)) {
    const { at: occupations, values } = space.columns[node];
    const product = value * (values[occupations.indexOf(at)] ?? 0);
    total += product;
    if (!product) continue;
    for (const { mapping, amount } of parts) {
      const competence = subjects.get(mapping.subject) || mapping.subject;
      sums.set(competence, (sums.get(competence) ?? 0) + (product * amount) / sum);
    }
  }
  const shares = [...sums].map(([competence, part]) => /** @type {[string, number]} */ ([competence, part / total]));
  return shares.sort((one, two) => compare(two[1], one[1]) || compare(one[0], two[0]));
};

/**
 * The occupations near what somebody can, the nearest of each unit group that is shown.
 * @param {OccupationSpace} space
 * @param {Map<string, string>} subjects the IRIs of competences and outcomes, with the competence that each belongs to; empty for none.
 * @returns {NearOccupation[]}
 */
export const rankOccupations = (space, subjects) => {
  const { index, settings } = space;
  const held = space.findHeldSkills(subjects.keys());
  const scores = space.computeScores(held);
  const { order, places } = rankAll(scores);
  const ranges = space.computeRanges([...subjects.keys()]);
  const groups = groupBy(order, (at) => index.occupations[at][1]);
  return chooseGroups([...groups.keys()], settings).map((isco) => {
    const [at, ...others] = groups.get(isco) ?? [];
    const used = addUp(index.asked[at]).flatMap((skill) => held.get(skill) ?? []);
    return {
      at,
      isco,
      score: scores[at],
      place: places[at],
      range: ranges[at],
      band: settings.bands.find((band) => ranges[at][1] <= band),
      shares: sumShares(space, held, at, subjects),
      used: new Set(used.map(({ subject }) => subjects.get(subject)).filter(Boolean)).size,
      notNamed: addUp(index.essential[at]).filter((skill) => !held.has(skill)),
      others,
    };
  });
};
