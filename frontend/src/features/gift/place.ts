import type { OwnContribution, Pending } from "../../../../src/index.ts";
import type { Stage } from "../../chain/phase.ts";
import type { UnderWay } from "../../donor/under_way.ts";

/** Where a donor is with a round, and so what can be done now. */
export type Place =
  /** Not known yet. */
  | { readonly at: "unknown" }
  /** Something sealed lies on this device, and its key is not in this page. */
  | { readonly at: "locked" }
  /** A sealed ballot goes out, with the gift to come or with none. */
  | { readonly at: "underWay"; readonly pending: Pending }
  /** All of it is on the chain for good. */
  | { readonly at: "done"; readonly what: "given" | "changed" }
  | { readonly at: "upcoming" | "closed" | "result" }
  /** Over without a result: what was given comes back. */
  | { readonly at: "void"; readonly own: readonly OwnContribution[] | undefined }
  /** No account is connected: whether it has given cannot be known. */
  | { readonly at: "stranger" }
  | { readonly at: "first" }
  /** The newest last; at least one. */
  | { readonly at: "given"; readonly own: readonly OwnContribution[] };

/**
 * By the device first, for what is sealed has to come to its end, then by the round's stage, then by what the chain shows of the account. `own` is
 * undefined while it is not known, and where no account is connected.
 */
export function findPlace({
  stage,
  underWay,
  isConnected,
  own,
}: {
  readonly stage: Stage;
  readonly underWay: UnderWay | undefined;
  readonly isConnected: boolean;
  readonly own: readonly OwnContribution[] | undefined;
}): Place {
  if (underWay === undefined) return { at: "unknown" };
  if (underWay === "locked") return { at: "locked" };
  if (underWay === "given" || underWay === "changed") return { at: "done", what: underWay };
  if (underWay !== "none") return { at: "underWay", pending: underWay };
  if (stage === "upcoming") return { at: "upcoming" };
  if (stage === "disputable" || stage === "finalized") return { at: "result" };
  if (stage === "counting" || stage === "overdue") return { at: "closed" };
  if (isConnected && own === undefined) return { at: "unknown" };
  if (stage === "aborted" || stage === "cancelled") return { at: "void", own };
  if (own === undefined) return { at: "stranger" };
  return own.length === 0 ? { at: "first" } : { at: "given", own };
}
