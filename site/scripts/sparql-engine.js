// The engine, which is large, as the text of the worker it runs in. Loaded when the first query is asked.
import worker from "worker:sparql-worker.js";

(globalThis.balansekunst ??= {}).engine = worker;
