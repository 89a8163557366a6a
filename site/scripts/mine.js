// A person describes what they can do, one question at a time: steps 1 to 3 of the method in plain words. Nothing leaves the browser.
import { data, element, language, load, pageOf, text } from "./common.js";
import { begin, checker, question } from "./drafts/check.js";
import { competence, competenceField, search } from "./drafts/competences.js";
import { addresses, fromStatements, newDraft, newOutcome, newPlacement, removePlacement, text as both, toStatements } from "./drafts/draft.js";
import { balanceFigure, model, placeChoice } from "./drafts/figure.js";
import { download, forget, keep, kept, open, saveAs } from "./drafts/keep.js";
import { BK, DCTERMS, iri, METHOD, SKOS, written } from "./drafts/rdf.js";
import { bound } from "./query.js";

const STEPS = ["start", "done", "choose", "tell", "review", "role", "take"];
const PLACES_OF_LEARNING = ["work", "course", "school", "else"];
const AFTER_CHOICE = ["tell", "review", "role", "take"];
/** What is asked of each competence, a question a screen. */
const QUESTIONS = ["how", "took", "where", "statement", "place"];
const KIND = "individual";
const SLUG = "min-kompetanse-1";
const MOST = 15;
const SUGGESTED = 12;
const LETTERS = 4;
/** Two words in a row that begin large, or what follows “my name is”. */
const NAMES = [/\p{Lu}[\p{Ll}’-]+ \p{Lu}[\p{Ll}’-]+/u, /(?:jeg heter|navnet mitt er|my name is|i am called) (\p{Lu}[\p{L}’-]+)/iu];

const about = document.getElementById("about");
const root = document.getElementById("mine");
const fault = document.getElementById("fault");
const other = language === "nb" ? "en" : "nb";

let draft = null;
let step = "start";
/** The competence and the question that it is at, in the step where they are told of. */
let telling = 0;
let asking = 0;
/** What the rules say of texts now, by the text: `private` or `long`. */
let said = new Map();
let fields = [];
let compared = null;

const say = (key, values) => text(`mine.${key}`, values);
const words = (value) => value?.[language] || value?.[other] || "";
const nameOf = (placement) => words(placement.label);
const keys = () => draft.placements.filter(({ key }) => key);
const here = () => data().drafts.base ?? METHOD;

/** What this page has kept: the last saved first. */
const before = () => kept(KIND).filter(({ draft: one }) => one.mine);
const forgetAll = () => before().forEach(({ draft: one }) => forget(one));
const fresh = () => ({ ...newDraft(KIND, here()), slug: SLUG, label: both("Min kompetanse", "My competence"), mine: { story: "", answers: {} } });
const answersOf = ({ id }) => (draft.mine.answers[id] ??= { how: "", took: "", where: "" });
const outcomeOf = (placement) => (placement.outcomes[0] ??= newOutcome());
const statementOf = (placement) => words(placement.outcomes[0]?.statement);

/** The statements of the description, with where each thing was learned. An outcome without words is left out. */
const statements = () => {
  const shown = { ...draft, placements: draft.placements.map((placement) => ({ ...placement, outcomes: placement.outcomes.filter(({ statement }) => words(statement).trim()) })) };
  const at = addresses(shown);
  const notes = draft.placements
    .map((placement) => [placement, answersOf(placement).where])
    .filter(([, where]) => where)
    .map(([placement, where]) => [iri(at.get(placement.id)), iri(`${SKOS}note`), written(say("learned", { where: say(`where.${where}`) }), language)]);
  return [...toStatements(shown), ...notes];
};

/** All that is written, what goes into no file too, for the rules to look at. */
const everything = () => {
  const own = addresses(draft).get(draft.id);
  const aside = [draft.mine.story, ...draft.placements.flatMap((placement) => [answersOf(placement).how, answersOf(placement).took])].filter((value) => value.trim());
  return [...statements(), ...aside.map((value) => [iri(own), iri(`${DCTERMS}description`), written(value.trim(), language)])];
};

