import type { ReadClient } from "../../chain/client.ts";

/** What a transaction offers a unit of gas, in wei (EIP-1559). On a chain without that both are its gas price. */
export type Fees = { readonly maxFee: bigint; readonly priorityFee: bigint };

/** The fees of a chain now, and whether its blocks have a base fee; those that have none take no other transactions than legacy ones. */
export type ChainFees = Fees & { readonly isLegacy: boolean };

/** Nodes take a replacement from 10 % more on, of both fees. */
const BUMP_PERCENT = 25n;

/** The fees that the node proposes, or, to replace a transaction, at least a quarter more than it offered; never above the limit. */
export async function feesFor(
  client: ReadClient,
  limit: bigint | undefined,
  replaced?: Fees,
): Promise<ChainFees> {
  const { isLegacy, ...proposed } = await proposedFees(client);
  const raised = (fee: bigint) => fee + (fee * BUMP_PERCENT) / 100n + 1n;
  const maxFee =
    replaced === undefined ? proposed.maxFee : max(proposed.maxFee, raised(replaced.maxFee));
  const priorityFee =
    replaced === undefined
      ? proposed.priorityFee
      : max(proposed.priorityFee, raised(replaced.priorityFee));
  const capped = limit !== undefined && maxFee > limit ? limit : maxFee;
  return { maxFee: capped, priorityFee: priorityFee < capped ? priorityFee : capped, isLegacy };
}

async function proposedFees(client: ReadClient): Promise<ChainFees> {
  const { baseFeePerGas } = await client.getBlock();
  if (baseFeePerGas === null) {
    const gasPrice = await client.getGasPrice();
    return { maxFee: gasPrice, priorityFee: gasPrice, isLegacy: true };
  }
  const { maxFeePerGas, maxPriorityFeePerGas } = await client.estimateFeesPerGas();
  return { maxFee: maxFeePerGas, priorityFee: maxPriorityFeePerGas, isLegacy: false };
}

const max = (a: bigint, b: bigint): bigint => (a > b ? a : b);
