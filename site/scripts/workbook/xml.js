// Elements of XML by the ends of their names, whatever the prefixes.
/** @import { XmlElement } from "@rgrove/parse-xml" */
import { parseXml } from "@rgrove/parse-xml";

/** @param {string} name */
export const localName = (name) => name.slice(name.indexOf(":") + 1);
/** @param {XmlElement | undefined | null} node */
export const elementsIn = (node) =>
  (node?.children ?? []).flatMap((child) => (child.type === "element" ? /** @type {XmlElement} */ (child) : []));
/**
 * The elements of some names in an element.
 * @param {XmlElement | undefined | null} node
 * @param {...string} names
 */
export const childrenOf = (node, ...names) => elementsIn(node).filter(({ name }) => names.includes(localName(name)));
/**
 * @param {XmlElement | undefined | null} node
 * @param {string} name
 * @returns {XmlElement | undefined}
 */
export const childOf = (node, name) => childrenOf(node, name)[0];
/** @param {string} text */
export const parse = (text) => parseXml(text).root;
