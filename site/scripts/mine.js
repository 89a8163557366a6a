// A person describes what they can do, one question at a time: steps 1 to 3 of the method in plain words. Nothing leaves the browser.
import { formatMessage, language, load } from "./common.js";
import { createChecker } from "./drafts/check.js";
import { statementsToCheck } from "./mine/description.js";
import { showScreen } from "./mine/navigation.js";
import { mine, root, showFault } from "./mine/state.js";
import { takeFindings } from "./mine/warnings.js";

const start = async () => {
  try {
    await Promise.all([load(`texts.${language}.js`), load(`compare-data.${language}.js`), load("draft-data.js"), load("mine-data.js")]);
  } catch {
    showFault(root.dataset.failed ?? "");
    return;
  }
  mine.requestCheck = createChecker(statementsToCheck, (findings, error) => {
    if (error) showFault(formatMessage("scripts.mine.unchecked"));
    takeFindings(findings);
  });
  root.hidden = false;
  showScreen();
};

start();
