// Checks examples with the rules as the pages apply them. Takes a JSON file: `shapes` and `contexts` in N-Triples, `base`, and `examples`,
// each with its own statements (`draft`) and the number of the context it stands on. Prints a JSON list of findings for each.
import { readFileSync } from "node:fs";
import oxigraph from "oxigraph";
import { getOrAdd } from "../../site/scripts/collections.js";
import { findFindings } from "../../site/scripts/engine/findings.js";
import { Rules } from "../../site/scripts/engine/shacl.js";
import { copyQuad } from "../../site/scripts/engine/statements.js";

/** @type {{ shapes: string, base: string, contexts: string[], examples: { draft: string, context: number }[] }} */
const { shapes, base, contexts, examples } = JSON.parse(readFileSync(process.argv[2], "utf8"));
/** @type {Map<number, Rules>} */
const known = new Map();
const found = examples.map(({ draft, context }) => {
  const rules = getOrAdd(known, context, () => new Rules(oxigraph, { shapes, base, vocabulary: contexts[context] }));
  const quads = oxigraph.parse(draft, { format: "application/n-triples" }).map(copyQuad);
  return findFindings(rules, quads, [], "nb");
});
process.stdout.write(JSON.stringify(found));
