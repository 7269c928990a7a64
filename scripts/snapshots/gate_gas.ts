import { Identity } from "@semaphore-protocol/identity";
import { numberToHex, zeroHash, type Hex } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import type { ReadClient, WriteClient } from "../../src/chain/client.ts";
import { deployGate } from "../../src/chain/deploy.ts";
import type { GatePlan } from "../../src/chain/deploy_parts.ts";
import { readClauses, readGateData } from "../../src/chain/gate.ts";
import { pinBalances } from "../../src/chain/pin_balances.ts";
import { membershipFiles } from "../../src/cli/membership_files.ts";
import { multiplyBase } from "../../src/crypto/curve.ts";
import { allowListRoot } from "../../src/gates/merkle.ts";
import { exclusionRoot } from "../../src/gates/not_listed.ts";
import { showVoucher, voucherTypedData } from "../../src/gates/voucher.ts";
import { proveMembership } from "../../src/proofs/membership.ts";
import { groupRoot } from "../../src/protocol/group.ts";
import { deployAttestations } from "./attestations.ts";
import { createGasRound, CREDITS, longList, type GateMaker } from "./gas_round.ts";
import type { Json, Snapshot } from "./snapshot.ts";

const ISSUER = privateKeyToAccount(numberToHex(0x155e, { size: 32 }));
const MOST = 2n ** 63n;
/** Members of the group: as many as the lists have accounts. */
const MEMBERS = Array.from({ length: 2_000 }, (_, i) => new Identity(`member ${i}`));
const GROUP = MEMBERS.map(({ commitment }) => commitment);
/** Holders of the token whose balances are proved; twice as many take a node more in some proofs. */
const HOLDERS = 250;
const ATTESTED = new Map<Hex, Hex>();

type Viem = Parameters<GateMaker>[0]["viem"];
type Asked = {
  readonly clause: (viem: Viem, donors: readonly Hex[]) => Promise<GatePlan["clauses"][number]>;
  readonly tokenOf?: (donor: number) => string;
  /** What the donor's attestation is called. */
  readonly attested?: Map<Hex, Hex>;
  /** Done when the gate is there. */
  readonly after?: (writer: WriteClient, checker: Hex) => Promise<unknown>;
};

const member = (donors: readonly Hex[]) => ({
  id: "merkle",
  settings: [allowListRoot(longList(donors))],
});
/** Accounts that do not give, in as long a list. */
const excluded = longList([]);

const GATES: Readonly<Record<string, Asked>> = {
  merkle: { clause: async (_, donors) => [member(donors)] },
  "merkle and not-listed": {
    clause: async (_, donors) => [
      member(donors),
      { id: "not-listed", settings: [exclusionRoot(excluded)] },
    ],
  },
  "merkle and plain-account": {
    clause: async (_, donors) => [member(donors), { id: "plain-account", settings: [] }],
  },
  voucher: { clause: async () => [{ id: "voucher", settings: [ISSUER.address] }] },
  erc721: {
    clause: async (viem, donors) => {
      const token = await viem.deployContract("TestMembership");
      for (const [i, donor] of donors.entries()) await token.write.mint([donor, BigInt(i)]);
      return [{ id: "erc721", settings: [token.address, MOST] }];
    },
    tokenOf: String,
  },
  votes: {
    clause: async (viem, donors) => {
      const token = await viem.deployContract("TestVotesToken");
      const wallets = await viem.getWalletClients();
      for (const donor of donors) {
        const wallet = wallets.find(({ account }) => account.address === donor);
        await token.write.mint([donor, CREDITS * 10n]);
        await token.write.delegate([donor], { account: wallet?.account as never });
      }
      const timepoint = await (await viem.getPublicClient()).getBlockNumber();
      await token.write.mint([ISSUER.address, 1n]);
      return [{ id: "votes", settings: [token.address, timepoint, 1n] }];
    },
  },
  semaphore: {
    clause: async () => [{ id: "semaphore", settings: [groupRoot(GROUP), MOST] }],
  },
  eas: {
    attested: ATTESTED,
    clause: async (viem, donors) => {
      const [attester] = await viem.getWalletClients();
      const service = await deployAttestations(viem);
      const schema = await service.register("bytes32 person");
      for (const recipient of donors)
        ATTESTED.set(
          recipient,
          await service.attest(attester as NonNullable<typeof attester>, {
            schema,
            recipient,
            data: zeroHash,
          }),
        );
      return [
        {
          id: "eas",
          settings: [service.address, schema, attester?.account.address, false, MOST],
        },
      ];
    },
  },
  "erc20-at-block": {
    clause: async (viem, donors) => {
      const token = await viem.deployContract("TestToken");
      for (const holder of longList(donors).slice(0, HOLDERS))
        await token.write.mint([holder.account, CREDITS * 10n]);
      const block = await (await viem.getPublicClient()).getBlockNumber();
      await token.write.mint([ISSUER.address, 1n]);
      return [{ id: "erc20-at-block", settings: [token.address, 0n, block, 1n] }];
    },
    after: pinBalances,
  },
};

/** A contribution through each gate, in a round with real verifiers and after another donor's. */
async function measure(): Promise<Json> {
  const gas: Record<string, number> = {};
  for (const [name, asked] of Object.entries(GATES)) gas[name] = await contributeThrough(asked);
  return gas;
}

async function contributeThrough({ clause, tokenOf, attested, after }: Asked): Promise<number> {
  const make: GateMaker = async ({ viem, writer, list }) => {
    const gate = await deployGate(writer, { clauses: [await clause(viem, list)] });
    const read = writer.read as ReadClient;
    const [own] = (await readClauses(read, gate)) ?? [];
    await after?.(writer, own?.[0]?.checker ?? gate);
    return {
      gate,
      makeGateData: async (payer, { round, tag }) => {
        const voucher = {
          chainId: 31337,
          checker: own?.[0]?.checker ?? gate,
          round,
          nullifier: numberToHex(tag, { size: 32 }),
          tag,
          maxCredits: MOST,
          notAfter: 2n ** 40n,
        };
        return readGateData(read, gate, {
          round,
          payer,
          tag,
          credits: CREDITS,
          lists: [longList(list), excluded],
          groups: [GROUP],
          proveMembership: async (request) => proveMembership(await membershipFiles(), request),
          given: {
            voucher: showVoucher(voucher, await ISSUER.signTypedData(voucherTypedData(voucher))),
            semaphore: (MEMBERS[list.indexOf(payer)] as Identity).export(),
            ...(attested === undefined ? {} : { eas: attested.get(payer) as Hex }),
            ...(tokenOf === undefined ? {} : { erc721: tokenOf(list.indexOf(payer)) }),
          },
        });
      },
    };
  };
  const { settings, first, second, contribute, measureGas, time } = await createGasRound(
    "large",
    make,
  );
  await time.increaseTo(settings.start);
  await contribute(first, multiplyBase(11n));
  return measureGas(contribute(second, multiplyBase(12n)));
}

export const gateGas: Snapshot = { name: "gate_gas", measure, tolerance: 0.001 };
