// Statements of a standard as the cells of a workbook and back, as `balansekunst export` and `import` do it, by the layout that the build
// makes of `site/workbook.yaml`. A filled workbook is texts by sheet, row and column; a book has cells: `{sheet, reference, text}`.
import { BK, blank, DCTERMS, idOf, iri, METHOD, RDF, SKOS, typed, written, XSD } from "./rdf.js";

const TYPE = `${RDF}type`;
const LABEL = `${SKOS}prefLabel`;
const LABELS = [LABEL, "http://www.w3.org/2000/01/rdf-schema#label"];
const OTHER_LABELS = [`${SKOS}altLabel`, `${SKOS}hiddenLabel`];
const LANGUAGES = ["nb", "en"];
const ITEM_KINDS = ["what", "why"];
const CLASSES = { duties: `${BK}Duty`, outcomes: `${BK}LearningOutcome`, sources: `${BK}SourceDocument` };
const LEGAL = /^[A-Za-z0-9/_.~-]+$/;
const PREFIXED = /^([a-z][a-z-]*):([\p{L}\p{N}_.-]+)$/u;

const idOfTerm = ({ type, value, language, datatype }) => JSON.stringify([type, value, language ?? "", language ? "" : (datatype ?? `${XSD}string`)]);
const unique = (values, id = (value) => value) => [...new Map(values.map((value) => [id(value), value]).reverse()).values()].reverse();
const literal = (value, datatype) => (datatype === `${XSD}string` ? { type: "text", value } : typed(value, datatype));

/** The end of an address of what has a name, as `slug` of `balansekunst.project` makes it. */
export const slug = (name) =>
  name
    .toLowerCase()
    .replaceAll("æ", "ae")
    .replaceAll("ø", "o")
    .normalize("NFKD")
    .replace(/[^\x00-\x7f]/g, "")
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "");

/** A text in a language, with values in place of `{name}`; a value may have one for each language. */
export const sentence = (told, key, language, values = {}) =>
  told.texts[language][key].replace(/\{(\w+)\}/g, (_, name) => values[name]?.[language] ?? values[name] ?? "");

const letterOf = (column) => (column > 26 ? letterOf(Math.floor((column - 1) / 26)) : "") + String.fromCharCode(65 + ((column - 1) % 26));
/** The cell of a row (or form) and column, both from 1: `B7`. */
export const referenceOf = (row, column) => `${letterOf(column)}${row}`;

const sheetOf = (told, name) => told.sheets.find((sheet) => sheet.name === name);
const columnOf = (sheet, name) => sheet.columns.find((column) => column.name === name);

/** What the other files say: all that is described, but for the file of the standard with that slug. */
const outside = ({ known }, own) =>
  Object.entries(known)
    .filter(([file]) => !file || file !== own)
    .flatMap(([, things]) =>
      Object.entries(things).flatMap(([thing, about]) =>
        Object.entries(about).flatMap(([property, values]) =>
          values.map((value) => {
            if (typeof value === "string") return [iri(thing), iri(property), iri(value)];
            const [text, tag] = value;
            return [iri(thing), iri(property), tag.startsWith("^^") ? literal(text, tag.slice(2)) : written(text, tag)];
          }),
        ),
      ),
    );

