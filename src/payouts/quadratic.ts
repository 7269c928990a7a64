import { parseAbi } from "viem";
import { quadraticMatch, type MatchResult, type SurplusRule } from "../matching/quadratic.ts";
import type { PayoutKind, PayoutRound, PayoutRule } from "./rule.ts";

/** Quadratic matching (MONEY-3). */
export function quadraticRule(surplus: SurplusRule): PayoutRule {
  // Asked for each project of the same round in turn: solved once, or a round of 2^16 projects would take 2^32 steps.
  let solved: { readonly round: PayoutRound; readonly result: MatchResult } | undefined;
  const solve = (round: PayoutRound): MatchResult => {
    if (solved?.round !== round)
      solved = {
        round,
        result: quadraticMatch({
          unit: round.unit,
          available: round.available,
          surplus,
          projects: round.projects,
        }),
      };
    return solved.result;
  };
  return {
    hint: () => "0x",
    budget: (round) => solve(round).budget,
    matchOf: (round, place) => solve(round).matches[place] as bigint,
  };
}

export const quadratic: PayoutKind = {
  id: "quadratic",
  abi: parseAbi(["function paySurplus() view returns (bool)"]),
  open: async (read) => quadraticRule((await read("paySurplus")) === true ? "pay" : "return"),
};
