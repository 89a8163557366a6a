// The steps of the page: one question at a time, with the way on and back.
/** @import { Step } from "./state.js" */
/** @import { Screen } from "./types.d.ts" */
import { button, element, formatMessage, part } from "../common.js";
import { showChoose } from "./screens/choose.js";
import { showOccupations } from "./screens/occupations.js";
import { showReview } from "./screens/review.js";
import { showRole } from "./screens/role.js";
import { showDone, showStart } from "./screens/start.js";
import { showTake } from "./screens/take.js";
import { showSubject, showTell } from "./screens/tell.js";
import { listOwnDrafts, mine, root, STEP_KEYS, STEPS, showFault, wipe } from "./state.js";
import { clearFields, forgetFindings, showWarnings } from "./warnings.js";

/** The steps that take at least one competence. */
const AFTER_CHOICE = ["tell", "review", "role", "occupations", "take"];
/**
 * What makes the title and the elements of each step.
 * @type {Record<Step, Screen>}
 */
const SCREENS = {
  start: showStart,
  done: showDone,
  choose: showChoose,
  tell: showTell,
  review: showReview,
  role: showRole,
  occupations: showOccupations,
  take: showTake,
};
const about = part("about", "div");

/** Let one go on to the steps that take at least one competence, where there is one. */
const allowSteps = () => {
  const isAllowed = mine.isOpen && mine.draft.placements.length > 0;
  for (const step of root.querySelectorAll("button")) if ("after" in step.dataset) step.disabled = !isAllowed;
};

/** Show the step, from its top. */
const showStep = () => {
  const { step } = mine;
  showScreen();
  if (step === "start") window.scrollTo(0, 0);
  else root.scrollIntoView();
  root.querySelector("h2")?.focus({ preventScroll: true });
};

/** @param {Step} step */
const go = (step) => {
  mine.step = step;
  // The browser's own buttons go back and on through the steps.
  history.pushState({ step, competenceAt: mine.competenceAt }, "");
  showStep();
};

window.addEventListener("popstate", ({ state }) => {
  const { step = "start", competenceAt = 0 } = state ?? {};
  // What is deleted is not gone back to.
  const isThere = mine.isOpen && (!AFTER_CHOICE.includes(step) || mine.draft.placements.length);
  Object.assign(mine, { step: isThere ? step : "start", competenceAt: Math.min(competenceAt, mine.draft.placements.length - 1) });
  showStep();
});

/**
 * Go on or back: through the competences one at a time.
 * @param {1 | -1} by
 */
const move = (by) => {
  const { draft, step } = mine;
  if (step === "tell") {
    const at = mine.competenceAt + by;
    if (at >= 0 && at < draft.placements.length) {
      mine.competenceAt = at;
      go("tell");
      return;
    }
  }
  const next = STEPS[STEPS.indexOf(step) + by];
  if (next === "tell") {
    mine.competenceAt = by > 0 ? 0 : Math.max(0, draft.placements.length - 1);
  }
  go(next);
};

const goOn = () => {
  if (mine.step === "choose" && !mine.draft.placements.length) showFault(formatMessage("scripts.mine.chosen.none"));
  else move(1);
};

const askToWipe = () => {
  if (!window.confirm(formatMessage("scripts.mine.wipe.sure"))) return;
  wipe();
  forgetFindings();
  go("start");
  showFault(formatMessage("scripts.mine.wiped"));
};

const stepLinks = () => {
  const links = STEPS.map((name, at) => {
    const choose = () => {
      if (name === "tell") mine.competenceAt = 0;
      go(name);
    };
    const attributes = { "aria-current": name === mine.step ? "step" : undefined, "data-after": AFTER_CHOICE.includes(name) };
    return element("li", {}, button(`${at + 1} ${formatMessage(STEP_KEYS[name])}`, choose, attributes));
  });
  return element("nav", { "aria-label": root.dataset.steps }, element("ol", { class: "walk" }, ...links));
};

/** Show the screen of the step. */
export const showScreen = () => {
  const { draft, step } = mine;
  clearFields();
  showFault("");
  about.hidden = step !== "start";
  const [title, ...parts] = SCREENS[step]({ go, refresh: showScreen, allowSteps });
  const isOpen = mine.isOpen && step !== "start";
  const moves = [
    button(formatMessage("scripts.mine.back"), () => move(-1), { class: "quiet" }),
    step === "take" ? "" : button(formatMessage("scripts.mine.next"), goOn),
  ];
  root.replaceChildren(
    isOpen ? stepLinks() : "",
    element(
      "div",
      { class: "one-step" },
      isOpen
        ? element("p", { class: "soft" }, formatMessage("scripts.mine.at", { number: STEPS.indexOf(step) + 1, of: STEPS.length }))
        : "",
      step === "tell" && draft.placements.length ? showSubject() : "",
      element("h2", { tabindex: "-1", id: "question" }, title),
      ...parts,
      isOpen ? element("p", { class: "moves" }, ...moves) : "",
    ),
    isOpen || listOwnDrafts().length
      ? element("p", { class: "wiping" }, button(root.dataset.wipe ?? "", askToWipe, { class: "quiet" }))
      : "",
  );
  allowSteps();
  showWarnings();
};