const namesIn = (value) => {
  const found = NAMES.map((form) => value.match(form)).find(Boolean);
  return found ? (found[1] ?? found[0]) : null;
};

const tell = () => {
  for (const { input, strict, mild } of fields) {
    const value = input.value.trim();
    const found = said.get(value);
    const strictly = found ? say(found) : "";
    if (strict.textContent !== strictly) strict.textContent = strictly;
    const name = namesIn(value);
    const mildly = name ? say("name-hint", { words: name }) : "";
    if (mild.textContent !== mildly) mild.textContent = mildly;
  }
  const left = document.getElementById("left");
  if (left) left.textContent = [...said.values()].includes("private") ? say("private.left") : "";
};

let recheck = () => {};
const changed = () => {
  if (!keep(draft)) fault.textContent = say("not-kept");
  compared = null;
  recheck();
};

/** A field of text for the question of the screen, which warns of names, numbers and e-mail addresses as they are written. */
const field = (id, hint, value, write) => {
  const input = element("textarea", { id, rows: "5", "aria-labelledby": "question", "aria-describedby": `${id}-hint ${id}-strict ${id}-mild` });
  input.value = value;
  const strict = element("p", { class: "warn", id: `${id}-strict`, role: "alert" });
  const mild = element("p", { class: "warn mild", id: `${id}-mild`, role: "status" });
  input.addEventListener("input", () => {
    write(input.value);
    tell();
    changed();
  });
  fields.push({ input, strict, mild });
  return element("div", { class: "field" }, element("p", { class: "hint", id: `${id}-hint` }, hint), input, strict, mild);
};

const button = (label, act, attributes = {}) => {
  const made = element("button", { type: "button", ...attributes }, label);
  made.addEventListener("click", act);
  return made;
};

/** Take a competence in, or out where it is in already. */
const toggle = (thing, wanted) => {
  const held = draft.placements.find((placement) => thing.iri && placement.competence === thing.iri);
  if (held && !wanted) removePlacement(draft, held);
  if (!held && wanted) {
    const label = both(thing.label.nb ?? "", thing.label.en ?? "");
    const own = thing.iri ? null : { label: null, definition: both(), broader: false };
    draft.placements.push(newPlacement({ competence: thing.iri ?? null, described: own, label, key: true }));
  }
  changed();
};

const ticks = (legend, things, after) =>
  element(
    "fieldset",
    {},
    element("legend", {}, legend),
    element(
      "div",
      { class: "ticks" },
      ...things.map((thing) => {
        const input = element("input", { type: "checkbox", value: thing.iri });
        input.checked = draft.placements.some((placement) => placement.competence === thing.iri);
        input.addEventListener("change", () => {
          toggle(thing, input.checked);
          after();
        });
        return element("label", { class: "choice" }, input, element("span", {}, words(thing.label)));
      }),
    ),
  );

/** The competences that the words of the story find, those that more words find first. */
const suggestions = () => {
  const found = new Map();
  for (const word of new Set(draft.mine.story.toLowerCase().match(/\p{L}+/gu) ?? [])) {
    if (word.length < LETTERS) continue;
    search(word, 2).forEach((thing, at) => found.set(thing, (found.get(thing) ?? 0) + (at ? 1 : 2)));
  }
  return [...found].sort(([, one], [, two]) => two - one).slice(0, SUGGESTED).map(([thing]) => thing);
};

const roleChoice = (label, chosen, act) => {
  const select = element("select", { id: "role" }, element("option", { value: "" }, say("choose-role")), ...Object.entries(data().compare).map(([slug, { name }]) => element("option", { value: slug }, name)));
  select.value = chosen ?? "";
  select.addEventListener("change", () => act(select.value));
  return element("div", { class: "field" }, element("label", { for: "role" }, label), select);
};

