import { describe, expect, test } from "vitest";
import { draftBallot } from "../../src/donor/draft.ts";
import { MAX_VOTES } from "../../src/params.ts";
import { ballotCost } from "../../src/protocol/ballot.ts";
import { seeded } from "../helpers/seeded.ts";

describe("a draft", () => {
  test("amounts become votes that the credits cover, whatever they are; votes stay as they are", () => {
    const random = seeded("drafts");
    for (let i = 0; i < 200; i++) {
      const unit = 1n + random.below(1000n);
      const wishes = Array.from({ length: 1 + Number(random.below(8n)) }, (_, project) =>
        random.below(3n) === 0n
          ? { project, votes: random.below(50n) - 25n }
          : { project, amount: random.below(100_000n) },
      );
      const draft = draftBallot(wishes, { unit });
      expect(ballotCost(draft.ballot)).toBeLessThanOrEqual(draft.credits);
      expect(draft.pay).toBe(draft.credits * unit);
      for (const [j, wish] of wishes.entries())
        if ("votes" in wish) expect(draft.lines[j]?.votes).toBe(wish.votes);
      const short = draftBallot(wishes, { unit, credits: draft.needed - 1n });
      expect([short.ready, short.ballot.size]).toEqual([false, 0]);
    }
  });

  test.each([
    ["no number", { project: 0 }, "amount"],
    ["less than a vote", { project: 0, amount: 2n }, "tooSmall"],
    [
      "more than a ballot can say, in money",
      { project: 0, amount: 10n * (MAX_VOTES + 1n) ** 2n },
      "tooLarge",
    ],
    ["more than a ballot can say, in votes", { project: 0, votes: -MAX_VOTES - 1n }, "tooLarge"],
  ] as const)("%s is told, and nothing is encrypted", (_, wish, problem) => {
    const draft = draftBallot([wish], { unit: 10n });
    expect([draft.ready, draft.lines[0]?.problem]).toEqual([false, problem]);
    expect(draft.ballot.size).toBe(0);
  });
});