/** Names and addresses of what is described: addresses are plain texts here. */
const namesOf = (told, statements) => {
  const labels = new Map();
  const kinds = new Map();
  const values = new Map();
  const others = new Map();
  let lists = null;
  const into = (map, key, empty) => map.get(key) ?? map.set(key, empty).get(key);
  const add = (more) => {
    lists = null;
    for (const [{ type, value: thing }, { value: property }, object] of more) {
      if (type !== "iri") continue;
      into(values, `${thing}\n${property}`, []).push(object);
      if (property === TYPE) into(kinds, thing, new Set()).add(object.value);
      else if (object.type !== "text") continue;
      else if (LABELS.includes(property)) into(into(labels, thing, new Map()), object.language ?? "", object.value);
      else if (OTHER_LABELS.includes(property)) into(others, thing, []).push(object.value);
    }
  };
  const isOf = (thing, classes) => classes.some((name) => kinds.get(thing)?.has(name));
  const index = ({ classes, shown }) => {
    const members = [...kinds.keys()].filter((thing) => isOf(thing, classes)).sort();
    const found = new Map();
    // What may be chosen goes before what may not, and a name of its own before another's other name.
    for (const choice of [true, false]) {
      const some = members.filter((thing) => isOf(thing, shown) === choice);
      for (const named of [(thing) => [...(labels.get(thing)?.values() ?? [])], (thing) => others.get(thing) ?? []]) {
        const fresh = new Map();
        for (const thing of some) for (const name of new Set(named(thing).map((one) => one.toLowerCase()))) into(fresh, name, []).push(thing);
        for (const [name, things] of fresh) if (!found.has(name)) found.set(name, things);
      }
    }
    return found;
  };
  const list = (of) => {
    lists ??= Object.fromEntries(Object.entries(told.lists).map(([name, listed]) => [name, index(listed)]));
    return lists[of];
  };
  /** The address that is written whole or from the base on; nothing where it is none. */
  const addressed = (given) => {
    const bare = given.replace(/^[<>]+|[<>]+$/g, "");
    if (bare.startsWith("bk:")) return BK + bare.slice(3);
    if (/^https?:\/\//.test(bare)) return /[\s<>"{}|^`\\]/.test(bare) ? null : bare;
    if (!LEGAL.test(bare)) return null;
    const found = [told.base, METHOD].map((base) => base + bare);
    return found.find((thing) => kinds.has(thing)) ?? found[0];
  };
  /** An address as people write it: from the base on. */
  const address = (thing) => {
    for (const base of [told.base, METHOD]) {
      const short = thing.startsWith(base) ? thing.slice(base.length) : "";
      if (LEGAL.test(short) && addressed(short) === thing) return short;
    }
    return thing.startsWith(BK) ? `bk:${thing.slice(BK.length)}` : thing;
  };
  const label = (thing, language) => [language, ...LANGUAGES].map((tag) => labels.get(thing)?.get(tag)).find((name) => name !== undefined) ?? address(thing);
  /** What stands in a cell for a thing of a list: its name where that means this thing only, else its address. */
  const shown = (thing, of, language) => {
    const name = labels.get(thing)?.get(language) ?? "";
    const means = list(of).get(name.toLowerCase()) ?? [];
    return name && name === name.trim() && !name.includes("\n") && means.length === 1 && means[0] === thing ? name : address(thing);
  };
  /** What a name or address in a cell may mean: one thing, several or none. */
  const found = (given, of) => {
    const named = list(of).get(given.toLowerCase());
    if (named) return named;
    const thing = /[/:]/.test(given) ? addressed(given) : null;
    return thing && isOf(thing, told.lists[of].classes) ? [thing] : [];
  };
  /** What a drop-down shows. */
  const choices = (of, language) => {
    const names = [...kinds.keys()].filter((thing) => isOf(thing, told.lists[of].shown)).map((thing) => shown(thing, of, language));
    return unique(names).sort((one, two) => (slug(one) < slug(two) ? -1 : slug(one) > slug(two) ? 1 : one < two ? -1 : 1));
  };
  add(statements);
  return { add, addressed, address, choices, found, kinds, label, labels, shown, values: (thing, property) => values.get(`${thing}\n${property}`) ?? [] };
};

/** Texts by sheet, row and column as the cells that they are written in. Lines are trimmed, as those of a spreadsheet are when read. */
const bookOf = (told, filled) =>
  Object.fromEntries(
    told.sheets.map((sheet) => [
      sheet.name,
      (filled[sheet.name] ?? []).map((row, number) =>
        Object.fromEntries(sheet.columns.map(({ name }, at) => [name, { sheet: sheet.name, reference: sheet.form ? referenceOf(at + 2, 2) : referenceOf(number + 2, at + 1), text: tidy(row[name] ?? "") }])),
      ),
    ]),
  );

export const tidy = (text) =>
  text
    .split(/\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]/)
    .map((line) => line.trim())
    .join("\n")
    .trim();

/** The words that stand for something in a workbook, in both languages, by what they stand for. */
const wordsFor = (told, name) =>
  new Map(LANGUAGES.flatMap((language) => Object.entries(told.texts[language]).filter(([key]) => key.startsWith(`${name}.`)).map(([key, word]) => [word.toLowerCase(), key.slice(name.length + 1)])));

/** The end of the address of the standard that a workbook is about; it may be empty. */
const standardSlug = ({ role: [form] }) => slug((form["standard-address"].text || form["role-address"].text).replace(/\/+$/, "").split("/").pop() || form["role-name-nb"].text);

