import {
  encodeAbiParameters,
  getAbiItem,
  getContractAddress,
  isAddressEqual,
  parseAbi,
  type Address,
} from "viem";
import { BOUNDED } from "./bounded.ts";
import { unlessSilent, type ReadClient, type WriteClient } from "./client.ts";
import { SALT } from "./create2.ts";
import {
  iMilestonesAbi,
  instalmentEscrowAbi,
  instalmentEscrowFactoryAbi,
  iOwnedRegistryAbi,
  iProjectRegistryAbi,
} from "./generated/abis.ts";
import { cloneAddress, cloneCode } from "./provenance.ts";
import { send, simulate } from "./send.ts";
import { readBalance } from "./token.ts";

/** What an escrow pays to whom, fixed when it is made (ESCROW-1). */
export type InstalmentTerms = {
  readonly payee: Address;
  /** Who tells whether the project has done what the rest waits for. */
  readonly milestones: Address;
  readonly project: bigint;
  /** The first instalment, in 1/10,000 of all that comes in. */
  readonly firstBps: bigint;
  /** When the rest goes back; seconds since 1970, not before the milestones' freeze. */
  readonly deadline: bigint;
  readonly fallbackTo: Address;
};

/** An escrow of this version's, with what it paid of a token and can pay now, in token units. */
export type Escrow = {
  readonly terms: InstalmentTerms;
  readonly paid: bigint;
  readonly back: bigint;
  readonly duePayee: bigint;
  readonly dueBack: bigint;
  /** What it holds, due or not. */
  readonly held: bigint;
  readonly passed: boolean;
};

/** Escrows made, or payees set, in one transaction: about 130,000 gas each. */
const ESCROWS_PER_CALL = 50;

const [TERMS] = getAbiItem({ abi: instalmentEscrowAbi, name: "terms" }).outputs;

/** Where an escrow with these terms is, or would be: nobody can have put anything else there. */
export function escrowAddress(factory: Address, terms: InstalmentTerms): Address {
  // The factory's constructor makes the implementation, its first contract.
  const implementation = getContractAddress({ from: factory, nonce: 1n });
  const code = cloneCode(implementation, encodeAbiParameters([TERMS], [terms]));
  return cloneAddress({ factory, salt: SALT, code });
}

/** Makes those of these escrows that are not there yet. All are simulated before the first is sent. @throws ContractRefusedError */
export async function makeEscrows(
  client: WriteClient,
  { factory, terms }: { readonly factory: Address; readonly terms: readonly InstalmentTerms[] },
): Promise<readonly Address[]> {
  const calls = inParts(terms).map(
    (some) =>
      ({
        address: factory,
        abi: instalmentEscrowFactoryAbi,
        functionName: "make",
        args: [some],
      }) as const,
  );
  for (const call of calls) await simulate(client, call);
  for (const call of calls) await send(client, call);
  return terms.map((one) => escrowAddress(factory, one));
}

/** Payees of matches, in a registry that the sender owns, or is payee setter of. */
export type MatchPayees = {
  readonly registry: Address;
  readonly payees: readonly { readonly project: bigint; readonly matchRecipient: Address }[];
};

/** Both kinds of registries take payees in the same way, and refuse them with errors of their own. */
const PAYEES_ABI = [
  ...iOwnedRegistryAbi,
  ...parseAbi([
    "error NotPayeeSetter(address account)",
    "error TooLate(uint256 time, uint256 until)",
  ]),
] as const;

const encodePayees = ({ registry, payees }: MatchPayees) =>
  inParts(payees).map(
    (some) =>
      ({
        address: registry,
        abi: PAYEES_ABI,
        functionName: "setMatchRecipients",
        args: [
          some.map(({ project }) => project),
          some.map(({ matchRecipient }) => matchRecipient),
        ],
      }) as const,
  );

/** Whether the registry would take these payees, before what they need is made. @throws ContractRefusedError */
export async function requireSettable(client: WriteClient, request: MatchPayees): Promise<void> {
  for (const call of encodePayees(request)) await simulate(client, call);
}

/** The owner, or the payee setter, names where projects' matches are paid (REG-2, REG-3). @throws ContractRefusedError before anything is sent */
export async function setMatchRecipients(client: WriteClient, request: MatchPayees): Promise<void> {
  await requireSettable(client, request);
  for (const call of encodePayees(request)) await send(client, call);
}

const inParts = <T>(all: readonly T[]): readonly (readonly T[])[] =>
  Array.from({ length: Math.ceil(all.length / ESCROWS_PER_CALL) }, (_, i) =>
    all.slice(i * ESCROWS_PER_CALL, (i + 1) * ESCROWS_PER_CALL),
  );

/** Where each project's match is paid. */
export async function readMatchRecipients(
  client: ReadClient,
  registry: Address,
  projects: readonly number[],
): Promise<readonly Address[]> {
  return Promise.all(
    projects.map((project) =>
      client.readContract({
        address: registry,
        abi: iProjectRegistryAbi,
        functionName: "matchRecipientOf",
        args: [BigInt(project)],
        ...BOUNDED,
      }),
    ),
  );
}

/**
 * The escrow at an address, as far as one of this version's is there: its address tells its terms. Undefined for anything else, and where its
 * milestones do not answer: anybody makes such escrows, and they pay nobody.
 */
export async function readEscrow(
  client: ReadClient,
  { factory, address, token }: Readonly<Record<"factory" | "address" | "token", Address>>,
): Promise<Escrow | undefined> {
  const at = { address, abi: instalmentEscrowAbi, ...BOUNDED } as const;
  const terms = await client.readContract({ ...at, functionName: "terms" }).catch(unlessSilent);
  if (terms === undefined || !isAddressEqual(escrowAddress(factory, terms), address))
    return undefined;
  const passed = await client
    .readContract({
      address: terms.milestones,
      abi: iMilestonesAbi,
      functionName: "passed",
      args: [terms.project],
      ...BOUNDED,
    })
    .catch(unlessSilent);
  if (passed === undefined) return undefined;
  // They may answer one and not the other.
  const [account, held] = await Promise.all([
    client.readContract({ ...at, functionName: "account", args: [token] }).catch(unlessSilent),
    readBalance(client, token, address),
  ]);
  if (account === undefined) return undefined;
  const [paid, back, duePayee, dueBack] = account;
  return { terms, paid, back, duePayee, dueBack, held, passed };
}

/** Pays a project what is due to it, or gives the rest back (ESCROW-1). Anyone may. */
export async function releaseEscrow(
  client: WriteClient,
  {
    address,
    token,
    to,
  }: { readonly address: Address; readonly token: Address; readonly to: "payee" | "back" },
) {
  return send(client, {
    address,
    abi: instalmentEscrowAbi,
    functionName: to === "payee" ? "release" : "giveBack",
    args: [token],
  });
}
