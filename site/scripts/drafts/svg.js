// Elements of drawings, and the marks of the balance figure.
/** @import { FigureSizes } from "../types.d.ts" */
/** @import { Point } from "./figure-geometry.js" */

const SVG = "http://www.w3.org/2000/svg";

/**
 * An element of a drawing with attributes and children.
 * @template {keyof SVGElementTagNameMap} Name
 * @param {Name} name
 * @param {Record<string, string | number | null>} [attributes]
 * @param {...(Node | string)} children
 */
export const svgElement = (name, attributes = {}, ...children) => {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) if (value !== null) made.setAttribute(key, String(value));
  made.append(...children);
  return made;
};

/**
 * The shape of a mark: a square for the second dimension, six corners for the third, else round.
 * @param {string | null} style
 * @param {Point} place
 * @param {number} radius
 * @param {FigureSizes} sizes
 */
const shapeOf = (style, [x, y], radius, sizes) => {
  if (style === "two") {
    const half = radius * sizes.square;
    return svgElement("rect", { class: "shape", x: x - half, y: y - half, width: 2 * half, height: 2 * half, rx: 3 });
  }
  if (style === "three") {
    const [height, width, shoulder] = [sizes.hexagon_height, sizes.hexagon_width, sizes.hexagon_shoulder].map((size) => radius * size);
    const right = `l${width} ${shoulder}v${2 * shoulder}l${-width} ${shoulder}`;
    const left = `${-width} ${-shoulder}v${-2 * shoulder}z`;
    return svgElement("path", { class: "shape", d: `M${x} ${y - height}${right} ${left}` });
  }
  return svgElement("circle", { class: "shape", cx: x, cy: y, r: radius });
};

/**
 * A mark with its number.
 * @param {object} mark
 * @param {string} mark.id
 * @param {string} mark.name is shown when it is pointed at.
 * @param {number} mark.number
 * @param {Point} mark.place
 * @param {number} mark.radius
 * @param {string | null} mark.style
 * @param {string[]} mark.classes
 * @param {FigureSizes} sizes
 */
export const makeMark = ({ id, name, number, place, radius, style, classes }, sizes) =>
  svgElement(
    "g",
    { class: ["mark", style, ...classes].filter(Boolean).join(" "), "data-id": id },
    svgElement("title", {}, name),
    shapeOf(style, place, radius, sizes),
    svgElement("text", { class: "digit", x: place[0], y: place[1] + 4.4 }, String(number)),
  );
