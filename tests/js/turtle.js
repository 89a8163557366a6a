// Turtle as the statements of the pages.
/** @import { Statement } from "../../site/scripts/types.d.ts" */
import oxigraph from "oxigraph";
import { BASE, toPlainTerm } from "../../site/scripts/drafts/rdf.js";

/**
 * The statements of a text in Turtle, in its order.
 * @param {string} text
 * @returns {Statement[]}
 */
export const readTurtle = (text) =>
  oxigraph
    .parse(text, { format: "text/turtle", base_iri: BASE })
    .map(
      ({ subject, predicate, object }) =>
        /** @type {Statement} */ (
          [subject, predicate, object].map((term) => toPlainTerm(/** @type {Parameters<typeof toPlainTerm>[0]} */ (term)))
        ),
    );
