// Sets up the cooperation of a municipality: a form with the rows of the workbook, the picture of who sits where, and what the rules say.
// The draft stays in this browser.
/** @import { Finding, Statement } from "./types.d.ts" */
/** @import { CellField, Maker } from "./set-up/fields.js" */
/** @import { Arena, CellProblem, Row, SetUpDraft } from "./set-up/types.d.ts" */
import { compare } from "./collections.js";
import { button, data, element, formatMessage, language, load, part, reasonOf } from "./common.js";
import { download, WORKBOOK_TYPE } from "./download.js";
import { createChecker, readFile } from "./drafts/check.js";
import { MEDIA_TYPES } from "./drafts/draft-files.js";
import { describeFinding } from "./drafts/finding.js";
import { showWhenReleased } from "./drafts/press.js";
import { toTurtle } from "./drafts/rdf.js";
import {
  columnsOf,
  copyArena,
  findArenas,
  fromExample,
  fromSheets,
  fromStatements,
  indexLabels,
  listAllChoices,
  readDraft,
  textsOf,
  toSheets,
  translateDraft,
} from "./set-up/draft.js";
import { makeCellField, makeSuggestions } from "./set-up/fields.js";
import { describeArenas, drawPicture } from "./set-up/picture.js";
import { buildWorkbookCells, formatText, isWorkbookName } from "./workbook/layout.js";
import { readWorkbook } from "./workbook/read-xlsx.js";
import { buildSetUpSlug } from "./workbook/set-up.js";
import { findUnwritable, writeXlsx } from "./workbook/write-xlsx.js";

/** Where the browser keeps the draft. */
const STORED = "balansekunst-set-up";
/**
 * The columns that are shown at once, by sheet; the others are one click away, some of them apart.
 * @type {Record<string, string[]>}
 */
const SHOWN = {
  "set-up": [`name-${language}`],
  arenas: [`name-${language}`, "kind"],
  seats: ["role", "seats", "every-union"],
  rhythms: ["interval", "first", `name-${language}`],
};
/** @type {Record<string, [key: string, columns: string[]][]>} */
const APART = {
  arenas: [
    ["scripts.set-up.topics", ["topics", "excluded"]],
    ["scripts.set-up.unions", ["unions", "invited"]],
  ],
};
/** What is shown as a row of the form, and not as a field. */
const HIDDEN = ["arena", "address"];
/** Milliseconds without writing before the picture is drawn anew. */
const PAUSE = 150;
/** @type {Record<"seats" | "rhythms", Record<"title" | "one" | "more" | "add" | "remove", string>>} */
const ROW_KEYS = {
  seats: {
    title: "scripts.set-up.seats",
    one: "scripts.set-up.seat",
    more: "scripts.set-up.seat.more",
    add: "scripts.set-up.seat.add",
    remove: "scripts.set-up.seat.remove",
  },
  rhythms: {
    title: "scripts.set-up.rhythms",
    one: "scripts.set-up.rhythm",
    more: "scripts.set-up.rhythm.more",
    add: "scripts.set-up.rhythm.add",
    remove: "scripts.set-up.rhythm.remove",
  },
};

const page = part("set-up", "div");
const parts = {
  begin: element("details", { class: "drafts no-print" }),
  fault: element("div", { class: "fault no-print", role: "alert" }),
  state: element("p", { class: "state", role: "status", "aria-busy": "false" }),
  form: element("div", { class: "form no-print" }),
  name: element("h2", { id: "picture" }),
  picture: element("div", { class: "lines" }),
  findings: element("div", { class: "review" }),
  saved: element("p", { class: "small soft no-print" }),
  announcement: element("p", { class: "hidden", role: "status" }),
};

/** @type {{ draft: SetUpDraft | null, statements: Statement[], problems: CellProblem[], findings: Finding[], failure: unknown, isChecked: boolean }} */
const state = { draft: null, statements: [], problems: [], findings: [], failure: null, isChecked: false };
/**
 * The fields of each row by column, and where the findings of each arena are written.
 * @type {Map<Row, Map<string, CellField>>}
 */
let fields = new Map();
/** @type {Map<Arena, { card: HTMLElement, heading: HTMLElement, errors: HTMLElement }>} */
let cards = new Map();
/** @type {Maker} */
let maker;

