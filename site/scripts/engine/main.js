// The engine, which is large, as the text of the worker that it runs in. Loaded when it is first needed.
/** @import { PageData } from "../types.d.ts" */
import worker from "worker:engine/worker.js";

globalThis.balansekunst ??= /** @type {PageData} */ ({});
globalThis.balansekunst.engine = worker;
