// Answers queries, applies the rules and reads files in a thread of its own, so that it can be stopped and the page stays alive. Nothing
// leaves it but answers to the page.
/** @import { EngineData, EngineMessage } from "../types.d.ts" */
import init, * as oxigraph from "oxigraph/web.js";
import code from "oxigraph/web_bg.wasm";
import { Graph } from "./graph.js";

/** @type {Graph} */
let graph;

/** @param {EngineMessage} message */
const answer = (message) => {
  if (message.ask === "query") return graph.answerQuery(message);
  if (message.ask === "question") return graph.answerQuestion(message);
  return message.ask === "check" ? graph.check(message) : graph.readFile(message);
};

/**
 * What is no error of JavaScript's own comes of the engine's code, and that may not be used any more.
 * @param {unknown} error
 */
const isFatal = (error) => error instanceof WebAssembly.RuntimeError || error instanceof RangeError;

/** @param {MessageEvent<{ start: EngineData } | ({ id: number } & EngineMessage)>} event */
self.onmessage = async ({ data: message }) => {
  const id = "id" in message ? message.id : undefined;
  try {
    if ("start" in message) {
      await init({ module_or_path: /** @type {Uint8Array} */ (/** @type {unknown} */ (code)) });
      graph = new Graph(oxigraph, message.start);
      self.postMessage({});
    } else self.postMessage({ id, answer: answer(message) });
  } catch (error) {
    self.postMessage({ id, error: error instanceof Error ? error.message : String(error), isFatal: isFatal(error) });
  }
};