const layoutOf = () => data().setUp.layout;
const exampleOf = () => fromExample(data().setUp.example[language], language);
const unnamed = () => ({
  setUp: data().setUp.example[language]["set-up"][0][`name-${language}`],
  arena: formatMessage("scripts.set-up.arena"),
});

/** @param {string[]} sentences */
const showFaults = (sentences) => parts.fault.replaceChildren(...sentences.map((one) => element("p", {}, one)));
/** @param {string} message */
const announce = (message) => {
  parts.announcement.textContent = message;
};

// What is written, read anew.

/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;
const requestCheck = createChecker(
  () => state.statements,
  (findings, failure) => {
    Object.assign(state, { findings, failure, isChecked: true });
    parts.state.ariaBusy = "false";
    showWhenReleased(showFindings);
  },
);

const save = () => {
  try {
    localStorage.setItem(STORED, JSON.stringify(state.draft));
    parts.saved.textContent = formatMessage("scripts.set-up.saved");
  } catch {
    parts.saved.textContent = formatMessage("scripts.set-up.not-saved");
  }
};

/** Read what is written, and draw it. */
const draw = () => {
  const { draft } = state;
  if (!draft) return;
  Object.assign(state, readDraft(layoutOf(), draft, unnamed()));
  const names = indexLabels(layoutOf(), state.statements);
  const arenas = describeArenas(layoutOf(), state.statements, names, language);
  parts.name.textContent = draft.row[`name-${language}`] || unnamed().setUp;
  parts.picture.replaceChildren(...drawPicture(arenas, names, language));
  draft.arenas.forEach((arena, at) => {
    const card = cards.get(arena);
    if (card) card.heading.textContent = arenas[at]?.name ?? arena.row[`name-${language}`];
  });
  showProblems();
};

const drawAndCheck = () => {
  draw();
  requestCheck();
};

const change = () => {
  save();
  check();
};

/** Draw what is written, and have it checked. */
const check = () => {
  parts.state.ariaBusy = "true";
  if (!state.isChecked) parts.state.textContent = formatMessage("scripts.set-up.loading");
  clearTimeout(timer);
  timer = setTimeout(() => showWhenReleased(drawAndCheck), PAUSE);
};

// What is wrong: with a cell beside its field, with an arena at its head, and all of it below the picture.

/** @param {CellProblem} problem */
const formatProblem = ({ message: [key, values] }) => formatText(layoutOf(), key, language, values);

const showProblems = () => {
  for (const columns of fields.values()) {
    for (const { errors, inputs } of columns.values()) {
      errors.replaceChildren();
      for (const input of inputs) input.removeAttribute("aria-invalid");
    }
  }
  for (const problem of state.problems) {
    const field = fields.get(problem.row)?.get(problem.column);
    const group = field?.wrapper.closest("details");
    if (group) group.open = true;
    field?.errors.append(element("p", { class: "finding violation" }, formatProblem(problem)));
    for (const input of field?.inputs ?? []) input.setAttribute("aria-invalid", "true");
  }
};

/** @param {Finding} finding */
const isViolation = ({ severity }) => severity === "violation";

const stateText = () => {
  if (state.failure) return formatMessage("scripts.set-up.broken", { why: reasonOf(state.failure) });
  const faults = state.findings.filter(isViolation).length + state.problems.length;
  const advice = state.findings.length - state.findings.filter(isViolation).length;
  return faults + advice ? formatMessage("scripts.set-up.count", { faults, advice }) : formatMessage("scripts.set-up.clean");
};

const showFindings = () => {
  const { draft, findings, problems } = state;
  if (!draft || !state.isChecked) return;
  parts.state.textContent = stateText();
  const arenaOf = findArenas(state.statements);
  const sorted = [...findings].sort((one, two) => compare(Number(isViolation(two)), Number(isViolation(one))));
  const elsewhere = sorted.filter(({ focus }) => !arenaOf.has(focus));
  draft.arenas.forEach((arena, at) => {
    const own = sorted.filter(({ focus }) => arenaOf.get(focus) === at);
    cards.get(arena)?.errors.replaceChildren(...own.map(describeFinding));
  });
  /** @param {Finding} finding */
  const linkOf = ({ focus, message }) => {
    const card = cards.get(draft.arenas[arenaOf.get(focus) ?? -1]);
    return card ? element("a", { href: `#${card.heading.id}` }, message) : element("span", {}, message);
  };
  const items = [...problems.map((problem) => element("span", {}, formatProblem(problem))), ...sorted.map(linkOf)];
  const list = element("ul", { class: "plain" }, ...items.map((item) => element("li", {}, item)));
  const rest = elsewhere.length ? [element("h3", {}, formatMessage("scripts.set-up.general")), ...elsewhere.map(describeFinding)] : [];
  const title = element("h2", {}, formatMessage("scripts.set-up.findings"));
  parts.findings.replaceChildren(...(items.length ? [title, list, ...rest] : []));
};

