// The balance model as it is drawn.
import { data, language } from "../common.js";
import { BASE } from "./rdf.js";

/**
 * A dimension as an axis between two points.
 * @typedef {object} Axis
 * @property {string} dimension
 * @property {string} name
 * @property {string} style
 * @property {string} between the position in the middle.
 * @property {[AxisPole, AxisPole]} poles
 */
/** @typedef {{ position: string, name: string, x: number, y: number }} AxisPole */

/** Axes with their poles, by IRI; what each part is called; and the dimension of each position. */
export const readModel = () => {
  const { figure, dimensions, positions } = data().drafts;
  const named = new Map([...dimensions, ...positions].map(({ iri, label }) => [iri, label[language] ?? ""]));
  /** @param {string} iri */
  const nameOf = (iri) => named.get(iri) ?? "";
  const axes = figure.axes.map(({ dimension, style, poles, between }) => {
    const [one, two] = poles.map(({ position, x, y }) => ({ position: BASE + position, name: nameOf(BASE + position), x, y }));
    /** @type {Axis} */
    const axis = { dimension: BASE + dimension, name: nameOf(BASE + dimension), style, between: BASE + between, poles: [one, two] };
    return axis;
  });
  /** @type {Record<string, string>} */
  const dimensionOf = {};
  for (const { dimension, between, poles } of axes) {
    for (const position of [between, ...poles.map((pole) => pole.position)]) dimensionOf[position] = dimension;
  }
  return { axes, nameOf, dimensionOf };
};
