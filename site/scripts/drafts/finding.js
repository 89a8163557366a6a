// A finding of the rules in words, with how to fix it.
/** @import { Finding } from "../types.d.ts" */
import { element, formatMessage, pageOf } from "../common.js";

/** @type {Record<string, string>} */
const SEVERITY_KEYS = { violation: "scripts.drafts.violation", warning: "scripts.drafts.warning", info: "scripts.drafts.info" };

/**
 * What a finding is called by how grave it is. What is not written yet is no fault.
 * @param {{ severity: string, isUnwritten?: boolean }} finding
 */
export const nameSeverity = ({ severity, isUnwritten }) =>
  formatMessage(isUnwritten ? "scripts.drafts.unwritten" : SEVERITY_KEYS[severity]);

/** @param {Finding & { isUnwritten?: boolean }} finding */
export const describeFinding = (finding) => {
  const { severity, isUnwritten, message, remediation, rationale, rule, name } = finding;
  const link = { href: pageOf(`rule/${rule}`), target: "_blank", rel: "noopener" };
  const more = [
    element("summary", {}, formatMessage("scripts.drafts.remediation")),
    element("p", {}, remediation),
    element("p", {}, element("strong", {}, formatMessage("scripts.drafts.rationale")), `: ${rationale}`),
    element("p", {}, element("a", link, formatMessage("scripts.drafts.rule", { rule, name }))),
  ];
  return element(
    "div",
    { class: `finding ${isUnwritten ? "unwritten" : severity}` },
    element("p", {}, element("strong", {}, nameSeverity(finding)), `: ${message}`),
    element("details", {}, ...more),
  );
};
