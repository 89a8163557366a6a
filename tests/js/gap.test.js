import assert from "node:assert/strict";
import { test } from "node:test";
import { combineGap, countGap } from "../../site/scripts/mine/gap.js";

/** @type {(values: Record<string, string>) => import("../../site/scripts/types.d.ts").Row} */
const row = (values) => Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { type: "literal", value }]));

test("what two standards of a role ask for is counted once, and what meets one of them is not beyond the other", () => {
  const gap = combineGap(
    [
      row({ kind: "covered", competence: "a", own: "a" }),
      row({ kind: "covered", competence: "a", own: "a" }),
      row({ kind: "beyond", own: "b" }),
      row({ kind: "near", competence: "c", own: "b" }),
      row({ kind: "missing", competence: "d" }),
      row({ kind: "beyond", own: "e" }),
    ],
    [],
  );
  assert.deepEqual(countGap(gap), { covered: 1, near: 1, missing: 1, beyond: 1 });
  assert.equal(gap.beyond[0].own?.value, "e");
});

test("a way to competence stands once for each basis, with its settings and forms", () => {
  const { general, specific } = combineGap(
    [],
    [
      row({ basis: "gap", way: "w", setting: "s1" }),
      row({ basis: "gap", way: "w", setting: "s1", form: "f" }),
      row({ basis: "gap", way: "w", setting: "s2" }),
      row({ basis: "competence", competence: "d", way: "w" }),
      row({ basis: "dimension", competence: "d", way: "w" }),
    ],
  );
  assert.deepEqual(
    general.map(({ settings, forms }) => [settings.length, forms.length]),
    [[2, 1]],
  );
  assert.equal(specific.get("d")?.length, 2);
});
