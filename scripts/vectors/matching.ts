import { allocate, votesForAmount } from "../../src/matching/allocate.ts";
import { quadraticMatch } from "../../src/matching/quadratic.ts";
import { openPayoutRule } from "../../src/payouts/index.ts";
import { divideBy, type PayoutChoice, type PayoutRound } from "../../src/payouts/rule.ts";
import { divideQuadratically, settle } from "../../src/matching/settle.ts";

const QUALIFIER = `0x${"71".repeat(20)}` as const;

/** PAYOUT-1 to PAYOUT-4: hint, budget and matches; with a qualifier, of what it says. */
function payoutVectors() {
  const projects = [
    { project: 0, votes: 7n, credits: 19n },
    { project: 2, votes: 5n, credits: 13n },
    { project: 3, votes: 5n, credits: 13n },
    { project: 7, votes: 2n, credits: 2n },
    { project: 9, votes: 4n, credits: 16n },
  ];
  const large = [
    { project: 0, votes: (1n << 61n) - 1n, credits: 1n << 70n },
    { project: 65_535, votes: 1n << 40n, credits: 1n << 62n },
  ];
  const round = { unit: 10n, available: 560n, projects };
  const choices: readonly (readonly [
    name: string,
    choice: PayoutChoice,
    round: PayoutRound,
    qualified?: readonly number[],
  ])[] = [
    ["a ceiling", { id: "capped", args: [5_000n, 0n, 1n, 0n, true] }, round],
    ["a ceiling and a floor", { id: "capped", args: [5_000n, 40n, 1n, 0n, true] }, round],
    ["a floor that shrinks", { id: "capped", args: [10_000n, 1_000n, 2n, 0n, true] }, round],
    ["a multiple of the gifts", { id: "capped", args: [10_000n, 0n, 1n, 1n, true] }, round],
    ["a surplus that returns", { id: "capped", args: [10_000n, 0n, 1n, 0n, false] }, round],
    [
      "a ceiling, numbers near their bounds",
      { id: "capped", args: [6_667n, 12_345n, 2n, 0n, true] },
      { unit: (1n << 60n) + 1n, available: (1n << 128n) - 1n, projects: large },
    ],
    ["a least match", { id: "minimum", args: [120n] }, round],
    ["a least match that nobody gets", { id: "minimum", args: [600n] }, round],
    [
      "prizes, of which one is tied",
      {
        id: "tiers",
        args: [
          [1n, 1n, 5n],
          [200n, 100n, 50n],
        ],
      },
      round,
    ],
    ["prizes that the pool does not cover", { id: "tiers", args: [[2n], [400n]] }, round],
    [
      "a prize among the qualified, tied",
      { id: "tiers", args: [[1n], [200n]], qualifier: QUALIFIER },
      round,
      [2, 3, 7],
    ],
    [
      "a ceiling and a floor among the qualified",
      { id: "capped", args: [5_000n, 40n, 1n, 0n, true], qualifier: QUALIFIER },
      round,
      [0, 3, 7, 9],
    ],
    ["nobody is qualified", { id: "quadratic", args: [true], qualifier: QUALIFIER }, round, []],
  ];
  return choices.map(([name, rule, request, qualified]) => {
    const opened = openPayoutRule(rule, (project) => qualified?.includes(project) ?? true);
    return {
      name,
      rule,
      request,
      ...(qualified === undefined ? {} : { qualified }),
      result: { hint: opened.hint(request), ...divideBy(opened)(request) },
    };
  });
}

/** MONEY-2 to MONEY-5; `allocate` and `votesForAmount` are what clients do and no rule. */
export function matchingVectors() {
  const projects = [
    { votes: 4n, credits: 4n },
    { votes: 4n, credits: 16n },
    { votes: 5n, credits: 13n },
    { votes: 0n, credits: 0n },
  ];
  const large = [
    { votes: (1n << 61n) - 1n, credits: 1n << 70n },
    { votes: 1n << 40n, credits: 1n << 62n },
  ];
  const requests = {
    "the pool suffices and the rest returns": {
      unit: 10n,
      available: 1000n,
      surplus: "return",
      projects,
    },
    "exactly enough": { unit: 10n, available: 240n, surplus: "return", projects },
    "one unit short": { unit: 10n, available: 239n, surplus: "return", projects },
    "the surplus is paid out": { unit: 10n, available: 1000n, surplus: "pay", projects },
    "nobody agrees with anybody": {
      unit: 3n,
      available: 100n,
      surplus: "pay",
      projects: [{ votes: 4n, credits: 16n }],
    },
    "numbers near their bounds": {
      unit: (1n << 60n) + 1n,
      available: (1n << 128n) - 1n,
      surplus: "pay",
      projects: large,
    },
  } as const;
  const settlement = {
    unit: 10n,
    sponsors: [300n, 33n],
    coordinatorFee: 20n,
    surplus: "return",
    totalCredits: 40n,
    projects: projects.map((project, i) => ({ ...project, eligible: i !== 1 })),
  } as const;
  const allocations = [
    { amounts: [8n, 6n, 10n], unit: 1n, credits: 24n },
    { amounts: [3n, 3n], unit: 1n, credits: 6n },
    { amounts: [1_000_000n, 0n, 2_500_000n], unit: 1000n, credits: 3500n },
  ];
  return {
    matches: Object.entries(requests).map(([name, request]) => ({
      name,
      request,
      result: quadraticMatch(request),
    })),
    payouts: payoutVectors(),
    settlements: [
      {
        request: settlement,
        result: settle({ ...settlement, divide: divideQuadratically(settlement.surplus) }),
      },
    ],
    votes: [0n, 99n, 100n, 399n, 400n, 10n ** 18n].map((amount) => ({
      amount,
      unit: 100n,
      votes: votesForAmount(amount, 100n),
    })),
    allocations: allocations.map((request) => ({
      request,
      result: allocate(request.amounts, request.unit, request.credits),
    })),
  };
}
