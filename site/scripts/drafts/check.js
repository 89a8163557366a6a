// What pages with drafts ask the engine: to apply the rules, to read files, and to answer the catalogue's questions.
/** @import { Finding, ReadFile, Row, Statement } from "../types.d.ts" */
import { language } from "../common.js";
import { askEngine } from "../engine/client.js";

/** Milliseconds without writing before a draft is checked. */
const PAUSE = 400;

/**
 * The statements of a file, in its order, or what is wrong with it.
 * @param {File} file
 * @param {string} base
 * @returns {Promise<ReadFile>}
 */
export const readFile = async (file, base) =>
  askEngine({ ask: "read", content: new Uint8Array(await file.arrayBuffer()), name: file.name, base });

/**
 * What a query gives on all that is published, with what follows from it, and a draft's statements beside it.
 * @param {string} query
 * @param {Statement[]} statements
 * @returns {Promise<Row[]>}
 */
export const askRows = (query, statements) => askEngine({ ask: "question", query, statements });

/**
 * The graph that a query constructs of the same, as JSON-LD.
 * @param {string} query
 * @param {Statement[]} statements
 * @returns {Promise<string>}
 */
export const askGraph = (query, statements) => askEngine({ ask: "question", query, statements });

/**
 * What checks a draft when the person has stopped writing, and reports only on what was written last.
 * @param {() => Statement[]} statements gives what to check now.
 * @param {(findings: Finding[], error: unknown) => void} report is given the findings, or an error where the engine failed.
 * @returns what to call when something was written.
 */
export const createChecker = (statements, report) => {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  let turn = 0;
  return (wait = PAUSE) => {
    clearTimeout(timer);
    const own = ++turn;
    timer = setTimeout(async () => {
      try {
        /** @type {Finding[]} */
        const findings = await askEngine({ ask: "check", statements: statements(), language });
        if (own === turn) report(findings, null);
      } catch (error) {
        if (own === turn) report([], error);
      }
    }, wait);
  };
};
