import { isAddressEqual, type Address, type Hex } from "viem";
import { allowListData } from "../../../src/index.ts";
import type { SiteChain } from "../config/site.ts";

/**
 * What an account gives the gate: the proof for an allow-list whose accounts this site knows; nothing for other gates, and an empty proof for
 * who is not listed: the gate then says so.
 */
export async function gateDataFor({ lists }: SiteChain, gate: Address, payer: Address): Promise<Hex> {
  const file = Object.entries(lists ?? {}).find(([address]) => isAddressEqual(address as Address, gate))?.[1];
  if (file === undefined) return "0x";
  const [response, { NotOnAllowListError, parseAllowList }] = await Promise.all([fetch(new URL(file, location.href)), import("./allow_list.ts")]);
  try {
    return parseAllowList(await response.text(), file).gateDataOf(payer);
  } catch (error) {
    if (error instanceof NotOnAllowListError) return allowListData(0n, []);
    throw error;
  }
}
