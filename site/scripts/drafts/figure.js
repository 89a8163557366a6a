// The balance figure as a place to put competences: by pointer in the drawing.
// It is drawn as the figure on the pages of roles is: three crossing axes, with what has only a dimension in rows below.
/** @import { Place } from "../types.d.ts" */
/** @import { Point } from "./figure-geometry.js" */
/** @import { Axis, AxisPole } from "./model.js" */
import { data, element, formatMessage } from "../common.js";
import { FigureGeometry } from "./figure-geometry.js";
import { readModel } from "./model.js";
import { makeMark, svgElement } from "./svg.js";

/** @typedef {Place & { id: string, name: string }} NamedPlacement */
/** @typedef {{ placement: NamedPlacement, number: number }} Entry */
/** @typedef {{ drawn: SVGElement, where: Place, x: number, y: number, isRow: boolean }} Target */

/** A place takes up what is let go this near it. */
const NEAR = 60;
/** How far a pointer moves before that is no press. */
const STILL = 6;
/** The least room to aim at around a point, and around the middle of an axis. */
const POINT_REACH = 22;
const MIDDLE_REACH = 17;
/** Room for the label of a point, and for the caption above the rows. */
const LABEL_HEIGHT = 14;
const CAPTION_HEIGHT = 24;

/** The parts of one drawing: what lies below, the places to aim at, and the marks on top. */
class Drawing {
  /**
   * @param {FigureGeometry} geometry
   * @param {NamedPlacement[]} placements
   * @param {string | null} chosen the id of one of them.
   */
  constructor(geometry, placements, chosen) {
    this.geometry = geometry;
    this.chosen = chosen;
    /** @type {SVGElement[]} */
    this.parts = [];
    /** @type {Target[]} */
    this.targets = [];
    /** @type {{ id: string, drawn: SVGElement }[]} */
    this.marks = [];
    this.top = 0;
    this.entries = placements.map((placement, index) => ({ placement, number: index + 1 }));
  }

  /**
   * The competences at a position, or where that is not known those of a dimension.
   * @param {Place} where
   */
  at({ dimension, position }) {
    return this.entries.filter(({ placement }) =>
      position ? placement.position === position : !placement.position && placement.dimension === dimension,
    );
  }

  /**
   * @param {SVGElement} drawn
   * @param {Place} where
   * @param {Point} middle
   * @param {boolean} [isRow]
   */
  addTarget(drawn, where, [x, y], isRow = false) {
    this.parts.push(drawn);
    this.targets.push({ drawn, where, x, y, isRow });
  }

  /**
   * @param {Entry[]} entries
   * @param {Point[]} places
   * @param {number} radius
   * @param {string | null} style
   * @param {boolean} hasPosition
   */
  addMarks(entries, places, radius, style, hasPosition) {
    entries.forEach(({ placement: { id, name }, number }, index) => {
      const classes = [hasPosition ? "" : "untold", id === this.chosen ? "chosen" : ""];
      this.marks.push({ id, drawn: makeMark({ id, name, number, place: places[index], radius, style, classes }, this.geometry.sizes) });
    });
  }

  /** @param {Axis} axis */
  addAxis({ dimension, name, style, poles, between }) {
    const [one, two] = poles;
    const line = { class: `axis ${style}`, d: `M ${one.x} ${one.y} L ${two.x} ${two.y}` };
    this.parts.push(svgElement("path", line, svgElement("title", {}, name)));
    for (const pole of poles) this.addPole(pole, dimension, style);
    const entries = this.at({ dimension, position: between });
    const radius = this.geometry.getMarkRadius(entries.length);
    const [middle] = this.geometry.placeAlongAxis(1, [one.x, one.y], radius);
    const target = svgElement("circle", { class: `place ${style}`, cx: middle[0], cy: middle[1], r: MIDDLE_REACH });
    this.addTarget(target, { dimension, position: between }, middle);
    this.addMarks(entries, this.geometry.placeAlongAxis(entries.length, [one.x, one.y], radius), radius, style, true);
  }

  /**
   * @param {AxisPole} pole
   * @param {string} dimension
   * @param {string} style
   */
  addPole({ position, name, x, y }, dimension, style) {
    const entries = this.at({ dimension, position });
    const radius = this.geometry.getMarkRadius(entries.length);
    const places = this.geometry.packDiscs(entries.length, radius);
    const reach = Math.max(POINT_REACH, ...places.map((place) => Math.hypot(...place) + radius + 4));
    this.addTarget(svgElement("circle", { class: `place ${style}`, cx: x, cy: y, r: reach }), { dimension, position }, [x, y]);
    const label = this.geometry.getLabelHeight(y, reach);
    this.top = Math.min(this.top, label - LABEL_HEIGHT);
    this.parts.push(svgElement("text", { class: "pole", x, y: label, "text-anchor": "middle" }, name));
    /** @type {Point[]} */
    const around = places.map((place) => [x + place[0], y + place[1]]);
    this.addMarks(entries, around, radius, style, true);
  }

