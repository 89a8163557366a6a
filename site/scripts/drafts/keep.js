// Keeping drafts in this browser, and as files. Nothing is sent anywhere.
import { data, language, load } from "../common.js";
import { readFile } from "./check.js";
import { fromStatements, NotADraft, toStatements } from "./draft.js";
import { jsonld, METHOD, turtle } from "./rdf.js";

const PREFIX = "balansekunst-draft ";
const FORMATS = { ttl: "text/turtle", nt: "application/n-triples", jsonld: "application/ld+json", json: "application/ld+json" };

/** Save a draft in this browser. @returns whether there was room and leave to. */
export const keep = (draft) => {
  try {
    localStorage.setItem(PREFIX + draft.id, JSON.stringify({ saved: new Date().toISOString(), draft }));
    return true;
  } catch {
    return false;
  }
};

/** The drafts in this browser, the last saved first: `{saved, draft}`. `kind` is `standard`, `individual` or none for all. */
export const kept = (kind = null) => {
  const found = [];
  try {
    for (let at = 0; at < localStorage.length; at++) {
      const key = localStorage.key(at);
      if (!key.startsWith(PREFIX)) continue;
      try {
        const one = JSON.parse(localStorage.getItem(key));
        if (one?.draft && (!kind || one.draft.kind === kind)) found.push(one);
      } catch {
        // What cannot be read was not saved by this page.
      }
    }
  } catch {
    return [];
  }
  return found.sort((one, two) => two.saved.localeCompare(one.saved));
};

/** Take a draft out of this browser. */
export const forget = (draft) => localStorage.removeItem(PREFIX + draft.id);

/** Take all drafts out of this browser, or those of a kind. */
export const wipe = (kind = null) => kept(kind).forEach(({ draft }) => forget(draft));

/** A draft as the text of a file: `ttl` or `jsonld`. */
export const fileOf = (draft, ending) => (ending === "ttl" ? turtle(toStatements(draft), draft.base) : jsonld(toStatements(draft)));

/** Hand a text to the person as a file. */
export const download = (name, content, type) => {
  const address = URL.createObjectURL(new Blob([content], { type }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
};

const nameOf = (draft, ending) => `${draft.slug || draft.iri?.split("/").pop() || draft.kind}.${ending}`;
/** Save a draft as a file: `ttl` or `jsonld`. */
export const saveAs = (draft, ending) => download(nameOf(draft, ending), fileOf(draft, ending), FORMATS[ending]);

const books = async () => {
  await Promise.all([load("draft-book.js"), load("workbook-data.js")]);
  return data().book;
};

/** Save a draft of a standard as a workbook. @returns a sentence on why it cannot be, or nothing. */
export const saveBook = async (draft) => {
  const { toBook } = await books();
  const { bytes, fault } = toBook(data().workbook, toStatements(draft), language);
  if (bytes) download(nameOf(draft, "xlsx"), bytes, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");
  return fault;
};

/**
 * Open a workbook as a draft of a standard.
 * @returns `draft`, and `notes`, sentences to know of; or `faults`, sentences on what is wrong.
 */
export const openBook = async (file, given) => {
  const { fromBook } = await books();
  const { statements, ...told } = await fromBook(data().workbook, file, language);
  return statements ? { ...told, draft: fromStatements(statements, given) } : told;
};

/**
 * Open a file as a draft.
 * @param file a File of the person's.
 * @param given `dimensionOf`, the dimension of each position; `base`; and `wanted`, the kind to read, or none for any.
 * @throws NotADraft with a key of what is wrong, or Error in the parser's words.
 */
export const open = async (file, given) => {
  const format = FORMATS[file.name.split(".").pop().toLowerCase()];
  if (!format) throw new NotADraft("ending");
  const base = given.base ?? METHOD;
  return fromStatements(await readFile(await file.text(), format, base), { ...given, base });
};
