import { expect, it } from "vitest";
import { mod } from "../../src/crypto/field.ts";
import { createMessages } from "../../src/protocol/message.ts";
import { keyPairFromSecret } from "../../src/protocol/key.ts";
import { computeOutcome } from "../../src/round/semantics.ts";
import { P } from "../../src/params.ts";
import { RoundBuilder } from "../helpers/round_builder.ts";
import { openBySecret } from "../helpers/open.ts";

const credits = 100n;

/** A donor's two messages as a client makes them, put on the chain by a relay that does with them what it likes. */
function relayed(
  order: (first: readonly bigint[], second: readonly bigint[]) => readonly (readonly bigint[])[],
) {
  const round = new RoundBuilder({ seed: "relay", projects: 10 });
  const donor = round.actor("Donor", credits);
  const lasting = keyPairFromSecret(round.random.scalar());
  const client = (
    signer: typeof lasting,
    newKey: typeof lasting,
    votes: bigint,
    itemsSeen: number,
  ) =>
    createMessages({
      ctx: round.rules.ctx,
      coordinatorKey: round.coordinator.publicKey,
      tag: donor.tag,
      signer,
      newKey: newKey.publicKey,
      ballot: new Map([[4, votes]]),
      itemsSeen,
      drawScalar: round.random.scalar,
    })[0] as bigint[];
  round.contribute(donor);
  for (const words of order(client(donor.key, lasting, 5n, 1), client(lasting, lasting, 6n, 2)))
    round.publish("relayed", "accepted", words);
  const { items, rules, coordinator } = round.finish();
  return computeOutcome(
    items,
    openBySecret(items, coordinator.secret, rules.ctx),
    rules,
  ).results.map(({ votes }) => votes);
}

/*
 * The attack: the relay, which sees neither plaintext nor key, drops, repeats, reorders, delays or changes messages. It can keep a message
 * from counting, which its sender sees on the chain and mends by sending it himself or through another relay; it can make none count that was not sent.
 */
it("MSG-3 SIG-1 a relay can leave out or spoil, and that shows; it can forge nothing", () => {
  expect(relayed((a, b) => [a, b])).toEqual([6n]);
  expect(relayed((a, b) => [a, a, b, b, a])).toEqual([6n]); // repeated
  expect(relayed((a) => [a])).toEqual([5n]); // the second dropped
  expect(relayed((a, b) => [b, a])).toEqual([5n]); // reordered: the second, signed by a key not yet valid, is void
  expect(relayed((a, b) => [b, a, b])).toEqual([6n]); // and counts when it is sent again
  expect(relayed((_, b) => [b])).toEqual([]);
  for (let word = 2; word < 11; word++) {
    expect(
      relayed((a, b) => [a.with(word, mod((a[word] as bigint) + 1n, P)), b]),
      `word ${word} changed`,
    ).toEqual([]);
  }
});
