import { parseAbi } from "viem";
import { quadraticMatch, type SurplusRule } from "../matching/quadratic.ts";
import {
  parseSurplus,
  ruleFrom,
  SURPLUS,
  type PayoutChoice,
  type PayoutKind,
  type PayoutRule,
} from "./rule.ts";

/** Quadratic matching (MONEY-3). */
export function quadraticRule(surplus: SurplusRule): PayoutRule {
  return ruleFrom(({ unit, available, projects }) => ({
    hint: "0x",
    ...quadraticMatch({ unit, available, surplus, projects }),
  }));
}

/** The quadratic rule with this surplus, as a round's organiser chooses it. */
export function quadraticChoice(surplus: SurplusRule): PayoutChoice {
  return { id: quadratic.id, args: [surplus === "pay"] };
}

export const quadratic: PayoutKind = {
  id: "quadratic",
  abi: parseAbi(["constructor(bool paySurplus)", "function paySurplus() view returns (bool)"]),
  views: ["paySurplus"],
  settings: [{ ...SURPLUS, initial: "return" }],
  argsFrom: ({ surplus }) => [parseSurplus("quadratic", surplus)],
  tell: (args) => args,
  rule: ([paySurplus]) => quadraticRule(paySurplus === true ? "pay" : "return"),
  usual: () => [true],
  sharesLeftovers: true,
};
