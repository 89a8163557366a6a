// The gap between a group and a role: a sheet that is dropped in, held against the role in the browser. Nothing is sent anywhere.
/** @import { GroupRow, Row, Statement, TextBlock } from "./types.d.ts" */
/** @import { Coverage } from "./group/analysis.js" */
import { groupBy } from "./collections.js";
import { button, data, element, formatMessage, language, load, otherLanguage, pageOf, part, reasonOf } from "./common.js";
import { DOCUMENT_TYPE, download, WORKBOOK_TYPE } from "./download.js";
import { askRows } from "./drafts/check.js";
import { BASE, BK, iri, langString, PREF_LABEL, RDF_TYPE, SKOS } from "./drafts/rdf.js";
import { askEngine } from "./engine/client.js";
import { COVERAGE_KINDS, combineGroup } from "./group/analysis.js";
import { COVERAGE, MEASURES } from "./mine/gap.js";
import { bindParameters } from "./sparql/query.js";

/** @typedef {GroupRow & { iri: string }} ResolvedRow */

/** The rules on personal data. */
const PRIVATE_RULES = ["I7", "I8"];
/** @type {Record<import("./group/analysis.js").CoverageKind, string>} */
const KIND_KEYS = { covered: "scripts.group.covered", near: "scripts.group.near", missing: "scripts.group.missing" };
const root = part("group", "div");
const faults = element("div", { class: "fault", role: "alert" });
const state = element("p", { role: "status" });
const results = element("div", { id: "results" });

/** @type {{ rows: ResolvedRow[], role: string }} */
const chosen = { rows: [], role: "" };

/** @param {string[]} sentences */
const showFaults = (sentences) => faults.replaceChildren(...sentences.map((one) => element("p", {}, one)));

/** @type {(row: Row, name: string) => string} */
const labelIn = (row, name) => row[`${name}_${language}`]?.value ?? row[`${name}_${otherLanguage}`]?.value ?? "";

/** @param {string} pseudonym */
const personOf = (pseudonym) => `${data().drafts.base}individual/${pseudonym}`;

/**
 * What the sheet says of a person.
 * @param {string} pseudonym
 * @param {ResolvedRow[]} rows
 * @returns {Statement[]}
 */
const statementsOf = (pseudonym, rows) => {
  const person = personOf(pseudonym);
  return [
    [iri(person), iri(RDF_TYPE), iri(`${BK}IndividualDescription`)],
    [iri(person), iri(PREF_LABEL), langString(pseudonym, "nb")],
    ...rows.flatMap((row) => {
      const placed = iri(`${person}/${row.row}`);
      /** @type {Statement[]} */
      const said = [
        [iri(person), iri(`${BK}hasKeyCompetence`), placed],
        [placed, iri(`${BK}competence`), iri(row.iri)],
      ];
      return said;
    }),
  ];
};

/**
 * The rows where a text on how something is known may show who it is.
 * @param {ResolvedRow[]} rows
 */
const findPrivateRows = async (rows) => {
  const person = iri(personOf("ansatt-1"));
  const texts = [...new Set(rows.map(({ evidence }) => evidence).filter(Boolean))];
  /** @type {Statement[]} */
  const statements = [
    [person, iri(RDF_TYPE), iri(`${BK}IndividualDescription`)],
    ...texts.map((text) => /** @type {Statement} */ ([person, iri(`${SKOS}note`), langString(text, language)])),
  ];
  /** @type {import("./types.d.ts").Finding[]} */
  const findings = texts.length ? await askEngine({ ask: "check", statements, language }) : [];
  const wrong = new Set(findings.filter(({ rule }) => PRIVATE_RULES.includes(rule)).map(({ value }) => value?.value));
  return rows.filter(({ evidence }) => wrong.has(evidence)).map(({ row }) => formatMessage("scripts.group.private", { row }));
};

