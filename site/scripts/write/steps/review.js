// The last step: all that the rules say, and the draft as a file.
import { button, element, formatMessage } from "../../common.js";
import { downloadDraft, downloadWorkbook } from "../../drafts/draft-files.js";
import { form, page, showFaults } from "../state.js";

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
  const buttons = [
    button(formatMessage("scripts.write.turtle"), () => downloadDraft(form.draft, "ttl")),
    button(formatMessage("scripts.write.jsonld"), () => downloadDraft(form.draft, "jsonld"), { class: "quiet" }),
    button(formatMessage("scripts.write.workbook"), saveWorkbook, { class: "quiet" }),
  ];
  return [
    form.parts.review,
    element("h3", {}, formatMessage("scripts.write.save")),
    element("p", {}, formatMessage("scripts.write.save.hint")),
    element("p", { class: "row" }, ...buttons),
  ];
};
