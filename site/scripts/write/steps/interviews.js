// The second step: how the competences were found.
import { formatMessage } from "../../common.js";
import { makeDraftField } from "../fields.js";

export const showInterviews = () => [
  makeDraftField("interviewCount", "scripts.write.interviewCount", "", { inputmode: "numeric" }),
  makeDraftField("interviewedFrom", "scripts.write.interviewedFrom", formatMessage("scripts.write.month.hint")),
  makeDraftField("interviewedTo", "scripts.write.interviewedTo", formatMessage("scripts.write.month.hint")),
  makeDraftField("rawCompetenceCount", "scripts.write.rawCompetenceCount", formatMessage("scripts.write.rawCompetenceCount.hint"), {
    inputmode: "numeric",
  }),
  makeDraftField("placedOn", "scripts.write.placedOn", formatMessage("scripts.write.month.hint")),
];
