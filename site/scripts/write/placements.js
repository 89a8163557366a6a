// What the steps call competences and where they are placed.
/** @import { Place, Placement } from "../types.d.ts" */
import { formatMessage } from "../common.js";
import { form, localize } from "./state.js";

/**
 * What a placed competence is called.
 * @param {Placement} placement
 */
export const nameOfPlacement = (placement) => localize(placement.label) || formatMessage("scripts.write.fresh");

/**
 * Where a competence is placed: the position, the dimension only, or nowhere yet.
 * @param {Place} place
 */
export const nameOfPlace = ({ dimension, position }) => {
  const { nameOf } = form.model;
  if (position) return nameOf(position);
  return dimension ? formatMessage("scripts.write.only", { dimension: nameOf(dimension) }) : formatMessage("scripts.write.nowhere");
};