/** @param {string} role its slug. */
const analyse = async (role) => {
  const { questions, standards } = data().mine;
  const people = [...groupBy(chosen.rows, ({ pseudonym }) => pseudonym)];
  const found = [];
  for (const [pseudonym, rows] of people) {
    state.textContent = formatMessage("scripts.group.working", { number: found.length + 1, of: people.length });
    const statements = statementsOf(pseudonym, rows);
    const person = personOf(pseudonym);
    /** @type {{ coverage: Row[], ways: Row[] }} */
    const one = { coverage: [], ways: [] };
    for (const standard of standards[role]) {
      one.coverage.push(...(await askRows(bindParameters(questions[COVERAGE].text, { individual: person, standard }), statements)));
      one.ways.push(...(await askRows(bindParameters(questions[MEASURES].text, { from: person, to: standard }), statements)));
    }
    found.push(one);
  }
  const order = Object.keys(data().compare[role].keyCompetences).map((path) => BASE + path);
  return combineGroup(found, order);
};

/** @param {Coverage} coverage */
const outcomesOf = ({ competence }) => data().compare[chosen.role].keyCompetences[competence.slice(BASE.length)]?.outcomes ?? [];
/** @param {Coverage["measures"]} measures */
const namesOf = (measures) =>
  measures.map(({ row, settings }) => [labelIn(row, "way"), ...settings.map((one) => labelIn(one, "setting"))].join(" – "));

/** @type {(coverage: Coverage, people: number) => HTMLElement} */
const coverageItem = (coverage, people) => {
  const { competence, counts, row } = coverage;
  const told = formatMessage("scripts.group.counts", counts);
  const parts = COVERAGE_KINDS.filter((kind) => counts[kind]).map((kind) => {
    const bar = element("span", { class: kind }, String(counts[kind]));
    bar.style.flexGrow = String(counts[kind] / people);
    return bar;
  });
  const outcomes = counts.missing ? outcomesOf(coverage) : [];
  const measures = counts.missing ? namesOf(coverage.measures) : [];
  return element(
    "li",
    { "data-iri": competence },
    element("h3", {}, element("a", { href: pageOf(competence.slice(BASE.length)) }, labelIn(row, "competence"))),
    element("p", { class: "bar", "aria-hidden": "true" }, ...parts),
    element("p", { class: "small" }, told),
    outcomes.length
      ? element(
          "details",
          {},
          element("summary", {}, formatMessage("scripts.group.outcomes")),
          element("ul", {}, ...outcomes.map((words) => element("li", {}, words))),
        )
      : "",
    measures.length ? element("p", { class: "small" }, `${formatMessage("scripts.group.measures")} ${measures.join("; ")}.`) : "",
  );
};

/** @param {Awaited<ReturnType<typeof analyse>>} found */
const tablesOf = ({ coverage }) => [
  {
    title: formatMessage("scripts.group.table"),
    grid: [
      [
        formatMessage("scripts.group.competence"),
        ...COVERAGE_KINDS.map((kind) => formatMessage(KIND_KEYS[kind])),
        formatMessage("scripts.group.outcomes"),
        formatMessage("scripts.group.measures"),
      ],
      ...coverage.map((one) => [
        labelIn(one.row, "competence"),
        ...COVERAGE_KINDS.map((kind) => String(one.counts[kind])),
        one.counts.missing ? outcomesOf(one).join("\n") : "",
        one.counts.missing ? namesOf(one.measures).join("\n") : "",
      ]),
    ],
  },
];

/** @type {(title: string, found: Awaited<ReturnType<typeof analyse>>) => TextBlock[]} */
const blocksOf = (title, { coverage, general }) => [
  ["title", title],
  ...coverage.flatMap((one) => {
    /** @type {TextBlock[]} */
    const blocks = [
      ["heading", labelIn(one.row, "competence")],
      ["text", formatMessage("scripts.group.counts", one.counts)],
    ];
    if (one.counts.missing) for (const words of outcomesOf(one)) blocks.push(["item", words]);
    return blocks;
  }),
  ["heading", formatMessage("scripts.group.general")],
  ...namesOf(general).map((name) => /** @type {TextBlock} */ (["item", name])),
];