// The form.

/**
 * The fields of a row: those that are shown at once, and the others in groups to open.
 * @param {string} sheet
 * @param {Row} row
 * @param {string} more what the last group is called.
 */
const makeFields = (sheet, row, more) => {
  const columns = columnsOf(layoutOf(), sheet).filter(({ name }) => !HIDDEN.includes(name));
  const isOfArena = sheet in ROW_KEYS;
  const made = new Map(columns.map((column) => [column.name, makeCellField(maker, column, row, !isOfArena)]));
  fields.set(row, made);
  /** @param {string[]} names */
  const wrappersOf = (names) => names.flatMap((name) => made.get(name)?.wrapper ?? []);
  /** @type {(title: string, names: string[]) => HTMLElement} */
  const makeGroup = (title, names) => element("details", {}, element("summary", {}, title), ...wrappersOf(names));
  const apart = APART[sheet] ?? [];
  const placed = [...SHOWN[sheet], ...apart.flatMap(([, names]) => names)];
  const rest = [...made.keys()].filter((name) => !placed.includes(name));
  const groups = [...apart.map(([key, names]) => makeGroup(formatMessage(key), names)), makeGroup(more, rest)];
  return { shown: wrappersOf(SHOWN[sheet]), groups };
};

/**
 * The rows of an arena on another sheet, with what adds one.
 * @param {Arena} arena
 * @param {"seats" | "rhythms"} sheet
 */
const makeRows = (arena, sheet) => {
  const keys = ROW_KEYS[sheet];
  const list = element("div", { class: sheet });
  const add = button(formatMessage(keys.add), () => {
    arena[sheet].push({});
    show();
    /** @type {HTMLElement | null} */ (list.querySelector(":scope > :last-child :is(input, select)"))?.focus();
  });
  /** @type {(row: Row, at: number) => HTMLElement} */
  const makeRow = (row, at) => {
    const number = { number: at + 1 };
    const { shown, groups } = makeFields(sheet, row, formatMessage(keys.more, number));
    const remove = () => {
      arena[sheet].splice(arena[sheet].indexOf(row), 1);
      show();
      change();
      add.focus();
    };
    const end = button("×", remove, { class: "quiet remove", "aria-label": formatMessage(keys.remove, number) });
    const cells = element("div", { class: "cells" }, ...shown, end);
    return element("div", { class: "one-row", role: "group", "aria-label": formatMessage(keys.one, number) }, cells, ...groups);
  };
  const show = () => list.replaceChildren(...arena[sheet].map(makeRow));
  show();
  return [element("h4", {}, formatMessage(keys.title)), list, add];
};

/** @type {(arena: Arena, at: number) => HTMLElement} */
const makeCard = (arena, at) => {
  const { shown, groups } = makeFields("arenas", arena.row, formatMessage("scripts.set-up.arena.more"));
  const heading = element(
    "h3",
    { id: `arena-${at + 1}`, tabindex: "-1" },
    arena.row[`name-${language}`] || formatMessage("scripts.set-up.arena"),
  );
  const errors = element("div", { class: "errors" });
  const remove = button(
    formatMessage("scripts.set-up.arena.remove", { name: heading.textContent }),
    () => {
      state.draft?.arenas.splice(state.draft.arenas.indexOf(arena), 1);
      announce(formatMessage("scripts.set-up.arena.removed", { name: heading.textContent }));
      showForm();
      change();
      parts.form.querySelector("h2")?.focus();
    },
    { class: "quiet" },
  );
  const card = element("section", { class: "arena-form", "aria-labelledby": heading.id }, heading, errors, ...shown);
  card.append(...makeRows(arena, "seats"), ...makeRows(arena, "rhythms"), ...groups, remove);
  cards.set(arena, { card, heading, errors });
  return card;
};

