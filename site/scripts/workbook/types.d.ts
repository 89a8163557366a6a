// The data that the build makes of `site/workbook.yaml`, and what stands in workbooks.
import type { Language, Severity, SomeTexts, Statement, Texts, WrittenValues } from "../types.d.ts";

export type ValueKind =
  | "text"
  | "texts"
  | "string"
  | "strings"
  | "integer"
  | "year"
  | "month"
  | "months"
  | "interval"
  | "boolean"
  | "address"
  | "link"
  | "links";

export interface Column {
  name: string;
  value: ValueKind;
  /** In a form `role` or `standard`, or `set-up`. */
  thing: string | null;
  predicate: string | null;
  language: Language | null;
  /** The list that links are chosen from. */
  of: string | null;
  /** Whether an empty cell has a default. */
  default: boolean;
  /** Whether a cell may hold several values, and what stands between them. */
  many: boolean;
  separator: string;
  heading: Texts;
  /** All that it may be called, with what it was called before. */
  headings: string[];
  /** Whether workbooks made before lack it. */
  added: boolean;
  /** Whether it is folded away where nothing stands in it. */
  folded: boolean;
  note: Texts;
}

export interface Sheet {
  name: string;
  /** Whether it is about one thing: a line a property, not a column. */
  form: boolean;
  title: Texts;
  columns: Column[];
}

export interface ChoiceList {
  classes: string[];
  /** The classes of what the drop-down shows. */
  shown: string[];
  /** What is in it, where it is not all that is of the classes. */
  members?: string[];
  /** Whether an unknown name becomes a new thing. */
  new: boolean;
}

/** An IRI, or a text with its language or `^^` and its datatype. */
export type KnownValue = string | [text: string, tag: string];

export interface WorkbookData {
  name: "standard" | "set-up" | "group";
  /** How the keys of the lines of the guide begin. */
  guide: string;
  /** The sheets whose rows other sheets link to by name, with the message on a name that none of the rows has. */
  rows: Record<string, string>;
  /** The messages of the words that a cell holds in place of values, by the kind of value and the value. */
  keywords: Record<string, Record<string, string>>;
  /** The classes of new things of which a workbook tells nothing but the name, by list. */
  named: Record<string, string>;
  base: string;
  scheme: string;
  prefixes: Record<string, string>;
  /** Written where an empty cell would have a default, and there is to be none. */
  none: string;
  /** Characters in a cell, at most. */
  longest: number;
  folders: Record<string, string>;
  /** The languages of the project: columns for others are folded away. */
  languages: Language[];
  forms: Record<string, string>;
  written: WrittenValues;
  datatypes: Record<string, string>;
  /** The lists that take nothing else than what they show. */
  strict: string[];
  sheets: Sheet[];
  lists: Record<string, ChoiceList>;
  texts: Record<Language, Record<string, string>>;
  /** What files describe: by the slug of the standard or set-up whose file says it (empty for all other files), by thing and property. */
  known: Record<string, Record<string, Record<string, KnownValue[]>>>;
}

export interface Cell {
  sheet: string;
  reference: string;
  text: string;
}
export type Cells = Record<string, Cell>;
/** The cells of a workbook by sheet, row and column. */
export type Book = Record<string, Cells[]>;
/** The texts of a workbook by sheet, row and column. */
export type SheetTexts = Record<string, Record<string, string>[]>;

/** What is filled in in a message; one of them may have a text for each language. */
export type Values = Record<string, string | number | SomeTexts>;
/** A message: a key of the workbook's texts, and its values. */
export type Message = [key: string, values: Values];

/** Something about a cell that its writer should know. */
export interface Remark {
  severity: Severity;
  cell: Cell;
  key: string;
  values: Values;
}

/** The statements of a workbook, in its order, and remarks on its cells. */
export interface MadeStatements {
  statements: Statement[];
  remarks: Remark[];
}
