// Lays two to four roles beside each other: what all have, what some have, what only one has, with what is near.
/** @import { ComparedRow } from "./role-comparison.js" */
/** @import { ComparedCompetence, ComparisonData } from "./types.d.ts" */
import { data, element, formatMessage, language, load, pageOf, part } from "./common.js";
import { compareRoles, countCarriedOver, findNearestRoles } from "./role-comparison.js";

/** The colours of the dimensions, in their order. */
const STYLES = ["one", "two", "three"];

const form = part("compare-form", "form");
const choices = [...form.querySelectorAll("select")];
const status = part("count", "p");
const results = part("results", "div");

/**
 * A name as it stands within a sentence: with a small first letter, unless it is an abbreviation.
 * @param {string} name
 */
const lowerInitial = (name) => (/^.\p{Ll}/u.test(name) ? name.charAt(0).toLowerCase() + name.slice(1) : name);

/** @param {string[]} names */
const joinNames = (names) => new Intl.ListFormat(language, { type: "conjunction" }).format(names);

/**
 * The names of competences, each with its page.
 * @param {string[]} competences
 * @param {ComparisonData} known
 */
const linkCompetences = (competences, known) =>
  competences.map((competence) => {
    const role = Object.values(known).find(({ keyCompetences }) => competence in keyCompetences);
    return element("p", {}, element("a", { href: pageOf(competence) }, role?.keyCompetences[competence].name));
  });

/**
 * What a role says of a competence.
 * @param {ComparedCompetence} placed
 * @param {boolean} isNamed whether the name stands here, since the row has several.
 */
const describePlaced = ({ name, page, position, hasPosition, outcomes }, isNamed) => [
  element(
    "p",
    {},
    isNamed ? element("strong", {}, `${name}: `) : "",
    element("a", { href: pageOf(page) }, position),
    hasPosition ? "" : ` (${formatMessage("scripts.compare.no-position")})`,
  ),
  ...(outcomes.length
    ? outcomes.map((outcome) => element("p", { class: "outcome" }, outcome))
    : [element("p", { class: "soft" }, formatMessage("scripts.compare.no-outcome"))]),
];

/**
 * A table of the competences that just some of the chosen roles have, or have near ones of.
 * @param {string[]} having those.
 * @param {ComparedRow[]} rows
 * @param {number} chosen how many roles are chosen.
 * @param {ComparisonData} known
 */
const makeSection = (having, rows, chosen, known) => {
  const names = having.map((role) => known[role].name);
  const id = `of-${having.join("-")}`;
  const near = rows.filter(({ competences }) => competences.length > 1).length;
  const heading = having.length === 1 ? "scripts.compare.only" : having.length === chosen ? "scripts.compare.all" : "scripts.compare.some";
  const title = element("h2", { id }, formatMessage(heading, { roles: joinNames(names), number: rows.length - near, near }));
  const head = element(
    "thead",
    {},
    element("tr", {}, ...[formatMessage("scripts.compare.competence"), ...names].map((name) => element("th", { scope: "col" }, name))),
  );
  const body = rows.map(({ competences }) => {
    const isNear = competences.length > 1;
    const cells = having.map((role) => {
      const own = competences.filter((competence) => competence in known[role].keyCompetences);
      const told = own.flatMap((competence) => describePlaced(known[role].keyCompetences[competence], isNear));
      return element("td", { "data-label": known[role].name }, ...told);
    });
    const tag = isNear ? element("span", { class: "tag" }, formatMessage("scripts.compare.near")) : "";
    return element("tr", {}, element("th", { scope: "row" }, ...linkCompetences(competences, known), tag), ...cells);
  });
  const table = element("table", { class: "stacked", "aria-labelledby": id }, head, element("tbody", {}, ...body));
  return element("section", { "aria-labelledby": id }, title, element("div", { class: "scroll" }, table));
};

/**
 * The number of key competences that each role has in each dimension, as bars beside each other.
 * @param {string[]} roles
 * @param {ComparisonData} known
 */
