// Checks examples with the rules as the pages apply them. Takes a JSON file: `shapes` in N-Triples,
// `contexts`, and `examples`, each with its own statements (`draft`) and the number of the context it stands on. Prints a JSON list of findings for each.
import { readFileSync } from "node:fs";
import oxigraph from "oxigraph";
import { Rules, ownQuad } from "../../site/scripts/drafts/shacl.js";

const given = JSON.parse(readFileSync(process.argv[2], "utf8"));
const parsed = (text) => oxigraph.parse(text, { format: "application/n-triples" }).map(ownQuad);
const known = new Map();
const rulesOn = (context) => {
  if (!known.has(context)) known.set(context, new Rules(oxigraph, { ...given, vocabulary: given.contexts[context] }));
  return known.get(context);
};
process.stdout.write(JSON.stringify(given.examples.map(({ draft, context }) => rulesOn(context).findings(parsed(draft), [], "nb"))));
