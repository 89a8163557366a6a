import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { FigureGeometry } from "../../site/scripts/drafts/figure-geometry.js";

const geometry = new FigureGeometry(JSON.parse(readFileSync(new URL("../../site/figure.json", import.meta.url), "utf8")).sizes);

test("marks at one place do not meet", () => {
  for (let number = 0; number <= 30; number++) {
    const radius = geometry.getMarkRadius(number);
    const places = geometry.packDiscs(number, radius);
    assert.equal(places.length, number);
    places.forEach(([x, y], at) => {
      for (const [otherX, otherY] of places.slice(at + 1)) assert.ok(Math.hypot(x - otherX, y - otherY) > 2 * radius);
    });
  }
});

test("marks on an axis stand on both sides of the crossing, from left to right", () => {
  const { width } = geometry.sizes;
  const places = geometry.placeAlongAxis(4, [92, 60], 12);
  assert.deepEqual(
    places.map(([x]) => x < width / 2),
    [true, true, false, false],
  );
});
