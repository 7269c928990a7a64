import { expect, it } from "vitest";
import { computeOutcome } from "../../src/round/semantics.ts";
import { RoundBuilder } from "../helpers/round_builder.ts";
import { openBySecret } from "../helpers/open.ts";

const J = 10;

/*
 * The attack that succeeds against systems which count the last message: whoever bought a copy of the first key waits until the last
 * second and votes. Here the first valid rotation wins, and the donor's was on chain before the contribution was.
 */
it("SEM-4 P3 a buyer of the first key wins neither by coming last, nor with the largest nonce, nor by rotating", () => {
  const round = new RoundBuilder({ seed: "sold key", projects: J });
  const donor = round.actor("Donor", 400n);
  const sold = donor.key;
  round.send(donor, "rotates to a key that nobody else knows", "accepted", {
    newKey: round.keyPair(),
    ballot: new Map(),
  });
  round.contribute(donor);
  const buy = (label: string, options = {}) =>
    round.send(donor, `buyer ${label}`, "signature (SEM-4)", {
      signer: sold,
      ballot: new Map([[9, 20n]]),
      ...options,
    });
  buy("votes at once");
  round.send(donor, "votes", "accepted", { ballot: new Map([[3, 20n]]) });
  buy("with the largest nonce of its time", { nonce: (BigInt(round.nextT) << 16n) - 1n });
  buy("rotates to a key of his own", { newKey: round.keyPair() });
  buy("appends", { append: true });
  buy("comes last of all");
  const { items, rules, coordinator } = round.finish();
  const { results } = computeOutcome(
    items,
    openBySecret(items, coordinator.secret, rules.ctx),
    rules,
  );
  expect(results).toEqual([{ project: 3, votes: 20n, credits: 400n }]);
});

/* The limit, stated plainly: who sells the key before rotating has sold the vote, as the first valid rotation is then the buyer's. */
it("P3 not claimed: a key sold before the first rotation is sold", () => {
  const round = new RoundBuilder({ seed: "sold key", projects: J });
  const donor = round.actor("Donor", 400n);
  const first = donor.key;
  round.send(donor, "the buyer rotates", "accepted", {
    newKey: round.keyPair(),
    ballot: new Map([[9, 20n]]),
  });
  round.contribute(donor);
  round.send(donor, "the donor comes late", "signature (SEM-4)", {
    signer: first,
    ballot: new Map([[3, 20n]]),
  });
  const { items, rules, coordinator } = round.finish();
  expect(
    computeOutcome(items, openBySecret(items, coordinator.secret, rules.ctx), rules).results[0]
      ?.project,
  ).toBe(9);
});
