import { getAddress, type EIP1193Provider } from "viem";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connectRead } from "../../src/chain/client.ts";
import { tellNumbers } from "../../src/chain/list_changes.ts";
import { openArtifacts } from "../../src/proofs/artifacts.ts";
import { releaseProver } from "../../src/proofs/prove.ts";
import { trustedKeys } from "../../src/verify/trusted_keys.ts";
import { NotFinalizedError, verifyRound } from "../../src/verify/verify_round.ts";
import { fromRoot } from "../../scripts/pipeline/paths.ts";
import { CONTRACTS, roundFixture, type Setup } from "../contracts/support/round.ts";
import { finalize, funded, RESULTS } from "../contracts/support/steps.ts";
import { lyingProvider, type Lies } from "../helpers/lying_node.ts";
import { iRoundAbi } from "../../src/chain/generated/abis.ts";

/* REG-4, PHASE-10: who changed the list of projects, and a result that may still be made void. */

type Call = { readonly method: string; readonly params?: readonly unknown[] };
let setup: Setup;
let owner: string;
let editor: string;
const WINDOW = 5_000;

beforeAll(async () => {
  setup = await roundFixture({ settings: { disputeWindow: WINDOW } })();
  const registry = await setup.viem.getContractAt("ProjectRegistry", setup.registry.address);
  [owner, editor] = [setup.deployer, setup.alice].map(({ account }) =>
    getAddress(account.address),
  ) as [string, string];
  await registry.write.setEditor([setup.alice.account.address, true]);
  await registry.write.setEditor([setup.bob.account.address, true]);
  const as = { account: setup.alice.account };
  await registry.write.addProjects([[setup.bob.account.address], ["late"]], as);
  await registry.write.delist([3n], as);
  await funded(setup, 60_000n, 40_000n);
  await finalize(setup, RESULTS);
});
afterAll(releaseProver);

async function verified(
  change: (call: Call, answer: unknown) => unknown = (_, told) => told,
  lies: Lies = {},
) {
  const truth = lyingProvider(setup.provider as unknown as EIP1193Provider, () => lies);
  const request = async (call: Call) => change(call, await truth.request(call as never));
  const artifacts = await openArtifacts(fromRoot("build"));
  return verifyRound({
    client: connectRead({ request } as unknown as EIP1193Provider),
    round: setup.round.address,
    contracts: CONTRACTS,
    keys: (size) => trustedKeys(artifacts, size),
  });
}
const listLine = ({ notChecked }: { readonly notChecked: readonly string[] }) =>
  notChecked.find((line) => line.startsWith("whether projects are"));

describe("REG-4 who changed the list of projects", () => {
  test("each with the projects that it added and withdrew", async () => {
    const report = await verified();
    expect(report.ok).toBe(true);
    expect(report.listChanges).toEqual({
      by: [
        {
          account: expect.stringMatching(new RegExp(owner, "i")) as string,
          added: [0, 1, 2, 3],
          withdrawn: [],
        },
        {
          account: expect.stringMatching(new RegExp(editor, "i")) as string,
          added: [4],
          withdrawn: [3],
        },
      ],
      through: { added: [], withdrawn: [] },
    });
    const line = listLine(report) ?? "";
    expect(line).toContain(`${owner} (owner; added 4: 0-3)`);
    expect(line).toContain(`${editor} (editor; added 1: 4, withdrew 1: 3)`);
    expect(line).toContain("(editor; changed nothing)");
  });

  test("what a node leaves out, or says of a stranger, is not told as somebody's", async () => {
    const silent = await verified(({ method, params }, answer) =>
      method === "eth_getLogs" &&
      (params?.[0] as { address: string }).address.toLowerCase() ===
        setup.registry.address.toLowerCase()
        ? (answer as unknown[]).slice(0, -1)
        : answer,
    );
    expect(silent.listChanges).toBeUndefined();
    expect(listLine(silent)).toContain("which of them did what, this RPC does not tell");
    const from = (address: string) => (call: Call, answer: unknown) =>
      call.method === "eth_getTransactionByHash"
        ? { ...(answer as object), ...{ from: address } }
        : answer;
    const stranger = await verified(from(setup.stranger.account.address));
    expect(stranger.listChanges).toBeUndefined();
    // Of a transaction to another contract the sender need not be who changed the list.
    const safe = await verified((call, answer) =>
      call.method === "eth_getTransactionByHash"
        ? { ...(answer as object), to: setup.stranger.account.address }
        : answer,
    );
    expect(listLine(safe)).toContain(
      "through other contracts, by one of them: added 5: 0-4, withdrew 1: 3",
    );
  });

  test("numbers of projects are told in ranges, and no more than people read", () => {
    expect(tellNumbers(Array.from({ length: 1_000 }, (_, i) => i))).toBe("0-999");
    expect(tellNumbers([0, 1, 5, 7, 8])).toBe("0-1, 5, 7-8");
    expect(tellNumbers(Array.from({ length: 30 }, (_, i) => 2 * i))).toMatch(/^0, 2, .*22, …$/);
  });
});

describe("PHASE-10 a result that may still be made void", () => {
  test("is verified, and named as not final; once it is disputed there is none, whatever the node says of the phase", async () => {
    expect((await verified()).voidableUntil).toBe(BigInt(await setup.round.read.paymentsFrom()));
    await setup.round.write.dispute(["two accounts are one person"], {
      account: setup.guardian.account,
    });
    const FINALIZED = 5;
    await expect(
      verified(undefined, {
        views: [
          {
            address: setup.round.address,
            abi: iRoundAbi,
            functionName: "phase",
            result: FINALIZED,
          },
        ],
      }),
    ).rejects.toThrow(NotFinalizedError);
  });
});
