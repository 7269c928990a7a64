import { concatHex, numberToHex, parseAbi } from "viem";
import { MOST_TIERS, tieredMatch, type Tier } from "../matching/tiers.ts";
import {
  parseWhole,
  PayoutSettingError,
  ruleFrom,
  type PayoutArgument,
  type PayoutKind,
  type PayoutRule,
} from "./rule.ts";

const ID = "tiers";

/** Prizes in tiers (PAYOUT-3). */
export function tieredRule(table: readonly Tier[]): PayoutRule {
  return ruleFrom(({ unit, available, projects }) => {
    const { keys, budget, matches } = tieredMatch({ unit, available, projects }, table);
    const hint = concatHex(keys.map((key) => numberToHex(key, { size: 32 })));
    return { hint, budget, matches };
  });
}

export const tiers: PayoutKind = {
  id: ID,
  abi: parseAbi([
    "constructor(uint16[] sizes, uint128[] prizes)",
    "function sizes() view returns (uint16[])",
    "function prizes() view returns (uint128[])",
  ]),
  views: ["sizes", "prizes"],
  settings: [
    {
      name: "tiers",
      form: "tiers",
      help: "places and prize of each tier, the first first: 1x5000,3x2000,10x500",
      initial: undefined,
    },
  ],
  argsFrom({ tiers: text }, amount) {
    const fix = `Use up to ${MOST_TIERS} tiers such as 1x5000,3x2000,10x500: each with fewer than 65536 places and a prize above 0, none larger than the one before.`;
    const fail = () => new PayoutSettingError(ID, "tiers", text, fix);
    if (text === undefined) throw fail();
    const parts = text.split(",").map((part) => part.trim().split(/\s*[x×]\s*/));
    const sizes = parts.map(([size]) => parseWhole(size ?? "", 1n, 16));
    if (parts.length > MOST_TIERS || parts.some((part) => part.length !== 2)) throw fail();
    if (sizes.includes(undefined)) throw fail();
    const prizes = parts.map(([, prize]) => amount(prize as string));
    if (
      prizes.some(
        (prize, i) => prize === 0n || prize >> 128n !== 0n || prize > (prizes[i - 1] ?? prize),
      )
    )
      throw fail();
    return [sizes as bigint[], prizes];
  },
  tell: (args) => [zipTiers(args).flatMap(({ size, prize }) => [size, prize])],
  rule: (args) => tieredRule(zipTiers(args)),
  // Half of the pool, three tenths, two tenths.
  usual: (available) => [
    [1n, 1n, 1n],
    [5n, 3n, 2n].map((tenths) => (available * tenths) / 10n || 1n),
  ],
  sharesLeftovers: false,
};

function zipTiers([sizes, prizes]: readonly PayoutArgument[]): readonly Tier[] {
  return (sizes as readonly bigint[]).map((size, i) => ({
    size,
    prize: (prizes as readonly bigint[])[i] as bigint,
  }));
}
