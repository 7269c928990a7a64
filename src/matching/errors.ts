import { BaseError } from "../errors.ts";
import { MAX_PROJECTS } from "../params.ts";

/** A number of the funding mathematics outside its bounds (PARAM-5). */
export class AmountRangeError extends BaseError {
  constructor(name: string, value: bigint, least: bigint, limitBits: number) {
    super(`${name} is ${value}, not an integer from ${least} to 2^${limitBits} - 1.`, {
      fix: "Check the amount and its unit: amounts are whole token units.",
    });
  }
}

/** Sums that no ballots without signs can have. */
export class ImpossibleTotalsError extends BaseError {
  constructor(project: number, votes: bigint, credits: bigint, why: string) {
    super(
      `Project ${project} has ${votes} votes for ${credits} credits, which no donors' votes add up to: ${why}.`,
      {
        fix: "Give T, the sum of the votes, as votes and S, the sum of their squares, as credits.",
      },
    );
  }
}

export class BudgetExceededError extends BaseError {
  constructor(needed: bigint, credits: bigint) {
    super(`The amounts come to ${needed} voice credits, but the donor has ${credits}.`, {
      fix: "Lower the amounts or top up first.",
    });
  }
}

export class VotesRangeError extends BaseError {
  constructor(votes: bigint, most: bigint) {
    super(`${votes} votes for one project are more than a ballot can say (${most}).`, {
      fix: "Choose a larger unit for the round or a smaller amount.",
    });
  }
}

export class TooManyProjectsError extends BaseError {
  constructor(projects: number) {
    super(`${projects} projects are more than a round can have (${MAX_PROJECTS}).`, {
      fix: "Leave out projects without votes: they get nothing anyway.",
    });
  }
}

export function requireRange(name: string, value: bigint, least: bigint, limitBits: number): void {
  if (value < least || value >> BigInt(limitBits) !== 0n)
    throw new AmountRangeError(name, value, least, limitBits);
}