/**
 * The statements of a workbook, in its order.
 * @param names what names mean; new things are added to it.
 * @param elsewhere what other files describe: it is pointed to, never described anew.
 * @returns `statements`, and `remarks` on cells: `{severity, cell, key, values}`; `severity` is `violation`, `warning` or `info`.
 */
const make = (told, book, names, elsewhere) => {
  const { base } = told;
  const [form] = book.role;
  const standard = `${base}standard/${standardSlug(book)}`;
  const said = new Map();
  const remarks = new Map();
  const things = new Set();
  const placed = new Map();
  const used = new Set(Object.values(book).flatMap((rows) => rows.flatMap((row) => Object.values(row).map(({ text }) => text))));
  const put = (statement) => {
    const id = idOf(statement);
    if (!said.has(id)) said.set(id, statement);
  };
  const add = (thing, property, object) => put([iri(thing), iri(property), object]);
  const remark = (severity, cell, key, values = {}) => {
    const made = { severity, cell, key, values: { written: cell.text, ...values } };
    remarks.set(JSON.stringify(made), made);
  };
  const labelOf = (thing) => Object.fromEntries(LANGUAGES.map((language) => [language, names.label(thing, language)]));
  const addressIn = (cell) => {
    const found = cell.text ? names.addressed(cell.text) : null;
    if (cell.text && !found) remark("violation", cell, "address");
    return found;
  };
  const role = addressIn(form["role-address"]) ?? `${base}role/${slug(form["role-name-nb"].text)}`;

  const formed = (part, kind, cell) => {
    const match = new RegExp(`^(?:${told.forms[kind]})$`).exec(part);
    if (match) return literal(kind === "integer" ? String(Number(part)) : match[1], told.datatypes[kind]);
    remark("violation", cell, `no-${kind}`);
    return null;
  };
  const propose = (thing, name, cell, row) => {
    remark("info", cell, "page.new-competence", { name });
    things.add(thing);
    add(thing, TYPE, iri(`${BK}Competence`));
    for (const [language, label] of [["nb", row["name-nb"].text || name], ["en", row["name-en"].text]]) if (label) add(thing, LABEL, written(label, language));
    for (const property of [`${SKOS}inScheme`, `${SKOS}topConceptOf`]) add(thing, property, iri(told.scheme));
    for (const name of ["source", "locator"]) {
      const column = columnOf(sheetOf(told, "placed"), name);
      for (const value of valuesTold(column, row)) add(thing, column.predicate, value);
    }
  };
  const describeAgent = (thing, name) => {
    things.add(thing);
    for (const prefix of ["foaf", "org"]) add(thing, TYPE, iri(`${told.prefixes[prefix]}Organization`));
    for (const language of LANGUAGES) add(thing, LABEL, written(name, language));
    add(thing, `${BK}sameInBothLanguages`, typed("true", `${XSD}boolean`));
    add(thing, `${told.prefixes.foaf}name`, literal(name, `${XSD}string`));
    names.add([[iri(thing), iri(TYPE), iri(`${told.prefixes.foaf}Organization`)], [iri(thing), iri(LABEL), written(name, "nb")]]);
  };
  const link = (part, { of }, cell, row) => {
    if (of === "placed") {
      const found = placed.get(part.toLowerCase());
      if (!found) remark("violation", cell, "not-placed", { name: part });
      return found ? iri(found) : null;
    }
    const candidates = names.found(part, of);
    if (candidates.length === 1) return iri(candidates[0]);
    if (candidates.length) {
      remark("violation", cell, "ambiguous", { name: part, candidates: candidates.map(names.address).join(", ") });
      return null;
    }
    if (told.lists[of].new && slug(part)) {
      const thing = `${base}${told.folders[of]}/${slug(part)}`;
      if (!names.kinds.has(thing)) {
        if (of === "competence") propose(thing, part, cell, row);
        else describeAgent(thing, part);
      }
      return iri(thing);
    }
    remark("violation", cell, of === "source" ? "page.no-source" : "page.not-listed", { name: part });
    return null;
  };
  const valueOf = (part, column, cell, row) => {
    if (["link", "links"].includes(column.value)) return link(part, column, cell, row);
    if (["text", "texts"].includes(column.value)) return written(part, column.language);
    return told.forms[column.value] ? formed(part, column.value, cell) : literal(part, told.datatypes[column.value]);
  };
  const valuesIn = (column, cell, row) => {
    if (cell.text === told.none) return [];
    const parts = column.many ? cell.text.split(new RegExp(`[${column.separator.trim()}\n]`)) : [cell.text];
    return unique(parts.map((part) => part.trim()).filter(Boolean).map((part) => valueOf(part, column, cell, row)).filter(Boolean), idOfTerm);
  };
  const values = (column, row) => valuesIn(column, row[column.name], row);
  /** The values of a column; where a source or place is empty, those of the standard. */
  const valuesTold = (column, row) => {
    const cell = row[column.name];
    return valuesIn(column, column.default && !cell.text ? (form[column.name.replace(/^role-/, "")] ?? cell) : cell, row);
  };
  const columnsOf = (sheet, of) => sheet.columns.filter(({ predicate, thing }) => predicate && thing === of);
  const describe = (thing, sheet, row, of = null) => {
    for (const column of columnsOf(sheet, of)) for (const value of valuesTold(column, row)) add(thing, column.predicate, value);
  };
  /** The cells that say something else of a thing than is known of it. */
  const changed = (thing, sheet, row, of = null) =>
    columnsOf(sheet, of)
      .filter((column) => values(column, row).some((value) => !names.values(thing, column.predicate).some((one) => idOfTerm(one) === idOfTerm(value))))
      .map(({ name }) => row[name]);
  const isElsewhere = (thing, sheet, row, of = null) => {
    if (!elsewhere.has(thing)) return false;
    for (const cell of changed(thing, sheet, row, of)) remark("warning", cell, "elsewhere", { name: labelOf(thing) });
    return true;
  };
  const numbered = (above) => {
    let number = 1;
    while (used.has(names.address(`${above}/${number}`))) number++;
    used.add(names.address(`${above}/${number}`));
    return `${above}/${number}`;
  };

  const sources = () => {
    for (const row of book.sources) {
      const source = addressIn(row.address) ?? `${base}source/${slug(row["name-nb"].text || row["name-en"].text)}`;
      things.add(source);
      if (isElsewhere(source, sheetOf(told, "sources"), row)) continue;
      add(source, TYPE, iri(CLASSES.sources));
      describe(source, sheetOf(told, "sources"), row);
      names.add([...said.values()].filter(([subject]) => subject.value === source));
    }
  };
  const head = () => {
    const sheet = sheetOf(told, "role");
    things.add(role).add(standard);
    if (!isElsewhere(role, sheet, form, "role")) {
      add(role, TYPE, iri(`${BK}Role`));
      describe(role, sheet, form, "role");
    }
    add(standard, TYPE, iri(`${BK}CompetenceStandard`));
    add(standard, `${BK}describesRole`, iri(role));
    describe(standard, sheet, form, "standard");
  };
  const duties = () => {
    const sheet = sheetOf(told, "duties");
    for (const row of book.duties) {
      const duty = addressIn(row.address) ?? numbered(`${role}/duty`);
      if (isElsewhere(duty, sheet, row)) continue;
      if (elsewhere.has(role)) {
        remark("warning", row["name-nb"], "elsewhere", { name: labelOf(role) });
        continue;
      }
      things.add(duty);
      add(role, `${BK}hasDuty`, iri(duty));
      add(duty, TYPE, iri(CLASSES.duties));
      describe(duty, sheet, row);
    }
  };
  const placements = () => {
    const sheet = sheetOf(told, "placed");
    const rows = [];
    for (const row of book.placed) {
      const competence = values(columnOf(sheet, "competence"), row)[0]?.value;
      for (const language of LANGUAGES) {
        const cell = row[`name-${language}`];
        const unknown = language === "nb" ? row.competence.text : "";
        if (!cell.text && competence) row[`name-${language}`] = { ...cell, text: names.labels.get(competence)?.get(language) ?? unknown };
      }
      const name = row["name-nb"].text || row["name-en"].text;
      const here = addressIn(row.address) ?? `${standard}/${slug(competence ? competence.split("/").pop() : name)}`;
      if (things.has(here)) {
        remark("violation", row.competence.text ? row.competence : row["name-nb"], "twice", { name });
        continue;
      }
      things.add(here);
      rows.push([row, here]);
    }
    // An address goes before a name, and the name in the standard before that of the competence.
    for (const [, here] of rows) placed.set(names.address(here).toLowerCase(), here);
    for (const name of ["name-nb", "name-en", "competence"]) for (const [row, here] of rows) if (!placed.has(row[name].text.toLowerCase())) placed.set(row[name].text.toLowerCase(), here);
    const keys = new Map();
    for (const row of book.keys) {
      for (const { value: key } of values(columnOf(sheetOf(told, "keys"), "key"), row)) {
        if (keys.has(key)) remark("violation", row.key, "twice", { name: row.key.text });
        else keys.set(key, row);
      }
      if (!row.key.text) remark("violation", row.key, "no-key");
    }
    for (const key of keys.keys()) add(standard, `${BK}hasKeyCompetence`, iri(key));
    for (const [row, here] of rows) {
      add(here, TYPE, iri(`${BK}${keys.has(here) ? "KeyCompetence" : "PlacedCompetence"}`));
      if (!keys.has(here)) add(standard, `${BK}hasPlacement`, iri(here));
      describe(here, sheet, row);
      if (keys.has(here)) describe(here, sheetOf(told, "keys"), keys.get(here));
    }
  };
  const items = () => {
    const sheet = sheetOf(told, "items");
    const kinds = wordsFor(told, "item");
    for (const row of book.items) {
      const kind = kinds.get(row.kind.text.toLowerCase());
      if (!kind) remark("violation", row.kind, "no-item-kind");
      if (!row.key.text) remark("violation", row.key, "no-key");
      for (const { value: key } of values(columnOf(sheet, "key"), row)) if (kind) for (const column of sheet.columns.filter(({ language }) => language)) for (const value of values(column, row)) add(key, BK + kind, value);
    }
  };
  /** The dimension of a placed competence: told, or that of its position. */
  const dimensionOf = (here) => {
    for (const [subject, property, place] of said.values()) {
      if (subject.value !== here || ![`${BK}inDimension`, `${BK}atPosition`].includes(property.value)) continue;
      return [place, ...names.values(place.value, `${BK}ofDimension`)].pop();
    }
    return null;
  };
  const outcomes = () => {
    const sheet = sheetOf(told, "outcomes");
    for (const row of book.outcomes) {
      const keys = values(columnOf(sheet, "key"), row);
      const editorial = values(columnOf(sheet, "editorial-key"), row);
      let outcome = addressIn(row.address);
      const shared = elsewhere.has(outcome) ? outcome : null;
      if (shared && changed(shared, sheet, row).length) {
        remark("info", row["statement-nb"].text ? row["statement-nb"] : row["name-nb"], "variant", { name: labelOf(shared) });
        outcome = null;
      }
      outcome ??= numbered(`${keys[0]?.value ?? standard}/outcome`);
      if (things.has(outcome)) {
        remark("violation", row.address, "twice", { name: row.address.text });
        continue;
      }
      things.add(outcome);
      for (const key of keys) add(key.value, `${BK}hasLearningOutcome`, iri(outcome));
      if (!keys.length) add(standard, `${BK}hasLearningOutcome`, iri(outcome));
      for (const key of editorial) add(key.value, `${BK}hasEditorialOutcome`, iri(outcome));
      if (outcome === shared) continue;
      add(outcome, TYPE, iri(CLASSES.outcomes));
      describe(outcome, sheet, row);
      if (shared) add(outcome, `${BK}variantOf`, iri(shared));
      const dimension = keys.length && !row.dimension.text ? dimensionOf(keys[0].value) : null;
      if (dimension) add(outcome, `${BK}inDimension`, dimension);
    }
  };
  const addressOrPrefixed = ({ text }) => {
    if (text.startsWith("_:")) return blank(text.slice(2));
    const [, prefix, rest] = PREFIXED.exec(text) ?? [];
    const found = told.prefixes[prefix] ? told.prefixes[prefix] + rest : names.addressed(text);
    return found ? iri(found) : null;
  };
  const others = () => {
    const kinds = wordsFor(told, "type");
    return book.other.flatMap((row) => {
      const kind = row.type.text;
      const [prefix, rest] = [kind.split(":")[0], kind.slice(kind.indexOf(":") + 1)];
      const means = kinds.get(kind.toLowerCase());
      const value = row.value.text;
      const object =
        means === "text" ? literal(value, `${XSD}string`) : kind.includes(":") && told.prefixes[prefix] ? literal(value, told.prefixes[prefix] + rest) : means === "link" ? addressOrPrefixed(row.value) : /^[a-z]{2,3}(-[a-z0-9]+)*$/.test(kind) ? written(value, kind) : null;
      const thing = addressOrPrefixed(row.thing);
      const property = addressOrPrefixed(row.property);
      const parts = { thing, property: property?.type === "iri" ? property : null, value: object };
      for (const [name, part] of Object.entries(parts)) if (!part) remark("violation", row[name], "no-statement");
      return Object.values(parts).every(Boolean) ? [Object.values(parts)] : [];
    });
  };

  const rest = others();
  names.add(rest);
  sources();
  head();
  duties();
  placements();
  items();
  outcomes();
  rest.forEach(put);
  return { statements: [...said.values()], remarks: [...remarks.values()] };
};

