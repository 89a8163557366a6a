// What is published, as the engine holds it: asked by queries, and what the rules and a draft rest on. Each part is read when it is first
// needed. Without a page: tests run it in Node.js.
/** @import { Quad, Store } from "oxigraph" */
/** @import { EngineData, EngineMessage, Finding, JsonTerm, Language, QueryAnswer, QueryForm, QueryResults, Row, Statement, Term } from "../types.d.ts" */
/** @import { Oxigraph, RdfFactory, RdfQuad, RdfTerm } from "./types.d.ts" */
import { distinct } from "../collections.js";
import { BASE, BK, RDF_TYPE, XSD } from "../drafts/rdf.js";
import { findFindings } from "./findings.js";
import { findLabels } from "./labels.js";
import { askStore } from "./left-to-right.js";
import { readFile } from "./read-file.js";
import { Rules } from "./shacl.js";
import { copyQuad, factory } from "./statements.js";

const TURTLE = "text/turtle";
const JSON_LD = "application/ld+json";
const HAS_TOPIC = `${BK}hasTopic`;
/** @type {("subject" | "predicate" | "object")[]} */
const GRAPH_COLUMNS = ["subject", "predicate", "object"];

/**
 * A plain term as one of RDF/JS.
 * @param {RdfFactory} maker
 * @param {Term} term
 */
const makeTerm = (maker, term) => {
  if (term.type === "iri") return maker.namedNode(term.value);
  if (term.type === "blank") return maker.blankNode(term.value);
  return maker.literal(term.value, term.language || (term.datatype ? maker.namedNode(term.datatype) : undefined));
};

/**
 * A term as in the SPARQL 1.1 Query Results JSON Format.
 * @param {RdfTerm} term
 * @returns {JsonTerm}
 */
const toJson = ({ termType, value, language, datatype }) => {
  if (termType === "NamedNode") return { type: "uri", value };
  if (termType === "BlankNode") return { type: "bnode", value };
  if (language) return { type: "literal", value, "xml:lang": language };
  return !datatype || datatype.value === `${XSD}string` ? { type: "literal", value } : { type: "literal", value, datatype: datatype.value };
};

/**
 * The statements of a graph as rows, sorted.
 * @param {Quad[]} quads
 * @returns {Row[]}
 */
const toRows = (quads) => {
  const sorted = quads.map((quad) => ({ quad, text: quad.toString() })).sort((one, two) => (one.text < two.text ? -1 : 1));
  return sorted.map(({ quad }) => Object.fromEntries(GRAPH_COLUMNS.map((name) => [name, toJson(/** @type {RdfTerm} */ (quad[name]))])));
};

/** @template {EngineMessage["ask"]} Ask @typedef {Omit<Extract<EngineMessage, { ask: Ask }>, "ask">} Message */

export class Graph {
  /**
   * @param {Oxigraph} oxigraph the engine.
   * @param {EngineData} given
   */
  constructor(oxigraph, given) {
    this.oxigraph = oxigraph;
    this.given = given;
    /** @type {Store | null} */
    this.wholeStore = null;
    /** @type {Store | null} */
    this.assertedStore = null;
    /** @type {Rules | null} */
    this.readRules = null;
  }

  /** @param {("asserted" | "inferred" | "vocabulary")[]} names */
  readStore(...names) {
    const store = new this.oxigraph.Store();
    const options = { format: TURTLE, base_iri: this.given.base, no_transaction: true, lenient: true };
    for (const name of names) store.load(this.given[name], options);
    return store;
  }

  /** All that is published, with what follows from it. */
  get whole() {
    this.wholeStore ??= this.readStore("asserted", "inferred", "vocabulary");
    return this.wholeStore;
  }

  /** What was entered. */
  get asserted() {
    this.assertedStore ??= this.readStore("asserted");
    return this.assertedStore;
  }

  get rules() {
    this.readRules ??= new Rules(this.oxigraph, this.given);
    return this.readRules;
  }

  /**
   * Answer a query. The things in the first rows, which are `shown`, are called by their names in a language.
   * @param {Message<"query">} message
   * @returns {QueryAnswer}
   */
  answerQuery({ query, form, language, shown }) {
    const store = this.whole;
    const start = performance.now();
    const found = askStore(store, query, form === "graph" ? {} : { results_format: "json" });
    const took = performance.now() - start;
    const { results, turtle } = form === "graph" ? this.toResults(/** @type {Quad[]} */ (found)) : { results: JSON.parse(String(found)) };
    const rows = /** @type {QueryResults} */ (results).results?.bindings.slice(0, shown) ?? [];
    const iris = rows.flatMap((row) => Object.values(row)).flatMap((term) => (term?.type === "uri" ? term.value : []));
    return { results, turtle, took, known: findLabels(this.oxigraph, store, new Set(iris), language) };
  }

