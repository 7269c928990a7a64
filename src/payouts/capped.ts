import { concatHex, numberToHex, parseAbi } from "viem";
import { cappedMatch, WHOLE_BPS, type CappedSettings } from "../matching/capped.ts";
import {
  parsePercent,
  parseSurplus,
  parseWhole,
  PayoutSettingError,
  ruleFrom,
  SURPLUS,
  type PayoutKind,
  type PayoutRule,
} from "./rule.ts";

const ID = "capped";

/** Quadratic matching with a ceiling and a floor (PAYOUT-1). */
export function cappedRule(settings: CappedSettings): PayoutRule {
  return ruleFrom(({ unit, available, projects }) => {
    const { p, q, below, budget, matches } = cappedMatch({ unit, available, projects }, settings);
    const hint = concatHex([p, q, below].map((word) => numberToHex(word, { size: 32 })));
    return { hint, budget, matches };
  });
}

export const capped: PayoutKind = {
  id: ID,
  abi: parseAbi([
    "constructor(uint16 capBps, uint128 floorAmount, uint16 minSupporters, uint32 maxTimes, bool paySurplus)",
    "function capBps() view returns (uint256)",
    "function floorAmount() view returns (uint256)",
    "function minSupporters() view returns (uint256)",
    "function maxTimes() view returns (uint256)",
    "function paySurplus() view returns (bool)",
  ]),
  views: ["capBps", "floorAmount", "minSupporters", "maxTimes", "paySurplus"],
  settings: [
    {
      name: "cap",
      form: "percent",
      help: "most of the pool that one match may be, such as 5%",
      initial: "100%",
      neutral: WHOLE_BPS,
    },
    {
      name: "floor",
      form: "amount",
      help: "least match of each project that counts",
      initial: "0",
      neutral: 0n,
    },
    {
      name: "min-supporters",
      form: "count",
      help: "supporters that a project must have by its totals to have a match (default: 2 with a floor, or else 1)",
      initial: "",
      neutral: 1n,
    },
    {
      name: "max-times",
      form: "count",
      help: "most that a match may be, as a multiple of what donors gave to the project; 0: no such limit",
      initial: "0",
      neutral: 0n,
    },
    { ...SURPLUS, initial: "pay" },
  ],
  argsFrom(texts, amount) {
    const floorAmount = amount(texts["floor"] ?? "0");
    const supporters = texts["min-supporters"] || (floorAmount > 0n ? "2" : "1");
    const settings = {
      cap: parsePercent(texts["cap"] ?? "100%"),
      "min-supporters": parseWhole(supporters, 1n, 16),
      "max-times": parseWhole(texts["max-times"] ?? "0", 0n, 32),
    };
    const fixes = {
      cap: "Use a percentage above 0 and up to 100 with at most two decimals, such as 5%.",
      "min-supporters": "Use a whole number from 1 to 65535.",
      "max-times": "Use a whole number below 2^32; 0 for no limit.",
    };
    for (const name of ["cap", "min-supporters", "max-times"] as const)
      if (settings[name] === undefined)
        throw new PayoutSettingError(ID, name, texts[name], fixes[name]);
    const paySurplus = parseSurplus(ID, texts["surplus"] ?? "pay");
    if (floorAmount >> 128n !== 0n)
      throw new PayoutSettingError(ID, "floor", texts["floor"], "Use an amount below 2^128 units.");
    if (floorAmount > 0n && (!paySurplus || settings["max-times"] !== 0n))
      throw new PayoutSettingError(
        ID,
        "floor",
        texts["floor"],
        "A floor goes neither with a surplus that returns nor with max-times: leave one of them out.",
      );
    return [
      settings.cap as bigint,
      floorAmount,
      settings["min-supporters"] as bigint,
      settings["max-times"] as bigint,
      paySurplus,
    ];
  },
  tell: (args) => args,
  rule: (args) => {
    const [capBps, floorAmount, minSupporters, maxTimes] = args as readonly bigint[];
    return cappedRule({
      capBps: capBps as bigint,
      floorAmount: floorAmount as bigint,
      minSupporters: minSupporters as bigint,
      maxTimes: maxTimes as bigint,
      paySurplus: args[4] === true,
    });
  },
  usual: () => [WHOLE_BPS / 10n, 0n, 2n, 0n, true],
  sharesLeftovers: true,
};
