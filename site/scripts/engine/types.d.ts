// Terms and statements as RDF/JS has them (https://rdf.js.org/data-model-spec/), and the engine that holds them.
export type Oxigraph = typeof import("oxigraph");

export interface RdfTerm {
  termType: string;
  value: string;
  language?: string;
  datatype?: { value: string };
}
export interface RdfQuad {
  subject: RdfTerm;
  predicate: RdfTerm;
  object: RdfTerm;
}
export interface RdfFactory {
  namedNode(iri: string): RdfTerm;
  blankNode(label: string): RdfTerm;
  literal(value: string, languageOrDatatype?: string | RdfTerm): RdfTerm;
  quad(subject: RdfTerm, predicate: RdfTerm, object: RdfTerm): RdfQuad;
}

/** What does not conform to a rule. */
export interface ValidationResult {
  /** The IRI of the rule. */
  rule: string;
  /** The part of the rule. */
  part: RdfTerm;
  severity: "violation" | "warning" | "info";
  focus: RdfTerm;
  value: RdfTerm | null;
  component: string;
  /** What the query of a SPARQL constraint selects, by the name of the variable. */
  selected?: Record<string, RdfTerm | null>;
}
