// A form for a competence standard: the steps of the method, the rules as one writes, and drafts that stay in the browser.
/** @import { Finding } from "./types.d.ts" */
import { element, language, load } from "./common.js";
import { createChecker } from "./drafts/check.js";
import { toStatements } from "./drafts/draft-to-rdf.js";
import { readModel } from "./drafts/model.js";
import { useLastDraft } from "./write/drafts.js";
import { showFindings } from "./write/findings.js";
import { makeStepLinks, startNavigation } from "./write/navigation.js";
import { checkFirst, form, page } from "./write/state.js";

const makeParts = () => {
  Object.assign(form.parts, {
    drafts: element("details", { class: "drafts" }),
    fault: element("div", { class: "fault", role: "alert" }),
    steps: makeStepLinks(),
    state: element("p", { class: "state", role: "status", "aria-busy": "false" }),
    body: element("div", { class: "step" }),
    saved: element("p", { class: "small soft" }),
    undo: element("p", { class: "undo", role: "status" }),
    announcement: element("p", { class: "hidden", role: "status" }),
  });
  const { drafts, fault, steps, state, body, saved, undo, announcement } = form.parts;
  page.replaceChildren(drafts, fault, steps, state, body, undo, saved, announcement);
};

/** @type {(findings: Finding[], failure: unknown) => void} */
const takeFindings = (findings, failure) => {
  form.parts.state.ariaBusy = "false";
  Object.assign(form, { findings, failure, isChecked: true });
  showFindings();
};

const start = async () => {
  document.getElementById("unscripted")?.remove();
  try {
    await Promise.all([load(`texts.${language}.js`), load("draft-data.js")]);
  } catch {
    page.textContent = page.dataset.failed ?? "";
    page.hidden = false;
    return;
  }
  form.model = readModel();
  makeParts();
  form.requestCheck = createChecker(() => toStatements(form.draft), takeFindings);
  useLastDraft();
  startNavigation();
  for (const event of ["focusin", "pointerdown"]) page.addEventListener(event, checkFirst);
  page.hidden = false;
};

start();