const screens = {
  start() {
    const found = before();
    const file = element("input", { type: "file", id: "file", accept: ".ttl,.jsonld,.json,.nt" });
    const wrong = element("p", { class: "warn", role: "alert" });
    file.addEventListener("change", async () => {
      try {
        draft = adopted(await open(file.files[0], { dimensionOf: model().dimensionOf, wanted: KIND, base: here() }));
        changed();
        go("review");
      } catch {
        wrong.textContent = say("open.failed");
      }
    });
    return [
      say("start.title"),
      element("p", {}, say("start.text")),
      element("p", {}, say("start.names")),
      element(
        "p",
        { class: "moves" },
        found.length ? button(say("continue"), () => ((draft = found[0].draft), go(draft.placements.length ? "review" : "done"))) : "",
        button(
          say(found.length ? "begin-anew" : "begin"),
          () => {
            if (found.length && !window.confirm(say("wipe.sure"))) return;
            forgetAll();
            draft = fresh();
            changed();
            go("done");
          },
          found.length ? { class: "quiet" } : {},
        ),
      ),
      element("div", { class: "field" }, element("label", { for: "file" }, say("open")), file, wrong),
    ];
  },

  done() {
    return [say("done.title"), field("story", say("done.hint"), draft.mine.story, (value) => (draft.mine.story = value))];
  },

  choose() {
    const chosen = element("div", {});
    const listed = () => {
      const list = draft.placements.map((placement) =>
        element(
          "li",
          {},
          element("span", {}, nameOf(placement), placement.described ? ` (${say("own")})` : ""),
          button(say("remove", { name: nameOf(placement) }), () => {
            removePlacement(draft, placement);
            changed();
            show();
            root.querySelector("input.long").focus();
          }, { class: "quiet" }),
        ),
      );
      allow();
      chosen.replaceChildren(element("h3", {}, say("chosen", { number: list.length })), list.length ? element("ul", { class: "plain chosen" }, ...list) : element("p", { class: "soft" }, say("chosen.none")));
    };
    const ofRole = element("div", {});
    const showRole = (slug) => {
      const role = data().compare[slug];
      draft.mine.from = slug;
      ofRole.replaceChildren(...(role ? [ticks(say("of-role", { role: role.name }), Object.keys(role.key).map((path) => competence(METHOD + path)).filter(Boolean), listed)] : []));
    };
    const suggested = suggestions();
    listed();
    if (draft.mine.from) showRole(draft.mine.from);
    return [
      say("choose.title"),
      element("p", {}, say("choose.text")),
      suggested.length ? ticks(say("suggested"), suggested, listed) : draft.mine.story.trim() ? element("p", { class: "soft" }, say("suggested.none")) : "",
      roleChoice(say("by-role"), draft.mine.from, showRole),
      ofRole,
      competenceField({
        label: say("find"),
        hint: say("find.hint"),
        pick: (thing) => {
          toggle(thing, true);
          listed();
        },
      }),
      chosen,
    ];
  },

  tell() {
    const placement = draft.placements[telling];
    if (!placement) return [say("choose.title"), element("p", {}, say("chosen.none"))];
    const asked = QUESTIONS[asking];
    const skip = telling + 1 < draft.placements.length ? button(say("skip"), () => ((telling += 1), (asking = 0), go("tell")), { class: "quiet" }) : "";
    return [say(asked), ...questions[asked](placement), element("p", {}, skip)];
  },

  review() {
    const figure = balanceFigure({
      place: (id, { dimension, position }) => {
        Object.assign(draft.placements.find((placement) => placement.id === id), { dimension, position });
        changed();
        drawn(id);
      },
      choose: (id) => drawn(id),
    });
    const drawn = (chosen = null) => figure.show(draft.placements.map((placement) => ({ ...placement, name: nameOf(placement) })), chosen);
    const many = element("p", { class: "warn mild", role: "status" });
    const counted = () => (many.textContent = keys().length > MOST ? say("many", { number: keys().length }) : "");
    const items = draft.placements.map((placement, at) => {
      const input = element("input", { type: "checkbox" });
      input.checked = placement.key;
      input.addEventListener("change", () => {
        placement.key = input.checked;
        counted();
        changed();
      });
      const edit = () => {
        [telling, asking] = [at, 0];
        go("tell");
      };
      return element(
        "li",
        {},
        element("label", { class: "choice" }, input, element("span", {}, `${at + 1}. ${nameOf(placement)}`)),
        button(say("edit", { name: nameOf(placement) }), edit, { class: "quiet" }),
        element("p", { class: `said${statementOf(placement) ? "" : " soft"}` }, statementOf(placement) || `(${say("missing-words")})`),
      );
    });
    figure.element.querySelector("figcaption").textContent = say("figure.hint");
    drawn();
    counted();
    return [say("review.title"), element("p", {}, say("review.text")), left(), element("fieldset", {}, element("legend", {}, say("review.keys")), element("ol", { class: "plain review" }, ...items)), many, figure.element];
  },

  role() {
    const results = element("div", { id: "results", "aria-live": "polite" });
    const chosen = async (slug) => {
      draft.mine.to = slug;
      draft.referredTo = data().mine.standards[slug]?.[0] ?? null;
      changed();
      results.replaceChildren(slug ? element("p", {}, say("role.working")) : "");
      if (!slug) return;
      try {
        await compare(slug);
        if (draft.mine.to === slug) results.replaceChildren(...comparison(true));
      } catch (error) {
        results.replaceChildren(element("p", { class: "warn", role: "alert" }, say("role.failed", { why: error.message })));
      }
    };
    if (draft.mine.to) chosen(draft.mine.to);
    return [say("role.title"), element("p", {}, say("role.text")), roleChoice(say("choose-role"), draft.mine.to, chosen), results];
  },

  take() {
    const cv = element("textarea", { id: "cv", readonly: true, class: "cv", rows: "12" });
    cv.value = keys().map((placement) => `• ${nameOf(placement)}${statementOf(placement) ? `: ${statementOf(placement).trim()}` : ""}`).join("\n");
    const done = element("span", { role: "status" });
    const copy = async () => {
      cv.select();
      try {
        await navigator.clipboard.writeText(cv.value);
      } catch {
        document.execCommand("copy");
      }
      done.textContent = say("copied");
    };
    const elm = async () => download(`${SLUG}-elm.jsonld`, await question(bound(data().mine.elm, { individual: addresses(draft).get(draft.id) }), statements()), "application/ld+json");
    if (draft.mine.to && !compared) compare(draft.mine.to).then(() => step === "take" && show(), () => {});
    const save = (ending) => saveAs({ ...described(), slug: SLUG }, ending);
    return [
      say("take.title"),
      left(),
      sheet(),
      element("div", { class: "take" }, button(say("print"), () => window.print())),
      element(
        "div",
        { class: "take" },
        element("h3", {}, say("cv")),
        element("div", { class: "field" }, element("label", { for: "cv" }, say("cv.hint")), cv),
        element("p", {}, button(say("copy"), copy), " ", done),
        element("h3", {}, say("files")),
        element("p", {}, say("files.text")),
        element("p", { class: "buttons" }, button(say("save.ttl"), () => save("ttl")), button(say("save.jsonld"), () => save("jsonld")), button(say("save.elm"), elm)),
        element("p", { class: "small" }, say("elm")),
      ),
    ];
  },
};

