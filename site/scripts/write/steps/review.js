// The last step: all that the rules say, and the draft as a file.
import { button, element, formatMessage, pageOf } from "../../common.js";
import { downloadDocument, downloadDraft, downloadWorkbook } from "../../drafts/draft-files.js";
import { describeStandard, showBlocks } from "../../drafts/standard-text.js";
import { nameOfPlace } from "../placements.js";
import { form, localize, page, showFaults } from "../state.js";

const saveWorkbook = async () => {
  showFaults([]);
  try {
    const fault = await downloadWorkbook(form.draft);
    if (fault) showFaults([fault]);
  } catch {
    showFaults([page.dataset.failed ?? ""]);
  }
};

export const showReview = () => {
  form.parts.review = element("div", { class: "review" });
  const text = describeStandard(form.draft, localize, nameOfPlace);
  const saveDocument = () => downloadDocument(form.draft, text).catch(() => showFaults([page.dataset.failed ?? ""]));
  const buttons = [
    button(formatMessage("scripts.write.workbook"), saveWorkbook),
    button(formatMessage("scripts.write.document"), saveDocument, { class: "quiet" }),
    button(formatMessage("scripts.write.print"), () => window.print(), { class: "quiet" }),
    button(formatMessage("scripts.write.turtle"), () => downloadDraft(form.draft, "ttl"), { class: "quiet" }),
    button(formatMessage("scripts.write.jsonld"), () => downloadDraft(form.draft, "jsonld"), { class: "quiet" }),
  ];
  return [
    form.parts.review,
    element("h3", {}, formatMessage("scripts.write.save")),
    element("p", {}, formatMessage("scripts.write.save.hint")),
    element("p", { class: "row" }, ...buttons),
    element("p", { class: "no-print" }, element("a", { href: pageOf("starter") }, formatMessage("scripts.write.starter"))),
    element("h3", {}, formatMessage("scripts.write.preview")),
    element("section", { class: "sheet", "aria-label": formatMessage("scripts.write.preview") }, ...showBlocks(text)),
  ];
};
