// Reads files and applies the rules in a thread of its own, so that the page stays alive. Nothing leaves it but answers to the page.
import init, * as oxigraph from "oxigraph/web.js";
import code from "oxigraph/web_bg.wasm";
import { plain } from "./rdf.js";
import { factory, ownQuad, Rules } from "./shacl.js";

const TURTLE = "text/turtle";
const TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type";

let rules;
let published;
/** All that is published with what follows from it, which questions are asked of. */
let whole;
let context;
let method;

/** What makes an engine's terms of plain ones: `made` has `namedNode`, `blankNode` and `literal`. */
const termOf = (made) => ({ type, value, language, datatype }) => {
  if (type === "iri") return made.namedNode(value);
  if (type === "blank") return made.blankNode(value);
  return made.literal(value, language || (datatype ? made.namedNode(datatype) : undefined));
};

const started = async (given) => {
  await init({ module_or_path: code });
  ({ context, base: method } = given);
  published = new oxigraph.Store();
  published.load(given.data, { format: TURTLE, base_iri: method, no_transaction: true });
  rules = new Rules(oxigraph, given);
};

/** What the published data says of the things that a draft names, and of what those name in turn; not of what the draft describes anew. */
const standsOn = (draft) => {
  const described = new Set(draft.filter(({ predicate }) => predicate.value === TYPE).map(({ subject }) => subject.value));
  const anew = (iri) => described.has(iri) || [...described].some((thing) => iri.startsWith(`${thing}/`));
  const reached = new Set(draft.flatMap(({ subject, object }) => [subject, object]).filter(({ termType }) => termType === "NamedNode").map(({ value }) => value));
  reached.delete(`${method}competence`);
  const found = [];
  for (const iri of reached) {
    if (anew(iri)) continue;
    for (const quad of published.match(oxigraph.namedNode(iri), null, null, null)) {
      const statement = ownQuad(quad);
      found.push(statement);
      if (statement.object.termType === "NamedNode" && statement.object.value !== `${method}competence`) reached.add(statement.object.value);
    }
  }
  // The scheme itself, which every competence points to.
  for (const quad of published.match(oxigraph.namedNode(`${method}competence`), null, null, null)) found.push(ownQuad(quad));
  return found;
};

const checked = ({ statements, language }) => {
  const draft = statements.map((statement) => factory.quad(...statement.map(termOf(factory))));
  return rules.findings(draft, standsOn(draft), language);
};

/** Read a file. Its context may not be fetched: where it is ours, it is at hand. */
const read = ({ content, format, base }) => {
  let text = content;
  if (format === "application/ld+json") {
    const file = JSON.parse(content);
    const ours = (value) => (typeof value === "string" && value.endsWith("context.jsonld") ? JSON.parse(context)["@context"] : Array.isArray(value) ? value.map(ours) : value);
    if (file["@context"]) file["@context"] = ours(file["@context"]);
    text = JSON.stringify(file);
  }
  return oxigraph.parse(text, { format, base_iri: base ?? method }).map(ownQuad).map(({ subject, predicate, object }) => [subject, predicate, object].map(plain));
};

/** Answer a query on the dump and the draft beside it: rows as SPARQL's results in JSON, or a graph as JSON-LD. */
const question = ({ dump, query, statements }) => {
  if (dump) {
    whole = new oxigraph.Store();
    for (const content of dump) whole.load(content, { format: TURTLE, base_iri: method, no_transaction: true, lenient: true });
  }
  const draft = oxigraph.namedNode("urn:draft");
  for (const quad of whole.match(null, null, null, draft)) whole.delete(quad);
  for (const statement of statements) whole.add(oxigraph.quad(...statement.map(termOf(oxigraph)), draft));
  if (!/^\s*CONSTRUCT\b/m.test(query)) return JSON.parse(whole.query(query, { use_default_graph_as_union: true, results_format: "json" })).results.bindings;
  return new oxigraph.Store(whole.query(query, { use_default_graph_as_union: true })).dump({ format: "application/ld+json", from_graph_name: oxigraph.defaultGraph() });
};

const answers = { check: checked, read, question };

self.onmessage = async ({ data }) => {
  try {
    if (data.start) {
      await started(data.start);
      self.postMessage({ ready: true });
    } else self.postMessage({ id: data.id, answer: answers[data.ask](data) });
  } catch (error) {
    self.postMessage({ id: data.id, error: String(error?.message ?? error) });
  }
};
