import { expect, it } from "vitest";
import { iRoundAbi } from "../../src/chain/generated/abis.ts";
import { computeOutcome } from "../../src/round/semantics.ts";
import { RoundBuilder } from "../helpers/round_builder.ts";
import { openBySecret } from "../helpers/open.ts";

/**
 * A donor shows a briber a message signed by the first key, with plaintext and ephemeral secret. The briber has pinned the chain and
 * can rebuild it. `hidden`: what the donor sent before, from nowhere that the briber can name.
 */
function shown(hidden: boolean) {
  const round = new RoundBuilder({ seed: "receipt", projects: 10 });
  const donor = round.actor("Donor", 100n);
  const first = donor.key;
  round.send(
    donor,
    "somebody's message, seen as random words",
    "accepted",
    hidden
      ? { newKey: round.keyPair(), ballot: new Map([[1, 10n]]) }
      : { signer: round.keyPair(), tag: 1n },
  );
  round.contribute(donor);
  donor.key = first;
  round.send(donor, "the message that is shown", hidden ? "signature (SEM-4)" : "accepted", {
    signer: first,
    ballot: new Map([[8, 10n]]),
  });
  const { items, rules, coordinator, messages } = round.finish();
  return {
    results: computeOutcome(items, openBySecret(items, coordinator.secret, rules.ctx), rules)
      .results,
    opened: messages[1]!.words,
  };
}

/*
 * The attack: a contribution and a first ballot in one transaction are a receipt, as nothing before can have voided what is shown. So
 * the client never bundles: it rotates first, from elsewhere, and only then contributes. With one unknown message before the
 * contribution, the very same opened message is consistent with either outcome.
 */
it("P3 what a donor opens does not tell whether it counted, as long as there is one message before that the briber cannot name", () => {
  const [honest, obedient] = [shown(true), shown(false)];
  expect(honest.results).toEqual([{ project: 1, votes: 10n, credits: 100n }]);
  expect(obedient.results).toEqual([{ project: 8, votes: 10n, credits: 100n }]);
  expect(honest.opened.length).toBe(obedient.opened.length);
});

it("P3 the contract does not offer to bundle: contributing carries no message, and there is no multicall", () => {
  const inputs = iRoundAbi
    .filter(({ type }) => type === "function")
    .flatMap((f) =>
      "inputs" in f && f.name === "contribute" ? f.inputs.map(({ name }) => name) : [],
    );
  expect(inputs).toEqual(["keyX", "keyY", "amount", "gateData"]);
  expect(iRoundAbi.some((f) => "name" in f && /multicall/i.test(f.name))).toBe(false);
});
