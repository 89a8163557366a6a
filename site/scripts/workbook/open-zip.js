// The parts of a workbook file, unpacked within limits, where the file is what it claims to be and fetches and runs nothing.
/** @import { Message } from "./types.d.ts" */
import { strFromU8, unzipSync } from "fflate";

const MAX_UNPACKED_BYTES = 30 * 2 ** 20;
const MAX_PARTS = 1000;
/** How an encrypted workbook, or one of an old Excel, begins. */
const OLE = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];
const MACROS = /vbaProject|macrosheets\//i;
const MACRO_TYPES = /macroEnabled|vbaProject/;
const EMBEDDED = /\/(embeddings|activeX|ctrlProps)\//;
const EXTERNAL = /<Relationship\b[^>]*TargetMode\s*=\s*["']External["'][^>]*>/g;
const OPEN_DOCUMENT = "application/vnd.oasis.opendocument.spreadsheet";
/** A library without modules has a list of them all the same. */
const OPEN_DOCUMENT_MACROS = /^(Basic\/[^/]+\/(?!script-lb\.xml$|dialog-lb\.xml$)[^/]+$|Scripts\/.*[^/]$)/;
const OPEN_DOCUMENT_SOURCES = /<(table:(table-source|cell-range-source|dde-link|database-source-\w+)|office:dde-source)\b(?!-)/;
const OPEN_DOCUMENT_OBJECTS = /<(draw:(object-ole|applet|plugin|floating-frame)|form:form)\b(?!-)/;
const DOCTYPE = /<!\s*(DOCTYPE|ENTITY)/i;

/** Why a file is not read. */
export class Refusal extends Error {
  /** @param {...Message} messages */
  constructor(...messages) {
    super();
    this.messages = messages;
  }
}

/** @param {number} bytes */
export const toMegabytes = (bytes) => Math.round(bytes / 2 ** 20);

/** @param {Uint8Array} part */
const decode = (part) => {
  if (part[0] === 0xff && part[1] === 0xfe) return new TextDecoder("utf-16le").decode(part);
  if (part[0] === 0xfe && part[1] === 0xff) return new TextDecoder("utf-16be").decode(part);
  return new TextDecoder().decode(part);
};

/**
 * Whether a file is what macOS puts beside the real one.
 * @param {string} name
 */
const isLeftover = (name) => name.startsWith("__MACOSX/") || name.slice(name.lastIndexOf("/") + 1).startsWith("._");

/**
 * The names of all parts, and the texts of those that are read.
 * @param {Uint8Array} bytes
 */
const unpack = (bytes) => {
  if (OLE.every((byte, at) => bytes[at] === byte)) {
    const isEncrypted = strFromU8(bytes, true).includes([..."EncryptedPackage"].join("\0"));
    throw new Refusal([isEncrypted ? "workbook.encrypted" : "workbook.old-excel", {}]);
  }
  if (bytes[0] !== 0x50 || bytes[1] !== 0x4b) throw new Refusal(["workbook.page.no-book", {}]);
  /** @type {Set<string>} */
  const names = new Set();
  let total = 0;
  const parts = unzipSync(bytes, {
    filter: ({ name, originalSize, compression }) => {
      if (isLeftover(name)) return false;
      if (names.has(name)) throw new Refusal(["workbook.broken", { reason: name }]);
      if (names.add(name).size > MAX_PARTS) throw new Refusal(["workbook.too-large.parts", { number: names.size, limit: MAX_PARTS }]);
      total += originalSize;
      if (total > MAX_UNPACKED_BYTES) {
        throw new Refusal(["workbook.too-large.unpacked", { number: toMegabytes(total), limit: toMegabytes(MAX_UNPACKED_BYTES) }]);
      }
      if (compression !== 0 && compression !== 8) throw new Refusal(["workbook.broken", { reason: "compression" }]);
      return name === "mimetype" || /\.(xml|rels|vml)$/.test(name);
    },
  });
  return { names, parts: Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, decode(part)])) };
};

/**
 * Whether parts are those of an OpenDocument workbook (ods).
 * @param {Record<string, string>} parts
 */
export const isOpenDocument = (parts) => Boolean(parts.mimetype?.startsWith(OPEN_DOCUMENT));

/**
 * What is wrong with the parts of a zip file.
 * @param {Set<string>} names
 * @param {Record<string, string>} parts
 * @returns {Message[]}
 */
const findFaults = (names, parts) => {
  const isOpen = isOpenDocument(parts);
  if (!isOpen && !(parts["[Content_Types].xml"] && parts["xl/workbook.xml"])) return [["workbook.page.no-book", {}]];
  if (parts["META-INF/manifest.xml"]?.includes("encryption-data")) return [["workbook.encrypted", {}]];
  if (isOpen && !parts["content.xml"]) return [["workbook.broken", { reason: "content.xml" }]];
  const sorted = [...names].sort();
  const found = isOpen ? findOpenDocumentFaults(sorted, parts) : findOpenXmlFaults(sorted, parts);
  return [...found, ...findFirst(sorted, "workbook.entities", (name) => DOCTYPE.test(parts[name] ?? ""))];
};

/** @type {(names: string[], key: string, isWrong: (name: string) => boolean) => Message[]} */
const findFirst = (names, key, isWrong) => {
  const part = names.find(isWrong);
  return part === undefined ? [] : [[key, { part }]];
};

/** @type {(names: string[], parts: Record<string, string>) => Message[]} */
const findOpenDocumentFaults = (names, parts) => {
  const content = { part: "content.xml" };
  /** @type {Message[]} */
  const faults = [];
  if (names.some((name) => OPEN_DOCUMENT_MACROS.test(name))) faults.push(["workbook.macros", {}]);
  if (OPEN_DOCUMENT_SOURCES.test(parts["content.xml"])) faults.push(["workbook.external", content]);
  if (OPEN_DOCUMENT_OBJECTS.test(parts["content.xml"])) faults.push(["workbook.embedded", content]);
  return faults;
};

/** @type {(names: string[], parts: Record<string, string>) => Message[]} */
const findOpenXmlFaults = (names, parts) => {
  /** @param {string} name */
  const fetches = (name) =>
    name.endsWith(".rels") && (parts[name].match(EXTERNAL) ?? []).some((relation) => !relation.includes("/hyperlink"));
  const hasMacros = MACRO_TYPES.test(parts["[Content_Types].xml"]) || names.some((name) => MACROS.test(name));
  /** @type {Message[]} */
  const macros = [["workbook.macros", {}]];
  return [
    ...(hasMacros ? macros : []),
    ...findFirst(names, "workbook.external", (name) => name.includes("externalLinks/") || name.includes("xl/connections") || fetches(name)),
    ...findFirst(names, "workbook.embedded", (name) => EMBEDDED.test(name)),
  ];
};

/**
 * The texts of the parts of a workbook, by name.
 * @param {Uint8Array} bytes
 * @throws {Refusal} where the file is no such workbook, or holds what is not to be opened.
 */
export const openWorkbook = (bytes) => {
  const { names, parts } = unpack(bytes);
  const faults = findFaults(names, parts);
  if (faults.length) throw new Refusal(...faults);
  return parts;
};
