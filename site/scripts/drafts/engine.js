// The engine, which is large, as the text of the worker it runs in. Loaded when a page with drafts is opened.
import worker from "worker:drafts/check-worker.js";

(globalThis.balansekunst ??= {}).draftEngine = worker;