  /**
   * Add a row for what has only a dimension, or none.
   * @param {string | null} dimension
   * @param {string} name
   * @param {string | null} style
   * @param {number} y
   * @returns the height where the next row begins.
   */
  addRow(dimension, name, style, y) {
    const { width, row_height: height, row_radius: radius, marks_per_row: most } = this.geometry.sizes;
    const where = { dimension, position: null };
    const entries = this.at(where);
    if (!dimension && !entries.length) return y;
    const whole = Math.max(1, Math.ceil(entries.length / most)) * height;
    if (dimension) {
      const box = { x: 2, y: y - height / 2 + 1, width: width - 4, height: whole - 3, rx: 5 };
      this.addTarget(svgElement("rect", { class: `place ${style}`, ...box }), where, [width / 2, y], true);
    }
    this.parts.push(svgElement("text", { x: 10, y: y + 5 }, name));
    this.addMarks(entries, this.geometry.placeInRow(entries.length, y), radius, style, false);
    return y + whole;
  }

  /**
   * Draw all.
   * @param {Axis[]} axes
   * @returns the height.
   */
  draw(axes) {
    const { axes_height: height, first_row: first } = this.geometry.sizes;
    for (const axis of axes) this.addAxis(axis);
    let y = height + first;
    this.parts.push(svgElement("text", { class: "caption", x: 8, y: y - CAPTION_HEIGHT }, formatMessage("scripts.drafts.only-dimension")));
    for (const { dimension, name, style } of axes) y = this.addRow(dimension, name, style, y);
    return this.addRow(null, formatMessage("scripts.drafts.unplaced"), null, y);
  }

  /**
   * The target that is nearest to a point, if any is near.
   * @param {Point} point
   */
  findNearest([x, y]) {
    const { width, row_height: height } = this.geometry.sizes;
    /** @param {Target} target */
    const isIn = (target) => x >= 0 && x <= width && Math.abs(y - target.y) < height / 2 + 3;
    /** @param {Target} target */
    const distance = (target) => (target.isRow ? (isIn(target) ? 0 : Number.POSITIVE_INFINITY) : Math.hypot(target.x - x, target.y - y));
    const [best] = [...this.targets].sort((one, two) => distance(one) - distance(two));
    return best && distance(best) < NEAR ? best : null;
  }
}

/**
 * The figure.
 * @param {object} act
 * @param {(id: string, where: Place) => void} act.place is called when a competence is put somewhere by pointer.
 * @param {(id: string) => void} act.choose is called with the id of a competence that is pressed.
 * @returns its `element`, and `show`, which draws placements.
 */
export const balanceFigure = ({ place, choose }) => {
  const { axes } = readModel();
  const geometry = new FigureGeometry(data().drafts.figure.sizes);
  const svg = svgElement("svg", { role: "img", "aria-label": formatMessage("scripts.drafts.figure") });
  const caption = element("figcaption", {}, formatMessage("scripts.drafts.figure.hint"));
  const made = element("figure", { class: "balance placing" }, svg, caption);
  let drawing = new Drawing(geometry, [], null);

  /**
   * @param {MouseEvent} event
   * @returns {Point}
   */
  const pointOf = (event) => {
    const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM()?.inverse());
    return [at.x, at.y];
  };
  /** @param {Target | null} lit */
  const light = (lit) => {
    for (const { drawn } of drawing.targets) drawn.classList.toggle("over", drawn === lit?.drawn);
  };

  /**
   * @param {SVGElement} mark
   * @param {string} id
   * @param {PointerEvent} first
   */
  const follow = (mark, id, first) => {
    const start = pointOf(first);
    let isMoved = false;
    /** @param {PointerEvent} event */
    const move = (event) => {
      const [x, y] = pointOf(event);
      isMoved ||= Math.hypot(x - start[0], y - start[1]) > STILL;
      if (!isMoved) return;
      mark.setAttribute("transform", `translate(${x - start[0]} ${y - start[1]})`);
      light(drawing.findNearest([x, y]));
    };
    /** @param {PointerEvent} event */
    const end = (event) => {
      mark.removeEventListener("pointermove", move);
      mark.removeEventListener("pointerup", end);
      mark.removeEventListener("pointercancel", end);
      mark.removeAttribute("transform");
      light(null);
      const target = isMoved && event.type === "pointerup" ? drawing.findNearest(pointOf(event)) : null;
      if (target) place(id, target.where);
      else if (!isMoved) choose(id);
    };
    mark.addEventListener("pointermove", move);
    mark.addEventListener("pointerup", end);
    mark.addEventListener("pointercancel", end);
  };
  /**
   * @param {SVGElement} mark
   * @param {string} id
   */
  const makeMovable = (mark, id) =>
    mark.addEventListener("pointerdown", (event) => {
      if (event.button) return;
      event.preventDefault();
      event.stopPropagation();
      mark.setPointerCapture(event.pointerId);
      follow(mark, id, event);
    });

  svg.addEventListener("click", (event) => {
    const target = drawing.chosen && drawing.findNearest(pointOf(event));
    if (drawing.chosen && target) place(drawing.chosen, target.where);
  });

  /**
   * @param {NamedPlacement[]} placements
   * @param {string | null} [chosen] the id of one of them.
   */
  const show = (placements, chosen = null) => {
    drawing = new Drawing(geometry, placements, chosen);
    const height = drawing.draw(axes);
    const top = Math.floor(drawing.top);
    svg.setAttribute("viewBox", `0 ${top} ${geometry.sizes.width} ${Math.ceil(height) - 10 - top}`);
    svg.replaceChildren(...drawing.parts, ...drawing.marks.map(({ drawn }) => drawn));
    for (const { id, drawn } of drawing.marks) makeMovable(drawn, id);
  };
  return { element: made, caption, show };
};
