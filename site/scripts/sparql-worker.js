// Answers queries on the data it is given, in a thread of its own, so that it can be stopped and the page stays alive.
import init, { defaultGraph, namedNode, Store } from "oxigraph/web.js";
import code from "oxigraph/web_bg.wasm";

const NAMES = ["http://www.w3.org/2004/02/skos/core#prefLabel", "http://www.w3.org/2000/01/rdf-schema#label", "http://purl.org/dc/terms/title", "http://xmlns.com/foaf/0.1/name"];
const TURTLE = "text/turtle";
const TAGS = { nb: ["nb", "no", "", "en"], en: ["en", "", "nb", "no"] };
const GRAPH_COLUMNS = ["subject", "predicate", "object"];

let store;

const started = (dump) =>
  init({ module_or_path: code }).then(() => {
    store = new Store();
    for (const content of dump) store.load(content, { format: TURTLE, no_transaction: true, lenient: true });
    return store.size;
  });

/** A term as in the SPARQL 1.1 Query Results JSON Format. */
const json = (term) => {
  if (term.termType === "NamedNode") return { type: "uri", value: term.value };
  if (term.termType === "BlankNode") return { type: "bnode", value: term.value };
  if (term.language) return { type: "literal", value: term.value, "xml:lang": term.language };
  const datatype = term.datatype.value;
  return { type: "literal", value: term.value, ...(datatype.endsWith("XMLSchema#string") ? {} : { datatype }) };
};

/** What each of the addresses is called, in the language where it can be, and whether anything is told of it. */
const known = (iris, language) => {
  const found = {};
  for (const iri of iris) {
    const node = namedNode(iri);
    if (!store.match(node, null, null, null).length) continue;
    for (const property of NAMES) {
      const rank = ({ object }) => TAGS[language].indexOf(object.language ?? "");
      const names = store.match(node, namedNode(property), null, null).filter(({ object }) => object.termType === "Literal");
      names.sort((a, b) => ((rank(a) + 9) % 9) - ((rank(b) + 9) % 9));
      if (names.length) {
        found[iri] = [names[0].object.value, names[0].object.language];
        break;
      }
    }
    found[iri] ??= [];
  }
  return found;
};

const answered = ({ query, form, language, shown }) => {
  const start = performance.now();
  let answer;
  if (form === "graph") {
    const quads = store.query(query);
    const took = performance.now() - start;
    const bindings = quads
      .map((quad) => [quad.toString(), quad])
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, quad]) => Object.fromEntries(GRAPH_COLUMNS.map((name) => [name, json(quad[name])])));
    answer = { took, turtle: new Store(quads).dump({ format: TURTLE, from_graph_name: defaultGraph() }), results: { head: { vars: GRAPH_COLUMNS }, results: { bindings } } };
  } else {
    const results = JSON.parse(store.query(query, { results_format: "json" }));
    answer = { took: performance.now() - start, results };
  }
  const iris = new Set();
  for (const row of answer.results.results?.bindings.slice(0, shown) ?? []) {
    for (const term of Object.values(row)) if (term.type === "uri") iris.add(term.value);
  }
  return { ...answer, known: known(iris, language) };
};

self.onmessage = async ({ data }) => {
  try {
    if (data.dump) self.postMessage({ ready: await started(data.dump) });
    else self.postMessage({ id: data.id, answer: answered(data) });
  } catch (error) {
    // What is no Error of JavaScript's own comes of the engine's code, and it may not be used after that.
    self.postMessage({ id: data.id, error: String(error?.message ?? error), dead: error instanceof WebAssembly.RuntimeError || error instanceof RangeError });
  }
};
