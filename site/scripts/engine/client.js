// The page's side of the engine: a worker that answers queries, applies the rules and reads files. It is started when it is first needed.
/** @import { EngineMessage } from "../types.d.ts" */
import { data, load } from "../common.js";

/** Why the engine has not answered. */
export class EngineError extends Error {
  /**
   * @param {string} message
   * @param {boolean} [isFatal] whether it ran out of memory or failed in its own code: it is started anew for what is asked next.
   */
  constructor(message, isFatal = false) {
    super(message);
    this.isFatal = isFatal;
  }
}

/** @typedef {{ id?: number, answer?: unknown, error?: string, isFatal?: boolean }} Reply */

/**
 * The worker, or what will become it.
 * @type {Promise<Worker> | null}
 */
let worker = null;
let asked = 0;
/**
 * What waits for an answer, by its number.
 * @type {Map<number, { done: (answer: any) => void, fail: (error: EngineError) => void }>}
 */
const waiting = new Map();

/** @param {EngineError} error */
const failAll = (error) => {
  for (const { fail } of waiting.values()) fail(error);
  waiting.clear();
};

/** @param {Reply} reply */
const takeReply = ({ id = 0, answer, error, isFatal }) => {
  const question = waiting.get(id);
  waiting.delete(id);
  if (isFatal) stopEngine();
  if (error === undefined) question?.done(answer);
  else question?.fail(new EngineError(error, isFatal));
};

const start = async () => {
  await Promise.all([load("engine.js"), load("engine-data.js")]);
  const address = URL.createObjectURL(new Blob([data().engine], { type: "text/javascript" }));
  const made = new Worker(address);
  /** @type {Promise<void>} */
  const started = new Promise((done, fail) => {
    made.onmessage = ({ data: { error } }) => (error === undefined ? done() : fail(new EngineError(error)));
    made.onerror = ({ message }) => fail(new EngineError(message));
    made.postMessage({ start: data().engineData });
  });
  await started.finally(() => URL.revokeObjectURL(address));
  made.onmessage = ({ data: reply }) => takeReply(reply);
  made.onerror = ({ message }) => {
    failAll(new EngineError(message, true));
    stopEngine();
  };
  return made;
};

/** Start the engine, if it is not started yet. It takes some seconds; what is asked meanwhile waits for it. */
export const startEngine = () => {
  worker ??= start().catch((error) => {
    worker = null;
    throw error;
  });
  return worker;
};

export const isStarted = () => worker !== null;

/** Stop the engine, with all that it works on. What waits for an answer gets none. */
export const stopEngine = () => {
  const stopped = worker;
  worker = null;
  failAll(new EngineError("stopped"));
  stopped?.then(
    (made) => made.terminate(),
    () => {},
  );
};

/**
 * Ask the engine.
 * @param {EngineMessage} message
 * @returns {Promise<any>} what `worker.js` answers.
 * @throws {EngineError}
 */
export const askEngine = async (message) => {
  const made = await startEngine();
  const id = ++asked;
  return new Promise((done, fail) => {
    waiting.set(id, { done, fail });
    made.postMessage({ ...message, id });
  });
};
