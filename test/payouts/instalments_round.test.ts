import type { Address, EIP1193Provider } from "viem";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { WriteClient } from "../../src/chain/client.ts";
import { deployEscrowFactory } from "../../src/chain/deploy.ts";
import { makeEscrows, setMatchRecipients } from "../../src/chain/escrow.ts";
import { serveRpc, type RpcServer } from "../../src/devnet/rpc_server.ts";
import { makeRecipient, roundFixture, UNIT, type Setup } from "../contracts/support/round.ts";
import { balance, claim, finalize, funded, RESULTS } from "../contracts/support/steps.ts";
import { tacit, tacitJson } from "../helpers/cli.ts";
import { readTruth, verifiedBy } from "../verify/support/told_round.ts";

// A finished round whose first project has its match in instalments. Weights 16, 12, 0.

const load = roundFixture({ payout: { paySurplus: true } });
const BACK: Address = `0x${"bb".repeat(20)}`;
let setup: Setup;
let node: RpcServer;
let escrow: Address;

beforeAll(async () => {
  setup = await load();
  const writer = {
    read: setup.publicClient,
    wallet: setup.deployer,
    chainId: 31337,
  } as unknown as WriteClient;
  const milestones = await setup.viem.deployContract("ToyQualifier", [setup.end + 1_000n]);
  const factory = await deployEscrowFactory(writer);
  [escrow] = (await makeEscrows(writer, {
    factory,
    terms: [
      {
        payee: makeRecipient(0),
        milestones: milestones.address,
        project: 0n,
        firstBps: 2_500n,
        deadline: setup.end + 100_000n,
        fallbackTo: BACK,
      },
    ],
  })) as [Address];
  await setMatchRecipients(writer, {
    registry: setup.registry.address,
    payees: [{ project: 0n, matchRecipient: escrow }],
  });
  await funded(setup, 28_000n, 0n);
  await finalize(setup, RESULTS);
  node = await serveRpc(setup.provider as unknown as EIP1193Provider, 19_246);
}, 60_000);
afterAll(async () => node.close());

test("MONEY-12 ESCROW-1 the match goes to the escrow, what donors gave to the project; verify finds it so, and status tells what is released", async () => {
  const status = ["status", "--rpc", node.url, "--round", setup.round.address];
  expect(await tacitJson(status)).toMatchObject({ instalments: null });
  for (const place of [0, 1]) await claim(setup, RESULTS, place);
  expect(await balance(setup, escrow)).toBe(16_000n);
  expect(await balance(setup, makeRecipient(0))).toBe(20n * UNIT);
  expect(await tacitJson(status)).toMatchObject({
    instalments: [{ project: 0, escrow, paid: "0", back: "0", held: "16000" }],
  });
  const contract = await setup.viem.getContractAt("InstalmentEscrow", escrow);
  await contract.write.release([setup.token.address]);
  expect(await balance(setup, makeRecipient(0))).toBe(20n * UNIT + 4_000n);
  expect(await tacitJson(status)).toMatchObject({ instalments: [{ paid: "4000", held: "12000" }] });
  expect((await tacit(status)).out).toContain("One match is paid in instalments:");
  const { provider } = await readTruth(setup);
  expect(await verifiedBy(provider, setup.round.address, {})).toMatchObject({ ok: true });
});
