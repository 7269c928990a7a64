import { expect, test } from "vitest";
import { oneDollarOneVote, onePersonOneVote } from "../../src/matching/compare.ts";
import { directQuadraticFunding } from "../../src/matching/direct.ts";

test("direct quadratic funding by hand: squares are exact, one donor alone gets no match", () => {
  const { contributions, weights, matches } = directQuadraticFunding(
    [
      { donor: "ada", project: 0, amount: 9n },
      { donor: "bob", project: 0, amount: 4n }, // (3 + 2)² - 13 = 12
      { donor: "ada", project: 1, amount: 10n },
      { donor: "ada", project: 1, amount: 15n }, // one donor, 25: 0
      { donor: "ada", project: 2, amount: 1n },
      { donor: "bob", project: 2, amount: 1n },
      { donor: "cyd", project: 2, amount: 16n }, // 6² - 18 = 18
    ],
    4,
    1000n,
  );
  expect(contributions).toEqual([13n, 25n, 18n, 0n]);
  expect(weights).toEqual([12n << 128n, 0n, 18n << 128n, 0n]);
  expect(matches).toEqual([400n, 0n, 600n, 0n]);
});

test("comparison allocations by hand", () => {
  expect(onePersonOneVote([2, 1, 3, 0], 1000n)).toEqual([333n, 166n, 500n, 0n]);
  expect(oneDollarOneVote([13n, 25n, 18n, 0n], 1000n)).toEqual([232n, 446n, 321n, 0n]);
  expect(onePersonOneVote([0, 0], 1000n)).toEqual([0n, 0n]);
});
