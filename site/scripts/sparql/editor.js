// The editor of the query page: CodeMirror with SPARQL's colours, and completion of our terms, things and prefixes.
/** @import { Completion, CompletionContext, CompletionResult } from "@codemirror/autocomplete" */
import {
  acceptCompletion,
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  closeCompletion,
  completionKeymap,
} from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { bracketMatching, HighlightStyle, StreamLanguage, syntaxHighlighting } from "@codemirror/language";
import { sparql } from "@codemirror/legacy-modes/mode/sparql";
import { setDiagnostics } from "@codemirror/lint";
import { EditorState } from "@codemirror/state";
import { EditorView, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { data, formatMessage } from "../common.js";
import { blankOut } from "./query.js";

const KEYWORDS =
  "SELECT DISTINCT ASK CONSTRUCT DESCRIBE WHERE OPTIONAL UNION MINUS FILTER BIND VALUES GRAPH EXISTS PREFIX LIMIT OFFSET COUNT GROUP_CONCAT SEPARATOR COALESCE IF LANG STR CONTAINS STRSTARTS LCASE REGEX BOUND"
    .split(" ")
    .concat("ORDER BY", "GROUP BY", "HAVING", "NOT EXISTS");

const colours = HighlightStyle.define([
  { tag: tags.keyword, color: "var(--link)", fontWeight: "600" },
  { tag: [tags.atom, tags.string], color: "var(--one)" },
  { tag: [tags.variableName, tags.special(tags.variableName), tags.standard(tags.variableName)], color: "var(--three)" },
  { tag: tags.comment, color: "var(--soft)", fontStyle: "italic" },
]);

const looks = EditorView.theme({
  "&": { color: "var(--ink)", backgroundColor: "var(--paper)", border: "1px solid var(--soft)", borderRadius: "3px", fontSize: "0.9rem" },
  "&.cm-focused": { outline: "3px solid var(--focus)", outlineOffset: "2px" },
  ".cm-scroller": { fontFamily: "ui-monospace, Menlo, Consolas, monospace", lineHeight: "1.5", minHeight: "14rem", maxHeight: "32rem" },
  ".cm-content": { caretColor: "var(--ink)" },
  ".cm-cursor": { borderLeftColor: "var(--ink)" },
  ".cm-gutters": { backgroundColor: "var(--sheet)", color: "var(--soft)", border: "none" },
  ".cm-tooltip": { backgroundColor: "var(--sheet)", color: "var(--ink)", border: "1px solid var(--soft)", maxWidth: "34rem" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]": { backgroundColor: "var(--link)", color: "var(--paper)" },
  ".cm-completionDetail": { fontStyle: "normal", opacity: "0.85" },
  ".cm-completionInfo": { padding: "0.4rem 0.7rem" },
  ".cm-selectionBackground, &.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground": {
    backgroundColor: "var(--two-tint)",
  },
  ".cm-matchingBracket, &.cm-focused .cm-matchingBracket": { backgroundColor: "var(--one-tint)" },
  ".cm-lintRange-error": { backgroundImage: "none", textDecoration: "underline wavy var(--focus) 2px", textUnderlineOffset: "3px" },
});

/** The change that declares a prefix, unless the query does. */
/** @type {(state: EditorState, prefix: string) => import("@codemirror/state").ChangeSpec[]} */
const declaration = (state, prefix) => {
  const query = state.doc.toString();
  if (new RegExp(`PREFIX\\s+${prefix}\\s*:`, "i").test(blankOut(query).replace(/[^\S\n]+/g, " "))) return [];
  const at = blankOut(query).search(/\S/);
  return [{ from: at < 0 ? state.doc.length : at, insert: `PREFIX ${prefix}: <${data().sparql.prefixes[prefix]}>\n` }];
};

/** @type {(written: string, prefix?: string) => (view: EditorView, _: Completion, from: number, to: number) => void} */
const put = (written, prefix) => (view, _, from, to) => {
  const changes = view.state.changes([...(prefix ? declaration(view.state, prefix) : []), { from, to, insert: written }]);
  view.dispatch({ changes, selection: { anchor: changes.mapPos(to, 1) }, userEvent: "input.complete" });
};

/** @type {Completion[] | undefined} */
let offered;
const everywhere = () => {
  if (offered) return offered;
  const { terms, things, prefixes } = data().sparql;
  offered = [
    ...terms.map(([name, kind, label = "", definition]) => ({
      label: name,
      detail: label,
      info: definition,
      type: kind,
      boost: name.startsWith("bk:") ? 2 : 0,
      apply: put(name, name.split(":")[0]),
    })),
    ...terms
      .filter(([, , label]) => label)
      .map(([name, kind, label = ""]) => ({ label, detail: name, type: kind, apply: put(name, name.split(":")[0]) })),
    ...things.map(([iri, label]) => ({
      label,
      detail: iri.slice(data().sparql.base.length),
      type: "constant",
      boost: -1,
      apply: put(`<${iri}>`),
    })),
    ...Object.keys(prefixes).map((prefix) => ({
      label: `${prefix}:`,
      detail: prefixes[prefix],
      type: "namespace",
      boost: 1,
      apply: put(`${prefix}:`, prefix),
    })),
    ...KEYWORDS.map((word) => ({ label: word, type: "keyword" })),
  ];
  return offered;
};

/**
 * @param {CompletionContext} context
 * @returns {CompletionResult | null}
 */
const completions = (context) => {
  const word = context.matchBefore(/[?$]?[\p{L}\p{N}_-]*:?[\p{L}\p{N}_-]*/u);
  if (!word || (word.from === word.to && !context.explicit)) return null;
  const validFor = /^[?$]?[\p{L}\p{N}_:-]*$/u;
  if (/^[?$]/.test(word.text)) {
    const written = [...new Set(blankOut(context.state.doc.toString()).match(/[?$]\w+/g))].filter((name) => name !== word.text);
    return { from: word.from, options: written.map((label) => ({ label, type: "variable" })), validFor };
  }
  const before = blankOut(context.state.doc.toString())[word.from - 1];
  if (before === undefined || /[\s{}()./|^!;,*+]/.test(before)) return { from: word.from, options: everywhere(), validFor };
  return null;
};

/** Typing over what is selected. The browser would carry its looks over as an inline style, which the page's policy forbids. */
const typingOver = EditorView.domEventHandlers({
  beforeinput(event, view) {
    const { data: typed, inputType } = event;
    const { from, to, empty } = view.state.selection.main;
    if (inputType !== "insertText" || !typed || empty || view.composing) return false;
    const insert = () => view.state.update(view.state.replaceSelection(typed), { userEvent: "input.type", scrollIntoView: true });
    if (!view.state.facet(EditorView.inputHandler).some((handle) => handle(view, from, to, typed, insert))) view.dispatch(insert());
    return true;
  },
});

/** Leaving the editor closes its list of completions, also one that was still to open. */
const closingOnLeave = EditorView.domEventHandlers({
  blur(_, view) {
    closeCompletion(view);
    return false;
  },
});

/**
 * Make the editor.
 * @param {HTMLElement} host the element that it is made in.
 * @param {object} act
 * @param {() => void} act.run is called by Ctrl+Enter.
 * @param {(text: string) => void} act.changed is called with each new text.
 */
export const createEditor = (host, { run, changed }) => {
  /** @param {EditorView} view */
  const runNow = (view) => {
    closeCompletion(view);
    run();
    return true;
  };
  // In a shadow root the editor's styles are style sheets made by script, which the page's policy allows; elsewhere it would write them inline.
  const root = host.attachShadow({ mode: "open" });
  const view = new EditorView({
    parent: root,
    root,
    state: EditorState.create({
      extensions: [
        lineNumbers(),
        history(),
        bracketMatching(),
        typingOver,
        closingOnLeave,
        closeBrackets(),
        StreamLanguage.define(sparql),
        syntaxHighlighting(colours),
        autocompletion({ override: [completions], icons: false }),
        EditorView.lineWrapping,
        EditorView.contentAttributes.of({ "aria-label": formatMessage("scripts.sparql.editor"), spellcheck: "false", tabindex: "0" }),
        EditorState.phrases.of({ Completions: formatMessage("scripts.sparql.completions") }),
        // Tab is left alone, so that it leads on; in the list of completions it takes the one chosen.
        keymap.of([
          { key: "Mod-Enter", run: runNow },
          { key: "Tab", run: acceptCompletion },
        ]),
        keymap.of([
          ...closeBracketsKeymap,
          ...completionKeymap,
          ...historyKeymap,
          ...defaultKeymap.filter(({ key }) => key !== "Mod-Enter"),
        ]),
        EditorView.updateListener.of((update) => update.docChanged && changed(update.state.doc.toString())),
        looks,
      ],
    }),
  });
  const clear = () => view.dispatch(setDiagnostics(view.state, []));
  return {
    get value() {
      return view.state.doc.toString();
    },
    set value(written) {
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: written } });
      clear();
    },
    clear,
    /**
     * Where a line and column (in characters, from 1) are.
     * @param {number} line
     * @param {number} column
     */
    place(line, column) {
      const { from, to } = view.state.doc.line(Math.min(Math.max(line, 1), view.state.doc.lines));
      return Math.min(from + [...view.state.sliceDoc(from, to)].slice(0, column - 1).join("").length, to);
    },
    /**
     * The line and column of a place.
     * @param {number} offset
     */
    position(offset) {
      const line = view.state.doc.lineAt(offset);
      return { line: line.number, column: [...view.state.sliceDoc(line.from, offset)].length + 1 };
    },
    /**
     * Mark a mistake.
     * @param {number} from
     * @param {number} to
     * @param {string} message
     */
    mark(from, to, message) {
      const end = Math.min(Math.max(to, from + 1), view.state.doc.length);
      view.dispatch(setDiagnostics(view.state, [{ from: Math.min(from, Math.max(end - 1, 0)), to: end, severity: "error", message }]), {
        selection: { anchor: from },
        scrollIntoView: true,
      });
    },
    focus: () => view.focus(),
  };
};