/** Fill all sheets but the last with what is said of a standard. */
const filledWith = (told, statements, names, standard, language) => {
  const objects = new Map();
  for (const [subject, property, object] of statements) {
    if (subject.type !== "iri") continue;
    const key = `${subject.value}\n${property.value}`;
    objects.set(key, [...(objects.get(key) ?? []), object]);
  }
  /** The values of a property: as the file has them, or as is known where the file is silent on the thing. */
  const of = (thing, property) => (objects.has(`${thing}\n${TYPE}`) || objects.has(`${thing}\n${property}`) ? (objects.get(`${thing}\n${property}`) ?? []) : names.values(thing, property));
  const nodes = (values) => unique(values.filter(({ type }) => type === "iri").map(({ value }) => value));
  const labels = (thing) => new Map(of(thing, LABEL).filter(({ type }) => type === "text").map((object) => [object.language, object.value]));
  const [role] = nodes(of(standard, `${BK}describesRole`));
  const keys = nodes(of(standard, `${BK}hasKeyCompetence`));
  const placed = unique([...keys, ...nodes(of(standard, `${BK}hasPlacement`))]);
  const nameOf = (thing) => labels(thing).get(language) || names.address(thing);
  /** What a placed competence is called on the other sheets: its name, or its address where several have it. */
  const placedName = (thing) => {
    const alike = placed.filter((other) => [...labels(other).values()].includes(nameOf(thing)));
    return alike.length === 1 && alike[0] === thing ? nameOf(thing) : names.address(thing);
  };
  /** What stands in a cell for a value; nothing where the cell cannot hold it. */
  const shownAs = (object, column) => {
    if (["link", "links"].includes(column.value)) {
      if (object.type !== "iri") return null;
      if (column.of === "placed") return placed.includes(object.value) ? placedName(object.value) : null;
      const shown = names.shown(object.value, column.of, language);
      const means = names.found(shown, column.of);
      return means.length === 1 && means[0] === object.value && !shown.includes(column.separator) ? shown : null;
    }
    if (object.type !== "text" || (object.language ?? null) !== column.language) return null;
    if (!column.language && (object.datatype ?? `${XSD}string`) !== told.datatypes[column.value]) return null;
    return object.value && object.value === tidy(object.value) && object.value !== told.none && !object.value.includes("\n") ? object.value : null;
  };
  const cell = (values, column) => {
    const found = values.map((value) => shownAs(value, column)).filter((shown) => shown !== null);
    const kept = column.many ? found : found.slice(0, 1);
    while (kept.reduce((length, { length: more }) => length + more, 0) > told.longest) kept.pop();
    return kept.join(column.separator) || (column.default ? told.none : "");
  };
  const row = (thing, name, about = null) =>
    Object.fromEntries(
      sheetOf(told, name)
        .columns.filter((column) => column.thing === about && (column.predicate || column.value === "address"))
        .map((column) => [column.name, column.predicate ? cell(of(thing, column.predicate), column) : names.address(thing)]),
    );
  /** The rows of what or why: each text, with the one in the other language that follows it. */
  const items = (key, kind) => {
    const rows = [];
    for (const object of of(key, BK + kind)) {
      const column = sheetOf(told, "items").columns.find(({ language: tag }) => tag && tag === object.language);
      const shown = column && shownAs(object, column);
      if (!shown) continue;
      if (!rows.length || column.name in rows.at(-1) || column.language === LANGUAGES[0]) rows.push({ key: placedName(key), kind: sentence(told, `item.${kind}`, language) });
      rows.at(-1)[column.name] = shown;
    }
    return rows;
  };
  const ties = new Map();
  for (const thing of [...placed, standard]) for (const outcome of nodes(of(thing, `${BK}hasLearningOutcome`))) ties.set(outcome, [...(ties.get(outcome) ?? []), thing]);
  const outcomeRow = (outcome, tied) => {
    const editorial = placed.filter((thing) => of(thing, `${BK}hasEditorialOutcome`).some(({ value }) => value === outcome));
    const all = { key: tied.filter((key) => key !== standard), "editorial-key": editorial };
    return { ...Object.fromEntries(Object.entries(all).map(([name, things]) => [name, cell(things.map(iri), columnOf(sheetOf(told, "outcomes"), name))])), ...row(outcome, "outcomes") };
  };
  const described = statements.filter(([, property, object]) => property.value === TYPE && object.value === CLASSES.sources).map(([subject]) => subject);
  const named = statements.filter(([, property]) => property.value === `${DCTERMS}source`).map(([, , object]) => object);
  return {
    role: [{ ...row(standard, "role", "standard"), ...(role ? row(role, "role", "role") : {}) }],
    duties: nodes(role ? of(role, `${BK}hasDuty`) : []).map((duty) => row(duty, "duties")),
    placed: placed.map((thing) => row(thing, "placed")),
    keys: keys.map((key) => ({ key: placedName(key), ...row(key, "keys") })),
    items: keys.flatMap((key) => ITEM_KINDS.flatMap((kind) => items(key, kind))),
    outcomes: [...ties].map(([outcome, tied]) => outcomeRow(outcome, tied)),
    sources: nodes([...described, ...named, ...(role ? of(role, `${DCTERMS}source`) : [])]).map((source) => row(source, "sources")),
  };
};

