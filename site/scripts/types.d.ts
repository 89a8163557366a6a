// The types that several scripts share. Data that the build makes is described as the scripts read it.
import type { SheetTexts, WorkbookData } from "./workbook/types.d.ts";

export type Language = "nb" | "en";
/** A text in both languages; either may be empty. */
export type Texts = Record<Language, string>;
/** A text in the languages that it has. */
export type SomeTexts = Partial<Record<Language, string>>;

export interface IriTerm {
  type: "iri";
  value: string;
}
export interface BlankTerm {
  type: "blank";
  value: string;
}
export interface TextTerm {
  type: "text";
  value: string;
  language?: string;
  datatype?: string;
}
export type Term = IriTerm | BlankTerm | TextTerm;
export type Statement = [subject: IriTerm | BlankTerm, property: IriTerm, object: Term];

/** What a draft describes. Where its texts are meant to be the same in both languages, `same` says so. */
export interface Described {
  same?: boolean;
}

/** One of the things that a competence is made of, or a reason for it. What is new has no IRI yet. */
export type Item = Texts & Described & { iri?: string };

export interface Outcome extends Described {
  id: string;
  iri: string | null;
  /** Its number in the list, where the order does not tell it; `NaN` where it has none. So with placements. */
  number: number | null;
  label: Texts;
  statement: Texts;
  descriptors: string[];
  /** Where it has another than its placement. */
  dimension?: string;
  /** Whether it rests on something else than the draft as a whole; so with the other parts. */
  cited?: boolean;
}

/** A competence that the draft describes itself. */
export interface DescribedCompetence extends Described {
  /** Nothing where it is called as its placement is. */
  label: Texts | null;
  definition: Texts;
  cited?: boolean;
  scheme?: string | null;
  /** Whether it is below another, and so not at the top of its scheme. */
  broader?: boolean;
}

/** Where a competence is placed. `position` is null where only the dimension is known. */
export interface Place {
  dimension: string | null;
  position: string | null;
}

export interface Placement extends Place, Described {
  id: string;
  iri: string | null;
  competence: string | null;
  described: DescribedCompetence | null;
  label: Texts;
  /** Whether a file says both the position and the dimension. */
  both?: boolean;
  key: boolean;
  number: number | null;
  rationale: Texts;
  what: Item[];
  why: Item[];
  outcomes: Outcome[];
  cited?: boolean;
}

export interface Source extends Described {
  id: string;
  iri: string | null;
  label: Texts;
  described: boolean;
}

export interface DraftRole extends Described {
  iri: string | null;
  label: Texts;
  definition: Texts;
  described: boolean;
  cited?: boolean;
}

export type DraftKind = "standard" | "individual";
/** The fields of a draft that hold one value. */
export type FieldName =
  | "designation"
  | "depth"
  | "interviewCount"
  | "interviewedFrom"
  | "interviewedTo"
  | "placedOn"
  | "presentedOn"
  | "rawCompetenceCount";
/** The fields of a draft that are written as they are. */
export type PlainField = Exclude<FieldName, "designation" | "depth"> | "issued" | "version";

export interface Answers {
  how: string;
  took: string;
  where: string;
}

export interface Draft extends Described {
  /** Whether it is for those only who read the language of the page; else it is written in both. */
  internal?: boolean;
  id: string;
  kind: DraftKind;
  base: string;
  iri: string | null;
  type?: string;
  slug: string;
  label: Texts;
  description: Texts;
  role: DraftRole | null;
  referredTo: string | null;
  designation: Texts;
  depth: string | null;
  interviewCount: string;
  interviewedFrom: string;
  interviewedTo: string;
  placedOn: string;
  presentedOn: string;
  rawCompetenceCount: string;
  issued: string;
  version: string;
  sources: Source[];
  /** The headings in the draft's own source that it rests on, a line each. */
  places: string;
  /** The IRIs of passages of documents that are described elsewhere. */
  passages: string[];
  placements: Placement[];
  /** What the form has no place for. */
  other: Statement[];
  /** Notes from interviews that go into no file: by dimension, a competence a line. */
  notes?: Record<string, string>;
  /** The steps of the form that the person has left. */
  seen?: string[];
  /** What a person has answered that goes into no file. `from` and `to` are slugs of roles. */
  mine?: { story: string; answers: Record<string, Answers>; from?: string; to?: string };
}

export interface SavedDraft {
  saved: string;
  draft: Draft;
}

export type Severity = "violation" | "warning" | "info";

