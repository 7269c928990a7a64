import { useCallback, useEffect, useState } from "react";
import type { Pending, RoundRef } from "../../../src/index.ts";
import { useNeighbours, type News } from "./neighbours.ts";
import { findPending } from "./pending_store.ts";

/** `given` and `changed`: what was on its way here is on the chain for good. */
export type UnderWay = Pending | "locked" | "none" | "given" | "changed";

/**
 * What is on its way in a round, here or in another tab. Nothing is known of it but what the device keeps and the chain shows; `plan` counts the
 * plans that another tab has made void.
 */
export function useUnderWay({ chainId, address }: RoundRef): {
  readonly state: UnderWay | undefined;
  readonly set: (state: UnderWay) => void;
  readonly look: () => Promise<"locked" | "other">;
  readonly plan: number;
} {
  const [state, set] = useState<UnderWay>();
  const [plan, setPlan] = useState(0);
  const look = useCallback(async () => {
    const found = await findPending({ chainId, address }).catch(() => undefined);
    set(found ?? "none");
    return found === "locked" ? "locked" : "other";
  }, [chainId, address]);
  useEffect(() => void look(), [look]);
  // What is shown as sent or done here stays: the chain tells how far it has come.
  const settled = typeof state === "object" || state === "given" || state === "changed";
  const hear = useCallback(
    (news: News) => {
      if (news === "sealed") setPlan((count) => count + 1);
      if (!settled) void look();
    },
    [look, settled],
  );
  useNeighbours({ chainId, address }, hear);
  return { state, set, look, plan };
}
