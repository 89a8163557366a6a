// The statements and remarks that come of a workbook.
/** @import { Severity, Statement, Term } from "../types.d.ts" */
/** @import { Cell, Remark, Values } from "./types.d.ts" */
import { getOrAdd } from "../collections.js";
import { iri, keyOfStatement } from "../drafts/rdf.js";

/** Statements and remarks, each once. */
export class Collector {
  constructor() {
    /** @type {Map<string, Statement>} */
    this.byKey = new Map();
    /** @type {Map<string, Remark>} */
    this.remarksByKey = new Map();
  }
  get statements() {
    return [...this.byKey.values()];
  }
  get remarks() {
    return [...this.remarksByKey.values()];
  }
  /** @param {Statement} statement */
  put(statement) {
    getOrAdd(this.byKey, keyOfStatement(statement), () => statement);
  }
  /**
   * @param {string} thing
   * @param {string} property
   * @param {Term} object
   */
  add(thing, property, object) {
    this.put([iri(thing), iri(property), object]);
  }
  /**
   * Remark on a cell.
   * @param {Severity} severity
   * @param {Cell} cell
   * @param {string} key of the message.
   * @param {Values} values
   */
  remark(severity, cell, key, values = {}) {
    const remark = { severity, cell, key, values: { value: cell.text, ...values } };
    this.remarksByKey.set(JSON.stringify(remark), remark);
  }
}
