// A form for a competence standard: the steps of the method, the rules as one writes, and drafts that stay in the browser.
import { data, element, language, load, pageOf, text as said } from "./common.js";
import { begin, checker } from "./drafts/check.js";
import { competence, competenceField, skillsOf } from "./drafts/competences.js";
import { addresses, freshId, newDraft, newOutcome, newPlacement, NotADraft, removePlacement, text as words, toStatements } from "./drafts/draft.js";
import { balanceFigure, model, placeChoice } from "./drafts/figure.js";
import { keep, kept, open, openBook, saveAs, saveBook, wipe } from "./drafts/keep.js";
import { METHOD } from "./drafts/rdf.js";

const KIND = "standard";
const STEPS = ["role", "interviews", "placing", "keys", "sources", "review"];
const SEVERITIES = ["violation", "warning", "info"];
const LANGUAGES = language === "nb" ? ["nb", "en"] : ["en", "nb"];
const LOCALE = language === "nb" ? "nb" : "en-GB";
const t = (key, values) => said(`write.${key}`, values);
const page = document.getElementById("write");
const part = {};

let draft;
let shape;
let step = "role";
let chosen = null;
let openKeys = new Set();
let findings = [];
let failure = null;
let checked = false;
let touched = new Set();
let left = new Set();
let fields = new Map();
let recheck;

const label = (value) => value[language] || value[LANGUAGES[1]] || "";

// Keeping

/** Have the draft checked anew: what is said of it is not news until that is done. */
const check = (wait) => {
  part.state.ariaBusy = "true";
  recheck(wait);
};

const changed = () => {
  draft.seen = [...left];
  const saved = keep(draft);
  part.saved.textContent = saved ? t("saved", { time: new Date().toLocaleTimeString(LOCALE, { hour: "2-digit", minute: "2-digit" }) }) : t("not-saved");
  check();
};

const say = (message) => {
  part.said.textContent = message;
};

const complain = (sentences) => part.fault.replaceChildren(...sentences.map((one) => element("p", {}, one)));

// Where a finding belongs

const FIELD = {
  prefLabel: "label",
  label: "label",
  competence: "label",
  describesRole: "role",
  hasKeyCompetence: "keys",
  hasPlacement: "placements",
  inDimension: "place",
  atPosition: "place",
  ofDimension: "place",
  hasLearningOutcome: "outcomes",
  hasEditorialOutcome: "outcomes",
  nkrDescriptor: "descriptors",
  source: "sources",
  editorial: "sources",
  versionInfo: "version",
  descriptionDepth: "depth",
};
const STEP_OF = {
  role: ["role", "label", "definition", "description"],
  interviews: ["interviewCount", "interviewedFrom", "interviewedTo", "rawCompetenceCount", "placedOn", "presentedOn"],
  placing: ["placements", "place"],
  keys: ["keys", "rationale", "what", "why", "outcomes", "statement", "descriptors"],
  sources: ["sources", "locator", "issued", "version", "depth"],
};
const stepOf = (kind, field) => (["placement", "competence"].includes(kind) && ["label", "definition"].includes(field) ? "placing" : kind === "source" ? "sources" : STEPS.find((name) => STEP_OF[name]?.includes(field)));

/** The parts of the draft by address: what kind each is, and the key of its fields. */
const partsByAddress = () => {
  const at = addresses(draft);
  const found = new Map([[at.get(draft.id), { kind: "draft", id: draft.id }]]);
  if (draft.role) found.set(at.get("role"), { kind: "role", id: "role" });
  draft.sources.forEach(({ id }) => found.set(at.get(id), { kind: "source", id }));
  for (const placement of draft.placements) {
    found.set(at.get(placement.id), { kind: "placement", id: placement.id, placement });
    if (placement.described) found.set(at.get(`competence ${placement.id}`), { kind: "competence", id: placement.id, placement });
    placement.outcomes.forEach((outcome) => found.set(at.get(outcome.id), { kind: "outcome", id: outcome.id, placement, outcome }));
  }
  return found;
};

const USUAL = { draft: "keys", role: "label", source: "label", placement: "label", competence: "label", outcome: "statement" };

