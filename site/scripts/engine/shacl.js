// The rules of the method, applied to a draft: SHACL Core by rdf-validate-shacl, and each SPARQL constraint asked once for all that it is
// about, by the engine that the page has already. Without a page: the tests run it in Node.js.
/** @import { Term } from "oxigraph" */
/** @import { EngineData, Severity } from "../types.d.ts" */
/** @import { Oxigraph, RdfQuad, RdfTerm, ValidationResult } from "./types.d.ts" */
import Validator from "rdf-validate-shacl";
import { getOrAdd } from "../collections.js";
import { RDF_TYPE, RDFS } from "../drafts/rdf.js";
import { groupFromLeft } from "./left-to-right.js";
import { copyQuad, copyTerm, factory, keyOf, namedNode, Statements } from "./statements.js";

export const SH = "http://www.w3.org/ns/shacl#";
const TARGETS = ["targetNode", "targetClass", "targetSubjectsOf", "targetObjectsOf"].map((name) => SH + name);
const TURTLE = "text/turtle";
/** What the IRI begins with that a blank node has in queries, which cannot name one. */
const BLANK = "urn:blank:";

/** @typedef {Map<string, RdfTerm>} Nodes Nodes by their keys. */

/** @type {(severity: RdfTerm) => Severity} */
const severityOf = ({ value }) => /** @type {Severity} */ (value.slice(SH.length).toLowerCase());

/** Results, each once. */
class ResultCollector {
  constructor() {
    /** @type {Map<string, ValidationResult>} */
    this.byKey = new Map();
  }
  /** @param {ValidationResult} result */
  add(result) {
    const { rule, part, severity, focus, component } = result;
    const value = result.value && keyOf(result.value) !== keyOf(focus) ? result.value : null;
    this.byKey.set([rule, part.value, severity, keyOf(focus), value ? keyOf(value) : "", component].join(" "), { ...result, value });
  }
}

/** The rules, read once and applied to many drafts. */
export class Rules {
  /**
   * @param {Oxigraph} oxigraph the engine.
   * @param {Pick<EngineData, "shapes" | "vocabulary" | "base">} given the rules and what every check stands on, in Turtle.
   */
  constructor(oxigraph, { shapes, vocabulary, base }) {
    this.oxigraph = oxigraph;
    this.base = base;
    /** @param {string} text */
    const parse = (text) => oxigraph.parse(text, { format: TURTLE, base_iri: base }).map(copyQuad);
    this.shapes = new Statements(parse(shapes));
    this.fixed = new Statements([...this.shapes, ...parse(vocabulary)]);
    this.store = new oxigraph.Store();
    /** What the store has in the graph of the draft. */
    this.drafted = new Statements().quads;
    this.graphs = { fixed: oxigraph.namedNode("urn:fixed"), draft: oxigraph.namedNode("urn:draft") };
    for (const text of [shapes, vocabulary]) {
      this.store.load(text, { format: TURTLE, base_iri: base, to_graph_name: this.graphs.fixed });
    }
    this.prefixes = this.readPrefixes();
    this.head = Object.entries(this.prefixes).map(([name, namespace]) => `PREFIX ${name}: <${namespace}>\n`);
    this.rules = this.shapes.subjects(RDF_TYPE, namedNode(`${SH}NodeShape`)).filter(({ termType }) => termType === "NamedNode");
    /** The rule that each part belongs to. */
    this.ruleOf = this.readParts();
    this.validator = new Validator(this.withoutTargets(), { factory, maxNodeChecks: 0 });
  }

  readPrefixes() {
    const declared = this.shapes.list(null, namedNode(`${SH}declare`)).map(({ object }) => object);
    /** @type {(subject: RdfTerm, name: string) => string} */
    const textOf = (subject, name) => this.shapes.objects(subject, SH + name)[0].value;
    return Object.fromEntries(declared.map((one) => [textOf(one, "prefix"), textOf(one, "namespace")]));
  }

  readParts() {
    const own = new Map(this.rules.map((rule) => [rule.value, rule]));
    const found = new Map(own);
    for (const property of ["property", "sparql"]) {
      for (const { subject, object } of this.shapes.list(null, namedNode(SH + property))) {
        if (own.has(subject.value)) found.set(object.value, subject);
      }
    }
    return found;
  }

  /** What the validator reads: all but the targets, which are found here, and the parts in SPARQL, which are asked here. */
  withoutTargets() {
    const rules = new Set(this.rules.map(({ value }) => value));
    const left = [`${SH}sparql`, `${RDFS}isDefinedBy`];
    return [...this.shapes].filter(
      ({ subject, predicate }) => !(rules.has(subject.value) && TARGETS.includes(predicate.value)) && !left.includes(predicate.value),
    );
  }

