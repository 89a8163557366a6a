// The fifth step: what the standard rests on, and its version.
/** @import { Source } from "../../types.d.ts" */
import { button, data, element, formatMessage, language } from "../../common.js";
import { documentOf, freshId, text } from "../../drafts/draft.js";
import { makeChoice, makeChoices, makeDraftField, makeErrors, makeField, makeTexts, newFieldId, registerField, setIn } from "../fields.js";
import { showFindings } from "../findings.js";
import { form, localize, removeWithUndo, saveChange } from "../state.js";

/** @param {string | null} iri */
const knownSource = (iri) => data().drafts.sources.find((source) => source.iri === iri);

/**
 * A source in the list: what is known is named, and what is new has a field.
 * @param {Source} source
 * @param {(source: Source) => void} remove
 */
const makeEntry = (source, remove) => {
  const known = localize(knownSource(source.iri)?.label ?? source.label);
  const name = source.described
    ? makeTexts({
        key: `${source.id} label`,
        name: formatMessage("scripts.write.source-label"),
        value: source.label,
        set: setIn(source.label),
      })
    : element("p", {}, known || source.iri);
  const label = formatMessage("scripts.write.remove.of", { name: localize(source.label) || known });
  return element(
    "li",
    {},
    name,
    button(formatMessage("scripts.write.remove"), () => remove(source), { class: "quiet", "aria-label": label }),
  );
};

/**
 * A field to choose one of the sources that are described already.
 * @param {(iri: string) => void} choose
 */
const knownSourceField = (choose) => {
  const id = newFieldId();
  const options = data().drafts.sources.map(({ iri, label }) => element("option", { value: iri }, localize(label)));
  const select = element("select", { id }, element("option", { value: "" }, formatMessage("scripts.write.source.choose")), ...options);
  const add = button(formatMessage("scripts.write.source.add"), () => select.value && choose(select.value), { class: "quiet" });
  return element(
    "div",
    { class: "field" },
    element("label", { for: id }, formatMessage("scripts.write.source.known")),
    element("div", { class: "row" }, select, add),
  );
};

const depthField = () => {
  const { draft } = form;
  const choices = data().drafts.depths.map(({ iri, label }) =>
    makeChoice(
      {
        type: "radio",
        name: "depth",
        value: iri,
        isChecked: draft.depth === iri,
        change: () => {
          draft.depth = iri;
          saveChange();
        },
      },
      label[language],
    ),
  );
  return makeChoices(`${draft.id} depth`, formatMessage("scripts.write.depth"), choices);
};

const placesField = () =>
  makeField({
    key: `${form.draft.id} places`,
    name: formatMessage("scripts.write.places"),
    hint: formatMessage("scripts.write.places.hint"),
    value: form.draft.places,
    rows: 2,
    attributes: {},
    set: (value) => {
      form.draft.places = value;
    },
  });

export const showSources = () => {
  const { draft } = form;
  const list = element("ul", { class: "plain sources" });
  const show = () => {
    list.replaceChildren(...draft.sources.map((source) => makeEntry(source, remove)));
    if (!draft.sources.length) list.append(element("li", { class: "soft" }, formatMessage("scripts.write.sources.none")));
    showFindings();
  };
  /** @param {Source} source */
  const remove = (source) => {
    const name = localize(source.label) || localize(knownSource(source.iri)?.label ?? {}) || formatMessage("scripts.write.unnamed");
    removeWithUndo({
      message: formatMessage("scripts.write.removed", { name }),
      lists: [
        [draft, "sources"],
        [draft, "passages"],
        [draft, "other"],
      ],
      remove: () => {
        draft.sources = draft.sources.filter((one) => one !== source);
        draft.passages = draft.passages.filter((passage) => documentOf(passage) !== source.iri);
        draft.other = draft.other.filter(([subject]) => subject.value !== source.iri);
      },
      show,
    });
  };
  /** @param {Partial<Source>} source */
  const add = (source) => {
    draft.sources.push({ id: freshId(), iri: null, label: text(), described: true, ...source });
    saveChange();
    show();
  };
  const addNew = () => {
    add({});
    /** @type {HTMLInputElement | null} */
    const field = list.querySelector("li:last-child input");
    field?.focus();
  };
  /** @param {string} iri */
  const addKnown = (iri) => {
    if (!draft.sources.some((source) => source.iri === iri)) add({ iri, described: false });
  };
  const errors = makeErrors("sources");
  const fresh = button(formatMessage("scripts.write.source"), addNew, { class: "quiet" });
  const sources = element(
    "div",
    { class: "field" },
    errors,
    list,
    fresh,
    element("p", { class: "hint" }, formatMessage("scripts.write.source.hint")),
  );
  registerField(`${draft.id} sources`, sources, [], errors);
  const others = [
    placesField(),
    makeDraftField("issued", "scripts.write.issued", formatMessage("scripts.write.issued.hint")),
    makeDraftField("version", "scripts.write.version", formatMessage("scripts.write.version.hint")),
    depthField(),
  ];
  show();
  return [sources, knownSourceField(addKnown), ...others];
};
