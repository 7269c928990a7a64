import { isAddressEqual, type Address, type Hex } from "viem";
import { readGateData, type ReadClient } from "../../../src/index.ts";
import type { SiteChain } from "../config/site.ts";

type Donor = {
  readonly round: Address;
  readonly gate: Address;
  readonly payer: Address;
  readonly credits: bigint;
  readonly tag?: bigint;
};

/** What an account gives the gate; an allow-list's accounts are known where this site has its file. */
export async function gateDataFor(
  read: ReadClient,
  { lists }: SiteChain,
  { gate, tag = 0n, ...donor }: Donor,
): Promise<Hex> {
  const file = Object.entries(lists ?? {}).find(([address]) =>
    isAddressEqual(address as Address, gate),
  )?.[1];
  if (file === undefined) return readGateData(read, gate, { ...donor, tag });
  const [response, { parseAllowList }] = await Promise.all([
    fetch(new URL(file, location.href)),
    import("./allow_list.ts"),
  ]);
  return readGateData(read, gate, {
    ...donor,
    tag,
    allowList: parseAllowList(new Uint8Array(await response.arrayBuffer()), file),
  });
}