/** What a rule says of a draft, in the page's language. */
export interface Finding {
  rule: string;
  severity: Severity;
  component: string;
  /** The IRI, or the label of the blank node. */
  focus: string;
  value: { type: string; value: string; language?: string } | null;
  /** The properties that it may concern. */
  properties: string[];
  message: string;
  name: string;
  rationale: string;
  remediation: string;
}

/** A term of the SPARQL 1.1 Query Results JSON Format. */
export interface JsonTerm {
  type: "uri" | "bnode" | "literal";
  value: string;
  datatype?: string;
  "xml:lang"?: string;
}
export type Row = Record<string, JsonTerm | undefined>;
export interface QueryResults {
  head: { vars: string[] };
  results?: { bindings: Row[] };
  boolean?: boolean;
}

export type QueryForm = "rows" | "boolean" | "graph";

export interface QueryAnswer {
  results: QueryResults;
  /** Milliseconds. */
  took: number;
  /** The name and its language of each thing that is shown, by IRI; an empty list where it has none. */
  known: Record<string, [] | [string, string]>;
  /** A graph in Turtle. */
  turtle?: string;
}

export interface EngineData {
  asserted: string;
  inferred: string;
  vocabulary: string;
  shapes: string;
  context: string;
  base: string;
}

/** What the worker is asked. */
export type EngineMessage =
  | { ask: "query"; query: string; form: QueryForm; language: Language; shown: number }
  | { ask: "question"; query: string; statements: Statement[] }
  | { ask: "check"; statements: Statement[]; language: Language }
  | { ask: "read"; content: Uint8Array; name: string; base: string };

/** The statements of a file, or what is wrong with it: keys of messages with their values. */
export type ReadFile = { statements: Statement[] } | { problems: [key: string, values: Record<string, unknown>][] };

export interface FigureSizes {
  width: number;
  axes_height: number;
  radius: number;
  small_radius: number;
  max_large_marks: number;
  disc_step: number;
  axis_step: number;
  crossing_clearance: number;
  empty_reach: number;
  label_above: number;
  label_below: number;
  first_row: number;
  row_start: number;
  row_step: number;
  row_height: number;
  row_radius: number;
  marks_per_row: number;
  square: number;
  hexagon_height: number;
  hexagon_width: number;
  hexagon_shoulder: number;
  ring: number;
}

export interface Pole {
  position: string;
  x: number;
  y: number;
}
export interface FigureAxis {
  dimension: string;
  style: string;
  between: string;
  poles: [Pole, Pole];
}

/** A thing that a draft may name. */
export interface NamedThing {
  iri: string;
  label: SomeTexts;
  other: Partial<Record<Language, string[]>>;
  definition: SomeTexts;
  /** With the English name, and the Norwegian one, which is ours. */
  skills: { iri: string; label: string; nb?: string; relation: string }[];
}

/** `site/written-values.json`: how people write dates and numbers. */
export interface WrittenValues {
  months: Record<string, number>;
  numbers: Record<string, number>;
  dates: string[];
  /** What a line of a list begins with that is pasted from elsewhere. */
  bullet: string;
  thousands: string;
}

export interface DraftData {
  /** What is asked in an interview, in its order. */
  questions: SomeTexts[];
  /** `site/everyday-words.json`: the phrases that tell of each competence, by slug. A word may end in `*`. */
  everyday: Record<string, string[]>;
  /** The languages of the project. */
  languages: Language[];
  base: string;
  written: WrittenValues;
  figure: { sizes: FigureSizes; axes: FigureAxis[] };
  roles: (NamedThing & { duties?: Partial<Record<Language, string[]>> })[];
  competences: NamedThing[];
  sources: NamedThing[];
  standards: NamedThing[];
  dimensions: NamedThing[];
  positions: NamedThing[];
  descriptors: NamedThing[];
  depths: NamedThing[];
}

/** A placed competence of a role, as roles are compared by it. */
export interface ComparedCompetence {
  name: string;
  page: string;
  dimension: string;
  position: string;
  hasPosition: boolean;
  outcomes: string[];
  /** The paths of the competences that are one step from it. */
  neighbours: string[];
}
/** Roles by their slugs, each with its key competences by path. */
export type ComparisonData = Record<string, { name: string; keyCompetences: Record<string, ComparedCompetence> }>;

