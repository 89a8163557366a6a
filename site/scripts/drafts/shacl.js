// The rules of the method, applied to a draft: SHACL Core by rdf-validate-shacl, and each SPARQL constraint asked once for all that it is
// about, by the engine that the page has already. Without a page: the tests run it in Node.js.
import ClownfaceFactory from "clownface/Factory.js";
import DataFactory from "@rdfjs/data-model/Factory.js";
import Environment from "@rdfjs/environment";
import NamespaceFactory from "@rdfjs/namespace/Factory.js";
import TermMapFactory from "@rdfjs/term-map/Factory.js";
import Validator from "rdf-validate-shacl";

const SH = "http://www.w3.org/ns/shacl#";
const RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";
const RDFS = "http://www.w3.org/2000/01/rdf-schema#";
const SKOS = "http://www.w3.org/2004/02/skos/core#";
const TARGETS = ["targetNode", "targetClass", "targetSubjectsOf", "targetObjectsOf"].map((name) => SH + name);
const SHOWN = 120;

const key = ({ termType, value, language, datatype }) => (termType === "Literal" ? `"${value}"${language}^${datatype.value}` : termType === "BlankNode" ? `_:${value}` : value);

/** Statements, found by subject, predicate and object, on top of others. The library's own set looks through all of them each time. */
export class Statements {
  constructor(quads = [], below = null) {
    this.below = below;
    this.quads = new Map();
    this.by = { subject: new Map(), predicate: new Map(), object: new Map() };
    for (const quad of quads) this.add(quad);
  }
  get size() {
    return this.quads.size + (this.below?.size ?? 0);
  }
  *[Symbol.iterator]() {
    if (this.below) yield* this.below;
    yield* this.quads.values();
  }
  id({ subject, predicate, object }) {
    return `${key(subject)} ${predicate.value} ${key(object)}`;
  }
  has(quad) {
    return this.quads.has(this.id(quad)) || Boolean(this.below?.has(quad));
  }
  add(quad) {
    const id = this.id(quad);
    if (this.quads.has(id) || this.below?.has(quad)) return this;
    this.quads.set(id, quad);
    for (const place of ["subject", "predicate", "object"]) {
      const name = key(quad[place]);
      const found = this.by[place].get(name);
      if (found) found.push(quad);
      else this.by[place].set(name, [quad]);
    }
    return this;
  }
  list(subject, predicate, object) {
    const wanted = [];
    if (subject) wanted.push(["subject", key(subject)]);
    if (predicate) wanted.push(["predicate", key(predicate)]);
    if (object) wanted.push(["object", key(object)]);
    if (!wanted.length) return [...this];
    let least;
    for (const [place, name] of wanted) {
      const found = this.by[place].get(name) ?? [];
      if (!least || found.length < least.length) least = found;
    }
    const own = wanted.length === 1 ? least : least.filter((quad) => wanted.every(([place, name]) => key(quad[place]) === name));
    const lower = this.below?.list(subject, predicate, object) ?? [];
    return lower.length ? [...lower, ...own] : own;
  }
  /** The statements that have the terms given, as a set that can be looked through. */
  match(subject, predicate, object) {
    const found = this.list(subject, predicate, object);
    return { size: found.length, [Symbol.iterator]: () => found[Symbol.iterator]() };
  }
  /** The terms that a property leads to. */
  objects(subject, property) {
    return [...this.match(subject, factory.namedNode(property))].map(({ object }) => object);
  }
}

class StatementsFactory {
  static get exports() {
    return ["dataset"];
  }
  dataset(quads) {
    return new Statements(quads);
  }
}

export const factory = new Environment([DataFactory, StatementsFactory, NamespaceFactory, ClownfaceFactory, TermMapFactory]);
const node = (iri) => factory.namedNode(iri);

/** A term of the engine, which lives in its memory, as one of ours. */
const own = (term) => {
  if (term.termType === "NamedNode") return node(term.value);
  if (term.termType === "BlankNode") return factory.blankNode(term.value);
  return factory.literal(term.value, term.language || node(term.datatype.value));
};
export const ownQuad = ({ subject, predicate, object }) => factory.quad(own(subject), node(predicate.value), own(object));

/** What a rule says, by the address of its shape. */
const readRule = (shapes, shape) => {
  const texts = (property) => Object.fromEntries(shapes.objects(shape, property).map(({ language, value }) => [language, value]));
  return { name: texts(`${SH}name`), why: texts(`${RDFS}comment`), mend: texts(`https://w3id.org/balansekunst/ns#howToMend`) };
};

