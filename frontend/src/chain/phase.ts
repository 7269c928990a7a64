import type { RoundFacts, Progress } from "./reads.ts";

/** A round's place in time as the visitor sees it: the contract's phase, moved on by the clock between two blocks. */
export type Stage =
  | "upcoming"
  | "open"
  | "counting"
  | "overdue"
  | "disputable"
  | "finalized"
  | "aborted"
  | "cancelled";

const ENDED = { finalized: "finalized", aborted: "aborted", cancelled: "cancelled" } as const;

export function findStage(
  { settings }: Pick<RoundFacts, "settings">,
  { phase, deadline, paymentsFrom }: Pick<Progress, "phase" | "deadline" | "paymentsFrom">,
  now: number,
): Stage {
  if (phase === "disputable") return now < Number(paymentsFrom) ? "disputable" : "finalized";
  if (phase in ENDED) return ENDED[phase as keyof typeof ENDED];
  if (now < Number(settings.start)) return "upcoming";
  if (now < Number(settings.end)) return "open";
  return now < Number(deadline) ? "counting" : "overdue";
}
