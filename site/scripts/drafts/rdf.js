// Statements as plain values, and files of them: what draft, worker and pages share. A term is `{type, value}`, and for a text also
// `language` or `datatype`; a statement is `[subject, property, object]`. Order is kept, since items in two languages stand in step.
/** @import { BlankTerm, IriTerm, Statement, Term, TextTerm } from "../types.d.ts" */
import { distinct, getOrAdd } from "../collections.js";

export const RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";
export const RDFS = "http://www.w3.org/2000/01/rdf-schema#";
export const SKOS = "http://www.w3.org/2004/02/skos/core#";
export const DCTERMS = "http://purl.org/dc/terms/";
export const OWL = "http://www.w3.org/2002/07/owl#";
export const PROV = "http://www.w3.org/ns/prov#";
export const XSD = "http://www.w3.org/2001/XMLSchema#";
/** What the IRIs of the method's own things begin with: vocabulary, model, published competences. */
export const BASE = "https://w3id.org/balansekunst/";
export const BK = `${BASE}ns#`;
export const RDF_TYPE = `${RDF}type`;
export const PREF_LABEL = `${SKOS}prefLabel`;

const PREFIXES = { bk: BK, dcterms: DCTERMS, owl: OWL, prov: PROV, skos: SKOS, xsd: XSD };
/** The name of a prefix, or of what follows it, that needs no escape. */
const SIMPLE_NAME = /^[A-Za-z][\w-]*$/;
const SIMPLE_PATH = /^[a-z0-9-]+(\/[a-z0-9-]+)*$/;

/** @type {(value: string) => IriTerm} */
export const iri = (value) => ({ type: "iri", value });
/** @type {(value: string) => BlankTerm} */
export const blankNode = (value) => ({ type: "blank", value });
/** @type {(value: string) => TextTerm} */
export const plainLiteral = (value) => ({ type: "text", value });
/** @type {(value: string, language: string) => TextTerm} */
export const langString = (value, language) => ({ type: "text", value, language });
/** @type {(value: string, datatype: string) => TextTerm} */
export const typedLiteral = (value, datatype) => (datatype === `${XSD}string` ? plainLiteral(value) : { type: "text", value, datatype });

/**
 * What is the same for terms that are the same.
 * @param {Term} term
 */
export const keyOfTerm = (term) => {
  if (term.type !== "text") return `${term.type} ${term.value}`;
  return JSON.stringify([term.value, term.language ?? "", term.language ? "" : (term.datatype ?? `${XSD}string`)]);
};

/**
 * What is the same for statements that are the same.
 * @param {Statement} statement
 */
export const keyOfStatement = (statement) => statement.map(keyOfTerm).join("\n");

/**
 * Each statement once.
 * @param {Statement[]} statements
 */
export const distinctStatements = (statements) => distinct(statements, keyOfStatement);

/**
 * A term of RDF/JS as a plain one.
 * @param {{ termType: string, value: string, language?: string, datatype?: { value: string } }} term
 * @returns {Term}
 */
export const toPlainTerm = ({ termType, value, language, datatype }) => {
  if (termType === "NamedNode") return iri(value);
  if (termType === "BlankNode") return blankNode(value);
  if (language) return langString(value, language);
  return datatype ? typedLiteral(value, datatype.value) : plainLiteral(value);
};

/** @type {Record<string, string>} */
const ESCAPES = { "\\": "\\", '"': '"', "\n": "n", "\r": "r", "\t": "t", "\b": "b", "\f": "f" };
/** @type {(value: string) => string} */
const quote = (value) => `"${value.replace(/[\\"\n\r\t\b\f]/g, (sign) => `\\${ESCAPES[sign]}`)}"`;

/**
 * An IRI as Turtle has it: with a prefix, from the base on, or whole.
 * @param {string} value
 * @param {string} base
 */
const turtleIri = (value, base) => {
  for (const [prefix, namespace] of Object.entries(PREFIXES)) {
    const name = value.slice(namespace.length);
    if (value.startsWith(namespace) && SIMPLE_NAME.test(name)) return `${prefix}:${name}`;
  }
  const path = value.startsWith(base) ? value.slice(base.length) : "";
  return SIMPLE_PATH.test(path) ? `<${path}>` : `<${value}>`;
};

/**
 * @param {Term} term
 * @param {string} base
 */
const turtleTerm = (term, base) => {
  if (term.type === "iri") return turtleIri(term.value, base);
  if (term.type === "blank") return `_:${term.value}`;
  const { value, language, datatype } = term;
  if (language) return `${quote(value)}@${language}`;
  if (datatype === `${XSD}integer` && /^-?\d+$/.test(value)) return value;
  if (datatype === `${XSD}boolean` && /^(true|false)$/.test(value)) return value;
  return datatype && datatype !== `${XSD}string` ? `${quote(value)}^^${turtleIri(datatype, base)}` : quote(value);
};

/**
 * Write statements as Turtle, in the order of their subjects and with what is said of each together.
 * @param {Statement[]} statements
 * @param {string} base
 */
export const toTurtle = (statements, base) => {
  /** @type {Map<string, Map<string, string[]>>} */
  const subjects = new Map();
  for (const [subject, property, object] of statements) {
    const properties = getOrAdd(subjects, turtleTerm(subject, base), () => new Map());
    const name = property.value === RDF_TYPE ? "a" : turtleIri(property.value, base);
    getOrAdd(properties, name, () => /** @type {string[]} */ ([])).push(turtleTerm(object, base));
  }
  const head = [`@base <${base}> .`, ...Object.entries(PREFIXES).map(([name, namespace]) => `@prefix ${name}: <${namespace}> .`)];
  const body = [...subjects].map(([name, properties]) => {
    const ordered = [...properties].sort(([one], [two]) => Number(two === "a") - Number(one === "a"));
    return `\n${name} ${ordered.map(([property, objects]) => `${property} ${objects.join(" ,\n        ")}`).join(" ;\n    ")} .`;
  });
  return `${[...head, ...body].join("\n")}\n`;
};

/** @param {Term} term */
const jsonLdValue = (term) => {
  if (term.type === "iri") return { "@id": term.value };
  if (term.type === "blank") return { "@id": `_:${term.value}` };
  if (term.language) return { "@value": term.value, "@language": term.language };
  return term.datatype ? { "@value": term.value, "@type": term.datatype } : { "@value": term.value };
};

/** @param {Term} term */
const jsonLdId = ({ type, value }) => (type === "blank" ? `_:${value}` : value);

/**
 * Write statements as JSON-LD, expanded: one node a subject.
 * @param {Statement[]} statements
 */
export const toJsonLd = (statements) => {
  /** @type {Map<string, Record<string, unknown[] | string>>} */
  const nodes = new Map();
  for (const [subject, property, object] of statements) {
    const id = jsonLdId(subject);
    const node = getOrAdd(nodes, id, () => ({ "@id": id }));
    const isType = property.value === RDF_TYPE;
    const key = isType ? "@type" : property.value;
    node[key] = [...(node[key] ?? []), isType ? jsonLdId(object) : jsonLdValue(object)];
  }
  return `${JSON.stringify([...nodes.values()], null, 1)}\n`;
};