/** What is asked of a competence: the parts of each screen below its question. */
const questions = {
  how: (placement) => [field("how", say("how.hint"), answersOf(placement).how, (value) => (answersOf(placement).how = value))],
  took: (placement) => [field("took", say("took.hint"), answersOf(placement).took, (value) => (answersOf(placement).took = value))],

  where(placement) {
    const choices = PLACES_OF_LEARNING.map((name) => {
      const input = element("input", { type: "radio", name: "where", value: name });
      input.checked = answersOf(placement).where === name;
      input.addEventListener("change", () => {
        answersOf(placement).where = name;
        changed();
      });
      return element("label", { class: "choice" }, input, element("span", {}, say(`where.${name}`)));
    });
    return [element("div", { class: "field", role: "radiogroup", "aria-labelledby": "question" }, ...choices)];
  },

  statement(placement) {
    const outcome = outcomeOf(placement);
    const path = placement.competence?.slice(METHOD.length);
    const examples = Object.values(data().compare).flatMap(({ name, key }) => (key[path]?.outcomes ?? []).map((words) => [name, words]));
    const made = field("statement", say("statement.hint"), words(outcome.statement), (value) => (outcome.statement = { ...both(), [language]: value }));
    const use = (value) => {
      const input = made.querySelector("textarea");
      input.value = value;
      input.dispatchEvent(new Event("input"));
      input.focus();
    };
    const { how, took } = answersOf(placement);
    const own = [how, took].filter((value) => value.trim());
    const one = ([role, told]) => element("div", {}, element("p", { class: "outcome" }, told, " ", element("span", { class: "small soft" }, `(${role})`)), element("p", {}, button(say("use"), () => use(told), { class: "quiet" })));
    return [
      own.length ? element("div", { class: "note" }, element("p", { class: "small" }, say("you-wrote")), ...own.map((value) => element("p", {}, value))) : "",
      made,
      examples.length ? element("details", {}, element("summary", {}, say("examples")), ...examples.map(one)) : "",
    ];
  },

  place(placement) {
    const { axes } = model();
    const { dimensions, positions } = data().drafts;
    const meaning = (iri) => [...dimensions, ...positions].find((thing) => thing.iri === iri);
    const told = axes.flatMap(({ poles }) => poles).flatMap(({ position, name }) => [element("dt", {}, name), element("dd", {}, words(meaning(position)?.definition))]);
    const choice = placeChoice({ legend: say("place"), chosen: placement, place: ({ dimension, position }) => (Object.assign(placement, { dimension, position }), changed()) });
    return [element("p", { class: "hint" }, say("place.hint")), choice, element("details", {}, element("summary", {}, say("place.meaning")), element("dl", {}, ...told))];
  },
};

