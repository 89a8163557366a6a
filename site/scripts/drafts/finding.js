// A finding of the rules in words, with how to fix it.
/** @import { Finding } from "../types.d.ts" */
import { element, formatMessage, pageOf } from "../common.js";

/** @type {Record<string, string>} */
const SEVERITY_KEYS = { violation: "scripts.drafts.violation", warning: "scripts.drafts.warning", info: "scripts.drafts.info" };

/** @param {Finding} finding */
export const describeFinding = ({ severity, message, remediation, rationale, rule, name }) => {
  const link = { href: pageOf(`rule/${rule}`), target: "_blank", rel: "noopener" };
  const more = [
    element("summary", {}, formatMessage("scripts.drafts.remediation")),
    element("p", {}, remediation),
    element("p", {}, element("strong", {}, formatMessage("scripts.drafts.rationale")), `: ${rationale}`),
    element("p", {}, element("a", link, formatMessage("scripts.drafts.rule", { rule, name }))),
  ];
  return element(
    "div",
    { class: `finding ${severity}` },
    element("p", {}, element("strong", {}, formatMessage(SEVERITY_KEYS[severity])), `: ${message}`),
    element("details", {}, ...more),
  );
};
