// Workbooks as files (xlsx, a zip of XML): a filled one is written, and the cells of one are read, if it is what it claims to be.
import { strFromU8, strToU8, unzipSync, zipSync } from "fflate";
import { parseXml } from "@rgrove/parse-xml";
import { referenceOf, sentence, tidy } from "./workbook.js";

const LARGEST = 5 * 2 ** 20;
const UNPACKED = 30 * 2 ** 20;
const PARTS = 1000;
const MOST_ROWS = 5_000;
const MOST_CELLS = 200_000;
const LONGEST_CELL = 32_767;
const ROWS = 1000;
const [WIDE, NARROW] = [60, 24];
const ILLEGAL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/u;
const LANGUAGES = ["nb", "en"];
const [PLAIN, HEADING, INPUT] = [0, 1, 2];
const MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE = "http://schemas.openxmlformats.org/package/2006";
const TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml";
const OLE = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];
const MACROS = /vbaProject|macrosheets\/|\.bin$/i;
const EMBEDDED = /\/(embeddings|activeX|ctrlProps)\//;
const EXTERNAL = /<Relationship\b[^>]*TargetMode\s*=\s*["']External["'][^>]*>/g;
const DOCTYPE = /<!\s*(DOCTYPE|ENTITY)/i;

// Writing

const xml = (text) => text.replace(/[&<>"]/g, (sign) => `&${{ "&": "amp", "<": "lt", ">": "gt", '"': "quot" }[sign]};`);
const declared = (content) => strToU8(`<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n${content}`);
const letter = (column) => referenceOf("", column);
const relations = (list) => declared(`<Relationships xmlns="${PACKAGE}/relationships">${list.map(([type, target], at) => `<Relationship Id="r${at + 1}" Type="${OFFICE}/${type}" Target="${target}"/>`).join("")}</Relationships>`);

const STYLES = `<styleSheet xmlns="${MAIN}"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill><fill><patternFill patternType="solid"><fgColor rgb="FFE6EEF5"/></patternFill></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="3">${[
  'numFmtId="0" fontId="0" fillId="0"',
  'numFmtId="0" fontId="1" fillId="2" applyFont="1" applyFill="1"',
  // Kept as text, so that 2026-03 does not become a day.
  'numFmtId="49" fontId="0" fillId="0" applyNumberFormat="1"',
]
  .map((style) => `<xf ${style} borderId="0" xfId="0" applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf>`)
  .join("")}</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>`;

/** A sheet: `grid` of texts, `style` of a cell by row and column from 1, `widths` of columns, and `choices`: where, from where, and a note. */
const sheetXml = ({ grid, style, widths, choices = [], input = false }) => {
  const cells = (row, number) => row.map((text, at) => (text ? `<c r="${referenceOf(number, at + 1)}" s="${style(number, at + 1)}" t="inlineStr"><is><t xml:space="preserve">${xml(text)}</t></is></c>` : `<c r="${referenceOf(number, at + 1)}" s="${style(number, at + 1)}"/>`)).join("");
  const validations = choices.map(
    ({ where, from, note, strict }) =>
      `<dataValidation ${from ? 'type="list" ' : ""}allowBlank="1"${strict ? ' showErrorMessage="1"' : ""}${note && note.length <= 255 ? ` showInputMessage="1" prompt="${xml(note)}"` : ""} sqref="${where}">${from ? `<formula1>${xml(from)}</formula1>` : ""}</dataValidation>`,
  );
  return declared(
    `<worksheet xmlns="${MAIN}"><sheetViews><sheetView workbookViewId="0">${input ? '<pane xSplit="1" ySplit="1" topLeftCell="B2" activePane="bottomRight" state="frozen"/>' : ""}</sheetView></sheetViews><cols>${widths.map((width, at) => `<col min="${at + 1}" max="${at + 1}" width="${width}" customWidth="1" style="${style(2, at + 1)}"/>`).join("")}</cols><sheetData>${grid.map((row, at) => `<row r="${at + 1}">${cells(row, at + 1)}</row>`).join("")}</sheetData>${validations.length ? `<dataValidations count="${validations.length}">${validations.join("")}</dataValidations>` : ""}</worksheet>`,
  );
};

/**
 * Write a filled workbook: a guide, the sheets, and the lists that their drop-downs show. No text is a formula.
 * @param given `filled` and `choices`, as `fill` gives them.
 * @returns the bytes, or `fault`, a sentence, where a text cannot stand in a cell.
 */
export const write = (told, { filled, choices }, language) => {
  const t = (key) => sentence(told, key, language);
  for (const { name, title, columns } of told.sheets) {
    for (const row of filled[name]) {
      const column = columns.find((one) => (row[one.name] ?? "").length > LONGEST_CELL || ILLEGAL.test(row[one.name] ?? ""));
      if (column) return { fault: sentence(told, "cannot-hold", language, { thing: row.thing || row.address || title[language], property: column.heading[language] }) };
    }
  }
  const descriptors = choices.descriptor;
  const lists = {
    ...choices,
    descriptor: [...descriptors, ...descriptors.flatMap((one, at) => descriptors.slice(at + 1).map((other) => `${one}, ${other}`)), ...(descriptors.length > 2 ? [descriptors.join(", ")] : [])],
    item: ["what", "why"].map((kind) => t(`item.${kind}`)),
  };
  const placedTitle = told.sheets.find(({ name }) => name === "placed").title[language];
  const placesOf = (of) => {
    const at = Object.keys(lists).indexOf(of);
    if (of === "placed") return `'${placedTitle}'!$A$2:$A$${ROWS}`;
    return at < 0 ? null : `'${t("sheet.lists")}'!$${letter(at + 1)}$2:$${letter(at + 1)}$${lists[of].length + 1}`;
  };
  const choice = (sheet) => (column, at) => {
    const [from, strict] = [placesOf(column.of), told.strict.includes(column.of)];
    if (sheet.form) return { where: referenceOf(at + 2, 2), from, strict };
    return { where: `${letter(at + 1)}2:${letter(at + 1)}${ROWS}`, from, strict, note: column.note[language] };
  };
  const width = ({ value, name }) => (["text", "texts"].includes(value) && !name.startsWith("name") ? WIDE : NARROW);
  const tables = told.sheets.map((sheet) => {
    const { name, title, form, columns } = sheet;
    const rows = filled[name];
    const grid = form
      ? [["property", "value", "note"].map((part) => t(`form.${part}`)), ...columns.map((column) => [column.heading[language], rows[0][column.name] ?? "", column.note[language]])]
      : [columns.map((column) => column.heading[language]), ...rows.map((row) => columns.map((column) => row[column.name] ?? ""))];
    const style = form ? (row, column) => (row === 1 || column === 1 ? HEADING : column === 2 ? INPUT : PLAIN) : (row) => (row === 1 ? HEADING : INPUT);
    return { title: title[language], input: true, grid, style, widths: form ? [2 * NARROW, WIDE, WIDE] : columns.map(width), choices: columns.map(choice(sheet)).filter(({ from, note }) => from || note) };
  });
  const guide = Object.keys(told.texts[language]).filter((key) => key.startsWith("guide.")).sort().map((key) => [t(key)]);
  const longest = Math.max(...Object.values(lists).map(({ length }) => length));
  const listed = [Object.keys(lists).map((name) => t(`list.${name}`)), ...Array.from({ length: longest }, (_, at) => Object.values(lists).map((list) => list[at] ?? ""))];
  const bold = (row) => (row === 1 ? HEADING : PLAIN);
  const all = [{ title: t("sheet.guide"), grid: guide, style: bold, widths: [2 * WIDE] }, ...tables, { title: t("sheet.lists"), grid: listed, style: bold, widths: Object.keys(lists).map(() => NARROW) }];
  const parts = {
    "[Content_Types].xml": declared(`<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${TYPES}.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="${TYPES}.styles+xml"/>${all.map((_, at) => `<Override PartName="/xl/worksheets/sheet${at + 1}.xml" ContentType="${TYPES}.worksheet+xml"/>`).join("")}</Types>`),
    "_rels/.rels": relations([["officeDocument", "xl/workbook.xml"]]),
    "xl/workbook.xml": declared(`<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><bookViews><workbookView/></bookViews><sheets>${all.map(({ title }, at) => `<sheet name="${xml(title)}" sheetId="${at + 1}" r:id="r${at + 1}"/>`).join("")}</sheets></workbook>`),
    "xl/_rels/workbook.xml.rels": relations([...all.map((_, at) => ["worksheet", `worksheets/sheet${at + 1}.xml`]), ["styles", "styles.xml"]]),
    "xl/styles.xml": declared(STYLES),
    ...Object.fromEntries(all.map((sheet, at) => [`xl/worksheets/sheet${at + 1}.xml`, sheetXml(sheet)])),
  };
  return { bytes: zipSync(parts, { mtime: new Date(1980, 0, 1) }) };
};

// Reading

/** Why a file is not read: sentences, each a key of the workbook's texts and its values. */
class Refused extends Error {
  constructor(...messages) {
    super();
    this.messages = messages;
  }
}

const decoded = (part) => (part[0] === 0xff && part[1] === 0xfe ? new TextDecoder("utf-16le") : part[0] === 0xfe && part[1] === 0xff ? new TextDecoder("utf-16be") : new TextDecoder()).decode(part);

/** The texts of the parts of a workbook, unpacked within limits. */
const unpacked = (bytes) => {
  if (OLE.every((byte, at) => bytes[at] === byte)) throw new Refused([strFromU8(bytes, true).includes([..."EncryptedPackage"].join("\0")) ? "encrypted" : "old-excel", {}]);
  if (bytes[0] !== 0x50 || bytes[1] !== 0x4b) throw new Refused(["page.no-book", {}]);
  const names = new Set();
  let total = 0;
  const parts = unzipSync(bytes, {
    filter: ({ name, originalSize }) => {
      if (names.has(name)) throw new Refused(["broken", { why: name }]);
      if (names.add(name).size > PARTS) throw new Refused(["too-large.parts", { number: names.size, limit: PARTS }]);
      total += originalSize;
      if (total > UNPACKED) throw new Refused(["too-large.unpacked", { number: Math.round(total / 2 ** 20), limit: UNPACKED / 2 ** 20 }]);
      return name === "mimetype" || /\.(xml|rels|vml)$/.test(name);
    },
  });
  return [names, Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, decoded(part)]))];
};

