import { network } from "hardhat";
import { keccak256, numberToHex, zeroHash, type Hex } from "viem";
import { toReference } from "../../src/metadata/reference.ts";
import type { Snapshot } from "./snapshot.ts";

const BOND = 10n ** 16n;
const PERIOD = 1_000n;
/** Projects in one call of the owner's. */
const BATCH = 100;
const digestOf = (i: number): Hex => keccak256(numberToHex(i));
const payee = (i: number): Hex => numberToHex(0x1000 + i, { size: 20 });

/** What projects cost to bring into a round: each a second one, as the first of anything costs more. */
async function measure(): Promise<Record<string, number>> {
  const { viem, networkHelpers } = await network.create();
  const client = await viem.getPublicClient();
  const [owner, other] = await viem.getWalletClients();
  if (owner === undefined || other === undefined) throw new Error("the network has no accounts");
  const gasOf = async (sending: Promise<Hex>) =>
    Number((await client.getTransactionReceipt({ hash: await sending })).gasUsed);
  const freezeTime = BigInt(await networkHelpers.time.latest()) + 100n * PERIOD;

  const registry = await viem.deployContract("OptimisticRegistry", [
    {
      arbiter: owner.account.address,
      bond: BOND,
      freezeTime,
      challengePeriod: PERIOD,
      rulingPeriod: PERIOD,
      acceptPeriod: PERIOD,
      mostOpen: 100n,
      payeeSetter: owner.account.address,
      nonce: zeroHash,
    },
  ]);
  const submit = (i: number) =>
    gasOf(registry.write.submit([payee(i), digestOf(i), 5n], { value: BOND }));
  const challenge = (i: number) =>
    gasOf(
      registry.write.challenge([BigInt(i), "no such school"], {
        account: other.account,
        value: BOND,
      }),
    );
  const rule = (i: number, accepted: boolean) => gasOf(registry.write.rule([BigInt(i), accepted]));
  const gas: Record<string, number> = {};
  for (const i of [0, 1, 2, 3, 4, 5]) gas["submit"] = await submit(i);
  for (const i of [2, 3, 4, 5]) gas["challenge"] = await challenge(i);
  for (const i of [2, 3]) gas["rule for it"] = await rule(i, true);
  for (const i of [4, 5]) gas["rule against it"] = await rule(i, false);
  await networkHelpers.time.increase(PERIOD);
  for (const i of [0n, 1n]) gas["accept"] = await gasOf(registry.write.accept([i]));
  for (const i of [0n, 1n])
    gas["name a match's payee"] = await gasOf(
      registry.write.setMatchRecipients([[i], [payee(100)]]),
    );
  gas["withdraw"] = await gasOf(registry.write.withdraw([other.account.address]));

  const owned = await viem.deployContract("ProjectRegistry", [
    owner.account.address,
    freezeTime,
    0n,
  ]);
  for (const i of [0, 1])
    gas["owner's registry: submit"] = await gasOf(
      owned.write.submit([payee(i), toReference(digestOf(i))]),
    );
  const all = Array.from({ length: BATCH }, (_, i) => i);
  const added = await gasOf(
    owned.write.addProjects([all.map(payee), all.map((i) => toReference(digestOf(i)))]),
  );
  gas["owner's registry: add, each of 100"] = Math.round(added / BATCH);

  const board = await viem.deployContract("Documents");
  gas["a document of 1,000 bytes"] = await gasOf(
    board.write.publish([[`0x${"61".repeat(1_000)}`]]),
  );
  return gas;
}

export const registryGas: Snapshot = { name: "registry_gas", measure, tolerance: 0.001 };
