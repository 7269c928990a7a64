import type { ReadClient } from "../../chain/client.ts";

/** What a transaction offers a unit of gas, in wei (EIP-1559). */
export type Fees = { readonly maxFee: bigint; readonly priorityFee: bigint };

/** Nodes take a replacement from 10 % more on, of both fees. */
const BUMP_PERCENT = 25n;

/** The fees that the node proposes, or, to replace a transaction, at least a quarter more than it offered; never above the limit. */
export async function feesFor(
  client: ReadClient,
  limit: bigint | undefined,
  replaced?: Fees,
): Promise<Fees> {
  const { maxFeePerGas, maxPriorityFeePerGas } = await client.estimateFeesPerGas();
  const raised = (fee: bigint) => fee + (fee * BUMP_PERCENT) / 100n + 1n;
  const maxFee = replaced === undefined ? maxFeePerGas : max(maxFeePerGas, raised(replaced.maxFee));
  const priorityFee =
    replaced === undefined
      ? maxPriorityFeePerGas
      : max(maxPriorityFeePerGas, raised(replaced.priorityFee));
  const capped = limit !== undefined && maxFee > limit ? limit : maxFee;
  return { maxFee: capped, priorityFee: priorityFee < capped ? priorityFee : capped };
}

const max = (a: bigint, b: bigint): bigint => (a > b ? a : b);