/** What is wrong with the parts of a zip file. */
const refusals = (names, parts) => {
  if (parts.mimetype?.includes("opendocument")) return [["open-document", {}]];
  if (!parts["[Content_Types].xml"] || !parts["xl/workbook.xml"]) return [["page.no-book", {}]];
  const all = [...names].sort();
  const first = (key, wrong) => all.filter(wrong).slice(0, 1).map((part) => [key, { part }]);
  const fetches = (name) => name.endsWith(".rels") && (parts[name].match(EXTERNAL) ?? []).some((relation) => !relation.includes("/hyperlink"));
  return [
    ...(all.some((name) => MACROS.test(name) && !name.includes("printerSettings")) || parts["[Content_Types].xml"].includes("macroEnabled") ? [["macros", {}]] : []),
    ...first("external", (name) => name.includes("externalLinks/") || name.includes("xl/connections") || fetches(name)),
    ...first("embedded", (name) => EMBEDDED.test(name)),
    ...first("entities", (name) => DOCTYPE.test(parts[name] ?? "")),
  ];
};

const bare = (name) => name.slice(name.indexOf(":") + 1);
const children = (node, ...names) => (node?.children ?? []).filter(({ type, name }) => type === "element" && names.includes(bare(name)));
const child = (node, name) => children(node, name)[0];
const tree = (text) => parseXml(text).root;
/** The text of a string of a workbook: its runs, and not how it is read aloud. */
const stringIn = (node) => children(node, "t", "r").map((part) => (bare(part.name) === "t" ? part.text : children(part, "t").map(({ text }) => text).join(""))).join("");

