import { expect, it } from "vitest";
import { hashLeaf, computePath } from "../contracts/support/reference.ts";
import { awaitOutcome } from "../contracts/support/reverts.ts";
import { makeRecipient, roundFixture, UNIT } from "../contracts/support/round.ts";
import { balance, finalize, funded, RESULTS } from "../contracts/support/steps.ts";

/** What the round promises to a rule for one match: two million of gas. */
const APPETITE = 2_000_000n;
const PORTION = 600n;

/*
 * The attack: anybody may claim for anybody, and a rule that fails counts as a match of 0. A rival claims for a project with so little gas
 * that the rule runs out of it and the rest of the claim does not; the match would be lost for ever.
 */
it("MONEY-8 MONEY-5 no amount of gas makes a claim succeed without its match", async () => {
  const setup = await roundFixture({ payout: "HungryPayout" })();
  const rule = await setup.viem.getContractAt("HungryPayout", setup.payout.address);
  await rule.write.feed([APPETITE, PORTION]);
  await funded(setup, 10_000n, 0n);
  await finalize(setup, RESULTS);
  // Everything that the claim touches is warm, and the payee has a balance: what remains to be paid after the rule is as little as it gets.
  await setup.token.write.mint([makeRecipient(0), 1n]);
  const accessList = [setup.token, setup.registry, setup.payout].map(({ address }) => ({
    address,
    storageKeys: [],
  }));
  const path = computePath(RESULTS.map(hashLeaf), 0);
  const ready = await setup.helpers.takeSnapshot();

  const outcomes: string[] = [];
  for (const gas of [200_000n, 2_050_000n, 2_085_000n, 2_150_000n]) {
    await ready.restore();
    const outcome = await awaitOutcome(
      setup.round.write.claim([0n, 6n, 20n, path], {
        account: setup.stranger.account,
        gas,
        accessList,
      }),
    );
    outcomes.push(
      outcome === "success"
        ? `paid ${(await balance(setup, makeRecipient(0))) - 1n}`
        : (outcome.split("(")[0] as string),
    );
  }
  expect(new Set(outcomes)).toEqual(new Set(["TooLittleGas", `paid ${20n * UNIT + PORTION}`]));
});
