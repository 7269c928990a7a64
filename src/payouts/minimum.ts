import { numberToHex, parseAbi } from "viem";
import { minimumMatch } from "../matching/minimum.ts";
import { PayoutSettingError, ruleFrom, type PayoutKind, type PayoutRule } from "./rule.ts";

const ID = "minimum";
/** What the hint says if nobody is paid. */
const NOBODY = (1n << 128n) - 1n;

/** Quadratic matching in which nobody gets less than a minimum, but nothing instead (PAYOUT-2). */
export function minimumRule(minimum: bigint): PayoutRule {
  return ruleFrom(({ unit, available, projects }) => {
    const { least, budget, matches } = minimumMatch({ unit, available, projects }, minimum);
    return { hint: numberToHex(least ?? NOBODY, { size: 32 }), budget, matches };
  });
}

export const minimum: PayoutKind = {
  id: ID,
  abi: parseAbi(["constructor(uint128 minimum)", "function minimum() view returns (uint256)"]),
  views: ["minimum"],
  settings: [
    {
      name: "minimum",
      form: "amount",
      help: "least match: who would get less gets none",
      initial: undefined,
    },
  ],
  argsFrom({ minimum: text }, amount) {
    const fix = "Use an amount above 0 and below 2^128 units.";
    if (text === undefined) throw new PayoutSettingError(ID, "minimum", undefined, fix);
    const value = amount(text);
    if (value === 0n || value >> 128n !== 0n)
      throw new PayoutSettingError(ID, "minimum", text, fix);
    return [value];
  },
  tell: (args) => args,
  rule: ([value]) => minimumRule(value as bigint),
  usual: (available) => [available / 100n || 1n],
  sharesLeftovers: true,
};