  /**
   * The nodes that each rule is about, among those asked for, by the rule's IRI.
   * @param {Statements} data
   * @param {Nodes} asked
   */
  findTargets(data, asked) {
    /** @type {Map<string, Set<string>>} */
    const classes = new Map();
    /** @param {string} kind */
    const superclasses = (kind) =>
      getOrAdd(classes, kind, () => {
        const found = new Set([kind]);
        for (const one of found) for (const { value } of data.objects(namedNode(one), `${RDFS}subClassOf`)) found.add(value);
        return found;
      });
    /** @type {Map<string, RdfTerm[]>} */
    const instances = new Map();
    for (const node of asked.values()) {
      const kinds = new Set(data.objects(node, RDF_TYPE).flatMap(({ value }) => [...superclasses(value)]));
      for (const kind of kinds) getOrAdd(instances, kind, () => []).push(node);
    }
    /**
     * @param {string} property
     * @param {RdfTerm} target
     */
    const nodesOf = (property, target) => {
      if (property.endsWith("targetNode")) return [target];
      if (property.endsWith("targetClass")) return instances.get(target.value) ?? [];
      const position = property.endsWith("targetSubjectsOf") ? "subject" : "object";
      const nodes = data.list(null, target).map((quad) => quad[position]);
      return nodes.filter((node) => asked.has(keyOf(node)));
    };
    /** @param {RdfTerm} rule */
    const targetsOf = (rule) => TARGETS.flatMap((property) => this.shapes.objects(rule, property).flatMap((one) => nodesOf(property, one)));
    return new Map(this.rules.map((rule) => [rule.value, [...new Map(targetsOf(rule).map((node) => [keyOf(node), node])).values()]]));
  }

  /**
   * Check a draft.
   * @param {Statements} draft
   * @param {RdfQuad[]} context what it stands on beside the vocabulary: the statements of what it names.
   * @returns the `data` that was checked, and the `results`, each once.
   */
  validate(draft, context) {
    const data = new Statements([...draft, ...context], this.fixed);
    const terms = [...draft].flatMap(({ subject, object }) => [subject, object]).filter(({ termType }) => termType !== "Literal");
    const targets = this.findTargets(data, new Map(terms.map((term) => [keyOf(term), term])));
    const collector = new ResultCollector();
    this.validateCore(data, targets, collector);
    this.validateSparql(data, targets, collector);
    return { data, results: [...collector.byKey.values()] };
  }

  /**
   * Check what the rules say in SHACL Core.
   * @param {Statements} data
   * @param {Map<string, RdfTerm[]>} targets
   * @param {ResultCollector} collector
   */
  validateCore(data, targets, collector) {
    const { validator } = this;
    validator.setDataGraph(data);
    validator.validationEngine.initReport();
    for (const rule of this.rules) {
      for (const node of targets.get(rule.value) ?? []) validator.validateNodeAgainstShape(node, rule);
    }
    for (const result of validator.validationEngine.getReport().results) {
      const part = result.sourceShape;
      collector.add({
        rule: this.ruleOf.get(part.value)?.value ?? part.value,
        part,
        severity: severityOf(result.severity),
        focus: result.focusNode,
        value: result.value,
        component: result.sourceConstraintComponent.value.slice(SH.length),
      });
    }
  }

  /**
   * Ask the constraints in SPARQL, each once for all it is about.
   * @param {Statements} data
   * @param {Map<string, RdfTerm[]>} targets
   * @param {ResultCollector} collector
   */
  validateSparql(data, targets, collector) {
    const { store, graphs } = this;
    // Most of what was checked last is still there.
    for (const [key, quad] of this.drafted) if (!data.quads.has(key)) store.delete(this.toEngine(quad));
    for (const [key, quad] of data.quads) if (!this.drafted.has(key)) store.add(this.toEngine(quad));
    this.drafted = data.quads;
    for (const rule of this.rules) {
      const about = targets.get(rule.value) ?? [];
      if (!about.length) continue;
      const values = about.map(({ termType, value }) => `<${termType === "BlankNode" ? BLANK : ""}${value}>`);
      for (const part of this.shapes.objects(rule, `${SH}sparql`)) {
        const [severity] = [part, rule].flatMap((one) => this.shapes.objects(one, `${SH}severity`));
        const select = this.shapes.objects(part, `${SH}select`)[0].value;
        const query = this.head.join("") + groupFromLeft(select).replace(/WHERE\s*\{/, `WHERE { VALUES ?this { ${values.join(" ")} }`);
        const rows = /** @type {Map<string, Term>[]} */ (store.query(query, { default_graph: [graphs.fixed, graphs.draft] }));
        for (const row of rows) {
          const [focus, value] = ["this", "value"].map((name) => fromEngine(row.get(name)));
          const component = "SPARQLConstraintComponent";
          const selected = Object.fromEntries([...row].map(([name, term]) => [name, fromEngine(term)]));
          if (focus) collector.add({ rule: rule.value, part, severity: severityOf(severity), focus, value, component, selected });
        }
      }
    }
  }

  /**
   * A statement as the engine's, in the graph of the draft.
   * @param {RdfQuad} quad
   */
  toEngine({ subject, predicate, object }) {
    const { literal, namedNode: node, quad } = this.oxigraph;
    /** @param {RdfTerm} term */
    const nodeOf = ({ termType, value }) => node(termType === "BlankNode" ? BLANK + value : value);
    /** @param {RdfTerm} term */
    const termOf = (term) =>
      term.termType === "Literal" ? literal(term.value, term.language || (term.datatype && node(term.datatype.value))) : nodeOf(term);
    return quad(nodeOf(subject), nodeOf(predicate), termOf(object), this.graphs.draft);
  }
}

/**
 * A term of the engine; nothing where there is none.
 * @param {unknown} term
 */
const fromEngine = (term) => {
  if (!term) return null;
  const given = /** @type {RdfTerm} */ (term);
  return given.value.startsWith(BLANK) ? factory.blankNode(given.value.slice(BLANK.length)) : copyTerm(given);
};
