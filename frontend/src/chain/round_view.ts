import type { Stage } from "./phase.ts";
import type { ListedProject, Progress, RoundFacts } from "./reads.ts";

/** What every view of one round works with. */
export type RoundView = {
  readonly facts: RoundFacts;
  readonly progress: Progress;
  readonly projects: readonly ListedProject[];
  readonly stage: Stage;
  /** The chain's present second. */
  readonly now: number;
};
