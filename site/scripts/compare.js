// Lays two or three roles beside each other: what all have, what two have, what only one has.
import { data, element, language, load, pageOf, text } from "./common.js";

const form = document.getElementById("compare-form");
const choices = [...form.querySelectorAll("select")];
const status = document.getElementById("count");
const results = document.getElementById("results");

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

const list = (names) => new Intl.ListFormat(language, { type: "conjunction" }).format(names);

const cell = (placed) =>
  element(
    "td",
    {},
    element("p", {}, element("a", { href: pageOf(placed.page) }, placed.place), placed.told ? "" : ` (${text("compare.untold")})`),
    ...(placed.outcomes.length ? placed.outcomes.map((outcome) => element("p", { class: "outcome" }, outcome)) : [element("p", { class: "soft" }, text("compare.no-outcome"))]),
  );

/** A table of the competences that just these roles of those chosen have. */
const section = (having, roles, known) => {
  const names = having.map((role) => known[role].name);
  const id = `of-${having.join("-")}`;
  const heading = having.length === 1 ? "compare.only" : having.length === roles.length ? "compare.all" : "compare.two";
  const shared = Object.keys(known[having[0]].key).filter((competence) => roles.every((role) => competence in known[role].key === having.includes(role)));
  const rows = shared.map((competence) =>
    element(
      "tr",
      {},
      element("th", { scope: "row" }, element("a", { href: pageOf(competence) }, known[having[0]].key[competence].name)),
      ...having.map((role) => cell(known[role].key[competence])),
    ),
  );
  const head = element("tr", {}, element("th", { scope: "col" }, text("compare.competence")), ...names.map((name) => element("th", { scope: "col" }, name)));
  const title = element("h2", { id }, text(heading, { roles: list(names), number: shared.length }));
  if (!rows.length) return [shared.length, element("section", { "aria-labelledby": id }, title, element("p", { class: "soft" }, text("compare.nothing")))];
  const table = element("table", { "aria-labelledby": id }, element("thead", {}, head), element("tbody", {}, ...rows));
  return [shared.length, element("section", { "aria-labelledby": id }, title, element("div", { class: "scroll", tabindex: "0", role: "group", "aria-labelledby": id }, table))];
};

const ways = (roles, known) => {
  const links = roles.flatMap((from) =>
    roles.filter((to) => to !== from).map((to) => element("li", {}, element("a", { href: pageOf(`ways/${from}/${to}`) }, text("compare.way", { from: known[from].name, to: known[to].name })))),
  );
  return element("section", { "aria-labelledby": "ways" }, element("h2", { id: "ways" }, text("compare.ways")), element("ul", {}, ...links));
};

const show = () => {
  const known = data().compare;
  const roles = [...new Set(choices.map((choice) => choice.value).filter((role) => role in known))];
  for (const choice of choices) {
    for (const option of choice.options) option.disabled = option.value !== "" && option.value !== choice.value && roles.includes(option.value);
  }
  if (roles.length < 2) {
    status.textContent = text("compare.choose");
    results.replaceChildren();
    return;
  }
  history.replaceState(null, "", `?${new URLSearchParams({ roles: roles.join(",") })}`.replaceAll("%2C", ","));
  const sections = subsets(roles).map((having) => section(having, roles, known));
  status.textContent = text("compare.count", { number: sections[0][0], roles: list(roles.map((role) => known[role].name)) });
  results.replaceChildren(...sections.map(([, made]) => made), ways(roles, known));
};

/** The two roles that share most, to begin with. */
const nearest = (known) => {
  const shared = ([one, other]) => Object.keys(known[one].key).filter((competence) => competence in known[other].key).length;
  return subsets(Object.keys(known)).filter(({ length }) => length === 2).reduce((best, pair) => (shared(pair) > shared(best) ? pair : best));
};

const start = async () => {
  try {
    await Promise.all([load(`texts.${language}.js`), load(`compare-data.${language}.js`)]);
  } catch {
    status.textContent = form.dataset.failed;
    return;
  }
  const asked = (new URLSearchParams(location.search).get("roles") ?? "").split(",").filter((role) => role in data().compare);
  const first = asked.length ? asked : nearest(data().compare);
  choices.forEach((choice, at) => (choice.value = first[at] ?? ""));
  form.hidden = false;
  form.addEventListener("change", show);
  form.addEventListener("submit", (event) => event.preventDefault());
  show();
};

start();
