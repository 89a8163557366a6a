// Drafts as files that a person saves and opens: Turtle, JSON-LD and workbooks.
/** @import { Draft, DraftKind, TextBlock } from "../types.d.ts" */
import { data, language, load } from "../common.js";
import { DOCUMENT_TYPE, download, WORKBOOK_TYPE } from "../download.js";
import { readFile } from "./check.js";
import { NotADraft } from "./draft.js";
import { fromStatements } from "./draft-from-rdf.js";
import { toStatements } from "./draft-to-rdf.js";
import { slugify } from "./names.js";
import { toJsonLd, toTurtle } from "./rdf.js";

/**
 * What a file is read by.
 * @typedef {object} Reading
 * @property {string} base what new IRIs begin with.
 * @property {Record<string, string>} dimensionOf the dimension of each position, by IRI.
 * @property {DraftKind} wanted the kind that may be read.
 */

/** @type {Record<string, string>} */
export const MEDIA_TYPES = { ttl: "text/turtle", jsonld: "application/ld+json" };

/**
 * @param {Draft} draft
 * @param {string} ending
 */
const nameOf = (draft, ending) => {
  const name = draft.slug || draft.iri?.split("/").pop() || slugify(draft.role?.label.nb || draft.label.nb || draft.label.en);
  return `${name || draft.kind}.${ending}`;
};

/**
 * Save a draft as a file.
 * @param {Draft} draft
 * @param {"ttl" | "jsonld"} ending
 */
export const downloadDraft = (draft, ending) => {
  const statements = toStatements(draft);
  const content = ending === "ttl" ? toTurtle(statements, draft.base) : toJsonLd(statements);
  download(nameOf(draft, ending), content, MEDIA_TYPES[ending]);
};

const loadWorkbook = async () => {
  await Promise.all([load("workbook.js"), load("workbook-data.js")]);
  return data().book;
};

/**
 * Save a draft of a standard as a workbook.
 * @param {Draft} draft
 * @returns a sentence on why it cannot be, or nothing.
 */
export const downloadWorkbook = async (draft) => {
  const { toBook } = await loadWorkbook();
  const { bytes, fault } = toBook(data().workbook, toStatements(draft), language);
  if (bytes) download(nameOf(draft, "xlsx"), /** @type {BlobPart} */ (bytes), WORKBOOK_TYPE);
  return fault;
};

/**
 * Save a text for people as a document that word processors open.
 * @param {Draft} draft that it is of.
 * @param {TextBlock[]} blocks
 */
export const downloadDocument = async (draft, blocks) => {
  const { toDocument } = await loadWorkbook();
  download(nameOf(draft, "docx"), /** @type {BlobPart} */ (toDocument(blocks, language)), DOCUMENT_TYPE);
};

/**
 * Open a workbook as a draft of a standard.
 * @param {File} file
 * @param {Reading} reading
 * @returns {Promise<{ draft?: Draft, notes?: string[], faults?: string[] }>} `notes`, sentences to know of, or `faults`, sentences on what is wrong.
 */
export const openWorkbook = async (file, reading) => {
  const { fromBook } = await loadWorkbook();
  const { statements, ...messages } = await fromBook(data().workbook, file, language);
  return statements ? { ...messages, draft: fromStatements(statements, reading) } : messages;
};

/**
 * Open a file as a draft.
 * @param {File} file
 * @param {Reading} reading
 * @throws {NotADraft} with what is wrong.
 */
export const openDraft = async (file, reading) => {
  const found = await readFile(file, reading.base);
  if ("problems" in found) throw new NotADraft(...found.problems);
  return fromStatements(found.statements, reading);
};