const makeProfiles = (roles, known) => {
  const dimensions = (form.dataset.dimensions ?? "").split("|");
  const counts = roles.map((role) => {
    const placed = Object.values(known[role].keyCompetences);
    return dimensions.map((dimension) => placed.filter((one) => one.dimension === dimension).length);
  });
  const most = Math.max(...counts.flat());
  const rows = roles.map((role, at) => {
    const cells = counts[at].map((count, which) => {
      const bar = element("span", { class: `profile-bar ${STYLES[which]}` });
      bar.style.width = `${(100 * count) / most}%`;
      return element("td", { "data-label": dimensions[which] }, element("span", { class: "profile-track" }, bar), ` ${count}`);
    });
    return element("tr", {}, element("th", { scope: "row" }, known[role].name), ...cells);
  });
  const head = element(
    "tr",
    {},
    ...[formatMessage("scripts.compare.role"), ...dimensions].map((name) => element("th", { scope: "col" }, name)),
  );
  const table = element(
    "table",
    { class: "stacked", "aria-labelledby": "profiles" },
    element("thead", {}, head),
    element("tbody", {}, ...rows),
  );
  const lead = element("p", { class: "soft" }, formatMessage("scripts.compare.profiles.lead"));
  const title = element("h2", { id: "profiles" }, formatMessage("scripts.compare.profiles"));
  return element("section", { "aria-labelledby": "profiles" }, title, lead, element("div", { class: "scroll" }, table));
};

/**
 * Links to the mobility paths between the roles, in both directions.
 * @param {string[]} roles
 * @param {ComparisonData} known
 */
const linkMobilityPaths = (roles, known) => {
  const pairs = roles.flatMap((from) => roles.filter((to) => to !== from).map((to) => ({ from, to })));
  const links = pairs.map(({ from, to }) => {
    const name = formatMessage("scripts.compare.mobility-path", {
      from: lowerInitial(known[from].name),
      to: lowerInitial(known[to].name),
    });
    const told = formatMessage("scripts.compare.counts", countCarriedOver(from, to, known));
    return element("li", {}, element("a", { href: pageOf(`mobility/${from}/${to}`) }, name), `: ${told}`);
  });
  const heading = element("h2", { id: "mobility" }, formatMessage("scripts.compare.mobility-paths"));
  return element("section", { "aria-labelledby": "mobility" }, heading, element("ul", {}, ...links));
};

const show = () => {
  const known = data().compare;
  const roles = [...new Set(choices.map((choice) => choice.value).filter((role) => role in known))];
  for (const choice of choices) {
    for (const option of choice.options) {
      option.disabled = option.value !== "" && option.value !== choice.value && roles.includes(option.value);
    }
  }
  if (roles.length < 2) {
    status.textContent = formatMessage("scripts.compare.choose");
    results.replaceChildren();
    return;
  }
  history.replaceState(null, "", `?${new URLSearchParams({ roles: roles.join(",") })}`.replaceAll("%2C", ","));
  const groups = compareRoles(roles, known);
  const inAll = groups[0].having.length === roles.length ? groups[0].rows : [];
  const near = inAll.filter(({ competences }) => competences.length > 1).length;
  const names = joinNames(roles.map((role) => known[role].name));
  status.textContent = formatMessage("scripts.compare.count", { number: inAll.length - near, near, roles: names });
  const sections = groups.map(({ having, rows }) => makeSection(having, rows, roles.length, known));
  results.replaceChildren(linkMobilityPaths(roles, known), makeProfiles(roles, known), ...sections);
};

const start = async () => {
  try {
    await Promise.all([load(`texts.${language}.js`), load(`compare-data.${language}.js`)]);
  } catch {
    status.textContent = form.dataset.failed ?? "";
    return;
  }
  const wanted = new URLSearchParams(location.search).get("roles") ?? "";
  const known = wanted.split(",").filter((role) => role in data().compare);
  const first = known.length ? known : findNearestRoles(data().compare);
  choices.forEach((choice, at) => {
    choice.append(...Object.entries(data().compare).map(([role, { name }]) => element("option", { value: role }, name)));
    choice.value = first[at] ?? "";
  });
  form.hidden = false;
  form.addEventListener("change", show);
  form.addEventListener("submit", (event) => event.preventDefault());
  show();
};

start();