export interface QueryParameter {
  name: string;
  label: string;
  default: string;
  values: [iri: string, title: string][];
}
export interface CatalogueQuestion {
  number: number;
  question: string;
  means: string;
  doesNotMean: string;
  parameters: QueryParameter[];
  columns: Record<string, string[]>;
  codes: Record<string, Record<string, string>>;
  text: string;
}
export interface QueryPageData {
  base: string;
  prefixes: Record<string, string>;
  /** How addresses elsewhere begin that the page links to, before the colon. */
  schemes: string[];
  terms: [name: string, kind: string, label?: string, definition?: string][];
  things: [iri: string, label: string][];
  questions: Record<string, CatalogueQuestion>;
}

export interface OwnCompetenceData {
  /** The IRIs of the standards of a role, by its slug. */
  standards: Record<string, string[]>;
  questions: Record<string, { text: string }>;
  elm: string;
  /** The slugs of the roles that people are elected to. */
  elected: string[];
}

/** What is known of ESCO's occupations: `OccupationIndex` in `occupation_index.py`. */
export interface OccupationIndex {
  attribution: string;
  version: string;
  weights: { match: Record<string, number>; step: number };
  resampling: { times: number; one_of: number; quantiles: [number, number] };
  unit: number;
  groups: Record<string, [english: string, norwegian: string]>;
  occupations: [uri: string, isco: string, english: string, norwegian: string][];
  skills: [uri: string, english: string][];
  essential: number[][];
  asked: number[][];
  lengths: number[];
  nodes: number[];
  above: Record<number, number[]>;
  amounts: number[][];
}
export interface OccupationData {
  index: OccupationIndex;
  settings: {
    bands: number[];
    firstGroups: number;
    maxOfMinorGroup: number;
    nearestGroups: number;
    groupsOfEachMajor: number;
    /** ISCO-08's, by code. */
    skillLevels: Record<string, number[]>;
    occupationBase: string;
    skillBase: string;
  };
  /** What competences and outcomes are mapped to, by IRI. Outcomes have a statement. */
  subjects: Record<string, { skills: [number: number, relation: string][]; statement?: SomeTexts }>;
  /** Our Norwegian names of skills, by number. */
  skillNames: Record<number, string>;
}

/** A text in the language of the page, or a pair of a text and its language. */
export type TaggedText = string | [string, string];
/** What is searched: `t`itle, `a`lternative names, names in the `o`ther language, `w`hat, te`x`t, `u`pper things, `c`odes, `p`ath, `k`ind and `r`etired. */
export interface SearchDocument {
  t: TaggedText;
  p: string;
  k: number;
  a?: TaggedText[];
  o?: TaggedText[];
  w?: TaggedText[];
  x?: TaggedText[];
  u?: TaggedText[];
  c?: string[];
  r?: true;
}

/** A part of a text for people: a heading, a paragraph, or an item of a list. */
export type TextBlock = [kind: "title" | "heading" | "subheading" | "text" | "item", text: string];

/** A row of the sheet of a group: who, what, and how it is known. */
export interface GroupRow {
  /** The number of the row in the sheet. */
  row: number;
  pseudonym: string;
  competence: string;
  evidence: string;
}

export interface WorkbookScript {
  /** An empty sheet of a group, with drop-downs. */
  toGroupTemplate(layout: WorkbookData, language: Language): Uint8Array;
  /** The rows of a sheet of a group, a workbook or CSV, each with the IRI of its competence, or sentences on what is wrong. */
  readGroup(layout: WorkbookData, file: File, language: Language): Promise<{ rows: (GroupRow & { iri: string })[]; faults: string[] }>;
  /** A workbook of plain tables. */
  toTables(tables: { title: string; grid: string[][] }[]): Uint8Array;
  toDocument(blocks: TextBlock[], language: Language): Uint8Array;
  toBook(layout: WorkbookData, statements: Statement[], language: Language): { bytes?: Uint8Array; fault?: string };
  fromBook(
    layout: WorkbookData,
    file: File,
    language: Language,
  ): Promise<{ statements?: Statement[]; notes?: string[]; faults?: string[] }>;
}

/** What files of data and large scripts have set. Each is there when its file is loaded. */
export interface PageData {
  texts: Record<string, string>;
  drafts: DraftData;
  compare: ComparisonData;
  saveDocument(language: Language): void;
  sparql: QueryPageData;
  mine: OwnCompetenceData;
  occupations: OccupationData;
  search: { documents: SearchDocument[]; index: object; sections: Record<string, string> };
  workbook: WorkbookData;
  /** The sheet of a group. */
  group: WorkbookData;
  /** The workbook of set-ups of cooperation, and the handbook's example in each language. */
  setUp: { layout: WorkbookData; example: Record<Language, SheetTexts> };
  engineData: EngineData;
  engine: string;
  book: WorkbookScript;
}

declare global {
  var balansekunst: PageData;
}
