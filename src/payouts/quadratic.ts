import { parseAbi } from "viem";
import { quadraticMatch, quadraticWeight, type MatchResult, type SurplusRule } from "../matching/quadratic.ts";
import type { PayoutKind, PayoutRound, PayoutRule } from "./rule.ts";

/** Quadratic matching (MONEY-3). */
export function quadraticRule(surplus: SurplusRule): PayoutRule {
  const solve = ({ unit, available, projects }: PayoutRound): MatchResult => quadraticMatch({ unit, available, surplus, projects });
  return {
    hint: () => "0x",
    budget: (round) => solve(round).budget,
    matchOf: (round, place) => solve(round).matches[place] as bigint,
    explain: (round, place) => {
      const project = round.projects[place];
      const { totalWeight } = solve(round);
      return project === undefined || totalWeight === 0n ? "No project has a match." : `Weight ${quadraticWeight(project)} of ${totalWeight} in all.`;
    },
  };
}

export const quadratic: PayoutKind = {
  id: "quadratic",
  abi: parseAbi(["function paySurplus() view returns (bool)"]),
  open: async (read) => quadraticRule((await read("paySurplus")) === true ? "pay" : "return"),
};
