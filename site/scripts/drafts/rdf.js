// Statements as plain values, and files of them: what draft, worker and pages share. A term is `{type, value}`, and for a text also
// `language` or `datatype`; a statement is `[subject, property, object]`. Order is kept, since items in two languages stand in step.

export const RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";
export const SKOS = "http://www.w3.org/2004/02/skos/core#";
export const DCTERMS = "http://purl.org/dc/terms/";
export const OWL = "http://www.w3.org/2002/07/owl#";
export const PROV = "http://www.w3.org/ns/prov#";
export const XSD = "http://www.w3.org/2001/XMLSchema#";
/** What the addresses of the method's own things begin with: vocabulary, model, published competences. */
export const METHOD = "https://w3id.org/balansekunst/";
export const BK = `${METHOD}ns#`;

const PREFIXES = { bk: BK, dcterms: DCTERMS, owl: OWL, prov: PROV, skos: SKOS, xsd: XSD };

export const iri = (value) => ({ type: "iri", value });
export const blank = (value) => ({ type: "blank", value });
export const written = (value, language) => ({ type: "text", value, language });
export const typed = (value, datatype) => ({ type: "text", value, datatype });
export const idOf = ([subject, property, object]) => JSON.stringify([subject.type, subject.value, property.value, object.type, object.value, object.language ?? "", object.language ? "" : (object.datatype ?? `${XSD}string`)]);

/** A term of the engine as a plain one. */
export const plain = ({ termType, value, language, datatype }) => {
  if (termType === "NamedNode") return iri(value);
  if (termType === "BlankNode") return blank(value);
  return language ? written(value, language) : datatype.value === `${XSD}string` ? { type: "text", value } : typed(value, datatype.value);
};

const quoted = (value) => `"${value.replace(/[\\"\n\r\t\b\f]/g, (sign) => `\\${{ "\\": "\\", '"': '"', "\n": "n", "\r": "r", "\t": "t", "\b": "b", "\f": "f" }[sign]}`)}"`;

/** Write statements as Turtle, in the order of their subjects and with what is said of each together. */
export const turtle = (statements, base) => {
  const address = (value) => {
    const prefix = Object.entries(PREFIXES).find(([, space]) => value.startsWith(space) && /^[A-Za-z][\w-]*$/.test(value.slice(space.length)));
    if (prefix) return `${prefix[0]}:${value.slice(prefix[1].length)}`;
    return value.startsWith(base) && /^[a-z0-9-]+(\/[a-z0-9-]+)*$/.test(value.slice(base.length)) ? `<${value.slice(base.length)}>` : `<${value}>`;
  };
  const term = ({ type, value, language, datatype }) => {
    if (type === "iri") return address(value);
    if (type === "blank") return `_:${value}`;
    if (language) return `${quoted(value)}@${language}`;
    if (datatype === `${XSD}integer` && /^-?\d+$/.test(value)) return value;
    if (datatype === `${XSD}boolean` && /^(true|false)$/.test(value)) return value;
    return datatype && datatype !== `${XSD}string` ? `${quoted(value)}^^${address(datatype)}` : quoted(value);
  };
  const subjects = new Map();
  for (const [subject, property, object] of statements) {
    const name = term(subject);
    if (!subjects.has(name)) subjects.set(name, new Map());
    const properties = subjects.get(name);
    const told = property.value === `${RDF}type` ? "a" : address(property.value);
    if (!properties.has(told)) properties.set(told, []);
    properties.get(told).push(term(object));
  }
  const head = [`@base <${base}> .`, ...Object.entries(PREFIXES).map(([name, space]) => `@prefix ${name}: <${space}> .`)];
  const body = [...subjects].map(([name, properties]) => {
    const ordered = [...properties].sort(([a], [b]) => (b === "a") - (a === "a"));
    return `\n${name} ${ordered.map(([property, objects]) => `${property} ${objects.join(" ,\n        ")}`).join(" ;\n    ")} .`;
  });
  return `${[...head, ...body].join("\n")}\n`;
};

/** Write statements as JSON-LD, expanded: one node a subject. */
export const jsonld = (statements) => {
  const nodes = new Map();
  const name = ({ type, value }) => (type === "blank" ? `_:${value}` : value);
  for (const [subject, property, object] of statements) {
    const id = name(subject);
    if (!nodes.has(id)) nodes.set(id, { "@id": id });
    const node = nodes.get(id);
    const isType = property.value === `${RDF}type`;
    const value = object.type !== "text" ? { "@id": name(object) } : { "@value": object.value, ...(object.language ? { "@language": object.language } : object.datatype ? { "@type": object.datatype } : {}) };
    (node[isType ? "@type" : property.value] ??= []).push(isType ? name(object) : value);
  }
  return `${JSON.stringify([...nodes.values()], null, 1)}\n`;
};
