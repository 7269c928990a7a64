import { isAddressEqual, type Address } from "viem";
import { readHistory } from "../../../src/chain/read_history.ts";
import { devnetAddress } from "../../../src/devnet/chain.ts";
import { deriveContext } from "../../../src/protocol/context.ts";
import { listItems } from "../../../src/protocol/item.ts";
import { computeOutcome } from "../../../src/round/semantics.ts";
import { openBySecret } from "../../helpers/open.ts";
import type { TestSite } from "./site.ts";

/** What a donor's ballot says, by the rules themselves. */
export async function readBallot(
  { chain, coordinator }: TestSite,
  round: Address,
  name: string,
): Promise<ReadonlyMap<number, bigint>> {
  const { history } = await readHistory(chain.read, round, { from: 0n });
  const ctx = deriveContext({ chainId: 31337, address: round });
  const items = listItems(history.links);
  const { donors } = computeOutcome(items, openBySecret(items, coordinator.secret, ctx), {
    projects: 1_000,
    signs: false,
    ctx,
  });
  const tag = [...history.payers].find(([, payer]) =>
    isAddressEqual(payer, devnetAddress(name)),
  )?.[0];
  return donors.get(tag as bigint)?.ballot ?? new Map();
}
