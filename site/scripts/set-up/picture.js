// The picture of a set-up: the two lines, the arenas in each, and who sits around each table, by party.
/** @import { Language, Statement } from "../types.d.ts" */
/** @import { LabelIndex } from "../workbook/label-index.js" */
/** @import { WorkbookData } from "../workbook/types.d.ts" */
/** @import { DrawnArena, SeatGroup } from "./types.d.ts" */
import { groupBy } from "../collections.js";
import { element, formatMessage } from "../common.js";
import { BASE, BK, PREF_LABEL } from "../drafts/rdf.js";
import { svgElement } from "../drafts/svg.js";

/** The parties in their order around a table, with their colours; those of no party come last. */
const PARTIES = [
  ["politikere", "one"],
  ["administrative-ledere", "two"],
  ["tillitsvalgte", "three"],
].map(([slug, style]) => ({ party: `${BASE}party/${slug}`, style }));
const LINES = { development: `${BASE}line/utviklingslinja`, decision: `${BASE}line/beslutningslinja` };
/** More seats than this are only told of in words. */
const MAX_MARKS = 60;
/** Table and seats, in the units of the drawing. */
const SIZE = { width: 280, height: 164, table: [78, 32], seats: [118, 62], radius: 13, gap: 2.5 };

/** @param {SeatGroup} seat */
const orderOf = ({ party }) => (PARTIES.findIndex((one) => one.party === party) + PARTIES.length + 1) % (PARTIES.length + 1);

/**
 * The party of a role: its own, or that of its broader role.
 * @param {LabelIndex} names
 * @param {string} role
 * @param {string[]} seen
 * @returns {string | null}
 */
const findParty = (names, role, seen = []) => {
  const [own] = names.getValues(role, `${BK}ofParty`);
  if (own) return own.value;
  const broader = names.getValues(role, `${BK}broaderRole`).map(({ value }) => value);
  return broader.filter((one) => !seen.includes(one)).map((one) => findParty(names, one, [...seen, role]))[0] ?? null;
};

/**
 * Arenas as they are drawn, in order.
 * @param {WorkbookData} layout
 * @param {Statement[]} statements of the set-up.
 * @param {LabelIndex} names of all things.
 * @param {Language} language
 * @returns {DrawnArena[]}
 */
export const describeArenas = (layout, statements, names, language) => {
  /** @type {(thing: string, property: string) => string[]} */
  const valuesOf = (thing, property) => names.getValues(thing, BK + property).map(({ value }) => value);
  /** @param {string} thing */
  const nameOf = (thing) => names.findLabel(thing, language);

  /** @type {(seat: string, arena: string) => SeatGroup} */
  const describeSeat = (seat, arena) => {
    const [role] = valuesOf(seat, "participantRole");
    const party = valuesOf(seat, "ofParty")[0] ?? (role ? findParty(names, role) : null);
    const [exact] = valuesOf(seat, "seats");
    const [least] = valuesOf(seat, "minimumSeats");
    const isEvery = valuesOf(seat, "fromEveryUnion")[0] === "true";
    const count = Number(exact ?? least ?? (isEvery ? valuesOf(arena, "hasUnion").length : 0));
    const words = () => {
      if (exact) return exact;
      if (least) return formatMessage("scripts.set-up.at-least", { number: least });
      return formatMessage(isEvery ? "scripts.set-up.every-union" : "scripts.set-up.number-open");
    };
    return {
      role: role ? nameOf(role) : formatMessage("scripts.set-up.no-role"),
      party,
      partyName: party ? nameOf(party) : "",
      count: exact ? count : Math.max(count, 1),
      isKnown: Boolean(exact),
      number: words(),
    };
  };

  /** @param {string} rhythm */
  const describeRhythm = (rhythm) => {
    if (names.getValues(rhythm, PREF_LABEL).length) return nameOf(rhythm);
    const [interval] = valuesOf(rhythm, "interval");
    const [first] = valuesOf(rhythm, "duringFirst");
    const key = layout.keywords.interval[interval];
    const often = key ? layout.texts[language][key] : (interval ?? "");
    return first ? formatMessage("scripts.set-up.during-first", { often, number: first.replace(/\D/g, "") }) : often;
  };

  const arenas = statements.filter(([, { value }]) => value === `${BK}hasArena`).map(([, , { value }]) => value);
  return arenas.map((arena) => ({
    name: nameOf(arena),
    lines: valuesOf(arena, "inLine"),
    seats: valuesOf(arena, "hasParticipation")
      .map((seat) => describeSeat(seat, arena))
      .sort((one, two) => orderOf(one) - orderOf(two)),
    rhythms: valuesOf(arena, "hasMeetingRhythm").map(describeRhythm).filter(Boolean),
    topics: valuesOf(arena, "hasTopic").map(nameOf),
  }));
};