/** The description as it goes into a file: with where things were learned beside what forms show. */
const described = () => {
  const all = statements();
  const notes = all.filter(([, property]) => property.value === `${SKOS}note`);
  return { ...draft, placements: draft.placements.map((placement) => ({ ...placement, outcomes: placement.outcomes.filter(({ statement }) => words(statement).trim()) })), other: [...draft.other, ...notes] };
};

/** A draft from a file, with where things were learned read out of its notes. */
const adopted = (opened) => {
  const found = { ...opened, mine: { story: "", answers: {} } };
  const learned = new Map(PLACES_OF_LEARNING.map((name) => [say("learned", { where: say(`where.${name}`) }), name]));
  for (const placement of found.placements) {
    const notes = found.other.filter(([subject, property, object]) => subject.value === placement.iri && property.value === `${SKOS}note` && learned.has(object.value));
    found.mine.answers[placement.id] = { how: "", took: "", where: notes.length ? learned.get(notes[0][2].value) : "" };
    found.other = found.other.filter((statement) => !notes.includes(statement));
  }
  return found;
};

/** Let one go on to what takes at least one competence. */
const allow = () => root.querySelectorAll("[data-after]").forEach((made) => (made.disabled = !draft?.placements.length));

const left = () => element("p", { class: "warn", id: "left", role: "alert" });

