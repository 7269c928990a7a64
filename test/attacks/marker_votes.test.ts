import { expect, it } from "vitest";
import { computeOutcome } from "../../src/round/semantics.ts";
import { RoundBuilder } from "../helpers/round_builder.ts";
import { openBySecret } from "../helpers/open.ts";

function roundIn(accepted: boolean) {
  const round = new RoundBuilder({ seed: "marker", projects: 10 });
  const donor = round.actor("Donor", 100n);
  const sold = donor.key;
  if (!accepted)
    round.send(donor, "rotates unseen", "accepted", {
      newKey: round.keyPair(),
      ballot: new Map([[1, 9n]]),
    });
  round.contribute(donor);
  round.send(donor, "the buyer's marker vote", accepted ? "accepted" : "signature (SEM-4)", {
    signer: sold,
    ballot: new Map([[7, 3n]]),
  });
  const { items, rules, coordinator } = round.finish();
  return computeOutcome(
    items,
    openBySecret(items, coordinator.secret, rules.ctx),
    rules,
  ).results.map(({ project, votes }) => `${project}:${votes}`);
}

/*
 * A documented limit, not a defect: published totals reveal what they reveal. A vote for a project that nobody else supports shows in
 * the totals whether it counted, so its holder learns that the key was dead; what the donor did instead he learns only as far as other totals tell.
 */
it("P3 not claimed: a marker vote on an otherwise empty project tells whether it counted", () => {
  expect(roundIn(true)).toEqual(["7:3"]);
  expect(roundIn(false)).toEqual(["1:9"]);
});
