import { allocate, votesForAmount } from "../../src/matching/allocate.ts";
import { quadraticMatch } from "../../src/matching/quadratic.ts";
import { settle } from "../../src/matching/settle.ts";

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
    settlements: [{ request: settlement, result: settle(settlement) }],
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