/** Hold the description against a role, by the catalogue's questions. */
const compare = async (slug) => {
  const { questions, standards } = data().mine;
  const own = addresses(draft).get(draft.id);
  const given = statements();
  const rows = { covered: new Map(), near: new Map(), missing: new Map(), beyond: new Map() };
  const specific = new Map();
  const general = new Map();
  const cell = (row, name) => row[`${name}_${language}`]?.value ?? row[`${name}_${other}`]?.value ?? "";
  const told = (row, name, tie) => (row[tie]?.value === "editorial" ? say("ours", { name: cell(row, name) }) : cell(row, name));
  for (const standard of standards[slug]) {
    for (const row of await question(bound(questions["individual-against-standard"].text, { individual: own, standard }), given)) {
      const [asked, held] = [row.competence?.value ?? "", row.own?.value ?? ""];
      rows[row.kind.value].set(`${asked} ${held}`, { asked, held, competence: cell(row, "competence"), own: cell(row, "own") || nameOf(draft.placements.find((one) => (one.competence ?? addresses(draft).get(`competence ${one.id}`)) === held) ?? {}) });
    }
    for (const row of await question(bound(questions["measures-for-gap"].text, { from: own, to: standard }), given)) {
      const of = row.ground.value === "gap" ? general : (specific.get(row.competence.value) ?? specific.set(row.competence.value, new Map()).get(row.competence.value));
      const way = of.get(row.way.value) ?? of.set(row.way.value, { name: told(row, "way", "tie"), beside: { setting: new Set(), form: new Set() } }).get(row.way.value);
      for (const [name, tie] of [["setting", "setting_tie"], ["form", "form_tie"]]) if (row[name]) way.beside[name].add(told(row, name, tie));
    }
  }
  // What lies beyond one standard of a role may meet another of them.
  const meets = new Set([...rows.covered.values(), ...rows.near.values()].map(({ held }) => held));
  for (const [id, { held }] of rows.beyond) if (meets.has(held)) rows.beyond.delete(id);
  compared = { slug, rows, specific, general };
};

const ways = (found) => {
  const line = ({ name, beside }) => {
    const told = [...beside.setting, ...beside.form];
    return element("li", {}, name, told.length ? element("span", { class: "soft" }, ` – ${told.join("; ")}`) : "");
  };
  return element("ul", { class: "measures" }, ...[...found.values()].map(line));
};

/** The comparison as it is shown, and without the measures as it is printed. */
const comparison = (whole) => {
  const { rows, specific, general } = compared;
  const kinds = Object.fromEntries(Object.entries(rows).map(([kind, found]) => [kind, [...found.values()]]));
  const number = (kind, name) => new Set(kinds[kind].map((row) => row[name])).size;
  const counts = { covered: number("covered", "asked"), near: number("near", "asked"), missing: number("missing", "asked"), beyond: number("beyond", "held") };
  const line = {
    covered: ({ competence: name }) => [name],
    near: ({ competence: name, own }) => [say("near.pair", { competence: name, own })],
    missing: ({ asked, competence: name }) => [name, whole && specific.has(asked) ? element("div", {}, element("p", { class: "small soft" }, say("measures.text")), ways(specific.get(asked))) : ""],
    beyond: ({ own }) => [own],
  };
  const lists = Object.keys(rows).flatMap((kind) => [
    element(whole ? "h3" : "h4", {}, say(kind)),
    kinds[kind].length ? element("ul", { class: kind }, ...kinds[kind].map((row) => element("li", { "data-iri": row.asked || row.held }, ...line[kind](row)))) : element("p", { class: "soft" }, say("none")),
  ]);
  const { questions } = data().mine;
  const not = (id) => element("p", { class: "note" }, say("means-not", { text: questions[id].not[language] }));
  return [
    element("p", {}, say("role.result", counts)),
    ...lists,
    ...(whole && counts.missing && general.size ? [element("h3", {}, say("measures")), element("p", {}, say("measures.general")), ways(general), not("measures-for-gap")] : []),
    not("individual-against-standard"),
  ];
};

/** What is printed. */
const sheet = () => {
  const figure = balanceFigure({ place: () => {}, choose: () => {} });
  figure.element.querySelector("figcaption").remove();
  figure.show(draft.placements.filter(({ key }) => key).map((placement) => ({ ...placement, name: nameOf(placement) })));
  const made = element(
    "section",
    { class: "sheet", "aria-label": say("sheet") },
    element("h3", {}, say("sheet")),
    element(
      "ol",
      {},
      ...keys().map((placement) => {
        const { where } = answersOf(placement);
        return element("li", {}, element("strong", {}, nameOf(placement)), statementOf(placement) ? `: ${statementOf(placement)}` : "", where ? element("span", { class: "soft" }, ` (${say("learned", { where: say(`where.${where}`).toLowerCase() })})`) : "");
      }),
    ),
    figure.element,
  );
  if (compared && compared.slug === draft.mine.to) made.append(element("h3", {}, say("sheet.role", { role: data().compare[compared.slug].name })), ...comparison(false));
  return made;
};

