// What things are called, for people who read answers.
/** @import { Quad, Store } from "oxigraph" */
/** @import { Language } from "../types.d.ts" */
/** @import { Oxigraph, RdfTerm } from "./types.d.ts" */
import { DCTERMS, PREF_LABEL, RDFS } from "../drafts/rdf.js";

const LABELS = [PREF_LABEL, `${RDFS}label`, `${DCTERMS}title`, "http://xmlns.com/foaf/0.1/name"];
/** The languages of a name, the best first; others come last. */
const TAGS = { nb: ["nb", "no", "", "en"], en: ["en", "", "nb", "no"] };

/**
 * @param {Language} language
 * @param {RdfTerm} label
 */
const rank = (language, label) => {
  const at = TAGS[language].indexOf(label.language ?? "");
  return at < 0 ? TAGS[language].length : at;
};

/**
 * @param {Oxigraph} oxigraph
 * @param {Store} store
 * @param {Quad["subject"]} node
 * @param {Language} language
 * @returns {[] | [name: string, language: string]}
 */
const labelOf = (oxigraph, store, node, language) => {
  for (const property of LABELS) {
    const found = store.match(node, oxigraph.namedNode(property), null, null).map(({ object }) => /** @type {RdfTerm} */ (object));
    const labels = found.filter(({ termType }) => termType === "Literal");
    const [best] = labels.sort((one, two) => rank(language, one) - rank(language, two));
    if (best) return [best.value, best.language ?? ""];
  }
  return [];
};

/**
 * The name of each thing that a store describes, with its language, by IRI; an empty list where it has none.
 * @param {Oxigraph} oxigraph
 * @param {Store} store
 * @param {Iterable<string>} iris
 * @param {Language} language
 */
export const findLabels = (oxigraph, store, iris, language) => {
  const nodes = [...iris].map((iri) => oxigraph.namedNode(iri)).filter((node) => store.match(node, null, null, null).length);
  return Object.fromEntries(nodes.map((node) => [node.value, labelOf(oxigraph, store, node, language)]));
};
