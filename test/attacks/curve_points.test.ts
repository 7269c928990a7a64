import { expect, it } from "vitest";
import { computeOutcome } from "../../src/round/semantics.ts";
import { hostileRound, unpublishableMessages, UNACCEPTABLE } from "../helpers/hostile.ts";
import { awaitOutcome } from "../contracts/support/reverts.ts";
import { roundFixture, UNIT } from "../contracts/support/round.ts";
import { atTime, type MessageWords } from "../contracts/support/steps.ts";
import { openBySecret } from "../helpers/open.ts";

/*
 * The attack that froze a live system of this kind: one point off the curve, of small order, or with coordinates beyond p, for which the
 * circuit has no witness. Every such point is refused at the door; those with torsion that pass it have a witness (test/circuits) and a verdict.
 */
it("KEY-1 MSG-1 P4 off-curve, low-order and aliased points are refused as R and as key", async () => {
  const setup = await roundFixture()();
  await atTime(setup, setup.start);
  for (const { name, words } of unpublishableMessages()) {
    const outcome = await awaitOutcome(
      setup.round.write.publish([words as unknown as MessageWords]),
    );
    expect(outcome, name).toMatch(/^(UnacceptablePoint|NotAWord)\(/);
  }
  for (const { name, point } of UNACCEPTABLE) {
    expect(
      await awaitOutcome(
        setup.round.write.contribute([point.x, point.y, UNIT, "0x"], {
          account: setup.alice.account,
        }),
      ),
      name,
    ).toMatch(/^UnacceptablePoint\(/);
  }
  expect(await setup.round.read.items()).toBe(0);
});

it("SEM-4 SEM-5 mixed-order R, keys and new keys have exactly the verdict written down for them", () => {
  const round = hostileRound();
  const { verdicts } = computeOutcome(
    round.items,
    openBySecret(round.items, round.coordinator.secret, round.rules.ctx),
    round.rules,
  );
  const about = round.messages.filter(({ label }) =>
    /torsion|order|off the curve|= -?B|-R\b/.test(label),
  );
  expect(about.length).toBeGreaterThan(20);
  expect(about.map(({ t }) => verdicts.get(t))).toEqual(about.map(({ expected }) => expected));
});
