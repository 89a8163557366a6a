// Lists and maps.

/**
 * What a map holds for a key; where that is nothing, what is made is put there first.
 * @template Key, Value
 * @param {Map<Key, Value>} map
 * @param {Key} key
 * @param {() => Value} make
 * @returns {Value}
 */
export const getOrAdd = (map, key, make) => {
  const found = map.get(key);
  if (found !== undefined) return found;
  const made = make();
  map.set(key, made);
  return made;
};

/**
 * The values by key, those of the same key in their order.
 * @template Key, Value
 * @param {Iterable<Value>} values
 * @param {(value: Value) => Key} keyOf
 * @returns {Map<Key, Value[]>}
 */
export const groupBy = (values, keyOf) => {
  /** @type {Map<Key, Value[]>} */
  const found = new Map();
  for (const value of values) getOrAdd(found, keyOf(value), () => []).push(value);
  return found;
};

/**
 * Each value once, where it comes first.
 * @template Value
 * @param {Iterable<Value>} values
 * @param {(value: Value) => unknown} [keyOf] what is the same for values that are the same.
 * @returns {Value[]}
 */
export const distinct = (values, keyOf = (value) => value) => {
  const found = new Map();
  for (const value of values) if (!found.has(keyOf(value))) found.set(keyOf(value), value);
  return [...found.values()];
};

/**
 * The order of two values, for sorting.
 * @template {string | number} Value
 * @param {Value} one
 * @param {Value} two
 */
export const compare = (one, two) => Number(one > two) - Number(one < two);

/**
 * Whether a value is none of nothing, for filters.
 * @template Value
 * @param {Value | null | undefined} value
 * @returns {value is Value}
 */
export const isPresent = (value) => value !== null && value !== undefined;
