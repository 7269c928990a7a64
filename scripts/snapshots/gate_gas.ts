import { numberToHex, type Hex } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import type { ReadClient } from "../../src/chain/client.ts";
import { deployGate, type GatePlan } from "../../src/chain/deploy.ts";
import { readClauses, readGateData } from "../../src/chain/gate.ts";
import { multiplyBase } from "../../src/crypto/curve.ts";
import { allowListRoot } from "../../src/gates/merkle.ts";
import { exclusionRoot } from "../../src/gates/not_listed.ts";
import { showVoucher, voucherTypedData } from "../../src/gates/voucher.ts";
import { deriveTag } from "../../src/protocol/context.ts";
import { CREDITS, createGasRound, longList, UNIT, type GateMaker } from "./gas_round.ts";
import type { Json, Snapshot } from "./snapshot.ts";

const ISSUER = privateKeyToAccount(numberToHex(0x155e, { size: 32 }));
const MOST = 2n ** 63n;

type Viem = Parameters<GateMaker>[0]["viem"];
type Asked = {
  readonly clause: (viem: Viem, donors: readonly Hex[]) => Promise<GatePlan["clauses"][number]>;
  readonly tokenOf?: (donor: number) => string;
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
};

/** A contribution through each gate, in a round with real verifiers and after another donor's. */
async function measure(): Promise<Json> {
  const gas: Record<string, number> = {};
  for (const [name, asked] of Object.entries(GATES)) gas[name] = await contributeThrough(asked);
  return gas;
}

async function contributeThrough({ clause, tokenOf }: Asked): Promise<number> {
  const make: GateMaker = async ({ viem, writer, list }) => {
    const gate = await deployGate(writer, { clauses: [await clause(viem, list)] });
    const read = writer.read as ReadClient;
    const [own] = (await readClauses(read, gate)) ?? [];
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
          given: {
            voucher: showVoucher(voucher, await ISSUER.signTypedData(voucherTypedData(voucher))),
            ...(tokenOf === undefined ? {} : { erc721: tokenOf(list.indexOf(payer)) }),
          },
        });
      },
    };
  };
  const { round, settings, first, second, makeGateData, measureGas, time } = await createGasRound(
    "large",
    make,
  );
  await time.increaseTo(settings.start);
  const send = async ({ account }: typeof first, secret: bigint) => {
    const key = multiplyBase(secret);
    const tag = deriveTag(account.address, key);
    const data = await makeGateData(account.address, { round: round.address, tag });
    return round.write.contribute([key.x, key.y, CREDITS * UNIT, data], { account });
  };
  await send(first, 11n);
  return measureGas(send(second, 12n));
}

export const gateGas: Snapshot = { name: "gate_gas", measure, tolerance: 0.001 };
