// The first step: which role the standard describes, and what it is called.
/** @import { DraftRole, Language } from "../../types.d.ts" */
import { data, element, formatMessage, language } from "../../common.js";
import { makeChoice, makeTexts, setIn } from "../fields.js";
import { form, localize, mayBeInternal, saveChange } from "../state.js";

/**
 * The fields of the role.
 * @param {DraftRole} role
 * @param {(language: Language, name: string) => void} setName sets what it is called.
 */
const roleFields = (role, setName) => [
  makeTexts({
    key: "role label",
    name: formatMessage("scripts.write.role-label"),
    hint: formatMessage("scripts.write.role-label.hint"),
    value: role.label,
    set: setName,
  }),
  makeTexts({
    key: "role definition",
    name: formatMessage("scripts.write.role-definition"),
    hint: formatMessage("scripts.write.role-definition.hint"),
    value: role.definition,
    set: setIn(role.definition),
    rows: 2,
  }),
];

/**
 * What is known of a role that has a page: its name, and the duties that documents give it.
 * @param {string | null} role its IRI.
 */
const knownRole = (role) => {
  const known = data().drafts.roles.find(({ iri }) => iri === role);
  if (!known) return [element("p", {}, role ?? "")];
  const duties = known.duties?.[language] ?? [];
  return [
    element("p", {}, formatMessage("scripts.write.role.known"), " ", element("strong", {}, localize({ nb: "", en: "", ...known.label }))),
    element("p", {}, localize({ nb: "", en: "", ...known.definition })),
    ...(duties.length
      ? [
          element("p", { class: "hint" }, formatMessage("scripts.write.role.duties")),
          element("ul", {}, ...duties.map((duty) => element("li", {}, duty))),
        ]
      : []),
  ];
};

/**
 * Who the standard is for, which says what languages it is written in.
 * @param {() => void} refresh shows the step anew.
 */
const readersField = (refresh) => {
  const choices = [true, false].map((isInternal) =>
    makeChoice(
      {
        type: "radio",
        name: "readers",
        value: isInternal ? "internal" : "others",
        isChecked: Boolean(form.draft.internal) === isInternal,
        change: () => {
          form.draft.internal = isInternal;
          saveChange();
          refresh();
          /** @type {HTMLInputElement | null} */ (document.querySelector("input[name=readers]:checked"))?.focus();
        },
      },
      formatMessage(isInternal ? "scripts.write.readers.internal" : "scripts.write.readers.others"),
    ),
  );
  return element("fieldset", { class: "field" }, element("legend", {}, formatMessage("scripts.write.readers")), ...choices);
};

/** @param {() => void} refresh shows the step anew. */
export const showRole = (refresh) => {
  const { draft } = form;
  const { role } = draft;
  if (!role) return [];
  const title = makeTexts({
    key: `${draft.id} label`,
    name: formatMessage("scripts.write.label"),
    value: draft.label,
    set: setIn(draft.label),
  });
  /**
   * What the standard is called as long as the person does not call it something else.
   * @param {Language} tag
   */
  const usualTitle = (tag) =>
    localize(role.label) || role.label[tag] ? formatMessage("scripts.write.label.of", { role: role.label[tag].toLowerCase() }) : "";
  /** @type {(tag: Language, written: string) => void} */
  const setName = (tag, written) => {
    const isUsual = tag === language && (!draft.label[tag] || draft.label[tag] === usualTitle(tag));
    role.label[tag] = written;
    if (!isUsual) return;
    draft.label[tag] = written.trim() ? usualTitle(tag) : "";
    const input = /** @type {HTMLInputElement} */ (title.querySelector(`[lang=${tag}]`));
    input.value = draft.label[tag];
  };
  return [
    ...(mayBeInternal() ? [readersField(refresh)] : []),
    ...(role.described ? roleFields(role, setName) : knownRole(role.iri)),
    title,
    makeTexts({
      key: `${draft.id} description`,
      name: formatMessage("scripts.write.description"),
      hint: formatMessage("scripts.write.description.hint"),
      value: draft.description,
      set: setIn(draft.description),
      rows: 3,
    }),
  ];
};
