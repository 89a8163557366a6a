// Lays two or three roles beside each other: what all have, what two have, what only one has.
/** @import { ComparedCompetence, ComparisonData } from "./types.d.ts" */
import { data, element, formatMessage, language, load, pageOf, part } from "./common.js";

const form = part("compare-form", "form");
const choices = [...form.querySelectorAll("select")];
const status = part("count", "p");
const results = part("results", "div");

/**
 * All sets of roles, the largest first. Roles are slugs.
 * @param {string[]} roles
 */
const subsets = (roles) => {
  const found = [];
  for (let size = roles.length; size; size--) {
    for (let bits = (1 << roles.length) - 1; bits; bits--) {
      const chosen = roles.filter((_, at) => bits & (1 << at));
      if (chosen.length === size) found.push(chosen);
    }
  }
  return found;
};

/** @param {string[]} names */
const joinNames = (names) => new Intl.ListFormat(language, { type: "conjunction" }).format(names);

/** @param {ComparedCompetence} placed */
const makeCell = ({ page, position, hasPosition, outcomes }) =>
  element(
    "td",
    {},
    element(
      "p",
      {},
      element("a", { href: pageOf(page) }, position),
      hasPosition ? "" : ` (${formatMessage("scripts.compare.no-position")})`,
    ),
    ...(outcomes.length
      ? outcomes.map((outcome) => element("p", { class: "outcome" }, outcome))
      : [element("p", { class: "soft" }, formatMessage("scripts.compare.no-outcome"))]),
  );

/**
 * The competences that just some of the chosen roles have.
 * @param {string[]} having those.
 * @param {string[]} roles all that are chosen.
 * @param {ComparisonData} known
 */
const findShared = (having, roles, known) =>
  Object.keys(known[having[0]].keyCompetences).filter((competence) =>
    roles.every((role) => competence in known[role].keyCompetences === having.includes(role)),
  );

/**
 * A table of the competences that just some of the chosen roles have.
 * @param {string[]} having those.
 * @param {string[]} roles all that are chosen.
 * @param {ComparisonData} known
 */
const makeSection = (having, roles, known) => {
  const names = having.map((role) => known[role].name);
  const id = `of-${having.join("-")}`;
  const heading =
    having.length === 1 ? "scripts.compare.only" : having.length === roles.length ? "scripts.compare.all" : "scripts.compare.two";
  const shared = findShared(having, roles, known);
  const title = element("h2", { id }, formatMessage(heading, { roles: joinNames(names), number: shared.length }));
  if (!shared.length) {
    return element("section", { "aria-labelledby": id }, title, element("p", { class: "soft" }, formatMessage("scripts.compare.nothing")));
  }
  const rows = shared.map((competence) => {
    const link = element("a", { href: pageOf(competence) }, known[having[0]].keyCompetences[competence].name);
    const cells = having.map((role) => makeCell(known[role].keyCompetences[competence]));
    return element("tr", {}, element("th", { scope: "row" }, link), ...cells);
  });
  const headings = [formatMessage("scripts.compare.competence"), ...names].map((name) => element("th", { scope: "col" }, name));
  const head = element("thead", {}, element("tr", {}, ...headings));
  const table = element("table", { "aria-labelledby": id }, head, element("tbody", {}, ...rows));
  const scroll = element("div", { class: "scroll", tabindex: "0", role: "group", "aria-labelledby": id }, table);
  return element("section", { "aria-labelledby": id }, title, scroll);
};

/**
 * Links to the mobility paths between the roles, in both directions.
 * @param {string[]} roles
 * @param {ComparisonData} known
 */
const linkMobilityPaths = (roles, known) => {
  const pairs = roles.flatMap((from) => roles.filter((to) => to !== from).map((to) => ({ from, to })));
  const links = pairs.map(({ from, to }) => {
    const name = formatMessage("scripts.compare.mobility-path", { from: known[from].name, to: known[to].name });
    const counts = known[from].counts[to];
    const told = counts ? `: ${formatMessage("scripts.compare.counts", { ...counts })}` : "";
    return element("li", {}, element("a", { href: pageOf(`mobility/${from}/${to}`) }, name), told);
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
  const sections = subsets(roles).map((having) => makeSection(having, roles, known));
  const names = joinNames(roles.map((role) => known[role].name));
  status.textContent = formatMessage("scripts.compare.count", { number: findShared(roles, roles, known).length, roles: names });
  results.replaceChildren(...sections, linkMobilityPaths(roles, known));
};

/**
 * The two roles that share most, to begin with.
 * @param {ComparisonData} known
 */
const findNearest = (known) => {
  /** @param {string[]} pair */
  const count = ([one, other]) =>
    Object.keys(known[one].keyCompetences).filter((competence) => competence in known[other].keyCompetences).length;
  const pairs = subsets(Object.keys(known)).filter(({ length }) => length === 2);
  return pairs.reduce((best, pair) => (count(pair) > count(best) ? pair : best));
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
  const first = known.length ? known : findNearest(data().compare);
  choices.forEach((choice, at) => {
    choice.value = first[at] ?? "";
  });
  form.hidden = false;
  form.addEventListener("change", show);
  form.addEventListener("submit", (event) => event.preventDefault());
  show();
};

start();
