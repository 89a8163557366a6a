// The balance figure as a place to put competences: by pointer in the drawing, and by a group of choices that keys and voice work on too.
// It is drawn as the figure on the pages of roles is: three crossing axes, with what has only a dimension in rows below.
import { data, element, language, text } from "../common.js";

const SVG = "http://www.w3.org/2000/svg";
const WIDTH = 420;
const AXES_HEIGHT = 400;
const RADIUS = 13;
const CLEAR = 34;
const STEP = 29;
const ROW_START = 202;
const PER_ROW = 8;
const ROW_HEIGHT = 33;
const NEAR = 60;

const draw = (name, attributes = {}, ...children) => {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) if (value !== undefined && value !== null) made.setAttribute(key, value);
  made.append(...children);
  return made;
};

/** The parts of the model, as drawn: axes with their poles, by address. */
export const model = () => {
  const { axes, dimensions, positions, method } = { method: "https://w3id.org/balansekunst/", ...data().drafts };
  const named = new Map([...dimensions, ...positions].map((thing) => [thing.iri, thing.label[language]]));
  const found = axes.map(({ dimension, style, poles, between }) => ({
    dimension: method + dimension,
    name: named.get(method + dimension),
    style,
    between: method + between,
    poles: poles.map(({ position, x, y }) => ({ position: method + position, name: named.get(method + position), x, y })),
  }));
  const dimensionOf = Object.fromEntries(found.flatMap(({ dimension, between, poles }) => [between, ...poles.map(({ position }) => position)].map((position) => [position, dimension])));
  return { axes: found, named, dimensionOf };
};

/** Places for discs close together, in rings of six. */
const cluster = (number) => {
  const found = [];
  for (let ring = 0; found.length < number; ring++) {
    const cells = [];
    for (let column = -ring; column <= ring; column++) {
      for (let row = -ring; row <= ring; row++) if (Math.max(Math.abs(column), Math.abs(row), Math.abs(column + row)) === ring) cells.push([STEP * (column + row / 2), (STEP * row * Math.sqrt(3)) / 2]);
    }
    cells.sort((a, b) => a[1] - b[1] || a[0] - b[0]);
    found.push(...cells.slice(0, number - found.length));
  }
  const middle = [0, 1].map((part) => found.reduce((sum, place) => sum + place[part], 0) / (number || 1));
  return found.map(([x, y]) => [x - middle[0], y - middle[1]]);
};

/** Places along an axis, on both sides of the crossing. */
const strung = (number, { x, y }) => {
  const [dx, dy] = [WIDTH / 2 - x, AXES_HEIGHT / 2 - y];
  const length = Math.hypot(dx, dy);
  return Array.from({ length: number }, (_, at) => (CLEAR + Math.floor(at / 2) * RADIUS * 2.2) * (at % 2 ? 1 : -1)).map((distance) => [WIDTH / 2 + (dx / length) * distance, AXES_HEIGHT / 2 + (dy / length) * distance]);
};

/**
 * The figure.
 * @param place is told `(id, {dimension, position})` when a competence is put somewhere by pointer.
 * @param choose is told the id of a competence that is pressed.
 * @returns its `element`, and `show(placements, chosen)`, which draws them; a placement has `id`, `name`, `dimension` and `position`.
 */
