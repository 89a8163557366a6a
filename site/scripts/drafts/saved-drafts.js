// Drafts that are saved in this browser. Nothing is sent anywhere.
/** @import { Draft, DraftKind, SavedDraft } from "../types.d.ts" */
import { newDraft, newPlacement } from "./draft.js";

const PREFIX = "balansekunst-draft ";

/**
 * Save a draft in this browser.
 * @param {Draft} draft
 * @returns whether there was room and leave to.
 */
export const saveDraft = (draft) => {
  try {
    localStorage.setItem(PREFIX + draft.id, JSON.stringify({ saved: new Date().toISOString(), draft }));
    return true;
  } catch {
    return false;
  }
};

/**
 * Whether a value has the parts of another, each of the same type. Where that has nothing, there may be anything.
 * @param {any} value
 * @param {any} model
 * @returns {boolean}
 */
const hasForm = (value, model) => {
  if (model === null) return true;
  if (Array.isArray(model)) return Array.isArray(value);
  if (typeof model !== "object") return typeof value === typeof model;
  return typeof value === "object" && value !== null && Object.entries(model).every(([name, part]) => hasForm(value[name], part));
};

/**
 * @param {string} key
 * @returns {SavedDraft | null} nothing where it is not of the form that the page works with.
 */
const readDraft = (key) => {
  try {
    const { saved, draft } = JSON.parse(localStorage.getItem(key) ?? "");
    const model = newDraft(draft.kind);
    const whole = { ...model, ...draft };
    const isWhole =
      hasForm(whole, { ...model, role: null }) &&
      (whole.role === null || hasForm(whole.role, newDraft("standard").role)) &&
      whole.placements.every((/** @type {unknown} */ placement) => hasForm(placement, newPlacement()));
    return isWhole && typeof saved === "string" ? { saved, draft: whole } : null;
  } catch {
    // What cannot be read was not saved by this page.
    return null;
  }
};

/** The keys of the drafts; none where the browser does not let the page look. */
const listKeys = () => {
  try {
    return Object.keys(localStorage).filter((key) => key.startsWith(PREFIX));
  } catch {
    return [];
  }
};

/**
 * The drafts of a kind in this browser, the last saved first.
 * @param {DraftKind} kind
 */
export const listDrafts = (kind) => {
  const found = listKeys().flatMap((key) => readDraft(key) ?? []);
  return found.filter(({ draft }) => draft.kind === kind).sort((one, two) => two.saved.localeCompare(one.saved));
};

/**
 * Take a draft out of this browser.
 * @param {Draft} draft
 */
export const deleteDraft = (draft) => localStorage.removeItem(PREFIX + draft.id);

/**
 * Take all drafts of a kind out of this browser.
 * @param {DraftKind} kind
 */
export const deleteDrafts = (kind) => {
  for (const { draft } of listDrafts(kind)) deleteDraft(draft);
};
