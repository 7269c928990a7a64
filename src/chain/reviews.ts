import type { Address, Hex } from "viem";
import { BOUNDED } from "./bounded.ts";
import type { ReadClient, WriteClient } from "./client.ts";
import { reviewsAbi } from "./generated/abis.ts";
import { isEligibleIn } from "./history.ts";
import type { Panel } from "./qualifier.ts";
import { send } from "./send.ts";

/** What a panel says of one project (REVIEW-1). */
export type Reviewed = {
  readonly project: number;
  /** By place in the panel: the ratio in thousandths; undefined for a reviewer that has not spoken. */
  readonly ratios: readonly (bigint | undefined)[];
  /** The lower median of what was said, in thousandths; undefined where nobody has spoken. */
  readonly median: bigint | undefined;
  readonly qualified: boolean;
};

/** What a reviewer says of one project. */
export type Review = {
  readonly project: number;
  /** In thousandths, below 2^32. */
  readonly sroiMilli: number;
  /** SHA-256 of a report; 32 zero bytes for none. */
  readonly reportDigest: Hex;
};

/** In one transaction: about 60,000 gas each. */
const REVIEWS_PER_CALL = 100;

/** Projects that a node is asked about at once: about 9,000 gas each (BOUNDED). */
const PROJECTS_PER_VIEW = 64;

/**
 * Says what projects are worth, or says it anew (REVIEW-1); only for a reviewer of the panel. A hundred projects a transaction, and each of them whole
 * or not at all; `onSaid` is told how many are on the chain.
 * @throws ContractRefusedError
 */
export async function review(
  client: WriteClient,
  { reviews, all }: { readonly reviews: Address; readonly all: readonly Review[] },
  onSaid: (count: number) => void = () => undefined,
): Promise<void> {
  for (let from = 0; from < all.length; from += REVIEWS_PER_CALL) {
    const some = all.slice(from, from + REVIEWS_PER_CALL);
    await send(client, {
      address: reviews,
      abi: reviewsAbi,
      functionName: "review",
      args: [some.map((one) => ({ ...one, project: BigInt(one.project) }))],
    });
    onSaid(from + some.length);
  }
}

/** What a panel says of projects 0 to count - 1. */
export async function readReviews(
  client: ReadClient,
  reviews: Address,
  { reviewers }: Pick<Panel, "reviewers">,
  count: number,
): Promise<readonly Reviewed[]> {
  const at = { address: reviews, abi: reviewsAbi, ...BOUNDED } as const;
  const parts = await Promise.all(
    Array.from({ length: Math.ceil(count / PROJECTS_PER_VIEW) }, async (_, part) => {
      const first = part * PROJECTS_PER_VIEW;
      const projects = Array.from(
        { length: Math.min(PROJECTS_PER_VIEW, count - first) },
        (__, i) => first + i,
      );
      const [bits, all] = await Promise.all([
        client.readContract({ ...at, functionName: "qualified", args: [BigInt(first >> 8)] }),
        client.readContract({ ...at, functionName: "reviewsOf", args: [projects.map(BigInt)] }),
      ]);
      return projects.map((project, i): Reviewed => {
        const ratios = reviewers.map((__, place) => {
          const value = all[i]?.[place] ?? 0;
          return value === 0 ? undefined : BigInt(value) - 1n;
        });
        return {
          project,
          ratios,
          median: lowerMedian(ratios.filter((ratio) => ratio !== undefined)),
          qualified: isEligibleIn(() => bits, project & 255),
        };
      });
    }),
  );
  return parts.flat();
}

/** Of an even number the smaller of the two in the middle; undefined for none. */
export function lowerMedian(values: readonly bigint[]): bigint | undefined {
  const sorted = values.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  return sorted[Math.floor((sorted.length - 1) / 2)];
}
