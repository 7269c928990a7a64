import { isAddressEqual, type Address, type Hex } from "viem";
import { readGateData, type ReadClient } from "../../../src/index.ts";
import type { SiteChain } from "../config/site.ts";

type Donor = {
  readonly round: Address;
  readonly gate: Address;
  readonly payer: Address;
  readonly credits: bigint;
  readonly tag?: bigint;
  /** What the donor typed for the gate's checkers, by their kind. */
  readonly given?: Readonly<Record<string, string>>;
};

/** What an account gives the gate; the accounts of its lists are known where this site has their files. */
export async function gateDataFor(
  read: ReadClient,
  { lists }: SiteChain,
  { gate, tag = 0n, ...donor }: Donor,
): Promise<Hex> {
  const files = Object.entries(lists ?? {}).find(([address]) =>
    isAddressEqual(address as Address, gate),
  )?.[1];
  return readGateData(read, gate, { ...donor, tag, lists: await readLists([files ?? []].flat()) });
}

async function readLists(files: readonly string[]) {
  if (files.length === 0) return [];
  const { parseAllowList } = await import("./allow_list.ts");
  return Promise.all(
    files.map(async (file) => {
      const response = await fetch(new URL(file, location.href));
      return parseAllowList(new Uint8Array(await response.arrayBuffer()), file);
    }),
  );
}
