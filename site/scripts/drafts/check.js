// The worker that reads files and applies the rules, as pages ask it.
import { data, language, load } from "../common.js";

const WAIT = 400;

let worker = null;
let asked = 0;
const waiting = new Map();

const started = async () => {
  await Promise.all([load("draft-engine.js"), load("draft-graph.js")]);
  const address = URL.createObjectURL(new Blob([data().draftEngine], { type: "text/javascript" }));
  const made = new Worker(address);
  await new Promise((done, failed) => {
    made.onmessage = ({ data: message }) => (message.ready ? done() : failed(new Error(message.error)));
    made.onerror = ({ message }) => failed(new Error(message));
    made.postMessage({ start: data().draftGraph });
  }).finally(() => URL.revokeObjectURL(address));
  made.onmessage = ({ data: { id, answer, error } }) => {
    const { done, failed } = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) done(answer);
    else failed(new Error(error));
  };
  return made;
};

/** Load the engine, if it is not there yet. It takes some seconds; what is asked meanwhile waits for it. */
export const begin = () => {
  worker ??= started().catch((error) => {
    worker = null;
    throw error;
  });
  return worker;
};

const ask = async (message) => {
  const made = await begin();
  const id = ++asked;
  return new Promise((done, failed) => {
    waiting.set(id, { done, failed });
    made.postMessage({ ...message, id });
  });
};

/**
 * The findings of the rules on a draft's statements, in the page's language: each `{rule, severity, component, focus, value,
 * properties, message, name, why, mend}`. `severity` is `violation`, `warning` or `info`; `focus` an address; `properties` those that it may concern.
 */
export const check = (statements) => ask({ ask: "check", statements, language });

/** The statements of a file, in its order. `format` is a media type. @throws Error where it cannot be read, in the parser's words. */
export const readFile = (content, format, base) => ask({ ask: "read", content, format, base });

const holding = new WeakSet();
/** What a query gives on all that is published, with what follows from it, and a draft's statements beside it: rows, or JSON-LD of a graph. */
export const question = async (query, statements) => {
  const [made] = await Promise.all([begin(), load("dump.js")]);
  const dump = holding.has(made) ? null : data().dump;
  holding.add(made);
  return ask({ ask: "question", query, statements, dump });
};

/**
 * A check that waits until one has stopped writing, and tells only of what was written last.
 * @param statements gives what to check now.
 * @param told is given the findings, or an error where the engine failed.
 * @returns what to call when something was written.
 */
export const checker = (statements, told) => {
  let timer;
  let turn = 0;
  return (wait = WAIT) => {
    clearTimeout(timer);
    const mine = ++turn;
    timer = setTimeout(async () => {
      try {
        const found = await check(statements());
        if (mine === turn) told(found, null);
      } catch (error) {
        if (mine === turn) told([], error);
      }
    }, wait);
  };
};
