// Reads files as `rdf/parse.py` does: the same are read, within the same limits, and what is wrong is told in the same words.
/** @import { Quad } from "oxigraph" */
/** @import { ReadFile, Statement } from "../types.d.ts" */
/** @import { Oxigraph, RdfQuad } from "./types.d.ts" */
import { BASE, toPlainTerm } from "../drafts/rdf.js";
import { findJsonError } from "./json-error.js";
import { copyQuad } from "./statements.js";

const JSON_LD = "JSON-LD";
/** @type {Record<string, string>} */
const FORMATS = { ttl: "Turtle", trig: "TriG", nt: "N-Triples", jsonld: JSON_LD, json: JSON_LD };
/** @type {Record<string, string>} */
const MEDIA_TYPES = {
  Turtle: "text/turtle",
  TriG: "application/trig",
  "N-Triples": "application/n-triples",
  [JSON_LD]: "application/ld+json",
};
const ENDINGS = Object.keys(FORMATS)
  .map((ending) => `.${ending}`)
  .join(", ");
const MAX_BYTES = 32 * 2 ** 20;
const MAX_STATEMENTS = 300_000;
const MAX_CHARACTERS = 100_000;
const LINE_WIDTH = 160;
const OWN_CONTEXT = new RegExp(`^${BASE.replaceAll(".", "\\.")}(version/[^/]+/)?data/context\\.jsonld$`);
/** What maps keys that are no terms to what is under them. */
const MAPS = ["@language", "@index", "@id", "@type"];

/** Why a file is not read. */
class FileProblem extends Error {
  /**
   * @param {string} key of the message.
   * @param {Record<string, unknown>} [values]
   */
  constructor(key, values = {}) {
    super(key);
    this.key = key;
    this.values = values;
  }
}

/** @typedef {{ terms: Record<string, any>, hasVocabulary: boolean }} ActiveContext What keys mean. */
/** @typedef {{ context: string, base: string, dropped: Set<string> }} Reading Our context as text, what addresses start from, and keys that mean nothing. */

/** @param {Uint8Array} bytes */
const decode = (bytes) => {
  const decoder = () => new TextDecoder("utf-8", { fatal: true });
  try {
    return decoder().decode(bytes);
  } catch {
    let line = 1;
    for (let start = 0; start < bytes.length; line++) {
      const end = bytes.indexOf(10, start);
      try {
        decoder().decode(bytes.subarray(start, end < 0 ? undefined : end));
      } catch {
        break;
      }
      start = end + 1;
    }
    throw new FileProblem("load.encoding", { line });
  }
};

/**
 * The place of what breaks the syntax, with the line.
 * @param {string} text
 * @param {number} line
 * @param {number} column
 */
const placeIn = (text, line, column) => {
  const lines = text.split("\n");
  const number = Math.min(Math.max(line, 1), lines.length);
  const written = [...lines[number - 1].replace(/\r+$/, "")];
  const start = Math.max(0, column - LINE_WIDTH / 2);
  const shown = written.slice(start, start + LINE_WIDTH).join("");
  return { line: number, column, shown, pointer: `${" ".repeat(Math.max(0, Math.min(column - 1, written.length) - start))}^` };
};

/**
 * Our context for its address. Nothing is fetched.
 * @param {string} address
 * @param {Reading} reading
 */
const loadContext = (address, { context, base }) => {
  const whole = URL.canParse(address, base) ? new URL(address, base).href : address;
  if (!OWN_CONTEXT.test(whole)) throw new FileProblem("load.remote-context", { address: whole, ours: `${BASE}data/context.jsonld` });
  return JSON.parse(context)["@context"];
};

/**
 * A context with no address of another in it.
 * @param {any} given
 * @param {Reading} reading
 * @returns {any}
 */
const resolveContext = (given, reading) => {
  if (typeof given === "string") return loadContext(given, reading);
  if (Array.isArray(given)) return given.map((part) => resolveContext(part, reading));
  if (!given || typeof given !== "object") return given;
  const { "@import": imported, ...own } = given;
  /** @type {any[]} */
  const pairs = Object.entries(own).map(([term, meaning]) => {
    const isScoped = meaning && typeof meaning === "object" && "@context" in meaning;
    return [term, isScoped ? { ...meaning, "@context": resolveContext(meaning["@context"], reading) } : meaning];
  });
  return { ...(typeof imported === "string" ? loadContext(imported, reading) : {}), ...Object.fromEntries(pairs) };
};

/**
 * @param {ActiveContext} active
 * @param {any} context that is resolved.
 * @returns {ActiveContext}
 */
const activate = (active, context) => {
  if (context === null) return { terms: {}, hasVocabulary: false };
  if (Array.isArray(context)) return context.reduce(activate, active);
  if (typeof context !== "object") return active;
  const hasVocabulary = "@vocab" in context ? context["@vocab"] !== null : active.hasVocabulary;
  return { terms: { ...active.terms, ...context }, hasVocabulary };
};

/**
 * A document with its contexts in place of their addresses.
 * @param {any} node
 * @param {ActiveContext} active
 * @param {Reading} reading
 * @returns {any}
 */