  /**
   * A graph as rows and in Turtle.
   * @param {Quad[]} quads
   */
  toResults(quads) {
    const { defaultGraph, Store: NewStore } = this.oxigraph;
    const turtle = new NewStore(quads).dump({ format: TURTLE, from_graph_name: defaultGraph() });
    return { results: { head: { vars: GRAPH_COLUMNS }, results: { bindings: toRows(quads) } }, turtle };
  }

  /**
   * Answer a query on all that is published and a draft beside it: rows as SPARQL's results in JSON, or a graph as JSON-LD.
   * @param {Message<"question">} message
   * @returns {Row[] | string}
   */
  answerQuestion({ query, statements }) {
    const { defaultGraph, namedNode, quad, Store: NewStore } = this.oxigraph;
    const store = this.whole;
    const draft = namedNode("urn:draft");
    for (const old of store.match(null, null, null, draft)) store.delete(old);
    const maker = /** @type {RdfFactory} */ (/** @type {unknown} */ (this.oxigraph));
    for (const statement of statements) {
      const [subject, predicate, object] = statement.map((term) => /** @type {any} */ (makeTerm(maker, term)));
      store.add(quad(subject, predicate, object, draft));
    }
    const options = { use_default_graph_as_union: true };
    if (/^\s*CONSTRUCT\b/m.test(query)) {
      const quads = /** @type {Quad[]} */ (askStore(store, query, options));
      return new NewStore(quads).dump({ format: JSON_LD, from_graph_name: defaultGraph() });
    }
    return JSON.parse(String(askStore(store, query, { ...options, results_format: "json" }))).results.bindings;
  }

  /**
   * What the rules say of a draft.
   * @param {Message<"check">} message
   * @returns {Finding[]}
   */
  check({ statements, language }) {
    const draft = statements.map((statement) => {
      const [subject, predicate, object] = statement.map((term) => makeTerm(factory, term));
      return factory.quad(subject, predicate, object);
    });
    return findFindings(this.rules, draft, this.findContext(draft), language);
  }

  /**
   * What is entered of the things that a draft names, and of what those name in turn; not of what the draft describes anew.
   * @param {RdfQuad[]} draft
   */
  findContext(draft) {
    const { namedNode } = this.oxigraph;
    const schemes = [...new Set([BASE, this.given.base])].map((base) => `${base}competence`);
    const described = new Set(draft.filter(({ predicate }) => predicate.value === RDF_TYPE).map(({ subject }) => subject.value));
    /** @param {string} iri */
    const isDescribed = (iri) => described.has(iri) || [...described].some((thing) => iri.startsWith(`${thing}/`));
    /** @param {string} iri */
    const statementsOn = (iri) => this.asserted.match(namedNode(iri), null, null, null).map(copyQuad);
    const terms = draft.flatMap(({ subject, object }) => [subject, object]);
    const reached = new Set(terms.filter(({ termType }) => termType === "NamedNode").map(({ value }) => value));
    for (const scheme of schemes) reached.delete(scheme);
    const found = [];
    for (const iri of reached) {
      if (isDescribed(iri)) continue;
      for (const statement of statementsOn(iri)) {
        const { object } = statement;
        found.push(statement);
        if (object.termType === "NamedNode" && !schemes.includes(object.value)) reached.add(object.value);
      }
    }
    // A topic has its number in the list of the arena that it was taken from.
    for (const { object } of draft.filter(({ predicate }) => predicate.value === HAS_TOPIC)) {
      if (object.termType !== "NamedNode") continue;
      const lists = this.asserted.match(null, namedNode(HAS_TOPIC), namedNode(object.value), null).map(copyQuad);
      const beside = lists.flatMap(({ subject }) =>
        this.asserted.match(namedNode(subject.value), namedNode(HAS_TOPIC), null, null).map(copyQuad),
      );
      found.push(...beside, ...distinct(beside.map((quad) => quad.object.value)).flatMap(statementsOn));
    }
    // The scheme itself, which every competence points to.
    return [...found, ...schemes.flatMap(statementsOn)];
  }

  /**
   * The statements of a file, or what is wrong with it. Its context may not be fetched: where it is ours, it is at hand.
   * @param {Message<"read">} message
   */
  readFile(message) {
    return readFile(this.oxigraph, { ...message, context: this.given.context });
  }
}
