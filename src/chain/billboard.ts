import {
  encodeAbiParameters,
  encodeDeployData,
  isAddressEqual,
  keccak256,
  type Address,
  type Hex,
} from "viem";
import { BaseError } from "../errors.ts";
import { BOUNDED } from "./bounded.ts";
import type { ReadClient, WriteClient } from "./client.ts";
import { create2Address } from "./create2.ts";
import { billboardAbi, iBillboardAbi } from "./generated/abis.ts";
import { readConfig, type Contracts } from "./provenance.ts";
import { ContractRefusedError, isTokenRefusal, send, simulate } from "./send.ts";
import { approve } from "./token.ts";

/** What a billboard is made with (BOARD-1). */
export type BillboardTerms = {
  /** That of the round's pool. */
  readonly token: Address;
  /** Token units of somebody's first minute for an advertisement. */
  readonly price: bigint;
  readonly gate: Address;
  /** The round whose pool gets the proceeds. */
  readonly round: Address;
};

/** An advertisement on a board. */
export type ShownAd = {
  readonly ad: Hex;
  /** The first second at which it is over, if nothing else is bought. */
  readonly end: bigint;
};

/** Minutes that can be bought at once. */
export const MOST_MINUTES = 10_000n;

export class ForeignBillboardError extends BaseError {
  constructor(address: Address) {
    super(`There is no billboard of this version at ${address}.`, {
      fix: "Check the address; pay nothing to what stands there.",
    });
  }
}

/** Init code of a billboard on these terms. */
export function billboardInitCode(
  bytecode: Hex,
  { token, price, gate, round }: BillboardTerms,
): Hex {
  return encodeDeployData({ abi: billboardAbi, bytecode, args: [token, price, gate, round] });
}

/**
 * The terms of a billboard, which its address follows from: what stands there can be nothing else, as with rounds (PROV-1). Its round is one
 * too: whatever is bought is paid to it.
 * @throws ForeignBillboardError, ForeignRoundError, DevelopmentKeysError
 */
export async function readBillboard(
  client: ReadClient,
  address: Address,
  contracts: Contracts,
): Promise<BillboardTerms> {
  const at = { address, abi: iBillboardAbi, ...BOUNDED } as const;
  const read = <T>(view: Promise<T>) =>
    view.catch((cause: unknown) => {
      if (cause instanceof Error && /revert|returned no data|out of bounds/i.test(cause.message))
        throw new ForeignBillboardError(address);
      throw cause;
    });
  const [token, price, gate, round] = await Promise.all([
    read(client.readContract({ ...at, functionName: "token" })),
    read(client.readContract({ ...at, functionName: "price" })),
    read(client.readContract({ ...at, functionName: "gate" })),
    read(client.readContract({ ...at, functionName: "beneficiary" })),
  ]);
  const terms = { token, price, gate, round };
  const own = create2Address(billboardInitCode(contracts.creationCode.billboard, terms));
  if (!isAddressEqual(own, address)) throw new ForeignBillboardError(address);
  await readConfig(client, round, contracts);
  return terms;
}

/** The name that an advertisement has on every billboard: the hash of its content's digest and address. */
export function adId(digest: Hex, uri: string): Hex {
  return keccak256(encodeAbiParameters([{ type: "bytes32" }, { type: "string" }], [digest, uri]));
}

/** price·((m + 1) + … + (m + n)): what `minutes` more cost whoever has bought `before` already (BOARD-2). */
export function adCost(price: bigint, before: bigint, minutes: bigint): bigint {
  return price * (minutes * before + (minutes * (minutes + 1n)) / 2n);
}

/** Makes an advertisement known on a board. @throws ContractRefusedError */
export async function postAd(
  client: WriteClient,
  {
    billboard,
    digest,
    uri,
  }: { readonly billboard: Address; readonly digest: Hex; readonly uri: string },
) {
  const receipt = await send(client, {
    address: billboard,
    abi: iBillboardAbi,
    functionName: "post",
    args: [digest, uri],
  });
  return { receipt, ad: adId(digest, uri) };
}

/** Errors of the board itself: any other but the gate's is the token's, which asks for an allowance. */
const OWN_ERRORS: ReadonlySet<string> = new Set(
  iBillboardAbi.flatMap((item) => (item.type === "error" ? [item.name] : [])),
);

/**
 * Buys minutes for an advertisement, whoever made it; allows the board just what they cost, and nothing where the board would refuse.
 * @throws ContractRefusedError
 */
export async function extendAd(
  client: WriteClient,
  {
    billboard,
    ad,
    minutes,
    gateData = "0x",
  }: {
    readonly billboard: Address;
    readonly ad: Hex;
    readonly minutes: bigint;
    readonly gateData?: Hex;
  },
) {
  const at = { address: billboard, abi: iBillboardAbi } as const;
  const [token, cost] = await Promise.all([
    client.read.readContract({ ...at, functionName: "token" }),
    client.read.readContract({
      ...at,
      functionName: "costOf",
      args: [ad, client.wallet.account.address, minutes],
    }),
  ]);
  const call = { ...at, functionName: "extend", args: [ad, minutes, gateData] } as const;
  await simulate(client, call).catch((error: unknown) => {
    const isToken =
      error instanceof ContractRefusedError &&
      isTokenRefusal(error) &&
      !OWN_ERRORS.has(error.reason);
    if (!isToken) throw error;
  });
  await approve(client, { token, spender: billboard, amount: cost });
  const receipt = await send(client, call);
  return { receipt, cost };
}

/** What is on a board, in the order in which it is shown; the first is shown now. */
export async function readSchedule(
  client: ReadClient,
  billboard: Address,
): Promise<readonly ShownAd[]> {
  const [ads, ends] = await client.readContract({
    address: billboard,
    abi: iBillboardAbi,
    functionName: "schedule",
  });
  return ads.map((ad, i) => ({ ad, end: ends[i] as bigint }));
}

/** Sends what the round gave back to a board on to where the round's own remainder goes (BOARD-4). */
export async function passOn(client: WriteClient, billboard: Address) {
  return send(client, { address: billboard, abi: iBillboardAbi, functionName: "passOn", args: [] });
}
