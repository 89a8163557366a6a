// What the parts of the form pass to each other.
import type { Described, Draft, Finding, Placement } from "../types.d.ts";

export type StepName = "role" | "interviews" | "placing" | "keys" | "sources" | "review";

/** A field of the step that is shown. */
export interface Field {
  wrapper: HTMLElement;
  /** Those that a person writes in, or what they press where there is none. */
  inputs: (HTMLInputElement | HTMLTextAreaElement | HTMLButtonElement)[];
  /** Where findings are written. */
  errors: HTMLElement;
  /** The id of its hint; may be empty. */
  hint: string;
}

/** Where a finding is shown: the step, and the key of the field. */
export interface FindingPlace {
  step: StepName;
  key: string;
  placement?: Placement;
  /** What it is about: one or several things that have the field. */
  owners: Described[];
}
/** A finding with its place; nothing where it concerns what the form does not show. */
export type PlacedFinding = Finding & {
  place: FindingPlace | null;
  /** Whether it only says what is not written yet. */
  isUnwritten: boolean;
};

/** The elements that parts of the form write in. */
export interface FormParts {
  drafts: HTMLDetailsElement;
  fault: HTMLElement;
  steps: HTMLElement;
  counts: Record<StepName, HTMLElement>;
  state: HTMLElement;
  body: HTMLElement;
  saved: HTMLElement;
  /** What was removed last, with what puts it back. */
  undo: HTMLElement;
  announcement: HTMLElement;
  /** The summary of the step, and in the last step all findings. */
  summary: HTMLElement;
  review: HTMLElement;
}

export interface FormState {
  draft: Draft;
  model: ReturnType<typeof import("../drafts/model.js").readModel>;
  step: StepName;
  /** The id of the placement that is open in the step where competences are placed. */
  chosen: string | null;
  /** The ids of the key competences whose details are open. */
  openKeys: Set<string>;
  findings: Finding[];
  /** Why the last check failed. */
  failure: unknown;
  isChecked: boolean;
  /** The keys of the fields that the person has left, whose findings are shown. */
  touched: Set<string>;
  /** The steps that the person has left, all of whose findings are shown. */
  left: Set<string>;
  /** The fields of the step by key: the id of a part of the draft, and the name of the field. */
  fields: Map<string, Field>;
  parts: FormParts;
  /** Asks for a check of the draft, after a wait in milliseconds. */
  requestCheck: (wait?: number) => void;
}
