// Drafts that are saved in this browser. Nothing is sent anywhere.
/** @import { Draft, DraftKind, SavedDraft } from "../types.d.ts" */

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
 * @param {string} key
 * @returns {SavedDraft | null}
 */
const readDraft = (key) => {
  try {
    const found = JSON.parse(localStorage.getItem(key) ?? "");
    return found?.draft ? found : null;
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
