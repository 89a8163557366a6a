// A set of statements for the SHACL library, and the terms that it works with.
/** @import { RdfQuad, RdfTerm } from "./types.d.ts" */
import DataFactory from "@rdfjs/data-model/Factory.js";
import Environment from "@rdfjs/environment";
import NamespaceFactory from "@rdfjs/namespace/Factory.js";
import TermMapFactory from "@rdfjs/term-map/Factory.js";
import ClownfaceFactory from "clownface/Factory.js";
import { getOrAdd } from "../collections.js";

/** @typedef {"subject" | "predicate" | "object"} Position */
/** @type {Position[]} */
const POSITIONS = ["subject", "predicate", "object"];

/**
 * What is the same for terms that are the same.
 * @param {RdfTerm} term
 */
export const keyOf = ({ termType, value, language, datatype }) => {
  if (termType === "Literal") return `"${value}"${language}^${datatype?.value}`;
  return termType === "BlankNode" ? `_:${value}` : value;
};

/** @param {RdfQuad} quad */
const keyOfQuad = ({ subject, predicate, object }) => `${keyOf(subject)} ${predicate.value} ${keyOf(object)}`;

/** Statements, found by subject, predicate and object, on top of others. The library's own set looks through all of them each time. */
export class Statements {
  /**
   * @param {Iterable<RdfQuad>} quads
   * @param {Statements | null} below the others.
   */
  constructor(quads = [], below = null) {
    this.below = below;
    /** @type {Map<string, RdfQuad>} */
    this.quads = new Map();
    /** @type {Record<Position, Map<string, RdfQuad[]>>} */
    this.by = { subject: new Map(), predicate: new Map(), object: new Map() };
    for (const quad of quads) this.add(quad);
  }
  /** @type {number} */
  get size() {
    return this.quads.size + (this.below?.size ?? 0);
  }
  /** @returns {IterableIterator<RdfQuad>} */
  *[Symbol.iterator]() {
    if (this.below) yield* this.below;
    yield* this.quads.values();
  }
  /**
   * @param {RdfQuad} quad
   * @returns {boolean}
   */
  has(quad) {
    return this.quads.has(keyOfQuad(quad)) || Boolean(this.below?.has(quad));
  }
  /** @param {RdfQuad} quad */
  add(quad) {
    if (this.has(quad)) return this;
    this.quads.set(keyOfQuad(quad), quad);
    for (const position of POSITIONS) getOrAdd(this.by[position], keyOf(quad[position]), () => []).push(quad);
    return this;
  }
  /**
   * The statements that have the terms given.
   * @param {RdfTerm | null} [subject]
   * @param {RdfTerm | null} [predicate]
   * @param {RdfTerm | null} [object]
   * @returns {RdfQuad[]}
   */
  list(subject, predicate, object) {
    const given = { subject, predicate, object };
    const wanted = POSITIONS.flatMap((position) => {
      const term = given[position];
      return term ? [{ position, key: keyOf(term) }] : [];
    });
    if (!wanted.length) return [...this];
    const lists = wanted.map(({ position, key }) => this.by[position].get(key) ?? []);
    const shortest = lists.reduce((least, list) => (list.length < least.length ? list : least));
    const own =
      wanted.length === 1 ? shortest : shortest.filter((quad) => wanted.every(({ position, key }) => keyOf(quad[position]) === key));
    const lower = this.below?.list(subject, predicate, object) ?? [];
    return lower.length ? [...lower, ...own] : own;
  }
  /**
   * The same as a set that can be looked through, as the library wants it.
   * @param {RdfTerm | null} [subject]
   * @param {RdfTerm | null} [predicate]
   * @param {RdfTerm | null} [object]
   */
  match(subject, predicate, object) {
    const found = this.list(subject, predicate, object);
    return { size: found.length, [Symbol.iterator]: () => found[Symbol.iterator]() };
  }
  /**
   * The terms that a property leads to.
   * @param {RdfTerm} subject
   * @param {string} property
   */
  objects(subject, property) {
    return this.list(subject, namedNode(property)).map(({ object }) => object);
  }
  /**
   * The subjects that have a value of a property.
   * @param {string} property
   * @param {RdfTerm} object
   */
  subjects(property, object) {
    return this.list(null, namedNode(property), object).map(({ subject }) => subject);
  }
}

class StatementsFactory {
  static get exports() {
    return ["dataset"];
  }
  /** @param {Iterable<RdfQuad>} quads */
  dataset(quads) {
    return new Statements(quads);
  }
}

export const factory = new Environment([DataFactory, StatementsFactory, NamespaceFactory, ClownfaceFactory, TermMapFactory]);

/** @param {string} iri */
export const namedNode = (iri) => factory.namedNode(iri);

/**
 * A term of the engine, which lives in its memory, as one that stays.
 * @param {RdfTerm} term
 */
export const copyTerm = ({ termType, value, language, datatype }) => {
  if (termType === "NamedNode") return factory.namedNode(value);
  if (termType === "BlankNode") return factory.blankNode(value);
  return factory.literal(value, language || (datatype && factory.namedNode(datatype.value)));
};

/**
 * A statement of the engine as one that stays.
 * @param {unknown} quad
 */
export const copyQuad = (quad) => {
  const { subject, predicate, object } = /** @type {RdfQuad} */ (quad);
  return factory.quad(copyTerm(subject), copyTerm(predicate), copyTerm(object));
};
