// The query page: the catalogue's questions or one's own, asked of the published data in a worker of the browser. Nothing is sent anywhere.
import { data, element, language, load, number, pageOf, text } from "./common.js";
import { createEditor } from "./editor.js";
import { bound, csv, formOf, refusal } from "./query.js";

const SHOWN = 500;
const part = (id) => document.getElementById(id);
const [bench, question, parameters, run, stop, share, state, fault, results] = ["workbench", "question", "parameters", "run", "stop", "share", "state", "fault", "results"].map(part);

let editor;
let settled = null;

// The engine

let worker = null;
let pending = null;
let turns = 0;

const started = async () => {
  await Promise.all([load("sparql-engine.js"), load("dump.js")]);
  const address = URL.createObjectURL(new Blob([data().engine], { type: "text/javascript" }));
  const made = new Worker(address);
  await new Promise((done, failed) => {
    made.onmessage = (event) => (event.data.ready ? done() : failed(new Error(event.data.error)));
    made.onerror = (event) => failed(new Error(event.message));
    made.postMessage({ dump: data().dump });
  }).finally(() => URL.revokeObjectURL(address));
  made.onmessage = ({ data: message }) => pending?.(message);
  made.onerror = (event) => pending?.({ error: event.message, dead: true });
  return made;
};

/** The worker, made when it is first needed; it is thrown away when it is stopped. */
const engine = () => {
  worker ??= started().catch((error) => {
    worker = null;
    throw error;
  });
  return worker;
};

const ended = () => {
  const running = worker;
  worker = null;
  pending = null;
  running?.then((made) => made.terminate()).catch(() => null);
};

// What is shown

const wait = (busy) => {
  run.disabled = busy;
  stop.disabled = !busy;
  bench.setAttribute("aria-busy", busy);
};

const failed = (message, reason) => {
  state.textContent = "";
  results.replaceChildren();
  fault.replaceChildren(element("p", {}, message), reason ? element("p", { lang: "en" }, reason) : "");
};

const named = (iri, known) => {
  const { base, terms, prefixes } = data().sparql;
  const prefix = Object.keys(prefixes).find((name) => iri.startsWith(prefixes[name]));
  const short = prefix ? `${prefix}:${iri.slice(prefixes[prefix].length)}` : iri;
  const own = prefixes.bk && iri.startsWith(prefixes.bk);
  const [label, tag] = known[iri]?.length ? known[iri] : [terms.find(([name]) => name === short)?.[2] ?? (iri.startsWith(base) ? iri.slice(base.length) : short)];
  const page = own ? pageOf(`ns#${iri.slice(prefixes.bk.length)}`) : iri in known && iri.startsWith(base) ? pageOf(iri.slice(base.length)) : iri;
  return element("a", { href: page, title: iri, lang: tag && tag !== language && tag }, label);
};

const shownTerm = (term, known, codes) => {
  if (!term) return "";
  if (term.type === "uri") return /^https?:/.test(term.value) ? named(term.value, known) : term.value;
  if (term.type === "bnode") return `_:${term.value}`;
  if (codes && term.value in codes) return codes[term.value];
  if (/#(double|float|decimal)$/.test(term.datatype ?? "") && Number.isFinite(Number(term.value))) return number(Number(term.value), 4);
  const tag = term["xml:lang"];
  return element("span", { lang: tag && tag !== language && tag, class: "value" }, term.value, ...(settled || !tag ? [] : [" ", element("span", { class: "soft" }, `@${tag}`)]));
};

/** The columns to show: those of the catalogue's question, in one language, or every variable. */
const columnsOf = (vars) => {
  const listed = settled ? Object.entries(settled.columns) : [];
  if (!listed.length) return vars.map((name) => ({ heading: name, from: [name] }));
  return listed.map(([name, [heading, ...inLanguages]]) => {
    const from = inLanguages.filter((variable) => vars.includes(variable));
    return { heading, from: from.length ? from : [name], codes: settled.codes[name], link: vars.includes(name) && from.length ? name : null };
  });
};

const cellOf = (row, { from, codes, link }, known) => {
  const term = row[from.find((name) => row[name])];
  const shown = shownTerm(term, known, codes);
  if (!link || !row[link] || row[link].type !== "uri" || !term) return element("td", {}, shown);
  const anchor = named(row[link].value, known);
  anchor.replaceChildren(shown);
  return element("td", {}, anchor);
};

const tableOf = ({ results: { head, results: found }, known }) => {
  const columns = columnsOf(head.vars);
  const rows = found.bindings.slice(0, SHOWN).map((row) => element("tr", {}, ...columns.map((column) => cellOf(row, column, known))));
  const caption = found.bindings.length > SHOWN ? text("sparql.first", { shown: number(SHOWN), number: number(found.bindings.length) }) : text("sparql.rows", { number: number(found.bindings.length) });
  const head_ = element("thead", {}, element("tr", {}, ...columns.map(({ heading }) => element("th", { scope: "col" }, heading))));
  const table = element("table", {}, element("caption", {}, caption), head_, element("tbody", {}, ...rows));
  return element("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": text("sparql.answer") }, table);
};

let addresses = [];
const download = (label, name, type, content) => {
  const address = URL.createObjectURL(new Blob([content], { type }));
  addresses.push(address);
  return element("li", {}, element("a", { href: address, download: name, class: "button" }, label));
};

