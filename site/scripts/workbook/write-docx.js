// A text for people as a document (docx, a zip of XML): headings, paragraphs and lists.
/** @import { Language, TextBlock } from "../types.d.ts" */
import { zipSync } from "fflate";
import { documentOf, escapeXml, OFFICE, PACKAGE, RELATIONS } from "./write-xlsx.js";

const MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
const TYPES = "application/vnd.openxmlformats-officedocument.wordprocessingml";
/**
 * The style of each kind of block, the size of its letters in half points, and the level of a heading.
 * @type {Record<TextBlock[0], { id: string, name: string, size: number, level?: number }>}
 */
const STYLES = {
  title: { id: "Heading1", name: "heading 1", size: 36, level: 0 },
  heading: { id: "Heading2", name: "heading 2", size: 28, level: 1 },
  subheading: { id: "Heading3", name: "heading 3", size: 24, level: 2 },
  text: { id: "Normal", name: "Normal", size: 22 },
  item: { id: "ListBullet", name: "List Bullet", size: 22 },
};

/** @type {(block: TextBlock) => string} */
const paragraphXml = ([kind, text]) =>
  `<w:p><w:pPr><w:pStyle w:val="${STYLES[kind].id}"/></w:pPr><w:r><w:t xml:space="preserve">${escapeXml(text)}</w:t></w:r></w:p>`;

/** @param {Language} language */
const stylesXml = (language) => {
  const spoken = language === "nb" ? "nb-NO" : "en-GB";
  const styles = Object.entries(STYLES).map(([kind, { id, name, size, level }]) => {
    const isHeading = level !== undefined;
    const paragraph = [
      isHeading ? "<w:keepNext/>" : "",
      kind === "item" ? '<w:numPr><w:numId w:val="1"/></w:numPr>' : "",
      `<w:spacing w:before="${isHeading ? 240 : 0}" w:after="${kind === "item" ? 40 : 120}"/>`,
      isHeading ? `<w:outlineLvl w:val="${level}"/>` : "",
    ];
    const letters = `${isHeading ? "<w:b/>" : ""}<w:sz w:val="${size}"/><w:lang w:val="${spoken}"/>`;
    const usual = kind === "text" ? ' w:default="1"' : "";
    const base = kind === "text" ? "" : '<w:basedOn w:val="Normal"/>';
    return (
      `<w:style w:type="paragraph"${usual} w:styleId="${id}"><w:name w:val="${name}"/>${base}` +
      `<w:pPr>${paragraph.join("")}</w:pPr><w:rPr>${letters}</w:rPr></w:style>`
    );
  });
  return documentOf(`<w:styles xmlns:w="${MAIN}">${styles.join("")}</w:styles>`);
};

const NUMBERING = documentOf(
  `<w:numbering xmlns:w="${MAIN}"><w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/><w:lvlText w:val="•"/>` +
    '<w:pPr><w:ind w:left="425" w:hanging="283"/></w:pPr></w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>',
);

/**
 * A document of headings, paragraphs and lists.
 * @param {TextBlock[]} blocks
 * @param {Language} language
 */
export const writeDocx = (blocks, language) => {
  /** @type {[name: string, kind: string][]} */
  const parts = [
    ["document", "document.main"],
    ["styles", "styles"],
    ["numbering", "numbering"],
  ];
  const overrides = parts.map(([name, kind]) => `<Override PartName="/word/${name}.xml" ContentType="${TYPES}.${kind}+xml"/>`);
  /** @type {(id: string, type: string, target: string) => string} */
  const relation = (id, type, target) => `<Relationship Id="${id}" Type="${OFFICE}/${type}" Target="${target}"/>`;
  /** @param {string[]} relations */
  const relationsXml = (relations) => documentOf(`<Relationships xmlns="${PACKAGE}/relationships">${relations.join("")}</Relationships>`);
  const page = '<w:sectPr><w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1134" w:right="1134" w:bottom="1134" w:left="1134"/></w:sectPr>';
  const files = {
    "[Content_Types].xml": documentOf(
      `<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="${RELATIONS}"/><Default Extension="xml" ContentType="application/xml"/>${overrides.join("")}</Types>`,
    ),
    "_rels/.rels": relationsXml([relation("rId1", "officeDocument", "word/document.xml")]),
    "word/_rels/document.xml.rels": relationsXml([
      relation("rId1", "styles", "styles.xml"),
      relation("rId2", "numbering", "numbering.xml"),
    ]),
    "word/document.xml": documentOf(
      `<w:document xmlns:w="${MAIN}"><w:body>${blocks.map(paragraphXml).join("")}${page}</w:body></w:document>`,
    ),
    "word/styles.xml": stylesXml(language),
    "word/numbering.xml": NUMBERING,
  };
  return zipSync(files, { mtime: "1980-01-01" });
};
