// The search page: results as one types, by kind, each a link. The field of every page leads here.
import { data, element, language, load, number, pageOf, text } from "./common.js";
import { find, marked, openIndex } from "./index.js";

const SHOWN = 5;
const AROUND = 70;
const form = document.getElementById("search-form");
const field = document.getElementById("q");
const results = document.getElementById("results");
const status = document.getElementById("count");

let index;
const ready = () => {
  const start = performance.now();
  index ??= Promise.all([load(`texts.${language}.js`), load(`search-data.${language}.js`)]).then(() => {
    const made = openIndex(data().search, language);
    performance.measure("index", { start });
    return made;
  });
  return index;
};

const highlighted = (value, match, tag) =>
  marked(value, match, tag).map(([part, hit]) => (hit ? element("mark", {}, part) : part));

/** What shows why a thing was found, beside its name: the first text with the most matching words, cut around the first of them. */
const excerpt = ({ document, match }) => {
  const other = language === "nb" ? "en" : "nb";
  const texts = [...(document.a ?? []), ...(document.w ?? []), ...(document.x ?? []), ...(document.o ?? []).map((value) => [value, other])];
  let best = { hits: 0 };
  for (const given of texts) {
    const [value, tag] = typeof given === "string" ? [given, language] : given;
    const parts = marked(value, match, tag);
    const hits = parts.filter(([, hit]) => hit).length;
    if (hits > best.hits) best = { hits, value, tag };
  }
  if (!best.hits) {
    const code = (document.c ?? []).find((given) => given.toLowerCase() in match);
    return code ? element("p", { class: "excerpt" }, element("mark", {}, code)) : null;
  }
  const [first] = marked(best.value, match, best.tag);
  const start = first[1] || first[0].length < AROUND ? 0 : best.value.indexOf(" ", first[0].length - AROUND) + 1;
  const end = best.value.length - start > 3 * AROUND ? best.value.lastIndexOf(" ", start + 3 * AROUND) : best.value.length;
  const cut = best.value.slice(start, end);
  return element("p", { class: "excerpt", lang: best.tag !== language && best.tag }, start ? "… " : "", ...highlighted(cut, match, best.tag), end < best.value.length ? " …" : "");
};

const item = (result) => {
  const { document, match } = result;
  const [title, tag] = typeof document.t === "string" ? [document.t, language] : document.t;
  const link = element("a", { href: pageOf(document.p), lang: tag !== language && tag }, ...highlighted(title, match, tag));
  const context = (document.u ?? []).map((given) => (typeof given === "string" ? given : element("span", { lang: given[1] }, given[0])));
  const places = context.flatMap((place, at) => [at ? ", " : " – ", place]);
  return element("li", {}, link, places.length ? element("span", { class: "soft" }, ...places) : "", excerpt(result));
};

const group = ([kind, found]) => {
  const id = `kind-${kind}`;
  const list = element("ol", { class: "plain" }, ...found.slice(0, SHOWN).map(item));
  const section = element("section", { "aria-labelledby": id }, element("h2", { id }, `${text(`search.kind.${kind}`)} `, element("span", { class: "soft" }, number(found.length))), list);
  if (found.length > SHOWN) {
    const more = element("button", { type: "button" }, text("search.more", { number: number(found.length) }));
    more.addEventListener("click", () => {
      const rest = found.slice(SHOWN).map(item);
      list.append(...rest);
      more.remove();
      rest[0].querySelector("a").focus();
    });
    section.append(more);
  }
  return section;
};

let asked = 0;
const show = async () => {
  const query = field.value.trim();
  const turn = ++asked;
  const known = await ready().catch(() => null);
  if (turn !== asked) return;
  if (!known) {
    status.textContent = form.dataset.failed;
    return;
  }
  history.replaceState(null, "", `?${new URLSearchParams(query ? { q: query } : {})}`);
  const found = find(known, query);
  const groups = new Map();
  for (const result of found) {
    const kind = result.document.k;
    groups.set(kind, [...(groups.get(kind) ?? []), result]);
  }
  results.replaceChildren(...[...groups].map(group));
  status.textContent = query ? text(found.length ? "search.count" : "search.none", { number: number(found.length), query }) : "";
  results.dataset.query = query;
};

field.addEventListener("focus", () => ready().catch(() => null));
field.addEventListener("input", show);
form.addEventListener("submit", (event) => {
  event.preventDefault();
  show();
});

// Arrows go between the field and the results; every result is also reached with Tab.
document.getElementById("content").addEventListener("keydown", (event) => {
  const links = [...results.querySelectorAll("a")];
  const stops = [field, ...links];
  const at = stops.indexOf(document.activeElement);
  if (at < 0 || event.altKey || event.ctrlKey || event.metaKey) return;
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: at > 0 ? 1 : -1, End: at > 0 ? links.length : -1, Escape: at > 0 ? 0 : -1 }[event.key];
  if (stops[to]) {
    event.preventDefault();
    stops[to].focus();
  }
});

field.value = new URLSearchParams(location.search).get("q") ?? "";
form.hidden = false;
if (field.value) show();
else field.focus();