/** The styles whose numbers are days. */
const dayStyles = (text) => {
  const root = text && tree(text);
  const codes = new Map(children(child(root, "numFmts"), "numFmt").map(({ attributes }) => [attributes.numFmtId, attributes.formatCode]));
  const isDay = (id) => (codes.has(id) ? /[dmyh]/i.test(codes.get(id).replace(/"[^"]*"|\[[^\]]*\]|\\./g, "")) : (id >= 14 && id <= 22) || (id >= 45 && id <= 47));
  return children(child(root, "cellXfs"), "xf").map(({ attributes }) => isDay(attributes.numFmtId));
};

/** The cells of a sheet as texts by row and column, and what is odd, by reference. */
const gridOf = (told, title, root, { strings, days, from1904 }) => {
  const grid = [];
  const odd = new Map();
  let cells = 0;
  let row = 0;
  for (const line of children(child(root, "sheetData"), "row")) {
    row = Number(line.attributes.r ?? row + 1);
    let column = 0;
    for (const cell of children(line, "c")) {
      const letters = /^[A-Z]+/.exec(cell.attributes.r ?? "")?.[0];
      column = letters ? [...letters].reduce((sum, sign) => 26 * sum + sign.charCodeAt(0) - 64, 0) : column + 1;
      const { t: type, s: style } = cell.attributes;
      const value = child(cell, "v")?.text ?? "";
      const isFormula = Boolean(child(cell, "f"));
      let text = type === "s" ? strings[value] : type === "inlineStr" ? stringIn(child(cell, "is")) : value;
      if (!isFormula && !text) continue;
      if (++cells > MOST_CELLS || row > MOST_ROWS || column > MOST_ROWS) throw new Refused(["too-many-rows", { sheet: title, limit: MOST_ROWS, cells: MOST_CELLS }]);
      if (isFormula || type === "e") odd.set(referenceOf(row, column), [isFormula ? "formula" : "error", value]);
      else if (type === "b") text = value === "1" ? "True" : "False";
      else if (type === "d") text = value.slice(0, 10);
      else if (!type || type === "n") text = days[style] ? new Date(Date.UTC(from1904 ? 1904 : 1899, from1904 ? 0 : 11, from1904 ? 1 : 30) + Math.floor(Number(value)) * 864e5).toISOString().slice(0, 10) : String(Number(value));
      (grid[row - 1] ??= [])[column - 1] = odd.has(referenceOf(row, column)) ? "" : text;
    }
  }
  return { grid: Array.from(grid, (line) => Array.from(line ?? [], (text) => text ?? "")), odd };
};

/** The sheets of a workbook by title; of those that are not ours only the title. */
const pagesOf = (told, bytes) => {
  const [names, parts] = unpacked(bytes);
  const wrong = refusals(names, parts);
  if (wrong.length) throw new Refused(...wrong);
  const book = tree(parts["xl/workbook.xml"]);
  const targets = new Map(children(tree(parts["xl/_rels/workbook.xml.rels"]), "Relationship").map(({ attributes }) => [attributes.Id, attributes.Target]));
  const partOf = (target) => (target.startsWith("/") ? target.slice(1) : `xl/${target}`);
  const given = {
    strings: parts["xl/sharedStrings.xml"] ? children(tree(parts["xl/sharedStrings.xml"]), "si").map(stringIn) : [],
    days: dayStyles(parts["xl/styles.xml"]),
    from1904: ["1", "true"].includes(child(book, "workbookPr")?.attributes.date1904),
  };
  const ours = new Set(told.sheets.flatMap(({ title }) => Object.values(title)));
  return new Map(
    children(child(book, "sheets"), "sheet").map(({ attributes }) => {
      const id = Object.entries(attributes).find(([name]) => name.includes(":") && bare(name) === "id")?.[1];
      return [attributes.name, ours.has(attributes.name) ? gridOf(told, attributes.name, tree(parts[partOf(targets.get(id))]), given) : null];
    }),
  );
};

/** The rows of a sheet as cells by column; what is wrong with its headings goes to `problems`, what is odd in a cell to `remarks`. */
const rowsOf = (sheet, title, { grid, odd }, problems, remarks) => {
  const { form, columns } = sheet;
  const headings = (form ? grid.slice(1).map(([heading]) => heading ?? "") : (grid[0] ?? [])).map((heading) => heading.split(/\s+/).filter(Boolean).join(" "));
  const wanted = new Map(columns.flatMap(({ name, heading }) => LANGUAGES.map((language) => [heading[language], name])));
  const places = new Map();
  headings.forEach((heading, place) => {
    const name = wanted.get(heading);
    if (places.has(name)) problems.push(["two-headings", { sheet: title, heading }]);
    else if (name) places.set(name, place);
  });
  const unknown = headings.filter((heading) => heading && !wanted.has(heading));
  const missing = columns.filter(({ name }) => !places.has(name));
  for (const { heading } of missing) problems.push(["no-heading", { sheet: title, heading: LANGUAGES.map((language) => heading[language]).join(" / "), found: unknown.join(", ") || "–" }]);
  if (missing.length) return [];
  headings.forEach((heading, place) => {
    if (unknown.includes(heading)) remarks.push({ severity: "warning", cell: { sheet: sheet.name, reference: form ? referenceOf(place + 2, 1) : referenceOf(1, place + 1), text: heading }, key: "extra-column", values: { written: heading } });
  });
  const cell = (number, name) => {
    const [row, column] = form ? [places.get(name) + 1, 1] : [number, places.get(name)];
    const made = { sheet: sheet.name, reference: referenceOf(row + 1, column + 1), text: tidy(grid[row]?.[column] ?? "") };
    if (odd.has(made.reference)) {
      const [key, shown] = odd.get(made.reference);
      remarks.push({ severity: "violation", cell: made, key, values: { written: shown } });
    }
    return made;
  };
  const rows = (form ? [0] : grid.slice(1).map((_, at) => at + 1)).map((number) => Object.fromEntries(columns.map(({ name }) => [name, cell(number, name)])));
  return form ? rows : rows.filter((row) => Object.values(row).some(({ text }) => text));
};

/**
 * Read a workbook into cells. Titles and headings may be in either language.
 * @param file a File of the person's.
 * @returns `book` and `remarks` on cells, or `faults`: all that is wrong, a key of the workbook's texts and its values each.
 */
export const read = async (told, file) => {
  try {
    if (file.size > LARGEST) throw new Refused(["too-large.bytes", { number: Math.round(file.size / 2 ** 20), limit: LARGEST / 2 ** 20 }]);
    const pages = pagesOf(told, new Uint8Array(await file.arrayBuffer()));
    const problems = [];
    const remarks = [];
    const book = {};
    for (const sheet of told.sheets) {
      const titles = [...new Set(Object.values(sheet.title))].filter((title) => pages.has(title));
      if (titles.length === 1) book[sheet.name] = rowsOf(sheet, titles[0], pages.get(titles[0]), problems, remarks);
      else problems.push([titles.length ? "two-sheets" : "no-sheet", { sheet: LANGUAGES.map((language) => sheet.title[language]).join(" / "), found: [...pages.keys()].join(", ") }]);
    }
    return problems.length ? { faults: problems } : { book, remarks };
  } catch (error) {
    // A damaged part is met with whatever comes.
    return { faults: error instanceof Refused ? error.messages : [["broken", { why: error.message.split("\n")[0] }]] };
  }
};