/** @param {SeatGroup} seat */
const styleOf = ({ party }) => PARTIES.find((one) => one.party === party)?.style ?? "none";
/** @param {SeatGroup} seat */
const letterOf = ({ partyName, role }) => [...(partyName || role)][0].toUpperCase();

/**
 * A table with a mark for each seat around it. What it shows stands in words below it.
 * @param {SeatGroup[]} seats
 */
const drawTable = (seats) => {
  const { gap, height, radius, width } = SIZE;
  const marks = seats.flatMap((seat) => Array.from({ length: Math.min(seat.count, MAX_MARKS + 1) }, () => seat));
  const [across, down] = SIZE.seats;
  const around = 2 * Math.PI * Math.sqrt((across ** 2 + down ** 2) / 2);
  const size = Math.min(radius, around / Math.max(marks.length, 1) / gap);
  const drawn = marks.length > MAX_MARKS ? [] : marks;
  const drawing = svgElement(
    "svg",
    { viewBox: `0 0 ${width} ${height}`, "aria-hidden": "true" },
    svgElement("ellipse", { class: "table", cx: width / 2, cy: height / 2, rx: SIZE.table[0], ry: SIZE.table[1] }),
    ...drawn.map((seat, at) => {
      const angle = Math.PI * (1 + (2 * at + 1) / drawn.length);
      const [x, y] = [width / 2 + across * Math.cos(angle), height / 2 + down * Math.sin(angle)].map((one) => Math.round(one * 10) / 10);
      const letter = svgElement("text", { x, y: y + size * 0.36, "font-size": size }, letterOf(seat));
      const classes = `seat ${styleOf(seat)}${seat.isKnown ? "" : " open"}`;
      return svgElement("g", { class: classes }, svgElement("circle", { cx: x, cy: y, r: size }), letter);
    }),
  );
  if (seats.length && seats.every(({ isKnown }) => isKnown)) {
    const total = seats.reduce((sum, { count }) => sum + count, 0);
    drawing.append(svgElement("text", { class: "total", x: width / 2, y: height / 2 + 7 }, String(total)));
  }
  return drawing;
};

/** @param {SeatGroup[]} seats of one party, or of none. */
const listSeats = (seats) => {
  const roles = seats.map(({ number, role }) => `${role}: ${number}`).join(" · ");
  const key = element("span", { class: `key ${styleOf(seats[0])}`, "aria-hidden": "true" }, letterOf(seats[0]));
  const [{ partyName }] = seats;
  return element("li", {}, key, element("span", {}, partyName ? element("strong", {}, `${partyName}. `) : null, roles));
};

/** @type {(key: string, values: string[]) => HTMLElement | null} */
const toldBy = (key, values) =>
  values.length ? element("p", { class: "small" }, formatMessage(key, { values: values.join("; ") })) : null;

/** @param {DrawnArena} arena */
const drawArena = ({ name, rhythms, seats, topics }) => {
  const groups = [...groupBy(seats, (seat) => seat.party ?? seat.role).values()];
  return element(
    "div",
    { class: "arena" },
    element("h4", {}, name),
    drawTable(seats),
    element("ul", { class: "plain" }, ...groups.map(listSeats)),
    toldBy("scripts.set-up.meets", rhythms),
    toldBy("scripts.set-up.takes-up", topics),
  );
};

/**
 * The picture of all arenas, line by line.
 * @param {DrawnArena[]} arenas
 * @param {LabelIndex} names
 * @param {Language} language
 */
export const drawPicture = (arenas, names, language) => {
  /** @type {(line: string, note: string) => HTMLElement} */
  const drawLine = (line, note) => {
    const within = arenas.filter(({ lines }) => lines.includes(line));
    const style = line === LINES.decision ? "decision" : "development";
    return element(
      "section",
      { class: `line ${style}` },
      element("h3", {}, names.findLabel(line, language)),
      element("p", { class: "small soft" }, note),
      ...within.map(drawArena),
    );
  };
  const outside = arenas.filter(({ lines }) => !lines.length);
  const rest = outside.length
    ? [element("section", { class: "line" }, element("h3", {}, formatMessage("scripts.set-up.no-line")), ...outside.map(drawArena))]
    : [];
  return [
    drawLine(LINES.decision, formatMessage("scripts.set-up.decision-line")),
    drawLine(LINES.development, formatMessage("scripts.set-up.development-line")),
    ...rest,
  ];
};