/** Which competence the questions are about. */
const subject = (placement) => {
  const definition = competence(placement.competence)?.definition[language];
  const at = say("tell.at", { number: telling + 1, of: draft.placements.length });
  return element("div", { class: "subject" }, element("p", { class: "label" }, `${at}: `, element("strong", { id: "subject" }, nameOf(placement))), definition ? element("p", { class: "small soft" }, definition) : "");
};

const go = (to) => {
  step = to;
  show();
  if (to === "start") window.scrollTo(0, 0);
  else root.scrollIntoView();
  root.querySelector("h2").focus({ preventScroll: true });
};

/** Where Next and Back lead: through the competences one at a time, and the questions of each. */
const move = (by) => {
  if (step === "tell") {
    const at = telling * QUESTIONS.length + asking + by;
    if (at >= 0 && at < draft.placements.length * QUESTIONS.length) {
      telling = Math.floor(at / QUESTIONS.length);
      asking = at % QUESTIONS.length;
      return go("tell");
    }
  }
  const to = STEPS[STEPS.indexOf(step) + by];
  if (to === "tell") {
    telling = by > 0 ? 0 : Math.max(0, draft.placements.length - 1);
    asking = by > 0 ? 0 : QUESTIONS.length - 1;
  }
  return go(to);
};

const erase = () => {
  if (!window.confirm(say("wipe.sure"))) return;
  forgetAll();
  draft = null;
  compared = null;
  said = new Map();
  go("start");
  fault.textContent = say("wiped");
};

const show = () => {
  fields = [];
  fault.textContent = "";
  about.hidden = step !== "start";
  const [title, ...parts] = screens[step]();
  const open = Boolean(draft) && step !== "start";
  const steps = STEPS.map((name, at) => {
    const act = () => {
      if (name === "tell") [telling, asking] = [0, 0];
      go(name);
    };
    return element("li", {}, button(`${at + 1} ${say(`step.${name}`)}`, act, { "aria-current": name === step ? "step" : undefined, "data-after": AFTER_CHOICE.includes(name) }));
  });
  const last = step === "take";
  root.replaceChildren(
    open ? element("nav", { "aria-label": root.dataset.steps }, element("ol", { class: "walk" }, ...steps)) : "",
    element(
      "div",
      { class: "one-step" },
      open ? element("p", { class: "soft" }, say("at", { number: STEPS.indexOf(step) + 1, of: STEPS.length })) : "",
      step === "tell" && draft.placements.length ? subject(draft.placements[telling]) : "",
      element("h2", { tabindex: "-1", id: "question" }, title),
      ...parts,
      open ? element("p", { class: "moves" }, button(say("back"), () => move(-1), { class: "quiet" }), last ? "" : button(say("next"), () => (step === "choose" && !draft.placements.length ? (fault.textContent = say("chosen.none")) : move(1)))) : "",
    ),
    open || before().length ? element("p", { class: "wiping" }, button(root.dataset.wipe, erase, { class: "quiet" })) : "",
  );
  allow();
  tell();
};

const start = async () => {
  try {
    await Promise.all([load(`texts.${language}.js`), load(`compare-data.${language}.js`), load("draft-data.js"), load("mine-data.js")]);
  } catch {
    fault.textContent = root.dataset.failed;
    return;
  }
  recheck = checker(everything, (found, error) => {
    if (error) fault.textContent = say("unchecked");
    said = new Map(found.filter(({ rule, value }) => value && (rule === "I7" || rule === "I5")).map(({ rule, value }) => [value.value.trim(), rule === "I7" ? "private" : "long"]));
    tell();
  });
  begin().catch(() => {});
  root.hidden = false;
  show();
};

start();