const prepare = (node, active, reading) => {
  if (Array.isArray(node)) return node.map((part) => prepare(part, active, reading));
  if (!node || typeof node !== "object" || "@value" in node) return node;
  const context = "@context" in node ? resolveContext(node["@context"], reading) : undefined;
  const here = context === undefined ? active : activate(active, context);
  return Object.fromEntries(
    Object.entries(node).map(([key, value]) => {
      if (key === "@context") return [key, context];
      const meaning = here.terms[key];
      const isKnown = meaning === undefined ? key.startsWith("@") || key.includes(":") || here.hasVocabulary : meaning !== null;
      if (!isKnown) reading.dropped.add(key);
      if (!isKnown || meaning?.["@type"] === "@json") return [key, value];
      const inner = meaning?.["@context"] === undefined ? here : activate(here, meaning["@context"]);
      const isMap = [meaning?.["@container"]].flat().some((kind) => MAPS.includes(kind));
      if (isMap && value && typeof value === "object" && !Array.isArray(value)) {
        return [key, Object.fromEntries(Object.entries(value).map(([name, part]) => [name, prepare(part, inner, reading)]))];
      }
      return [key, prepare(value, inner, reading)];
    }),
  );
};

/**
 * A document in JSON-LD that refers to no other.
 * @param {string} text
 * @param {Reading} reading
 */
const resolveDocument = (text, reading) => {
  let document;
  try {
    document = JSON.parse(text);
  } catch (error) {
    if (error instanceof RangeError) throw new FileProblem("load.nesting");
    const [line, column] = findJsonError(text);
    throw new FileProblem("load.json", placeIn(text, line, column));
  }
  if (!document || typeof document !== "object") throw new FileProblem("load.json-ld", { reason: typeof document });
  try {
    return JSON.stringify(prepare(document, { terms: {}, hasVocabulary: false }, reading));
  } catch (error) {
    throw error instanceof RangeError ? new FileProblem("load.nesting") : error;
  }
};

/**
 * @param {string} text
 * @param {string} format
 * @param {unknown} error
 */
const toProblem = (text, format, error) => {
  if (error instanceof FileProblem) return error;
  const message = error instanceof Error ? error.message : String(error);
  const [, line, one, other, reason] =
    /^Parser error at line (\d+) (?:column (\d+)|between columns (\d+) and \d+): ([\s\S]*)$/.exec(message) ?? [];
  if (format === JSON_LD || !line)
    return new FileProblem("load.json-ld", { reason: (reason ?? message).split("\n")[0].slice(0, LINE_WIDTH) });
  return new FileProblem("load.syntax", {
    format,
    reason: reason.slice(0, LINE_WIDTH),
    ...placeIn(text, Number(line), Number(one ?? other)),
  });
};

/**
 * What a file says.
 * @param {Oxigraph} oxigraph
 * @param {{ name: string, content: Uint8Array, base: string, context: string }} file its name, and our context as text.
 * @returns {ReadFile}
 */
export const readFile = (oxigraph, { name, content, base, context }) => {
  const format = FORMATS[name.split(".").pop()?.toLowerCase() ?? ""];
  let text = "";
  try {
    if (!format) throw new FileProblem("load.format", { allowed: ENDINGS });
    if (content.length > MAX_BYTES) throw new FileProblem("load.too-large", { limit: MAX_BYTES / 2 ** 20 });
    text = decode(content);
    if (!text.trim()) throw new FileProblem("load.empty");
    /** @type {Reading} */
    const reading = { context, base, dropped: new Set() };
    const written = format === JSON_LD ? resolveDocument(text, reading) : text;
    const options = { format: MEDIA_TYPES[format], ...(format === "N-Triples" ? {} : { base_iri: base }) };
    const parsed = oxigraph.parse(written, options);
    if (reading.dropped.size) return { problems: [...reading.dropped].sort().map((key) => ["load.json-ld-key", { file: name, key }]) };
    const wrong = findUnfit(parsed);
    if (wrong) throw wrong;
    return {
      statements: parsed
        .map(copyQuad)
        .map(({ subject, predicate, object }) => /** @type {Statement} */ ([subject, predicate, object].map((term) => toPlainTerm(term)))),
    };
  } catch (error) {
    // The engine's own code failed: who asked must know, since it may not be used any more.
    if (error instanceof WebAssembly.RuntimeError || error instanceof RangeError) throw error;
    const { key, values } = toProblem(text, format, error);
    return { problems: [[key, { file: name, ...values }]] };
  }
};

/**
 * What statements cannot be kept for.
 * @param {Quad[]} quads
 */
const findUnfit = (quads) => {
  if (quads.length > MAX_STATEMENTS) return new FileProblem("load.too-many", { limit: MAX_STATEMENTS });
  for (const { subject, object } of quads) {
    if (/** @type {string} */ (object.termType) === "Quad") return new FileProblem("load.rdf-1.2");
    const length = object.value.length > MAX_CHARACTERS ? [...object.value].length : 0;
    if (object.termType === "Literal" && length > MAX_CHARACTERS) {
      return new FileProblem("load.literal", { subject: `<${subject.value}>`, length, limit: MAX_CHARACTERS });
    }
  }
  return null;
};