const elsewhereIn = (statements) => new Set(statements.filter(([, property]) => property.value === TYPE).map(([subject]) => subject.value));

/**
 * Fill a workbook with all that is said of a standard. What the columns do not carry stands on the last sheet, a statement a row.
 * @returns `filled`, and `choices`: what can be chosen, by list; or `fault`, the key of why it cannot be.
 */
export const fill = (told, statements, language) => {
  const classes = ["CompetenceStandard", "LocalStandard"].map((name) => BK + name);
  const [standard] = unique(statements.filter(([subject, property, object]) => subject.type === "iri" && property.value === TYPE && classes.includes(object.value)).map(([subject]) => subject.value));
  const others = outside(told, standard.split("/").pop());
  const elsewhere = elsewhereIn(others);
  const names = namesOf(told, [...others, ...statements]);
  const compact = ({ type, value }) => {
    if (type === "blank") return `_:${value}`;
    for (const [prefix, space] of Object.entries(told.prefixes)) if (value.startsWith(space) && PREFIXED.test(`${prefix}:${value.slice(space.length)}`)) return `${prefix}:${value.slice(space.length)}`;
    return names.address(value);
  };
  const other = ([subject, property, object]) => {
    const type = object.type !== "text" ? sentence(told, "type.link", language) : object.language || (object.datatype ? compact(iri(object.datatype)) : sentence(told, "type.text", language));
    return { thing: compact(subject), property: compact(property), value: object.type === "text" ? object.value : compact(object), type };
  };
  const choices = Object.fromEntries(Object.keys(told.lists).filter((name) => name !== "outcome").map((name) => [name, names.choices(name, language)]));
  const columns = filledWith(told, statements, names, standard, language);
  const carried = new Set(make(told, bookOf(told, columns), names, elsewhere).statements.map(idOf));
  const filled = { ...columns, other: statements.filter((statement) => !carried.has(idOf(statement))).map(other) };
  // A reader knows only what the others say; for them too it is to be the same.
  const again = make(told, bookOf(told, filled), namesOf(told, others), elsewhere).statements.map(idOf);
  const same = new Set(again);
  const isSame = statements.every((statement) => same.has(idOf(statement))) && same.size === new Set(statements.map(idOf)).size;
  return isSame ? { filled, choices } : { fault: "page.not-the-same" };
};

/**
 * The statements that a book of cells says.
 * @returns `statements` and `remarks`, as `make` does; where the role has no name, that is remarked on.
 */
export const statementsOf = (told, book) => {
  const own = standardSlug(book);
  if (!own) return { statements: [], remarks: [{ severity: "violation", cell: book.role[0]["role-name-nb"], key: "no-role", values: {} }] };
  const others = outside(told, own);
  return make(told, book, namesOf(told, others), elsewhereIn(others));
};
