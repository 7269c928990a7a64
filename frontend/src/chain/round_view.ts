import type { Address } from "viem";
import type { Stage } from "./phase.ts";
import type { ListedProject, Progress, RoundFacts } from "./reads.ts";

/** What every view of one round works with. */
export type RoundView = {
  readonly facts: RoundFacts;
  readonly progress: Progress;
  /** All of them; before the last step (`isWhole`) some without what they say of themselves. */
  readonly projects: readonly ListedProject[];
  /** In which they are shown mixed. */
  readonly order: readonly number[];
  readonly isWhole: boolean;
  /** By project; empty until somebody needs them and they are there. */
  readonly recipients: readonly Address[];
  readonly stage: Stage;
  /** The chain's present second. */
  readonly now: number;
};
