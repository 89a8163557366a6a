// Where the parts of the balance figure lie, as `site/figure_geometry.py` has them. All lengths stand in `site/figure.json`.
/** @import { FigureSizes } from "../types.d.ts" */

/** @typedef {[x: number, y: number]} Point */

/** The sizes of the figure, and places that follow from them. */
export class FigureGeometry {
  /** @param {FigureSizes} sizes */
  constructor(sizes) {
    this.sizes = sizes;
  }

  /**
   * The radius of marks where so many of them stand at one place.
   * @param {number} number
   */
  getMarkRadius(number) {
    const { max_large_marks: most, radius, small_radius: small } = this.sizes;
    return number <= most ? radius : small;
  }

  /**
   * Places for discs packed close in rings of six, with the origin in their middle.
   * @param {number} number
   * @param {number} radius
   * @returns {Point[]}
   */
  packDiscs(number, radius) {
    const step = radius * this.sizes.disc_step;
    /** @type {Point[]} */
    const found = [];
    for (let ring = 0; found.length < number; ring++) {
      /** @type {Point[]} */
      const cells = [];
      for (let column = -ring; column <= ring; column++) {
        for (let row = -ring; row <= ring; row++) {
          const distance = Math.max(Math.abs(column), Math.abs(row), Math.abs(column + row));
          if (distance === ring) cells.push([step * (column + row / 2), (step * row * Math.sqrt(3)) / 2]);
        }
      }
      cells.sort((one, two) => one[1] - two[1] || one[0] - two[0]);
      found.push(...cells.slice(0, number - found.length));
    }
    const x = found.reduce((sum, place) => sum + place[0], 0) / (number || 1);
    const y = found.reduce((sum, place) => sum + place[1], 0) / (number || 1);
    return found.map((place) => [place[0] - x, place[1] - y]);
  }

  /**
   * Places for discs along the axis of a pole, on both sides of the crossing, from left to right.
   * @param {number} number
   * @param {Point} pole
   * @param {number} radius
   * @returns {Point[]}
   */
  placeAlongAxis(number, pole, radius) {
    const { width, axes_height: height, axis_step: step, crossing_clearance: clearance } = this.sizes;
    const middle = [width / 2, height / 2];
    const [x, y] = [middle[0] - pole[0], middle[1] - pole[1]];
    const length = Math.hypot(x, y);
    const distances = Array.from({ length: number }, (_, at) => (clearance + Math.floor(at / 2) * radius * step) * (at % 2 ? 1 : -1));
    /** @type {Point[]} */
    const places = distances.map((distance) => [middle[0] + (x / length) * distance, middle[1] + (y / length) * distance]);
    return places.sort((one, two) => one[0] - two[0] || one[1] - two[1]);
  }

  /**
   * Places for discs in rows from a height on.
   * @param {number} number
   * @param {number} y
   * @returns {Point[]}
   */
  placeInRow(number, y) {
    const { marks_per_row: most, row_start: start, row_step: step, row_height: height } = this.sizes;
    return Array.from({ length: number }, (_, at) => [start + (at % most) * step, y + Math.floor(at / most) * height]);
  }

  /**
   * The height of a point's label: above its marks in the upper half and the middle, below them in the lower half.
   * @param {number} y
   * @param {number} reach
   */
  getLabelHeight(y, reach) {
    const { axes_height: height, label_above: above, label_below: below } = this.sizes;
    return y > height / 2 ? y + reach + below : y - reach - above;
  }
}
