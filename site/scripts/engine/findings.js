// What the rules say of a draft, in words, as the command does it.
/** @import { Finding, Language } from "../types.d.ts" */
/** @import { Rules } from "./shacl.js" */
/** @import { RdfQuad, RdfTerm, ValidationResult } from "./types.d.ts" */
import { BASE, BK, PREF_LABEL, RDF, RDFS } from "../drafts/rdf.js";
import { SH } from "./shacl.js";
import { namedNode, Statements } from "./statements.js";

/** Where a name or another value goes into a message (SHACL, section 5.2.1). */
const PLACEHOLDER = /\{[?$](\w+)\}/g;
/** The longest name that a message tells, in characters. */
const MAX_NAME = 120;
const LABELS = [PREF_LABEL, `${RDFS}label`, `${SH}name`];

/**
 * The texts of a property by language.
 * @param {Statements} data
 * @param {RdfTerm} subject
 * @param {string} property
 * @returns {Record<string, string>}
 */
const textsOf = (data, subject, property) =>
  Object.fromEntries(data.objects(subject, property).map(({ language, value }) => [language, value]));

/**
 * What a thing is called, or its IRI without what it begins with.
 * @param {RdfTerm} term
 * @param {Statements} data
 * @param {string} base
 * @param {Language} language
 */
const labelOf = (term, data, base, language) => {
  if (term.termType === "Literal") return term.value;
  const labels = LABELS.map((property) => textsOf(data, term, property));
  for (const tag of [language, "nb", "en"]) for (const texts of labels) if (texts[tag]) return texts[tag];
  return [BK, base, BASE].reduce((iri, beginning) => (iri.startsWith(beginning) ? iri.slice(beginning.length) : iri), term.value);
};

/**
 * The id of the rule that a shape states: `K4` for `…/rule/K4` and for `…/rule/K4#information`. Shapes elsewhere are called by the last part.
 * @param {string} iri
 */
const idOf = (iri) => {
  const [path, fragment] = iri.split("#");
  const name = path.slice(path.lastIndexOf("/") + 1);
  return path.includes("/rule/") ? name : (fragment ?? name);
};

/** @param {string} name */
const shorten = (name) => {
  const line = name.split(/\s+/).filter(Boolean).join(" ");
  return line.length <= MAX_NAME ? line : `${line.slice(0, MAX_NAME - 1)}…`;
};

/**
 * The properties that a part of a rule looks at: those of its path, or that its query asks of what it is about.
 * @param {Rules} rules
 * @param {RdfTerm} part
 */
const propertiesOf = ({ shapes, prefixes }, part) => {
  const [select] = shapes.objects(part, `${SH}select`);
  if (select) {
    const names = [...select.value.matchAll(/\$this\s+\(?([a-z]+):(\w+)/g)];
    return [...new Set(names.filter(([, prefix]) => prefixes[prefix]).map(([, prefix, name]) => prefixes[prefix] + name))];
  }
  /** @type {string[]} */
  const found = [];
  const waiting = shapes.objects(part, `${SH}path`);
  for (const term of waiting) {
    if (term.termType === "NamedNode") found.push(term.value);
    else
      waiting.push(
        ...shapes
          .list(term)
          .map(({ object }) => object)
          .filter(({ value }) => value !== `${RDF}nil`),
      );
  }
  return found;
};

/**
 * Whether a result concerns the draft, and not only what it stands on.
 * @param {ValidationResult} result
 * @param {Statements} draft
 * @param {Statements} data
 * @param {string} base
 */
const concerns = ({ severity, focus, value }, draft, data, base) => {
  const isWholeSet = [`${BASE}ns`, `${BASE}competence`, `${base}competence`].includes(focus.value);
  const thing = isWholeSet && value?.termType === "NamedNode" ? value : focus;
  if (thing.termType !== "NamedNode" || draft.list(thing).length) return true;
  const isUsed = draft.list(null, thing).length || draft.list(null, null, thing).length;
  return isUsed && (severity === "violation" || !data.list(thing).length);
};

/**
 * Check a draft, and say in a language what concerns it.
 * @param {Rules} rules
 * @param {RdfQuad[]} draft
 * @param {RdfQuad[]} context what it stands on beside the vocabulary: the statements of what it names.
 * @param {Language} language
 * @returns {Finding[]}
 */
export const findFindings = (rules, draft, context, language) => {
  const { base, shapes } = rules;
  const own = new Statements(draft);
  const { data, results } = rules.validate(own, context);
  /** @param {RdfTerm | null} term */
  const nameOf = (term) => (term ? shorten(labelOf(term, data, base, language)) : "");
  return results
    .filter((result) => concerns(result, own, data, base))
    .map(({ rule, part, severity, focus, value, component, selected }) => {
      /** @type {Record<string, RdfTerm | null>} */
      const terms = { ...selected, this: focus, value };
      const shape = namedNode(rule);
      /** @param {string} property */
      const textOf = (property) => textsOf(shapes, shape, property)[language];
      const message = textsOf(shapes, part, `${SH}message`)[language] ?? textOf(`${SH}message`);
      const properties = propertiesOf(rules, part);
      const isProperty = value?.termType === "NamedNode" && value.value.startsWith(BK);
      return {
        rule: idOf(rule),
        severity,
        component,
        focus: focus.value,
        value: value ? { type: value.termType, value: value.value, language: value.language } : null,
        // The fields it may concern: the property that is lacking first, then those that the rule looks at.
        properties: isProperty ? [value.value, ...properties] : properties,
        message: message.replace(PLACEHOLDER, (_, name) => nameOf(terms[name] ?? null)).trimEnd(),
        name: textOf(`${SH}name`),
        rationale: textOf(`${RDFS}comment`),
        remediation: textOf(`${BK}howToFix`),
      };
    });
};
