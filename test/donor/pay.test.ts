import type { Hex } from "viem";
import { expect, test } from "vitest";
import type { WriteClient } from "../../src/chain/client.ts";
import { NotSentError, TransactionFailedError, UnsettledError } from "../../src/chain/fate.ts";
import { payIn, type PayStep } from "../../src/donor/pay.ts";
import { roundFixture, UNIT } from "../contracts/support/round.ts";
import { atTime, makeKey, readLinks } from "../contracts/support/steps.ts";

const load = roundFixture();
const HASH: Hex = `0x${"12".repeat(32)}`;
const AMOUNT = 9n * UNIT;

/** What a wallet that takes calls together (EIP-5792) says of them: status below 200 while it waits, 200 mined, from 400 failed. */
type Told = {
  readonly status: "pending" | "success" | "failure";
  readonly statusCode: number;
  readonly receipts?: readonly { readonly transactionHash: Hex; readonly blockNumber: bigint }[];
};

/** A donor with tokens and no allowance, in an open round, whose wallet takes calls together and then says `told` of them. */
async function donorTold(told: Told | Error, declines?: { readonly code: number }) {
  const setup = await load();
  const { round, token, stranger, publicClient, start } = setup;
  await token.write.mint([stranger.account.address, 100n * UNIT]);
  await atTime(setup, start);
  await setup.helpers.mine();
  const wallet = {
    ...stranger,
    getCapabilities: async () => ({ atomic: { status: "supported" } }),
    sendCalls: async ({ calls }: { calls: readonly { to: Hex; data: Hex }[] }) => {
      if (declines !== undefined) throw Object.assign(new Error("no"), declines);
      if (!(told instanceof Error) && told.status === "success")
        for (const { to, data } of calls) await stranger.sendTransaction({ to, data });
      return { id: "calls 1" };
    },
    waitForCallsStatus: async () => {
      if (told instanceof Error) throw told;
      return told;
    },
  };
  const client = { read: publicClient, wallet, chainId: 31337 } as unknown as WriteClient;
  const { x, y } = makeKey(5);
  const steps: PayStep[] = [];
  const pay = () =>
    payIn(client, {
      round: round.address,
      token: token.address,
      amount: AMOUNT,
      by: "token",
      call: { functionName: "contribute", args: [x, y, AMOUNT, "0x"] },
      onStep: (step) => steps.push(step),
    });
  return { setup, pay, steps };
}
const receipts = [{ transactionHash: HASH, blockNumber: 7n }];

test("calls that a wallet takes together allow and pay in one step", async () => {
  const { setup, pay, steps } = await donorTold({ status: "success", statusCode: 200, receipts });
  expect(await pay()).toMatchObject({ transactionHash: HASH });
  expect(steps).toEqual(["together"]);
  expect(await readLinks(setup)).toMatchObject([{ kind: "contribution", credits: 9n }]);
});

test.each([
  ["reverted", { status: "failure", statusCode: 500, receipts }, TransactionFailedError],
  ["gave up before they were sent", { status: "failure", statusCode: 400 }, NotSentError],
  ["still has", { status: "pending", statusCode: 100 }, UnsettledError],
  ["will not speak of", new Error("unknown bundle"), UnsettledError],
] as const)(
  "calls that a wallet %s are told as what they are, and are not sent one by one",
  async (_, told, kind) => {
    const { setup, pay, steps } = await donorTold(told);
    await expect(pay()).rejects.toThrow(kind);
    expect(steps).toEqual(["together"]);
    expect(await readLinks(setup)).toEqual([]);
  },
);

test("a wallet that would rather have them one by one gets them so; its owner's no is a no", async () => {
  const told = { status: "success", statusCode: 200 } as const;
  const declining = await donorTold(told, { code: 5750 });
  await declining.pay();
  expect(declining.steps).toEqual(["together", "approving", "paying"]);
  expect(await readLinks(declining.setup)).toMatchObject([{ credits: 9n }]);

  const refusing = await donorTold(told, { code: 4001 });
  await expect(refusing.pay()).rejects.toMatchObject({ code: 4001 });
  expect(refusing.steps).toEqual(["together"]);
  expect(await readLinks(refusing.setup)).toEqual([]);
});
