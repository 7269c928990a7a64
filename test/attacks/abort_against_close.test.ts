import { expect, it } from "vitest";
import { awaitOutcome } from "../contracts/support/reverts.ts";
import { atTime } from "../contracts/support/steps.ts";
import { provedRound, readyToClose } from "./support/proved_round.ts";

/*
 * The attack: at the deadline an abort races with the close, by block order or by a clock that is off by a second. At no second may both
 * succeed, at none may both be refused, and what comes second must fail.
 */
it("PHASE-5 PHASE-6 at each second exactly one of close and abort is possible", async () => {
  const proved = await provedRound();
  const { setup } = proved;
  const calls = await readyToClose(proved);
  const deadline = await setup.round.read.tallyDeadline();
  const ready = await setup.helpers.takeSnapshot();
  const at = async (
    time: bigint,
    first: () => Promise<unknown>,
    second: () => Promise<unknown>,
  ) => {
    await ready.restore();
    await atTime(setup, time);
    const outcome = [(await awaitOutcome(first())).split("(")[0]];
    await atTime(setup, time);
    return [...outcome, (await awaitOutcome(second())).split("(")[0]];
  };
  const abort = () => setup.round.write.abort();
  expect(await at(deadline - 1n, calls.close, abort)).toEqual(["success", "NotLive"]);
  expect(await at(deadline - 1n, abort, calls.close)).toEqual(["OutsideInterval", "success"]);
  expect(await at(deadline, calls.close, abort)).toEqual(["OutsideInterval", "success"]);
  expect(await at(deadline, abort, calls.close)).toEqual(["success", "NotLive"]);
});
