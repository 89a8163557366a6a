// The numbers of what a standard lists, as `workbook/list_order.py` does it: the order of the rows tells them.

/**
 * What stands in lists.
 * @typedef {object} ListMember
 * @property {string[]} lists keys that tell its lists apart.
 * @property {number | null} number where it has one already.
 * @property {boolean} [isAlwaysNumbered] whether it has a number in a list of one too.
 */

/**
 * The number that each member has by its place: the one after the largest before it in its lists; none in a list of one.
 * @param {ListMember[]} members
 */
export const suggestNumbers = (members) => {
  /** @type {Map<string, number>} */
  const sizes = new Map();
  for (const { lists } of members) for (const key of lists) sizes.set(key, (sizes.get(key) ?? 0) + 1);
  /** @type {Map<string, number>} */
  const last = new Map();
  /** @param {string} key */
  const lastOf = (key) => last.get(key) ?? 0;
  return members.map(({ lists, number, isAlwaysNumbered = false }) => {
    const following = 1 + Math.max(0, ...lists.map(lastOf));
    for (const key of lists) last.set(key, Math.max(lastOf(key), number ?? following));
    return isAlwaysNumbered || lists.some((key) => (sizes.get(key) ?? 0) > 1) ? following : null;
  });
};
