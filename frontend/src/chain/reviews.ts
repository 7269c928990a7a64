import { useQuery } from "@tanstack/react-query";
import { useConfig } from "wagmi";
import { readReviews, type Qualifier } from "../../../src/index.ts";
import { readClient } from "./read_client.ts";
import type { RoundView } from "./round_view.ts";
import type { RoundFacts } from "./reads.ts";

export type RoundPanel = Extract<Qualifier, { readonly kind: "reviews" }>;

/** A round in which reviewers speak, and whether their last word is spoken. */
export type ReviewedIn = Pick<RoundView, "facts" | "projects"> & { readonly isFinal: boolean };

export const reviewedIn = ({ facts, projects, now }: RoundView): ReviewedIn => ({
  facts,
  projects,
  isFinal: BigInt(now) >= (panelOf(facts)?.freezeTime ?? 0n),
});

/** The panel whose reviews decide which projects can have a match (PAYOUT-4); undefined where there is none of this version's. */
export function panelOf({
  parts: { payoutRule: rule },
}: Pick<RoundFacts, "parts">): RoundPanel | undefined {
  const condition = rule.kind === "known" ? rule.condition : undefined;
  return condition?.kind === "reviews" ? condition : undefined;
}

/** What a panel, where there is one, says of all projects of a round, which are `count`. */
export function useReviews({ chainId }: RoundFacts, panel: RoundPanel | undefined, count: number) {
  const config = useConfig();
  return useQuery({
    queryKey: ["reviews", chainId, panel?.address, count],
    enabled: panel !== undefined,
    refetchInterval: 15_000,
    queryFn: () => {
      const { address, reviewers } = panel as RoundPanel;
      return readReviews(readClient(config, chainId), address, { reviewers }, count);
    },
  });
}