const show = (answer, form) => {
  addresses.forEach(URL.revokeObjectURL);
  addresses = [];
  const { took } = answer;
  const seconds = number(took / 1000, 2);
  const heading = element("h2", {}, text("sparql.answer"));
  const written = settled ? settled.id : "balansekunst";
  const downloads = [
    ...(form === "graph" ? [download(text("sparql.turtle"), `${written}.ttl`, "text/turtle", answer.turtle)] : []),
    download(text("sparql.csv"), `${written}.csv`, "text/csv", csv(answer.results)),
    ...(form === "graph" ? [] : [download(text("sparql.json"), `${written}.srj`, "application/sparql-results+json", JSON.stringify(answer.results, null, 1))]),
  ];
  const rows = answer.results.results?.bindings;
  state.textContent = rows ? text("sparql.done", { number: number(rows.length), seconds }) : text(answer.results.boolean ? "sparql.yes" : "sparql.no", { seconds });
  const body = rows ? (rows.length ? tableOf(answer) : element("p", {}, text("sparql.empty"))) : element("p", { class: "lead" }, text(answer.results.boolean ? "sparql.true" : "sparql.false"));
  results.replaceChildren(heading, element("ul", { class: "tags" }, ...downloads), body);
};

// Asking

const explain = (message) => {
  const place = /error at (\d+):(\d+): ([^\n]*)/.exec(message);
  if (!place) return failed(text("sparql.failed"), message.split("\n")[0]);
  const [line, column] = [Number(place[1]), Number(place[2])];
  const at = editor.place(line, column);
  const said = text("sparql.syntax", { line, column });
  editor.mark(at, at + 1, `${said} ${place[3]}`);
  failed(said, place[3]);
};

const ask = async () => {
  if (pending) return;
  const query = editor.value;
  editor.clear();
  fault.replaceChildren();
  const refused = refusal(query);
  if (refused) {
    const message = text(`sparql.refused.${refused.why}`, editor.position(refused.from));
    editor.mark(refused.from, refused.to, message);
    failed(message);
    return;
  }
  history.replaceState(null, "", share.getAttribute("href"));
  const turn = ++turns;
  pending = () => null;
  wait(true);
  results.replaceChildren();
  state.textContent = text(worker ? "sparql.running" : "sparql.loading");
  const form = formOf(query);
  let message;
  try {
    const made = await engine();
    if (turn !== turns) return;
    state.textContent = text("sparql.running");
    message = await new Promise((done) => {
      pending = done;
      made.postMessage({ id: turn, query, form, language, shown: SHOWN });
    });
  } catch (error) {
    if (turn !== turns) return;
    message = { error: text("sparql.not-loaded", { why: error.message }) };
  }
  if (turn !== turns) return;
  pending = null;
  wait(false);
  if (message.dead) {
    ended();
    failed(text("sparql.too-much"), message.error);
  } else if (message.error !== undefined) explain(message.error);
  else show(message.answer, form);
};

const halt = () => {
  turns++;
  ended();
  wait(false);
  state.textContent = text("sparql.stopped");
  run.focus();
  engine().catch(() => null);
};

// The catalogue

const chosenValues = () => Object.fromEntries([...parameters.querySelectorAll("select")].map((select) => [select.name, select.value]));

const address = () => {
  const { base } = data().sparql;
  const own = new URLSearchParams(
    settled
      ? [["question", settled.id], ...Object.entries(chosenValues()).map(([name, iri]) => [name, iri.slice(base.length)])]
      : [["query", editor.value]],
  );
  return `#${own.toString().replaceAll("%2F", "/")}`;
};

const written = () => bound(settled.text, chosenValues());

/** Choose a question of the catalogue, or none. */
const choose = (id, values = {}) => {
  const { questions, base } = data().sparql;
  settled = questions[id] ? { id, ...questions[id] } : null;
  question.value = settled ? id : "";
  parameters.replaceChildren(
    ...(settled?.parameters ?? []).map(({ name, label, default: usual, values: all }) => {
      const select = element(
        "select",
        { name, id: `parameter-${name}` },
        element("option", { value: "" }, text("sparql.any")),
        ...all.map(([iri, title]) => element("option", { value: iri }, title)),
      );
      select.value = name in values ? (values[name] ? base + values[name] : "") : usual;
      return element("p", {}, element("label", { for: `parameter-${name}` }, label), " ", select);
    }),
  );
  part("meaning").replaceChildren(...(settled ? [element("p", {}, settled.means), element("p", {}, `${text("sparql.not")} ${settled.not}`)] : []));
  if (settled) editor.value = written();
};

const changed = () => {
  // A query that is changed by hand is no longer the catalogue's.
  if (settled && editor.value !== written()) {
    settled = null;
    question.value = "";
    parameters.replaceChildren();
    part("meaning").replaceChildren();
  }
  share.setAttribute("href", address());
};

/** Take up what the address asks for. */
const open = () => {
  const { query, question: id, ...values } = Object.fromEntries(new URLSearchParams(location.hash.slice(1)));
  if (query !== undefined) {
    choose("");
    editor.value = query;
  } else if (id && data().sparql.questions[id]) choose(id, values);
  else return false;
  return true;
};

const start = async () => {
  try {
    await Promise.all([load(`texts.${language}.js`), load(`sparql-data.${language}.js`)]);
  } catch {
    fault.textContent = bench.dataset.failed;
    return;
  }
  bench.hidden = false;
  editor = createEditor(part("editor"), { run: ask, changed });
  question.addEventListener("change", () => choose(question.value));
  parameters.addEventListener("change", () => {
    editor.value = written();
  });
  run.addEventListener("click", ask);
  stop.addEventListener("click", halt);
  globalThis.addEventListener("hashchange", () => {
    if (location.hash !== share.getAttribute("href") && open()) bench.scrollIntoView();
  });
  wait(false);
  if (!open()) choose(Object.keys(data().sparql.questions)[0]);
};

start();
