// The query page: the catalogue's questions or one's own, asked of the published data in a worker of the browser. Nothing is sent anywhere.
/** @import { QueryAnswer } from "./types.d.ts" */
import { data, element, formatMessage, language, load, part, reasonOf } from "./common.js";
import { askEngine, EngineError, isStarted, startEngine, stopEngine } from "./engine/client.js";
import { chooseQuestion, chosenQuery, chosenQuestion, fragmentOf, readFragment, watchCatalogue } from "./sparql/catalogue.js";
import { createEditor } from "./sparql/editor.js";
import { findRefusal, formOf } from "./sparql/query.js";
import { MAX_ROWS, showAnswer, summarize } from "./sparql/results.js";

/** @type {Record<string, string>} */
const REFUSAL_KEYS = { update: "scripts.sparql.refused.update", service: "scripts.sparql.refused.service" };

const bench = part("workbench", "div");
const run = part("run", "button");
const stop = part("stop", "button");
const share = part("share", "a");
const state = part("state", "p");
const fault = part("fault", "div");
const results = part("results", "div");

/** @type {ReturnType<typeof createEditor>} */
let editor;
/** The number of the query that runs, or of the last one. */
let turn = 0;
let isBusy = false;

/** @param {boolean} busy */
const setBusy = (busy) => {
  isBusy = busy;
  run.disabled = busy;
  stop.disabled = !busy;
  bench.ariaBusy = String(busy);
};

/** @type {(message: string, reason?: string) => void} */
const showFault = (message, reason) => {
  state.textContent = "";
  results.replaceChildren();
  fault.replaceChildren(element("p", {}, message), reason ? element("p", { lang: "en" }, reason) : "");
};

/**
 * Show why a query was not answered, and where in it the mistake is.
 * @param {unknown} error
 */
const explain = (error) => {
  const message = reasonOf(error);
  if (error instanceof EngineError && error.isFatal) {
    showFault(formatMessage("scripts.sparql.too-much"), message);
    return;
  }
  const place = /error at (\d+):(\d+): ([^\n]*)/.exec(message);
  if (!place) {
    showFault(formatMessage("scripts.sparql.failed"), message.split("\n")[0]);
    return;
  }
  const [line, column] = [Number(place[1]), Number(place[2])];
  const at = editor.place(line, column);
  const where = formatMessage("scripts.sparql.syntax", { line, column });
  editor.mark(at, at + 1, `${where} ${place[3]}`);
  showFault(where, place[3]);
};

/**
 * Whether the query asks for what this page does not do; then that is shown.
 * @param {string} query
 */
const refuse = (query) => {
  const refused = findRefusal(query);
  if (!refused) return false;
  const message = formatMessage(REFUSAL_KEYS[refused.reason], editor.position(refused.from));
  editor.mark(refused.from, refused.to, message);
  showFault(message);
  return true;
};

const ask = async () => {
  if (isBusy) return;
  const query = editor.value;
  editor.clear();
  fault.replaceChildren();
  if (refuse(query)) return;
  history.replaceState(null, "", share.getAttribute("href"));
  const own = ++turn;
  setBusy(true);
  results.replaceChildren();
  try {
    if (!isStarted()) state.textContent = formatMessage("scripts.sparql.loading");
    await startEngine();
  } catch (error) {
    if (own !== turn) return;
    setBusy(false);
    showFault(formatMessage("scripts.sparql.not-loaded", { why: reasonOf(error) }));
    return;
  }
  if (own !== turn) return;
  state.textContent = formatMessage("scripts.sparql.running");
  const form = formOf(query);
  try {
    /** @type {QueryAnswer} */
    const answer = await askEngine({ ask: "query", query, form, language, shown: MAX_ROWS });
    if (own !== turn) return;
    setBusy(false);
    state.textContent = summarize(answer);
    results.replaceChildren(...showAnswer(answer, form, chosenQuestion()));
  } catch (error) {
    if (own !== turn) return;
    setBusy(false);
    explain(error);
  }
};

const halt = () => {
  turn++;
  stopEngine();
  setBusy(false);
  state.textContent = formatMessage("scripts.sparql.stopped");
  run.focus();
  // Whoever stops a query asks another.
  startEngine().catch(() => null);
};

/** Put the query of the chosen question in the editor. */
const writeChosen = () => {
  const query = chosenQuery();
  if (query !== null) editor.value = query;
};

/** @type {(id: string, values?: Record<string, string>) => void} */
const choose = (id, values) => {
  chooseQuestion(id, values);
  writeChosen();
};

const takeChange = () => {
  // A query that is changed by hand is no longer the catalogue's.
  if (chosenQuestion() && editor.value !== chosenQuery()) chooseQuestion("");
  share.setAttribute("href", fragmentOf(editor.value));
};

/** Take up what the address asks for. */
const open = () => {
  const wanted = readFragment();
  if (!wanted) return false;
  choose(wanted.question ?? "", wanted.values);
  if (wanted.query !== undefined) editor.value = wanted.query;
  return true;
};

const start = async () => {
  try {
    await Promise.all([load(`texts.${language}.js`), load(`sparql-data.${language}.js`)]);
  } catch {
    fault.textContent = bench.dataset.failed ?? "";
    return;
  }
  bench.hidden = false;
  editor = createEditor(part("editor", "div"), { run: ask, changed: takeChange });
  watchCatalogue(choose, writeChosen);
  run.addEventListener("click", ask);
  stop.addEventListener("click", halt);
  globalThis.addEventListener("hashchange", () => {
    if (location.hash !== share.getAttribute("href") && open()) bench.scrollIntoView();
  });
  setBusy(false);
  if (!open()) choose(Object.keys(data().sparql.questions)[0]);
};

start();