/** What adds an arena: as the handbook has it, where it has one of the kind. */
const makeArenaAdder = () => {
  /** @param {string} kind */
  const addArena = (kind) => {
    const { draft } = state;
    if (!draft) return;
    const known = exampleOf().arenas.find(({ row }) => row.kind === kind);
    const made = copyArena(known ?? { row: { kind }, seats: [], rhythms: [] }, draft.arenas, language);
    draft.arenas.push(made);
    showForm();
    change();
    cards.get(made)?.heading.focus();
  };
  const buttons = maker.choices["arena-kind"].map((kind) => button(kind, () => addArena(kind), { class: "quiet" }));
  const title = element("legend", {}, formatMessage("scripts.set-up.arena.add"));
  return element("fieldset", { class: "field" }, title, element("div", { class: "row" }, ...buttons));
};

const makeSavers = () => {
  const buttons = [
    button(formatMessage("scripts.set-up.workbook"), saveWorkbook),
    button(formatMessage("scripts.set-up.turtle"), saveTurtle, { class: "quiet" }),
    button(formatMessage("scripts.set-up.print"), () => print(), { class: "quiet" }),
  ];
  return [
    element("h2", {}, formatMessage("scripts.set-up.save")),
    element("p", {}, formatMessage("scripts.set-up.save.hint")),
    element("p", { class: "row" }, ...buttons),
  ];
};

const showForm = () => {
  const { draft } = state;
  fields = new Map();
  cards = new Map();
  if (!draft) return;
  const { shown, groups } = makeFields("set-up", draft.row, formatMessage("scripts.set-up.more"));
  const title = element("h2", { tabindex: "-1" }, layoutOf().sheets[1].title[language].replace(/^\d+ /, ""));
  parts.form.replaceChildren(...shown, ...groups, title, ...draft.arenas.map(makeCard), makeArenaAdder(), ...makeSavers());
};

// Files.

const slugOf = () => buildSetUpSlug(buildWorkbookCells(layoutOf(), { "set-up": [state.draft?.row ?? {}] })) || "set-up";

const saveWorkbook = () => {
  if (!state.draft) return;
  const filled = toSheets(state.draft, unnamed().arena);
  const fault = findUnwritable(layoutOf(), filled, language);
  showFaults(fault ? [fault] : []);
  if (fault) return;
  const bytes = writeXlsx(layoutOf(), { filled, choices: maker.choices }, language);
  download(`${slugOf()}.xlsx`, /** @type {BlobPart} */ (bytes), WORKBOOK_TYPE);
};

const saveTurtle = () => {
  draw();
  const wrong = state.problems.map(formatProblem);
  showFaults(wrong.length ? [formatMessage("scripts.set-up.fix-first"), ...wrong] : []);
  if (!wrong.length) download(`${slugOf()}.ttl`, toTurtle(state.statements, layoutOf().base), MEDIA_TYPES.ttl);
};

/** @param {File} file */
const openWorkbook = async (file) => {
  const { book, faults } = await readWorkbook(layoutOf(), file);
  if (faults.length)
    return { faults: faults.map(([key, values]) => formatText(layoutOf(), key, language, { file: file.name, ...values })) };
  return { draft: fromSheets(textsOf(book), language) };
};

/**
 * @param {File} file
 * @returns {Promise<{ draft?: SetUpDraft, faults?: string[] }>}
 */
const openFile = async (file) => {
  if (isWorkbookName(file.name)) return openWorkbook(file);
  const found = await readFile(file, layoutOf().base);
  if ("problems" in found) return { faults: found.problems.map(([key, values]) => formatMessage(key, values)) };
  const draft = fromStatements(layoutOf(), found.statements, language);
  return draft ? { draft } : { faults: [formatMessage("scripts.set-up.no-set-up")] };
};

// Where one begins.

/** @param {SetUpDraft | null} draft */
const showDraft = (draft) => {
  Object.assign(state, { draft, statements: [], problems: [], findings: [], failure: null, isChecked: false });
  parts.begin.open = !draft;
  part("workspace").hidden = !draft;
  parts.state.textContent = draft ? formatMessage("scripts.set-up.idle") : "";
  parts.findings.replaceChildren();
  showForm();
  draw();
};

