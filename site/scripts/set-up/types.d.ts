// What the parts of the page for set-ups of cooperation pass to each other.
import type { Language } from "../types.d.ts";
import type { Message } from "../workbook/types.d.ts";

/** What stands in a row of the workbook, by column. */
export type Row = Record<string, string>;

/** An arena with its rows on the other sheets, which need not name it. */
export interface Arena {
  row: Row;
  seats: Row[];
  rhythms: Row[];
}

/** A set-up as one writes it: the rows of its workbook. */
export interface SetUpDraft {
  /** The language of the names that stand in for things. */
  language: Language;
  row: Row;
  arenas: Arena[];
  other: Row[];
}

/** What is wrong with a cell. */
export interface CellProblem {
  row: Row;
  column: string;
  message: Message;
}

/** The seats of one role in an arena, as they are drawn. */
export interface SeatGroup {
  role: string;
  /** The IRI of the party, or nothing. */
  party: string | null;
  partyName: string;
  /** How many are drawn. */
  count: number;
  /** Whether it is known how many there are. */
  isKnown: boolean;
  /** How many, in words. */
  number: string;
}

/** An arena as it is drawn. */
export interface DrawnArena {
  name: string;
  /** The IRIs of its lines. */
  lines: string[];
  seats: SeatGroup[];
  rhythms: string[];
  topics: string[];
}