/** The properties that a path takes, or that a query asks of what it is about. */
const propertiesOf = (shapes, part, prefixes) => {
  const [select] = shapes.objects(part, `${SH}select`);
  if (select) return [...new Set([...select.value.matchAll(/\$this\s+\(?([a-z]+):(\w+)/g)].filter(([, prefix]) => prefixes[prefix]).map(([, prefix, name]) => prefixes[prefix] + name))];
  const found = [];
  const waiting = shapes.objects(part, `${SH}path`);
  while (waiting.length) {
    const term = waiting.shift();
    if (term.termType === "NamedNode") found.push(term.value);
    else waiting.push(...[...shapes.match(term)].map(({ object }) => object).filter(({ value }) => value !== `${RDF}nil`));
  }
  return found;
};

export class Rules {
  /**
   * @param oxigraph the engine: `Store`, `parse` and the makers of terms.
   * @param shapes the rules, in Turtle.
   * @param vocabulary what every check stands on, in Turtle.
   * @param base what the addresses of the method's own things begin with.
   */
  constructor(oxigraph, { shapes, vocabulary, base }) {
    this.oxigraph = oxigraph;
    this.base = base;
    const parsed = (text) => oxigraph.parse(text, { format: "text/turtle", base_iri: base }).map(ownQuad);
    this.shapes = new Statements(parsed(shapes));
    this.fixed = new Statements([...this.shapes, ...parsed(vocabulary)]);
    this.store = new oxigraph.Store();
    this.graphs = { fixed: oxigraph.namedNode("urn:fixed"), draft: oxigraph.namedNode("urn:draft") };
    for (const text of [shapes, vocabulary]) this.store.load(text, { format: "text/turtle", base_iri: base, to_graph_name: this.graphs.fixed });
    const declared = [...this.shapes.match(null, node(`${SH}declare`))].map(({ object }) => object);
    this.prefixes = Object.fromEntries(declared.map((one) => [this.shapes.objects(one, `${SH}prefix`)[0].value, this.shapes.objects(one, `${SH}namespace`)[0].value]));
    this.head = Object.entries(this.prefixes).map(([name, space]) => `PREFIX ${name}: <${space}>\n`).join("");
    this.rules = [...this.shapes.match(null, node(`${RDF}type`), node(`${SH}NodeShape`))].map(({ subject }) => subject).filter(({ termType }) => termType === "NamedNode");
    this.told = new Map(this.rules.map((shape) => [shape.value, readRule(this.shapes, shape)]));
    this.parents = new Map();
    for (const property of [`${SH}property`, `${SH}sparql`]) {
      for (const { subject, object } of this.shapes.match(null, node(property))) if (this.told.has(subject.value)) this.parents.set(object.value, subject);
    }
    const targeted = new Set(this.rules.map(({ value }) => value));
    // What the validator reads: all but the targets, which are found here, and the parts in SPARQL, which are asked here.
    const untargeted = [...this.shapes].filter(({ subject, predicate }) => !(targeted.has(subject.value) && TARGETS.includes(predicate.value)) && predicate.value !== `${SH}sparql` && predicate.value !== `${RDFS}isDefinedBy`);
    this.validator = new Validator(untargeted, { factory, maxNodeChecks: 0 });
    this.wholeSets = new Set([`${base}ns`, `${base}competence`]);
  }

  /** The nodes that each rule is about, among those asked for. */
  targets(data, asked) {
    const above = new Map();
    const classes = (kind) => {
      if (!above.has(kind)) {
        const found = new Set([kind]);
        for (const one of found) for (const { value } of data.objects(node(one), `${RDFS}subClassOf`)) found.add(value);
        above.set(kind, found);
      }
      return above.get(kind);
    };
    const instances = new Map();
    for (const one of asked.values()) {
      const kinds = new Set(data.objects(one, `${RDF}type`).flatMap(({ value }) => [...classes(value)]));
      for (const kind of kinds) instances.set(kind, [...(instances.get(kind) ?? []), one]);
    }
    return new Map(
      this.rules.map((shape) => {
        const found = new Map();
        const put = (terms) => terms.forEach((term) => found.set(key(term), term));
        for (const property of TARGETS) {
          for (const target of this.shapes.objects(shape, property)) {
            if (property.endsWith("targetNode")) put([target]);
            else if (property.endsWith("targetClass")) put(instances.get(target.value) ?? []);
            else put([...data.match(null, target)].map((quad) => quad[property.endsWith("targetSubjectsOf") ? "subject" : "object"]).filter((term) => asked.has(key(term))));
          }
        }
        return [shape.value, [...found.values()]];
      }),
    );
  }

  /**
   * Check a draft.
   * @param draft its statements.
   * @param context what it stands on beside the vocabulary: the statements of what it names.
   * @returns the breaches, each once.
   */
  breaches(draft, context = []) {
    const given = [...draft, ...context];
    const data = new Statements(given, this.fixed);
    const asked = new Map();
    for (const { subject, object } of draft) for (const term of [subject, object]) if (term.termType !== "Literal") asked.set(key(term), term);
    const targets = this.targets(data, asked);
    const found = new Map();
    const note = (rule, part, severity, focus, value, component) => {
      const held = value && key(value) !== key(focus) ? value : null;
      found.set([rule, part.value, severity, key(focus), held ? key(held) : "", component].join(" "), { rule, part, severity, focus, value: held, component });
    };
    const { validator } = this;
    validator.setDataGraph(data);
    validator.validationEngine.initReport();
    for (const shape of this.rules) for (const target of targets.get(shape.value)) validator.validateNodeAgainstShape(target, shape);
    const report = validator.validationEngine.getReport();
    for (const result of report.results) {
      const source = result.sourceShape;
      const rule = this.told.has(source.value) ? source : this.parents.get(source.value);
      note(rule.value, source, severityOf(result.severity), result.focusNode, result.value, result.sourceConstraintComponent.value.slice(SH.length));
    }
    this.ask(given, targets, note);
    return { data, breaches: [...found.values()] };
  }

  /** Ask the constraints in SPARQL, each once for all it is about. */
  ask(given, targets, note) {
    const { oxigraph, store, graphs } = this;
    for (const quad of store.match(null, null, null, graphs.draft)) store.delete(quad);
    // A query cannot name a blank node: there they are addresses.
    const engines = (term) => {
      if (term.termType === "BlankNode") return oxigraph.namedNode(`urn:blank:${term.value}`);
      if (term.termType === "NamedNode") return oxigraph.namedNode(term.value);
      return oxigraph.literal(term.value, term.language || oxigraph.namedNode(term.datatype.value));
    };
    const back = (term) => (term.value.startsWith("urn:blank:") ? factory.blankNode(term.value.slice("urn:blank:".length)) : own(term));
    for (const { subject, predicate, object } of given) store.add(oxigraph.quad(engines(subject), engines(predicate), engines(object), graphs.draft));
    for (const shape of this.rules) {
      const about = targets.get(shape.value);
      if (!about.length) continue;
      const values = about.map((term) => `<${engines(term).value}>`).join(" ");
      for (const part of this.shapes.objects(shape, `${SH}sparql`)) {
        const query = this.shapes.objects(part, `${SH}select`)[0].value.replace(/WHERE\s*\{/, `WHERE { VALUES ?this { ${values} }`);
        const severity = severityOf((this.shapes.objects(part, `${SH}severity`)[0] ?? this.shapes.objects(shape, `${SH}severity`)[0]));
        for (const row of store.query(this.head + query, { default_graph: [graphs.fixed, graphs.draft] })) {
          const value = row.get("value");
          note(shape.value, part, severity, back(row.get("this")), value && back(value), "SPARQLConstraintComponent");
        }
      }
    }
  }

  /** Tell of the breaches that concern the draft, in a language, as the command line does. */
  findings(draft, context, language) {
    const own_ = new Statements(draft);
    const { data, breaches } = this.breaches(own_, context);
    const concerns = ({ severity, focus, value }) => {
      const thing = this.wholeSets.has(focus.value) && value?.termType === "NamedNode" ? value : focus;
      if (thing.termType !== "NamedNode" || own_.match(thing).size) return true;
      const used = own_.match(null, thing).size || own_.match(null, null, thing).size;
      return used && (severity === "violation" || !data.match(thing).size);
    };
    const label = (term) => {
      if (term.termType === "Literal") return term.value;
      const named = [`${SKOS}prefLabel`, `${RDFS}label`, `${SH}name`].map((property) => Object.fromEntries(data.objects(term, property).map((text) => [text.language, text.value])));
      for (const tag of [language, "nb", "en"]) for (const texts of named) if (texts[tag]) return texts[tag];
      return term.value.replace(`${this.base}ns#`, "").replace(this.base, "");
    };
    const shortened = (name) => {
      const line = name.split(/\s+/).filter(Boolean).join(" ");
      return line.length <= SHOWN ? line : `${line.slice(0, SHOWN - 1)}…`;
    };
    return breaches.filter(concerns).map(({ rule, part, severity, focus, value, component }) => {
      const messages = [part, node(rule)].map((one) => this.shapes.objects(one, `${SH}message`)).find((texts) => texts.length);
      const message = messages.find((text) => text.language === language).value;
      const { name, why, mend } = this.told.get(rule);
      const properties = propertiesOf(this.shapes, part, this.prefixes);
      return {
        rule: rule.split("/").pop(),
        severity,
        component,
        focus: focus.value,
        value: value ? { type: value.termType, value: value.value, language: value.language } : null,
        // The fields it may concern: the property that is lacking first, then those that the rule looks at.
        properties: value?.termType === "NamedNode" && value.value.startsWith(`${this.base}ns#`) ? [value.value, ...properties] : properties,
        message: message.replaceAll("{$this}", () => shortened(label(focus))).replaceAll("{?value}", () => shortened(value ? label(value) : "")),
        name: name[language],
        why: why[language],
        mend: mend[language],
      };
    });
  }
}

const severityOf = ({ value }) => value.slice(SH.length).toLowerCase();
