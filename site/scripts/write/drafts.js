// The drafts in this browser: to choose among, to begin, to open from a file and to delete.
/** @import { Draft, SavedDraft } from "../types.d.ts" */
import { button, data, element, formatMessage, language, reasonOf } from "../common.js";
import { NotADraft, newDraft } from "../drafts/draft.js";
import { openDraft, openWorkbook } from "../drafts/draft-files.js";
import { deleteDrafts, listDrafts } from "../drafts/saved-drafts.js";
import { isStarted } from "../engine/client.js";
import { isWorkbookName } from "../workbook/layout.js";
import { showStep } from "./navigation.js";
import { announce, check, form, KIND, LOCALE, localize, mayBeInternal, STEPS, saveChange, showFaults } from "./state.js";

/** @param {SavedDraft} saved */
const nameOf = ({ draft, saved }) =>
  localize(draft.label) ||
  (draft.role && localize(draft.role.label)) ||
  formatMessage("scripts.write.nameless", { saved: new Date(saved).toLocaleString(LOCALE, { dateStyle: "short", timeStyle: "short" }) });

/**
 * Take up a draft.
 * @param {Draft} draft
 * @param {boolean} [isRead] whether it was read from a file, and so is complete: all that the rules say of it is shown.
 */
const useDraft = (draft, isRead = false) => {
  Object.assign(form, {
    draft,
    chosen: null,
    openKeys: new Set(),
    findings: [],
    isChecked: false,
    touched: new Set(),
    left: new Set(isRead ? STEPS : (draft.seen ?? [])),
  });
  if (isStarted()) check(0);
  showDrafts();
};

/** A new draft, which is for one's own until the person says that it is for others too. */
const makeDraft = () => ({ ...newDraft(KIND, data().drafts.base), internal: mayBeInternal() });

/**
 * A new draft for a role that is known already.
 * @param {string} role its IRI.
 */
const newDraftFor = (role) => {
  const draft = makeDraft();
  const known = data().drafts.roles.find(({ iri }) => iri === role);
  if (!known) return draft;
  const texts = { label: { nb: "", en: "", ...known.label }, definition: { nb: "", en: "", ...known.definition } };
  draft.role = { iri: known.iri, ...texts, described: false };
  const name = localize(texts.label).toLowerCase();
  draft.label[language] = formatMessage("scripts.write.label.of", { role: name });
  return draft;
};

/** Take up the draft of the role that the address names, else that which was saved last, or a new one. */
export const useLastDraft = () => {
  const slug = new URLSearchParams(location.search).get("role");
  const role = slug && data().drafts.roles.find(({ iri }) => iri.endsWith(`/role/${slug}`))?.iri;
  const last = listDrafts(KIND).find(({ draft }) => !role || draft.role?.iri === role);
  useDraft(last?.draft ?? newDraftFor(role ?? ""));
};

const beginDraft = () => {
  useDraft(makeDraft());
  showStep("role");
};

/**
 * @param {File} file
 * @returns {ReturnType<typeof openWorkbook>}
 */
const readDraft = async (file) => {
  const reading = { base: data().drafts.base, dimensionOf: form.model.dimensionOf, wanted: KIND };
  return isWorkbookName(file.name) ? openWorkbook(file, reading) : { draft: await openDraft(file, reading) };
};

/** @param {File} file */
const openFile = async (file) => {
  showFaults([]);
  announce(formatMessage("scripts.write.loading"));
  try {
    const { draft, notes = [], faults = [] } = await readDraft(file);
    if (!draft) {
      announce("");
      showFaults(faults);
      return;
    }
    const hasEnglish = [draft.label, draft.description, ...draft.placements.map(({ rationale }) => rationale)].some(({ en }) => en.trim());
    useDraft({ ...draft, internal: mayBeInternal() && !hasEnglish }, true);
    saveChange();
    showDrafts();
    showStep("role");
    showFaults(notes);
    announce(formatMessage("scripts.write.opened", { name: localize(draft.label) }));
  } catch (error) {
    announce("");
    showFaults(
      error instanceof NotADraft
        ? error.problems.map(([key, values]) => formatMessage(key, values))
        : [formatMessage("scripts.drafts.file.unread", { why: reasonOf(error) })],
    );
  }
};

const draftField = () => {
  const id = "draft";
  const all = listDrafts(KIND);
  const { draft } = form;
  const select = element("select", { id }, ...all.map((one) => element("option", { value: one.draft.id }, nameOf(one))));
  if (!all.some((one) => one.draft.id === draft.id))
    select.prepend(element("option", { value: draft.id }, localize(draft.label) || formatMessage("scripts.write.new")));
  select.value = draft.id;
  select.addEventListener("change", () => {
    const found = all.find((one) => one.draft.id === select.value);
    if (!found) return;
    useDraft(found.draft);
    showStep("role", false);
  });
  const row = element("div", { class: "row" }, select, button(formatMessage("scripts.write.new"), beginDraft, { class: "quiet" }));
  return element("div", { class: "field" }, element("label", { for: id }, formatMessage("scripts.write.draft")), row);
};

const fileField = () => {
  const file = element("input", { type: "file", id: "file", accept: ".ttl,.trig,.nt,.jsonld,.json,.xlsx,.ods" });
  file.addEventListener("change", async () => {
    if (!file.files?.length) return;
    await openFile(file.files[0]);
    file.value = "";
  });
  return element(
    "div",
    { class: "field" },
    element("label", { for: "file" }, formatMessage("scripts.write.open")),
    element("p", { class: "hint" }, formatMessage("scripts.write.open.hint")),
    file,
  );
};

/** What deletes all drafts, after asking whether that is meant. */
const wipeButtons = () => {
  const wipeAll = () => {
    deleteDrafts(KIND);
    beginDraft();
    form.parts.saved.textContent = "";
    announce(formatMessage("scripts.write.wiped"));
  };
  const yes = button(formatMessage("scripts.write.wipe.yes"), wipeAll);
  const no = button(formatMessage("scripts.write.wipe.no"), () => ask(false), { class: "quiet" });
  const question = element("p", { class: "row", hidden: true }, element("span", {}, formatMessage("scripts.write.wipe.sure")), yes, no);
  /** @param {boolean} isAsked */
  const ask = (isAsked) => {
    question.hidden = !isAsked;
    if (isAsked) yes.focus();
  };
  return [button(formatMessage("scripts.write.wipe"), () => ask(true), { class: "quiet" }), question];
};

const showDrafts = () =>
  form.parts.drafts.replaceChildren(
    element("summary", {}, formatMessage("scripts.write.drafts")),
    draftField(),
    fileField(),
    ...wipeButtons(),
  );
