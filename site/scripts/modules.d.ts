// Modules that say nothing of their types, as far as the scripts use them, and what the bundler makes of files.

declare module "worker:*" {
  /** The code of a worker. */
  const code: string;
  export default code;
}

declare module "*.wasm" {
  const bytes: Uint8Array;
  export default bytes;
}

declare module "oxigraph/web.js" {
  export * from "oxigraph";
  export default function init(options: { module_or_path: Uint8Array }): Promise<unknown>;
}

declare module "@rdfjs/environment" {
  import type { RdfFactory } from "engine/types.d.ts";

  const Environment: new (factories: unknown[]) => RdfFactory;
  export default Environment;
}
declare module "@rdfjs/data-model/Factory.js";
declare module "@rdfjs/namespace/Factory.js";
declare module "@rdfjs/term-map/Factory.js";
declare module "clownface/Factory.js";

declare module "rdf-validate-shacl" {
  import type { RdfFactory, RdfQuad, RdfTerm } from "engine/types.d.ts";
  /** What a shape says of a node. */
  export interface ShaclResult {
    focusNode: RdfTerm;
    value: RdfTerm | null;
    severity: RdfTerm;
    sourceShape: RdfTerm;
    sourceConstraintComponent: RdfTerm;
  }
  export default class Validator {
    constructor(shapes: Iterable<RdfQuad>, options: { factory: RdfFactory; maxNodeChecks: number });
    validationEngine: { initReport(): void; getReport(): { results: ShaclResult[] } };
    setDataGraph(data: Iterable<RdfQuad>): void;
    validateNodeAgainstShape(node: RdfTerm, shape: RdfTerm): void;
  }
}