/** @param {SetUpDraft} draft */
const useDraft = (draft) => {
  showDraft(draft);
  change();
  parts.form.querySelector("input")?.focus();
};

const wipe = () => {
  localStorage.removeItem(STORED);
  showDraft(null);
  announce(formatMessage("scripts.set-up.wiped"));
};

/** @param {File} file */
const useFile = async (file) => {
  showFaults([]);
  announce("");
  try {
    const { draft, faults = [] } = await openFile(file);
    if (!draft) return showFaults(faults);
    useDraft(draft);
    announce(formatMessage("scripts.set-up.opened", { name: draft.row[`name-${language}`] || file.name }));
  } catch (error) {
    showFaults([formatMessage("scripts.drafts.file.unread", { why: reasonOf(error) })]);
  }
};

const makeBeginning = () => {
  /** @type {() => unknown} */
  let action = () => {};
  const answer = (/** @type {boolean} */ isYes) => {
    question.hidden = true;
    if (isYes) action();
  };
  const yes = button(formatMessage("scripts.set-up.yes"), () => answer(true));
  const no = button(formatMessage("scripts.set-up.no"), () => answer(false), { class: "quiet" });
  const question = element("p", { class: "row", hidden: true }, element("span", {}, formatMessage("scripts.set-up.sure")), yes, no);
  /**
   * Do something that takes the draft away, after asking where there is one.
   * @param {() => unknown} wanted
   */
  const replace = (wanted) => {
    action = wanted;
    if (!state.draft) return wanted();
    question.hidden = false;
    yes.focus();
  };
  const file = element("input", { type: "file", id: "file", accept: ".xlsx,.ods,.ttl,.trig,.nt,.jsonld,.json" });
  file.addEventListener("change", () => {
    const chosen = file.files?.[0];
    if (chosen) replace(() => useFile(chosen));
    file.value = "";
  });
  const empty = () => ({ ...exampleOf(), arenas: [] });
  return [
    element("summary", {}, formatMessage("scripts.set-up.begin")),
    element(
      "p",
      { class: "row" },
      button(formatMessage("scripts.set-up.example"), () => replace(() => useDraft(exampleOf()))),
      button(formatMessage("scripts.set-up.empty"), () => replace(() => useDraft(empty())), { class: "quiet" }),
    ),
    element(
      "div",
      { class: "field" },
      element("label", { for: "file" }, formatMessage("scripts.set-up.open")),
      element("p", { class: "hint" }, formatMessage("scripts.set-up.open.hint")),
      file,
    ),
    element(
      "p",
      {},
      button(formatMessage("scripts.set-up.wipe"), () => replace(wipe), { class: "quiet" }),
    ),
    question,
  ];
};

/** The draft of this browser, in the language of the page. */
const readStored = () => {
  try {
    /** @type {SetUpDraft | null} */
    const draft = JSON.parse(localStorage.getItem(STORED) ?? "null");
    if (!draft || draft.language === language) return draft;
    return translateDraft(layoutOf(), draft, indexLabels(layoutOf(), []), language);
  } catch {
    // What cannot be read was not saved by this page.
    return null;
  }
};

const start = async () => {
  document.getElementById("unscripted")?.remove();
  try {
    await Promise.all([load(`texts.${language}.js`), load("set-up-data.js")]);
  } catch {
    page.textContent = page.dataset.failed ?? "";
    page.hidden = false;
    return;
  }
  const layout = layoutOf();
  maker = { layout, language, change, choices: listAllChoices(layout, indexLabels(layout, []), language) };
  parts.begin.append(...makeBeginning());
  const about = { class: "drawn", "aria-labelledby": "picture", tabindex: "0" };
  const aside = element("section", about, parts.name, parts.picture, parts.findings);
  page.append(
    parts.begin,
    parts.fault,
    element("div", { class: "bar row no-print" }, parts.state, element("a", { href: "#picture" }, formatMessage("scripts.set-up.see"))),
    element("div", { id: "workspace" }, parts.form, aside),
    parts.saved,
    parts.announcement,
    ...makeSuggestions(maker),
  );
  showDraft(readStored());
  // The engine is started when the person starts.
  const checkFirst = () => {
    if (state.draft && !state.isChecked && parts.state.ariaBusy === "false") check();
  };
  for (const event of ["click", "keyup"]) page.addEventListener(event, checkFirst);
  page.hidden = false;
};

start();
