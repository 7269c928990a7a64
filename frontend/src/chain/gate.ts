import { isAddressEqual, type Address, type Hex } from "viem";
import { CHECKERS, readGateData, type ReadClient } from "../../../src/index.ts";
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

/** Under which of what a donor types a group's list is. */
export const GROUP = "group";

/** Where this site has the lists of a gate. */
export const listFiles = ({ lists }: SiteChain, gate: Address): readonly string[] =>
  [
    Object.entries(lists ?? {}).find(([address]) =>
      isAddressEqual(address as Address, gate),
    )?.[1] ?? [],
  ].flat();

/** What an account gives the gate; its lists of accounts and members are known where this site has their files, or the donor has given them. */
export async function gateDataFor(
  read: ReadClient,
  chain: SiteChain,
  { gate, tag = 0n, ...donor }: Donor,
): Promise<Hex> {
  const texts = CHECKERS.flatMap(({ id, asks }) =>
    asks === "list" ? (donor.given?.[id] ?? []) : [],
  );
  const lists = await readLists(listFiles(chain, gate), [
    ...texts,
    ...[donor.given?.[GROUP] ?? []].flat(),
  ]);
  return readGateData(read, gate, {
    ...donor,
    tag,
    ...lists,
    // Loaded by members alone.
    proveMembership: async (request) =>
      (await import("../workers/member.ts")).proveInWorker(request),
  });
}

async function readLists(files: readonly string[], texts: readonly string[]) {
  if (files.length + texts.length === 0) return {};
  const { parseGateList } = await import("./allow_list.ts");
  const all = await Promise.all([
    ...files.map(async (file) => {
      const response = await fetch(new URL(file, location.href));
      return parseGateList(new Uint8Array(await response.arrayBuffer()), file);
    }),
    ...texts.map((text) => parseGateList(text, "list")),
  ]);
  return {
    lists: all.flatMap((one) => (one.kind === "accounts" ? [one.entries] : [])),
    groups: all.flatMap((one) => (one.kind === "group" ? [one.members] : [])),
  };
}
