// The cases that both implementations are held to: `tests/site/test_both_languages.py` holds the package to the same.
import { readFileSync } from "node:fs";

/**
 * The cases of a file in `tests/cases/`.
 * @param {string} name
 */
export const readCases = (name) => JSON.parse(readFileSync(new URL(`../cases/${name}.json`, import.meta.url), "utf8"));
