import { parseEventLogs } from "viem";
import { describe, expect, test } from "vitest";
import type { WriteClient } from "../../src/chain/client.ts";
import { iRoundAbi } from "../../src/chain/generated/abis.ts";
import { claimProjects, type ClaimsRequest } from "../../src/donor/claim_project.ts";
import { MOST_TRANSACTION_GAS } from "../../src/params.ts";
import { makeRecipient, roundFixture, UNIT, type Setup } from "../contracts/support/round.ts";
import { balance, finalize, funded, RESULTS } from "../contracts/support/steps.ts";

const MANY = 12;
const many = Array.from({ length: MANY }, (_, project) => ({ project, votes: 2n, credits: 4n }));
const all = Array.from({ length: MANY }, (_, place) => place);

const strangerOf = ({ publicClient, stranger }: Setup) =>
  ({ read: publicClient, wallet: stranger, chainId: 31337 }) as unknown as WriteClient;

/** A node that finds too much gas for more than eight claims, and lets no call for more than four have enough. */
const strainedStrangerOf = (setup: Setup): WriteClient => {
  const client = strangerOf(setup);
  const { estimateContractGas, simulateContract } = client.read;
  const strained = async (call: { readonly args: readonly [readonly unknown[]] }) => {
    if (call.args[0].length > 8) return MOST_TRANSACTION_GAS;
    if (call.args[0].length > 4) await simulateContract({ ...call, gas: 1_000_000n } as never);
    return estimateContractGas(call as never);
  };
  return { ...client, read: { ...client.read, estimateContractGas: strained as never } };
};

/** The projects that each call of the stranger has paid. */
async function paidByCall({ publicClient, round, stranger }: Setup): Promise<bigint[][]> {
  const raw = await publicClient.getLogs({ address: round.address, fromBlock: 0n });
  const logs = parseEventLogs({ abi: iRoundAbi, logs: raw, eventName: "Claimed" });
  const calls = [...Map.groupBy(logs, ({ transactionHash }) => transactionHash)];
  for (const [hash] of calls) {
    const { from, gas } = await publicClient.getTransaction({ hash });
    expect(from).toBe(stranger.account.address);
    expect(gas <= MOST_TRANSACTION_GAS).toBe(true);
  }
  return calls.map(([, events]) => events.map(({ args }) => args.project));
}

describe("payments that take more gas than a transaction may have", () => {
  const load = roundFixture({ projects: MANY });
  async function finalized() {
    const setup = await load();
    await funded(setup, 0n, 0n);
    await finalize(setup, many);
    return setup;
  }
  const heldByProjects = (setup: Setup) =>
    Promise.all(all.map((project) => balance(setup, makeRecipient(project))));
  const due = all.map(() => 4n * UNIT);
  const request = (setup: Setup): ClaimsRequest => ({
    round: setup.round.address,
    results: many.map(({ project, votes, credits }) => ({ project, votes, credits })),
    places: all,
  });

  test("MONEY-13 go in several calls, in the list's order, each told once it is mined", async () => {
    const setup = await finalized();
    const told: bigint[] = [];
    const { paid, skipped } = await claimProjects(strainedStrangerOf(setup), {
      ...request(setup),
      onPaid: ({ project }) => told.push(project),
    });
    expect(skipped).toEqual([]);
    expect(told).toEqual(all.map(BigInt));
    expect(paid.map(({ project }) => project)).toEqual(told);
    const calls = await paidByCall(setup);
    expect(calls.map(({ length }) => length)).toEqual([3, 3, 3, 3]);
    expect(calls.flat()).toEqual(told);
    expect(await heldByProjects(setup)).toEqual(due);
  }, 120_000);

  test("MONEY-13 stopped between two calls they go on: what is paid is told, and is named, not paid, by the next", async () => {
    const setup = await finalized();
    const client = strainedStrangerOf(setup);
    let sent = 0;
    const wallet = {
      ...client.wallet,
      sendTransaction: async (transaction: never) => {
        if (sent++ > 0) throw new Error("connection reset");
        return client.wallet.sendTransaction(transaction);
      },
    } as unknown as WriteClient["wallet"];
    const told: bigint[] = [];
    await expect(
      claimProjects(
        { ...client, wallet },
        { ...request(setup), onPaid: ({ project }) => told.push(project) },
      ),
    ).rejects.toMatchObject({ fate: { state: "perhapsSent" } });
    expect(told).toEqual((await paidByCall(setup)).flat());
    expect(told).toEqual([0n, 1n, 2n]);

    const { paid, skipped } = await claimProjects(client, request(setup));
    expect(skipped).toEqual(told.map((project) => ({ project, reason: "NotClaimable" })));
    expect([...told, ...paid.map(({ project }) => project)]).toEqual(all.map(BigInt));
    expect(await heldByProjects(setup)).toEqual(due);
  }, 120_000);
});

describe("a project that cannot be paid", () => {
  const load = roundFixture({ token: "OddToken" });

  test("MONEY-13 is named with the reason beside others; alone it is refused, but one that somebody else has paid may be skipped", async () => {
    const setup = await load();
    const token = await setup.viem.getContractAt("OddToken", setup.token.address);
    await funded(setup, 50_001n, 0n);
    await finalize(setup, RESULTS);
    const client = strangerOf(setup);
    const told: bigint[] = [];
    const claimAt = (places: readonly number[], skipPaid = false) =>
      claimProjects(client, {
        round: setup.round.address,
        results: RESULTS.map(({ project, votes, credits }) => ({ project, votes, credits })),
        places,
        skipPaid,
        onPaid: ({ project }) => told.push(project),
      });
    await token.write.refusePayee([makeRecipient(1), true]);
    const { paid, skipped } = await claimAt([0, 1, 2]);
    expect(paid.map(({ project }) => project)).toEqual([0n, 2n]);
    expect(skipped).toEqual([{ project: 1n, reason: expect.any(String) }]);
    expect(told).toEqual([0n, 2n]);
    for (const skipPaid of [false, true])
      await expect(claimAt([1], skipPaid)).rejects.toThrow(/refuses claim/);
    await expect(claimAt([0])).rejects.toThrow(/NotClaimable/);
    expect(await claimAt([0], true)).toEqual({
      paid: [],
      skipped: [{ project: 0n, reason: "NotClaimable" }],
    });
    await token.write.refusePayee([makeRecipient(1), false]);
    expect((await claimAt([1])).paid.map(({ project }) => project)).toEqual([1n]);
    expect(told).toEqual([0n, 2n, 1n]);
  }, 120_000);
});