/** @param {Awaited<ReturnType<typeof analyse>>} found */
const showResults = (found) => {
  const { name } = data().compare[chosen.role];
  const title = formatMessage("scripts.group.title", { role: name, number: found.people });
  const file = `gap-${chosen.role}`;
  /** @type {(ending: string, type: string, make: () => Uint8Array) => void} */
  const save = (ending, type, make) => download(`${file}.${ending}`, /** @type {BlobPart} */ (make()), type);
  const isLacking = found.coverage.some(({ counts }) => counts.missing);
  results.replaceChildren(
    element("h2", { tabindex: "-1" }, title),
    element("p", { class: "soft" }, new Date().toLocaleDateString(language === "nb" ? "nb" : "en-GB", { dateStyle: "long" })),
    element(
      "p",
      { class: "row no-print" },
      button(formatMessage("scripts.group.print"), () => window.print()),
      button(formatMessage("scripts.group.workbook"), () => save("xlsx", WORKBOOK_TYPE, () => data().book.toTables(tablesOf(found))), {
        class: "quiet",
      }),
      button(
        formatMessage("scripts.group.document"),
        () => save("docx", DOCUMENT_TYPE, () => data().book.toDocument(blocksOf(title, found), language)),
        { class: "quiet" },
      ),
    ),
    element(
      "p",
      { class: "legend small" },
      ...COVERAGE_KINDS.map((kind) => element("span", { class: kind }, formatMessage(KIND_KEYS[kind]))),
    ),
    element("ol", { class: "plain coverage" }, ...found.coverage.map((one) => coverageItem(one, found.people))),
    ...(isLacking && found.general.length
      ? [
          element("h3", {}, formatMessage("scripts.group.general")),
          element("ul", {}, ...namesOf(found.general).map((one) => element("li", {}, one))),
        ]
      : []),
    element("p", { class: "note" }, formatMessage("scripts.group.limits")),
  );
  results.querySelector("h2")?.focus();
};

const run = async () => {
  if (!chosen.rows.length || !chosen.role) return;
  results.replaceChildren();
  try {
    showResults(await analyse(chosen.role));
    state.textContent = "";
  } catch (error) {
    state.textContent = "";
    showFaults([formatMessage("scripts.group.failed", { why: reasonOf(error) })]);
  }
};

/** @param {File | undefined} file */
const takeFile = async (file) => {
  if (!file) return;
  showFaults([]);
  results.replaceChildren();
  state.textContent = formatMessage("scripts.group.reading");
  const read = await data().book.readGroup(data().group, file, language);
  const wrong = read.faults.length ? read.faults : await findPrivateRows(read.rows);
  chosen.rows = wrong.length ? [] : read.rows;
  showFaults(wrong);
  state.textContent = wrong.length
    ? ""
    : formatMessage("scripts.group.read", { number: new Set(read.rows.map(({ pseudonym }) => pseudonym)).size, rows: read.rows.length });
  if (!wrong.length) await run();
};

const makeFields = () => {
  const roles = Object.entries(data().compare).map(([slug, { name }]) => element("option", { value: slug }, name));
  const role = element("select", { id: "role" }, element("option", { value: "" }, formatMessage("scripts.group.choose-role")), ...roles);
  role.addEventListener("change", () => {
    chosen.role = role.value;
    run();
  });
  const file = element("input", { type: "file", id: "file", accept: ".xlsx,.ods,.csv,.tsv" });
  file.addEventListener("change", () => takeFile(file.files?.[0]));
  const drop = element(
    "div",
    { class: "field drop" },
    element("label", { for: "file" }, formatMessage("scripts.group.file")),
    element("p", { class: "hint" }, formatMessage("scripts.group.file.hint")),
    file,
  );
  drop.addEventListener("dragover", (event) => event.preventDefault());
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    takeFile(event.dataTransfer?.files[0]);
  });
  const saveTemplate = () =>
    download(
      formatMessage("scripts.group.template.file"),
      /** @type {BlobPart} */ (data().book.toGroupTemplate(data().group, language)),
      WORKBOOK_TYPE,
    );
  return [
    element("p", {}, button(formatMessage("scripts.group.template"), saveTemplate)),
    element("div", { class: "field" }, element("label", { for: "role" }, formatMessage("scripts.group.role")), role),
    drop,
  ];
};

const start = async () => {
  const files = [`texts.${language}.js`, `compare-data.${language}.js`, "draft-data.js", "mine-data.js", "group-data.js", "workbook.js"];
  try {
    await Promise.all(files.map(load));
  } catch {
    root.textContent = root.dataset.failed ?? "";
    root.hidden = false;
    return;
  }
  root.replaceChildren(...makeFields(), faults, state, results);
  root.hidden = false;
};

start();
