import { expect, it } from "vitest";
import { computeOutcome } from "../../src/round/semantics.ts";
import { RoundBuilder } from "../helpers/round_builder.ts";
import { expectRevert } from "../contracts/support/reverts.ts";
import { roundFixture, UNIT } from "../contracts/support/round.ts";
import { atTime, contribute } from "../contracts/support/steps.ts";
import { openBySecret } from "../helpers/open.ts";

/*
 * The attack: a donor under pressure shows a ballot that costs more than the credits, knowing that it is void. The coercer notices and
 * tops the contribution up, and the decoy counts. So only the payer tops up.
 */
it("PHASE-3 SEM-9 nobody but the payer makes an overspending decoy valid", async () => {
  const setup = await roundFixture()();
  await atTime(setup, setup.start);
  const tag = await contribute(setup, setup.alice, 1, 50n);
  for (const { account } of [setup.bob, setup.stranger, setup.coordinator, setup.organiser]) {
    await expectRevert(setup.round.write.topUp([tag, 50n * UNIT, "0x"], { account }), "NotPayer");
  }
  expect((await setup.round.read.donors([tag])).credits).toBe(50n);

  const round = new RoundBuilder({ seed: "decoy", projects: 10 });
  const donor = round.actor("Donor", 50n);
  round.contribute(donor);
  round.send(donor, "the decoy", "over budget (SEM-9)", { ballot: new Map([[9, 10n]]) });
  const { items, rules, coordinator } = round.finish();
  expect(
    computeOutcome(items, openBySecret(items, coordinator.secret, rules.ctx), rules).results,
  ).toEqual([]);
});

it("PHASE-3 not claimed: the payer's own top-up revives the payer's own decoy", () => {
  const round = new RoundBuilder({ seed: "decoy", projects: 10 });
  const donor = round.actor("Donor", 50n);
  round.contribute(donor);
  round.send(donor, "the decoy", "accepted", { ballot: new Map([[9, 10n]]) });
  round.topUp(donor, 50n);
  const { items, rules, coordinator } = round.finish();
  expect(
    computeOutcome(items, openBySecret(items, coordinator.secret, rules.ctx), rules).results,
  ).toEqual([{ project: 9, votes: 10n, credits: 100n }]);
});
