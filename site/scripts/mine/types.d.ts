// What the screens of the page are given and give.
import type { Child } from "../common.js";
import type { Step } from "./state.js";

/** What screens may do with the page as a whole. */
export interface Walk {
  go(step: Step): void;
  /** Show the screen anew. */
  refresh(): void;
  /** Let one go on to the steps that take at least one competence, where there is one. */
  allowSteps(): void;
}

/** What makes the title and the elements of a screen. */
export type Screen = (walk: Walk) => [title: string, ...parts: Child[]];