/** Where a finding is told: the step, and the key of the field; nothing where it is of something that the form does not show. */
const placeOf = (finding, parts) => {
  const other = finding.value?.type === "NamedNode" ? parts.get(finding.value.value) : null;
  const about = other && ["draft", undefined].includes(parts.get(finding.focus)?.kind) ? other : parts.get(finding.focus);
  if (!about) return null;
  let { kind, id } = about;
  const names = finding.properties.map((iri) => iri.split(/[#/]/).pop());
  const equal = finding.value?.type === "Literal" && kind === "draft" ? Object.keys(draft).find((name) => draft[name] && draft[name] === finding.value.value) : null;
  const named = names.filter((name) => name !== "descriptionDepth")[0] ?? names[0];
  let field = equal ?? (about === other ? USUAL[kind] : named ? (FIELD[named] ?? named) : USUAL[kind]);
  if (["sources", "locator"].includes(field)) [kind, id] = ["draft", draft.id];
  if (field === "role") [kind, id, field] = ["role", "role", "label"];
  if (kind === "outcome" && field === "label") [kind, id] = ["placement", about.placement.id];
  if (kind === "outcome" && field === "place") [kind, id] = ["placement", about.placement.id];
  const where = stepOf(kind, field) ?? stepOf(kind, USUAL[kind]);
  return { step: where, key: `${id} ${stepOf(kind, field) ? field : USUAL[kind]}`, placement: about.placement };
};

/** The findings, each once for each field, the gravest first. */
const told = () => {
  const parts = partsByAddress();
  const once = new Map();
  for (const found of findings) {
    const about = parts.get(found.focus);
    // A part that has no name yet is not called by its address.
    const finding = about ? { ...found, message: found.message.replaceAll(found.focus.replace(draft.base, ""), t("unnamed")) } : found;
    const place = placeOf(finding, parts);
    // That an outcome has no name or dimension follows from that its competence has none.
    if (about?.kind === "outcome" && ["label", "place"].includes(place.key.split(" ").pop())) continue;
    const key = `${place?.key} ${finding.message}`;
    if (!once.has(key)) once.set(key, { ...finding, place });
  }
  return [...once.values()].sort((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) || STEPS.indexOf(a.place?.step) - STEPS.indexOf(b.place?.step));
};

const isShown = ({ place }) => step === "review" || left.has(place?.step) || touched.has(place?.key);

// Fields

let ids = 0;
const hintOf = (id, hint) => (hint ? element("p", { class: "hint", id: `${id}-hint` }, hint) : "");

const register = (key, wrapper, inputs, errors, hints) => {
  if (!key) return;
  fields.set(key, { wrapper, inputs, errors, hints });
  wrapper.addEventListener("focusout", (event) => {
    if (wrapper.contains(event.relatedTarget)) return;
    touched.add(key);
    showFindings();
  });
};

const inputOf = ({ id, value, set, rows, attributes = {} }) => {
  const input = rows ? element("textarea", { id, rows, ...attributes }) : element("input", { id, type: "text", autocomplete: "off", ...attributes });
  input.value = value;
  input.addEventListener("input", () => {
    set(input.value);
    changed();
  });
  return input;
};

const errorsOf = (id) => element("div", { class: "errors", id: `${id}-errors` });

/** A field with one value. */
const field = ({ key, name, hint, value, set, attributes }) => {
  const id = `field-${++ids}`;
  const input = inputOf({ id, value, set, attributes: { class: "short", ...attributes } });
  const errors = errorsOf(id);
  const wrapper = element("div", { class: "field" }, element("label", { for: id }, name), hintOf(id, hint), errors, input);
  register(key, wrapper, [input], errors, hint ? `${id}-hint` : "");
  return wrapper;
};

/** A field with a text in both languages, the page's own first. */
const texts = ({ key, name, hint, value, set, rows }) => {
  const id = `field-${++ids}`;
  const errors = errorsOf(id);
  const inputs = [];
  const each = LANGUAGES.map((tag) => {
    const input = inputOf({ id: `${id}-${tag}`, value: value[tag], set: (written) => set(tag, written), rows, attributes: { lang: tag } });
    inputs.push(input);
    return element("div", {}, element("label", { for: `${id}-${tag}` }, t(tag)), input);
  });
  const wrapper = element("fieldset", { class: "field" }, element("legend", {}, name), hintOf(id, hint), errors, element("div", { class: "both" }, ...each));
  register(key, wrapper, inputs, errors, hint ? `${id}-hint` : "");
  return wrapper;
};

/** A field with items in both languages, one a line. */
const items = ({ key, name, hint, value, set }) => {
  const lines = Object.fromEntries(LANGUAGES.map((tag) => [tag, value.map((item) => item[tag])]));
  return texts({
    key,
    name,
    hint,
    rows: 4,
    value: Object.fromEntries(LANGUAGES.map((tag) => [tag, lines[tag].join("\n").replace(/\n+$/, "")])),
    set: (tag, written) => {
      lines[tag] = written.replace(/\s+$/, "").split("\n");
      const length = Math.max(...LANGUAGES.map((one) => lines[one].length));
      set(Array.from({ length }, (_, at) => words(lines.nb[at] ?? "", lines.en[at] ?? "")).filter((item) => item.nb.trim() || item.en.trim()));
    },
  });
};

const choiceOf = ({ type, name, value, checked: on, change }, ...children) => {
  const input = element("input", { type, name, value });
  input.checked = on;
  input.addEventListener("change", () => change(input.checked));
  return element("label", { class: "choice" }, input, element("span", {}, ...children));
};

const button = (name, press, attributes = {}) => {
  const made = element("button", { type: "button", ...attributes }, name);
  made.addEventListener("click", press);
  return made;
};

const setText = (value) => (tag, written) => {
  value[tag] = written;
};

// Findings

const findingOf = (finding) =>
  element(
    "div",
    { class: `finding ${finding.severity}` },
    element("p", {}, element("strong", {}, said(`drafts.${finding.severity}`)), `: ${finding.message}`),
    element(
      "details",
      {},
      element("summary", {}, said("drafts.mend")),
      element("p", {}, finding.mend),
      element("p", {}, element("strong", {}, said("drafts.why")), `: ${finding.why}`),
      element("p", {}, element("a", { href: pageOf(`rule/${finding.rule}`), target: "_blank", rel: "noopener" }, said("drafts.rule", { rule: finding.rule, name: finding.name }))),
    ),
  );

const countOf = (list) => {
  const faults = list.filter(({ severity }) => severity === "violation").length;
  return t("count", { faults, advice: list.length - faults });
};

/** Go to the field that a finding is about. */
const goTo = ({ place }) => {
  if (place.placement && place.step === "placing") chosen = place.placement.id;
  if (place.placement && place.step === "keys") openKeys.add(place.placement.id);
  show(place.step, false);
  const there = fields.get(place.key);
  const target = there?.inputs.find((input) => input.getAttribute("aria-invalid")) ?? there?.inputs[0] ?? there?.wrapper;
  (target ?? part.body.querySelector("h2")).focus();
  target?.scrollIntoView({ block: "center" });
};

const listed = (list) =>
  element(
    "ul",
    { class: "plain" },
    ...list.map((finding) => {
      if (!finding.place) return element("li", {}, finding.message);
      const link = element("a", { href: `#${finding.place.step}` }, finding.message);
      link.addEventListener("click", (event) => {
        event.preventDefault();
        goTo(finding);
      });
      return element("li", {}, link);
    }),
  );

/** Tell findings where they are not told already: what is open stays open, and what has the focus keeps it. */
const tell = (where, list, make) => {
  const now = JSON.stringify(list.map(({ rule, message, place }) => [rule, message, place?.key]));
  if (where.dataset.told === now) return;
  where.dataset.told = now;
  where.replaceChildren(...make());
};

/** All findings by the step that they are told in, and last those of what the form does not show. */
const reviewed = (all) => {
  const under = (name, list) => (list.length ? [element("h3", {}, t(name)), listed(list)] : []);
  const steps = STEPS.slice(0, -1).flatMap((name) => under(name, all.filter(({ place }) => place?.step === name)));
  return [...steps, ...under("elsewhere", all.filter(({ place }) => !place))];
};

// What comes into view between press and release would move what was pressed, so it waits.
let pressing = false;
let waiting = false;
document.addEventListener("pointerdown", () => (pressing = true), true);
for (const event of ["pointerup", "pointercancel"]) {
  document.addEventListener(
    event,
    () =>
      setTimeout(() => {
        pressing = false;
        if (waiting) showFindings();
      }),
    true,
  );
}

const showFindings = () => {
  waiting = pressing;
  if (waiting) return;
  const all = told();
  const visible = all.filter(isShown);
  for (const [key, { wrapper, inputs, errors, hints }] of fields) {
    const here = visible.filter(({ place }) => place?.key === key);
    tell(errors, here, () => here.map(findingOf));
    const wrong = here.some(({ severity }) => severity === "violation");
    wrapper.classList.toggle("wrong", wrong);
    for (const input of inputs) {
      if (input.matches("input, textarea, select")) {
        const lacking = inputs.length < 2 || !input.value.trim() || here.every(({ rule }) => !["L1", "L8"].includes(rule));
        if (wrong && lacking) input.setAttribute("aria-invalid", "true");
        else input.removeAttribute("aria-invalid");
      }
      const described = [hints, here.length ? errors.id : ""].filter(Boolean).join(" ");
      if (described) input.setAttribute("aria-describedby", described);
      else input.removeAttribute("aria-describedby");
    }
  }
  for (const name of STEPS) {
    const faults = visible.filter(({ place, severity }) => place?.step === name && severity === "violation").length;
    part.counts[name].textContent = faults ? String(faults) : "";
  }
  const here = visible.filter(({ place }) => place?.step === step);
  part.summary.classList.toggle("mild", here.every(({ severity }) => severity !== "violation"));
  part.summary.hidden = step === "review" || !here.length;
  tell(part.summary, here, () => [element("h3", {}, t("summary")), listed(here)]);
  part.state.textContent = failure ? t("broken", { why: failure.message }) : !checked ? t("loading") : all.length ? countOf(all) : t("clean");
  if (step === "review") tell(part.review, all, () => reviewed(all));
};

// Steps

const placeName = ({ dimension, position }) => (position ? shape.named.get(position) : dimension ? t("only", { dimension: shape.named.get(dimension) }) : t("nowhere"));

const roleStep = () => {
  const { role } = draft;
  const before = (tag) => (label(role.label) || role.label[tag] ? said("write.label.of", { role: tag === "nb" ? role.label.nb.toLowerCase() : role.label.en.toLowerCase() }) : "");
  const title = texts({ key: `${draft.id} label`, name: t("label"), value: draft.label, set: setText(draft.label) });
  const setRole = (tag, written) => {
    const follows = tag === language && (!draft.label[tag] || draft.label[tag] === before(tag));
    role.label[tag] = written;
    if (follows) {
      draft.label[tag] = written.trim() ? before(tag) : "";
      title.querySelector(`[lang=${tag}]`).value = draft.label[tag];
    }
  };
  return [
    ...(role.described ? [texts({ key: "role label", name: t("role-label"), hint: t("role-label.hint"), value: role.label, set: setRole }), texts({ key: "role definition", name: t("role-definition"), hint: t("role-definition.hint"), value: role.definition, set: setText(role.definition), rows: 2 })] : [element("p", {}, role.iri ?? "")]),
    title,
    texts({ key: `${draft.id} description`, name: t("description"), hint: t("description.hint"), value: draft.description, set: setText(draft.description), rows: 3 }),
  ];
};

const single = (name, hint, attributes = {}) =>
  field({
    key: `${draft.id} ${name}`,
    name: t(name),
    hint,
    value: draft[name],
    attributes,
    set: (written) => {
      draft[name] = written.trim();
    },
  });

const interviewsStep = () => [
  single("interviewCount", "", { inputmode: "numeric" }),
  single("interviewedFrom", t("month.hint")),
  single("interviewedTo", t("month.hint")),
  single("rawCompetenceCount", t("rawCompetenceCount.hint"), { inputmode: "numeric" }),
  single("placedOn", t("month.hint")),
];

const placementName = (placement) => label(placement.label) || t("fresh");

const placingStep = () => {
  const drawing = balanceFigure({
    place: (id, where) => place(id, where),
    choose: (id) => {
      chosen = id;
      list();
      part.body.querySelector(".current")?.scrollIntoView({ block: "nearest" });
    },
  });
  const held = element("ol", { class: "plain placements" });
  const heading = element("h3", {});
  const drawn = () =>
    drawing.show(
      draft.placements.map((placement) => ({ ...placement, name: placementName(placement) })),
      chosen,
    );
  const place = (id, { dimension, position }) => {
    const placement = draft.placements.find((one) => one.id === id);
    Object.assign(placement, { dimension, position, both: false });
    chosen = id;
    say(t("placed", { name: placementName(placement), place: placeName(placement) }));
    touched.add(`${id} place`);
    const focused = held.contains(document.activeElement);
    changed();
    list();
    if (focused) held.querySelector(".current input:checked")?.focus();
  };
  const entry = (placement, index) => {
    const name = placementName(placement);
    const current = placement.id === chosen;
    const head = element(
      "div",
      { class: "head" },
      element("span", { class: "n" }, `${index + 1}`),
      element("strong", {}, name),
      element("span", { class: "soft" }, placeName(placement)),
      button(
        t("edit"),
        () => {
          chosen = current ? null : placement.id;
          list();
          held.querySelectorAll("li")[index]?.querySelector(".head button").focus();
        },
        { class: "quiet", "aria-expanded": String(current), "aria-label": t("edit.of", { name }) },
      ),
      button(
        t("remove"),
        () => {
          removePlacement(draft, placement);
          chosen = null;
          say(t("removed", { name }));
          changed();
          list();
          part.body.querySelector("input").focus();
        },
        { class: "quiet", "aria-label": t("remove.of", { name }) },
      ),
    );
    const placeKey = `${placement.id} place`;
    const errors = errorsOf(`place-${placement.id}`);
    if (!current) {
      const row = element("li", {}, head, errors);
      register(placeKey, row, [], errors, "");
      return row;
    }
    const choice = placeChoice({ legend: t("where", { name }), chosen: placement, place: (where) => place(placement.id, where) });
    choice.querySelector("legend").after(errors);
    register(placeKey, choice, [...choice.querySelectorAll("input")], errors, "");
    const shared = placement.competence && competence(placement.competence);
    const renamed = () => {
      head.querySelector("strong").textContent = placementName(placement);
      drawn();
    };
    return element(
      "li",
      { class: "current" },
      head,
      shared ? element("p", { class: "small" }, `${t("shared")} `, element("a", { href: pageOf(shared.iri.slice(METHOD.length)), target: "_blank", rel: "noopener" }, label(shared.label)), ". ", skillsOf(shared) ?? "") : "",
      choice,
      texts({
        key: `${placement.id} label`,
        name: t("placement-label"),
        value: placement.label,
        set: (tag, written) => {
          placement.label[tag] = written;
          renamed();
        },
      }),
      placement.described ? texts({ key: `${placement.id} definition`, name: t("definition"), hint: t("definition.hint"), value: placement.described.definition, set: setText(placement.described.definition), rows: 2 }) : "",
    );
  };
  const list = () => {
    for (const key of [...fields.keys()]) if (key !== `${draft.id} placements`) fields.delete(key);
    heading.textContent = draft.placements.length ? t("placements", { number: draft.placements.length }) : t("placements.none");
    held.replaceChildren(...draft.placements.map(entry));
    drawn();
    showFindings();
  };
  const find = competenceField({
    label: t("find"),
    hint: t("find.hint"),
    pick: (thing) => {
      const name = { ...words(), ...thing.label };
      const placement = newPlacement(thing.iri ? { competence: thing.iri, label: name } : { label: name, described: { label: null, definition: words() } });
      draft.placements.push(placement);
      chosen = placement.id;
      say(t("added", { name: label(name) }));
      changed();
      list();
    },
  });
  list();
  return [find, element("div", { class: "split" }, drawing.element, element("div", {}, heading, held))];
};

const outcomeOf = (placement, outcome, index, again) => {
  const number = index + 1;
  const errors = errorsOf(`descriptors-${outcome.id}`);
  const kinds = data().drafts.descriptors.map(({ iri, label: name }) =>
    choiceOf(
      {
        type: "checkbox",
        value: iri,
        checked: outcome.descriptors.includes(iri),
        change: (on) => {
          outcome.descriptors = on ? [...outcome.descriptors, iri] : outcome.descriptors.filter((one) => one !== iri);
          changed();
        },
      },
      name[language],
    ),
  );
  const descriptors = element("fieldset", { class: "field" }, element("legend", {}, t("descriptors")), errors, element("div", { class: "row" }, ...kinds));
  register(`${outcome.id} descriptors`, descriptors, [...descriptors.querySelectorAll("input")], errors, "");
  return element(
    "div",
    { class: "outcome-field" },
    texts({ key: `${outcome.id} statement`, name: t("outcome", { number }), hint: t("outcome.hint"), value: outcome.statement, set: setText(outcome.statement), rows: 3 }),
    descriptors,
    button(
      t("outcome.remove", { number }),
      () => {
        placement.outcomes = placement.outcomes.filter((one) => one !== outcome);
        draft.other = draft.other.filter(([subject, , object]) => !outcome.iri || (subject.value !== outcome.iri && object.value !== outcome.iri));
        changed();
        again();
      },
      { class: "quiet" },
    ),
  );
};

const keyDetails = (placement) => {
  const body = element("div", {});
  const made = element("details", { class: "key-details", "data-id": placement.id }, element("summary", {}, element("strong", {}, placementName(placement)), " ", element("span", { class: "soft" }, placeName(placement))), body);
  const fill = () => {
    const errors = errorsOf(`outcomes-${placement.id}`);
    const outcomes = element("div", {}, element("h4", {}, t("outcomes")), errors, ...placement.outcomes.map((outcome, index) => outcomeOf(placement, outcome, index, fill)));
    const add = button(
      t("outcome.add"),
      () => {
        placement.outcomes.push(newOutcome());
        changed();
        fill();
        body.querySelector(".outcome-field:last-of-type textarea, .outcome-field:nth-last-of-type(1) textarea")?.focus();
      },
      { class: "quiet" },
    );
    outcomes.append(add);
    register(`${placement.id} outcomes`, outcomes, [add], errors, "");
    body.replaceChildren(
      texts({ key: `${placement.id} rationale`, name: t("rationale"), hint: t("rationale.hint"), value: placement.rationale, set: setText(placement.rationale), rows: 3 }),
      ...["what", "why"].map((name) =>
        items({
          key: `${placement.id} ${name}`,
          name: t(name),
          hint: t(`${name}.hint`),
          value: placement[name],
          set: (value) => {
            placement[name] = value;
          },
        }),
      ),
      outcomes,
    );
    showFindings();
  };
  made.addEventListener("toggle", () => {
    if (made.open) openKeys.add(placement.id);
    else openKeys.delete(placement.id);
    if (made.open && !body.childElementCount) fill();
  });
  if (openKeys.has(placement.id)) {
    made.open = true;
    fill();
  }
  return made;
};

const keysStep = () => {
  const errors = errorsOf("keys");
  const count = element("p", { class: "soft", role: "status" });
  const held = element("div", {});
  const choices = element(
    "fieldset",
    { class: "field" },
    element("legend", {}, t("choose")),
    errors,
    ...draft.placements.map((placement) =>
      choiceOf(
        {
          type: "checkbox",
          value: placement.id,
          checked: placement.key,
          change: (on) => {
            placement.key = on;
            changed();
            again();
          },
        },
        placementName(placement),
        " ",
        element("span", { class: "soft small" }, placeName(placement)),
      ),
    ),
    count,
  );
  const again = () => {
    const keys = draft.placements.filter(({ key }) => key);
    count.textContent = t("chosen", { number: keys.length });
    held.replaceChildren(...(keys.length ? keys.map(keyDetails) : [element("p", { class: "soft" }, t("describe.none"))]));
    showFindings();
  };
  register(`${draft.id} keys`, choices, [...choices.querySelectorAll("input")], errors, "");
  again();
  return [draft.placements.length ? choices : element("p", {}, t("placements.none")), element("h3", {}, t("describe")), held];
};

const sourcesStep = () => {
  const errors = errorsOf("sources");
  const held = element("ul", { class: "plain sources" });
  const known = new Map(data().drafts.sources.map((source) => [source.iri, source]));
  const list = () => {
    held.replaceChildren(
      ...draft.sources.map((source) =>
        element(
          "li",
          {},
          source.described ? texts({ key: `${source.id} label`, name: t("source-label"), value: source.label, set: setText(source.label) }) : element("p", {}, label(known.get(source.iri)?.label ?? source.label) || source.iri),
          button(
            t("remove"),
            () => {
              draft.sources = draft.sources.filter((one) => one !== source);
              draft.other = draft.other.filter(([subject]) => subject.value !== source.iri);
              changed();
              list();
            },
            { class: "quiet", "aria-label": t("remove.of", { name: label(source.label) || label(known.get(source.iri)?.label ?? words()) }) },
          ),
        ),
      ),
    );
    if (!draft.sources.length) held.append(element("li", { class: "soft" }, t("sources.none")));
    showFindings();
  };
  const add = (source) => {
    draft.sources.push({ id: freshId(), iri: null, label: words(), described: true, ...source });
    changed();
    list();
  };
  const id = `field-${++ids}`;
  const select = element("select", { id }, element("option", { value: "" }, t("source.choose")), ...data().drafts.sources.map(({ iri, label: name }) => element("option", { value: iri }, label(name))));
  const choose = element("div", { class: "field" }, element("label", { for: id }, t("source.known")), element("div", { class: "row" }, select, button(t("source.add"), () => select.value && !draft.sources.some(({ iri }) => iri === select.value) && add({ iri: select.value, described: false }), { class: "quiet" })));
  const wrapper = element("div", { class: "field" }, errors, held, button(t("source"), () => {
      add({});
      held.querySelector("li:last-child input")?.focus();
    }, { class: "quiet" }), element("p", { class: "hint" }, t("source.hint")));
  register(`${draft.id} sources`, wrapper, [], errors, "");
  const depths = data().drafts.depths.map(({ iri, label: name }) => choiceOf({ type: "radio", name: "depth", value: iri, checked: draft.depth === iri, change: () => { draft.depth = iri; changed(); } }, name[language]));
  const depthErrors = errorsOf("depth");
  const depth = element("fieldset", { class: "field" }, element("legend", {}, t("depth")), depthErrors, ...depths);
  register(`${draft.id} depth`, depth, [...depth.querySelectorAll("input")], depthErrors, "");
  const locatorId = `field-${++ids}`;
  const locatorErrors = errorsOf(locatorId);
  const locator = inputOf({ id: locatorId, value: draft.locator, rows: 2, set: (value) => { draft.locator = value; } });
  const place = element("div", { class: "field" }, element("label", { for: locatorId }, t("locator")), hintOf(locatorId, t("locator.hint")), locatorErrors, locator);
  register(`${draft.id} locator`, place, [locator], locatorErrors, `${locatorId}-hint`);
  list();
  return [wrapper, choose, place, single("issued", t("issued.hint")), single("version", t("version.hint")), depth];
};

const saveWorkbook = async () => {
  complain([]);
  try {
    const fault = await saveBook(draft);
    if (fault) complain([fault]);
  } catch {
    complain([page.dataset.failed]);
  }
};

const saveButtons = () =>
  element("p", { class: "row" }, button(t("turtle"), () => saveAs(draft, "ttl")), button(t("jsonld"), () => saveAs(draft, "jsonld"), { class: "quiet" }), button(t("workbook"), saveWorkbook, { class: "quiet" }));

const reviewStep = () => {
  part.review = element("div", { class: "review" });
  return [part.review, element("h3", {}, t("save")), element("p", {}, t("save.hint")), saveButtons()];
};

const BODIES = { role: roleStep, interviews: interviewsStep, placing: placingStep, keys: keysStep, sources: sourcesStep, review: reviewStep };

/** Show a step. */
const show = (name, focus = true) => {
  if (name !== step) left.add(step);
  step = name;
  fields = new Map();
  const at = STEPS.indexOf(step);
  for (const link of part.steps.querySelectorAll("a")) {
    if (link.hash === `#${step}`) link.setAttribute("aria-current", "step");
    else link.removeAttribute("aria-current");
  }
  const heading = element("h2", { tabindex: "-1" }, t(step));
  part.summary = element("div", { class: "summary", hidden: true });
  const move = (to, key) => (to ? element("a", { href: `#${to}`, class: key === "next" ? "button" : "quiet-link" }, t(key, { name: t(to) })) : "");
  part.body.replaceChildren(element("p", { class: "soft small" }, t("step", { number: at + 1, count: STEPS.length })), heading, element("p", {}, t(`${step}.lead`)), part.summary, ...BODIES[step](), element("p", { class: "row moves" }, move(STEPS[at - 1], "previous"), move(STEPS[at + 1], "next")));
  showFindings();
  if (location.hash !== `#${step}`) history.replaceState(null, "", `#${step}`);
  if (focus) {
    heading.focus({ preventScroll: true });
    page.scrollIntoView();
  }
};

// Drafts

const nameOf = ({ draft: one, saved }) => label(one.label) || label(one.role?.label ?? words()) || t("nameless", { saved: new Date(saved).toLocaleString(LOCALE, { dateStyle: "short", timeStyle: "short" }) });

const use = (one, isRead = false) => {
  draft = one;
  chosen = null;
  openKeys = new Set();
  findings = [];
  checked = false;
  touched = new Set();
  left = new Set(isRead ? STEPS : (one.seen ?? []));
  check(0);
  drafts();
};

/** The drafts in this browser: to choose among, to begin, to open and to delete. */
const drafts = () => {
  const all = kept(KIND);
  const id = "draft";
  const select = element("select", { id }, ...all.map((one) => element("option", { value: one.draft.id }, nameOf(one))));
  if (!all.some((one) => one.draft.id === draft.id)) select.prepend(element("option", { value: draft.id }, label(draft.label) || t("new")));
  select.value = draft.id;
  select.addEventListener("change", () => {
    const found = all.find((one) => one.draft.id === select.value);
    if (found) {
      use(found.draft);
      show("role", false);
    }
  });
  const file = element("input", { type: "file", id: "file", accept: ".ttl,.nt,.jsonld,.json,.xlsx" });
  file.addEventListener("change", async () => {
    if (!file.files.length) return;
    part.fault.replaceChildren();
    say(t("loading"));
    try {
      const given = { base: data().drafts.base, dimensionOf: shape.dimensionOf, wanted: KIND };
      const [wanted] = file.files;
      const { draft: read, notes = [], faults } = /\.xlsx$/i.test(wanted.name) ? await openBook(wanted, given) : { draft: await open(wanted, given) };
      if (faults) {
        say("");
        complain(faults);
      } else {
        use(read, true);
        changed();
        drafts();
        show("role");
        complain(notes);
        say(t("opened", { name: label(draft.label) }));
      }
    } catch (error) {
      say("");
      complain([error instanceof NotADraft ? said(`drafts.file.${error.key}`) : said("drafts.file.unread", { why: error.message })]);
    }
    file.value = "";
  });
  const sure = element("p", { class: "row", hidden: true }, element("span", {}, t("wipe.sure")), button(t("wipe.yes"), () => {
      wipe(KIND);
      use(newDraft(KIND, data().drafts.base));
      part.saved.textContent = "";
      show("role");
      say(t("wiped"));
    }), button(t("wipe.no"), () => { sure.hidden = true; }, { class: "quiet" }));
  part.drafts.replaceChildren(
    element("summary", {}, t("drafts")),
    element("div", { class: "field" }, element("label", { for: id }, t("draft")), element("div", { class: "row" }, select, button(t("new"), () => {
        use(newDraft(KIND, data().drafts.base));
        show("role");
      }, { class: "quiet" }))),
    element("div", { class: "field" }, element("label", { for: "file" }, t("open")), element("p", { class: "hint" }, t("open.hint")), file),
    button(t("wipe"), () => {
      sure.hidden = false;
      sure.querySelector("button").focus();
    }, { class: "quiet" }),
    sure,
  );
};

const start = async () => {
  document.getElementById("unscripted").remove();
  try {
    await Promise.all([load(`texts.${language}.js`), load("draft-data.js")]);
  } catch {
    page.textContent = page.dataset.failed;
    page.hidden = false;
    return;
  }
  shape = model();
  part.counts = Object.fromEntries(STEPS.map((name) => [name, element("span", { class: "count" })]));
  part.steps = element("nav", { class: "steps", "aria-label": t("steps") }, element("ol", { class: "plain" }, ...STEPS.map((name) => element("li", {}, element("a", { href: `#${name}` }, t(name)), part.counts[name]))));
  part.state = element("p", { class: "state", role: "status" });
  part.said = element("p", { class: "hidden", role: "status" });
  part.saved = element("p", { class: "small soft" });
  part.drafts = element("details", { class: "drafts" });
  part.fault = element("div", { class: "fault", role: "alert" });
  part.body = element("div", { class: "step" });
  page.replaceChildren(part.drafts, part.fault, part.steps, part.state, part.body, part.saved, part.said);
  recheck = checker(
    () => toStatements(draft),
    (found, error) => {
      part.state.ariaBusy = "false";
      findings = found;
      failure = error;
      checked = true;
      showFindings();
    },
  );
  const [last] = kept(KIND);
  use(last?.draft ?? newDraft(KIND, data().drafts.base));
  const wanted = () => (STEPS.includes(location.hash.slice(1)) ? location.hash.slice(1) : null);
  globalThis.addEventListener("hashchange", () => wanted() && wanted() !== step && show(wanted()));
  show(wanted() ?? "role", false);
  page.hidden = false;
  begin().catch(() => null);
};

start();