export const balanceFigure = ({ place, choose }) => {
  const { axes } = model();
  const svg = draw("svg", { role: "img", "aria-label": text("drafts.figure") });
  const caption = element("figcaption", {}, text("drafts.figure.hint"));
  const made = element("figure", { class: "balance placing" }, svg, caption);
  let targets = [];
  let chosen = null;

  const pointOf = (event) => {
    const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
    return [at.x, at.y];
  };
  const nearest = ([x, y]) => {
    const distance = (target) => (target.row ? (x >= 0 && x <= WIDTH && Math.abs(y - target.y) < ROW_HEIGHT / 2 + 3 ? 0 : Infinity) : Math.hypot(target.x - x, target.y - y));
    const [best] = [...targets].sort((a, b) => distance(a) - distance(b));
    return best && distance(best) < NEAR ? best : null;
  };
  const light = (target) => targets.forEach(({ drawn }) => drawn.classList.toggle("over", drawn === target?.drawn));

  const drag = (mark, id) => {
    mark.addEventListener("pointerdown", (event) => {
      if (event.button) return;
      event.preventDefault();
      event.stopPropagation();
      mark.setPointerCapture(event.pointerId);
      const start = pointOf(event);
      let moved = false;
      const move = (next) => {
        const now = pointOf(next);
        moved ||= Math.hypot(now[0] - start[0], now[1] - start[1]) > 6;
        if (!moved) return;
        mark.setAttribute("transform", `translate(${now[0] - start[0]} ${now[1] - start[1]})`);
        light(nearest(now));
      };
      const end = (last) => {
        mark.removeEventListener("pointermove", move);
        mark.removeEventListener("pointerup", end);
        mark.removeEventListener("pointercancel", end);
        mark.removeAttribute("transform");
        light(null);
        const target = moved && last.type === "pointerup" ? nearest(pointOf(last)) : null;
        if (target) place(id, target.where);
        else if (!moved) choose(id);
      };
      mark.addEventListener("pointermove", move);
      mark.addEventListener("pointerup", end);
      mark.addEventListener("pointercancel", end);
    });
  };

  svg.addEventListener("click", (event) => {
    const target = chosen && nearest(pointOf(event));
    if (target) place(chosen, target.where);
  });

  const disc = (placement, number, [x, y], style, told) =>
    draw(
      "g",
      { class: `mark ${style ?? ""}${told ? "" : " untold"}${placement.id === chosen ? " chosen" : ""}`, "data-id": placement.id },
      draw("title", {}, placement.name),
      style === "two" ? draw("rect", { class: "shape", x: x - RADIUS, y: y - RADIUS, width: 2 * RADIUS, height: 2 * RADIUS, rx: 3 }) : style === "three" ? draw("path", { class: "shape", d: `M${x} ${y - RADIUS * 1.12}l${RADIUS * 0.97} ${RADIUS * 0.56}v${RADIUS * 1.12}l${-RADIUS * 0.97} ${RADIUS * 0.56} ${-RADIUS * 0.97} ${-RADIUS * 0.56}v${-RADIUS * 1.12}z` }) : draw("circle", { class: "shape", cx: x, cy: y, r: RADIUS }),
      draw("text", { class: "digit", x, y: y + 4.5 }, String(number)),
    );

  const show = (placements, current = null) => {
    chosen = current;
    const at = (where) => placements.map((placement, index) => [placement, index + 1]).filter(([{ position, dimension }]) => (where.position ? position === where.position : !position && dimension === where.dimension));
    const parts = [];
    const marks = [];
    targets = [];
    const target = (drawn, where, x, y, row = false) => {
      targets.push({ drawn, where, x, y, row });
      parts.push(drawn);
    };
    for (const { dimension, name, style, poles, between } of axes) {
      parts.push(draw("path", { class: `axis ${style}`, d: `M ${poles[0].x} ${poles[0].y} L ${poles[1].x} ${poles[1].y}` }, draw("title", {}, name)));
      for (const { position, name: pole, x, y } of poles) {
        const here = at({ position });
        const places = cluster(here.length);
        const reach = Math.max(22, ...places.map(([px, py]) => Math.hypot(px, py) + RADIUS + 4));
        target(draw("circle", { class: `place ${style}`, cx: x, cy: y, r: reach }), { dimension, position }, x, y);
        parts.push(draw("text", { class: "pole", x, y: y > AXES_HEIGHT / 2 ? y + reach + 17 : y - reach - 7, "text-anchor": "middle" }, pole));
        here.forEach(([placement, number], index) => marks.push([placement, disc(placement, number, [x + places[index][0], y + places[index][1]], style, true)]));
      }
      const here = at({ position: between });
      const spots = strung(Math.max(here.length, 1), poles[0]);
      const [x, y] = spots[0];
      target(draw("circle", { class: `place ${style}`, cx: x, cy: y, r: 17 }), { dimension, position: between }, x, y);
      here.forEach(([placement, number], index) => marks.push([placement, disc(placement, number, spots[index], style, true)]));
    }
    let y = AXES_HEIGHT + 52;
    parts.push(draw("text", { class: "caption", x: 8, y: y - 24 }, text("drafts.only-dimension")));
    const rows = [...axes.map(({ dimension, name, style }) => [{ dimension, position: null }, name, style]), [{ dimension: null, position: null }, text("drafts.unplaced"), null]];
    for (const [where, name, style] of rows) {
      const here = at(where);
      if (!where.dimension && !here.length) continue;
      const height = Math.max(1, Math.ceil(here.length / PER_ROW)) * ROW_HEIGHT;
      if (where.dimension) target(draw("rect", { class: `place ${style}`, x: 2, y: y - ROW_HEIGHT / 2 + 1, width: WIDTH - 4, height: height - 3, rx: 5 }), where, WIDTH / 2, y, true);
      parts.push(draw("text", { x: 10, y: y + 5 }, name));
      here.forEach(([placement, number], index) => marks.push([placement, disc(placement, number, [ROW_START + 14 + (index % PER_ROW) * 27, y + Math.floor(index / PER_ROW) * ROW_HEIGHT], style, false)]));
      y += height;
    }
    svg.setAttribute("viewBox", `0 -6 ${WIDTH} ${Math.ceil(y - 4)}`);
    svg.replaceChildren(...parts, ...marks.map(([, mark]) => mark));
    marks.forEach(([{ id }, mark]) => drag(mark, id));
  };
  return { element: made, show };
};

let groups = 0;
/**
 * The places of the model as a group of choices, for keys, touch and voice: for each dimension its two points, in between, and the
 * dimension only.
 * @param chosen `{dimension, position}` now.
 * @param place is told the place chosen.
 */
export const placeChoice = ({ legend, chosen, place }) => {
  const { axes } = model();
  const name = `place-${++groups}`;
  const choice = (label, where) => {
    const input = element("input", { type: "radio", name, value: where.position ?? where.dimension });
    input.checked = Boolean(chosen.dimension) && (where.position ?? null) === (chosen.position ?? null) && where.dimension === chosen.dimension;
    input.addEventListener("change", () => place(where));
    return element("label", { class: "choice" }, input, element("span", {}, label));
  };
  const rows = axes.map(({ dimension, name: title, style, between, poles }) =>
    element(
      "div",
      { class: `places ${style}`, role: "group", "aria-label": title },
      element("p", { class: "label" }, title),
      choice(poles[0].name, { dimension, position: poles[0].position }),
      choice(text("drafts.between"), { dimension, position: between }),
      choice(poles[1].name, { dimension, position: poles[1].position }),
      choice(text("drafts.dimension-only"), { dimension, position: null }),
    ),
  );
  return element("fieldset", { class: "place-choice" }, element("legend", {}, legend), ...rows);
};
