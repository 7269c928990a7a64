import { expect, it } from "vitest";
import { computeOutcome } from "../../src/round/semantics.ts";
import { WALLETS, type DonorWallet } from "../assurance/lasting_keys.ts";
import { RoundBuilder } from "../helpers/round_builder.ts";
import { openBySecret } from "../helpers/open.ts";

/** The donor's lasting key is that of a passphrase in the briber's list, or not; the briber tries all of the list, a message each. */
function resultAfterTrying(guessable: boolean): string[] {
  const wallet = WALLETS[0] as DonorWallet;
  const round = new RoundBuilder({
    seed: "blind dictionary",
    projects: 5,
    payers: [wallet.address],
  });
  const donor = round.actor("Donor", 100n);
  const lasting = (guessable ? wallet.keys[1] : undefined) ?? round.keyPair();
  round.send(donor, "rotates unseen and votes", "accepted", {
    newKey: lasting,
    ballot: new Map([[2, 7n]]),
  });
  round.contribute(donor);
  const bribers = round.keyPair();
  for (const signer of wallet.keys)
    round.send(donor, "a blind try", "signature (SEM-4)", {
      signer,
      newKey: bribers,
      ballot: new Map([[1, 7n]]),
    });
  const { items, rules, coordinator } = round.finish();
  return computeOutcome(
    items,
    openBySecret(items, coordinator.secret, rules.ctx),
    rules,
  ).results.map(({ project, votes }) => `${project}:${votes}`);
}

/*
 * A documented limit, not a defect: nothing tells a briber who has the wallet's signature (KEY-5) which passphrase is right, but he need not
 * know: he publishes a message for each one in his list, and the right one, if it is there, takes the vote. It costs him a message fee a
 * guess, and the guesses show on the chain as a flood. A passphrase that is not in the list is out of reach.
 */
it("KEY-4 P3 not claimed: with the wallet's signature, a passphrase can be tried blindly, a message each", () => {
  expect(resultAfterTrying(true)).toEqual(["1:7"]);
  expect(resultAfterTrying(false)).toEqual(["2:7"]);
});
