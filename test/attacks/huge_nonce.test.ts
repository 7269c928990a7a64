import { expect, it } from "vitest";
import { createMessages } from "../../src/protocol/message.ts";
import { computeOutcome } from "../../src/round/semantics.ts";
import { RoundBuilder } from "../helpers/round_builder.ts";
import { openBySecret } from "../helpers/open.ts";

/*
 * The attack: whoever holds a donor's key for one moment sends a message with the largest nonce there is, keeping the key, and no later
 * message of the donor can ever have a larger one. SEM-7 bounds nonces by the item's number, so that a client that counts the
 * items it sees always comes after.
 */
it("SEM-6 SEM-7 CMD-4 no nonce locks a donor out", () => {
  const round = new RoundBuilder({ seed: "huge nonce", projects: 10 });
  const donor = round.actor("Donor", 100n);
  round.contribute(donor);
  round.send(donor, "2^48 - 1", "nonce beyond its time (SEM-7)", {
    nonce: (1n << 48n) - 1n,
    ballot: new Map(),
  });
  round.send(donor, "the largest that is allowed", "accepted", {
    nonce: (BigInt(round.nextT) << 16n) - 1n,
    ballot: new Map(),
  });
  const [words] = createMessages({
    ctx: round.rules.ctx,
    coordinatorKey: round.coordinator.publicKey,
    tag: donor.tag,
    signer: donor.key,
    newKey: donor.key.publicKey,
    ballot: new Map([[2, 10n]]),
    itemsSeen: round.nextT - 1,
    drawScalar: round.random.scalar,
    drawNonceBase: () => 1n,
  });
  round.publish(
    "the donor's client, with the least nonce that it may draw",
    "accepted",
    words as bigint[],
  );
  const { items, rules, coordinator, messages } = round.finish();
  const { verdicts, results } = computeOutcome(
    items,
    openBySecret(items, coordinator.secret, rules.ctx),
    rules,
  );
  expect(messages.map(({ t }) => verdicts.get(t))).toEqual(
    messages.map(({ expected }) => expected),
  );
  expect(results).toEqual([{ project: 2, votes: 10n, credits: 100n }]);
});
