import { useQuery } from "@tanstack/react-query";
import { useConfig } from "wagmi";
import type { RoundHistory } from "../../../../src/index.ts";
import { readClient } from "../../chain/read_client.ts";
import { useHistory, type ListedProject, type RoundFacts } from "../../chain/reads.ts";
import { nameResults } from "./read_results.ts";

/** The result, read anew when a project has been paid. */
export function useResults(facts: RoundFacts, projects: readonly ListedProject[]) {
  const config = useConfig();
  const history = useHistory(facts, 10_000);
  const data = history.data?.history;
  return useQuery({
    queryKey: ["results", facts.chainId, facts.address, data?.claims.length ?? -1],
    enabled: data?.tally?.finalized !== undefined,
    staleTime: Infinity,
    placeholderData: (previous) => previous,
    queryFn: () =>
      nameResults(readClient(config, facts.chainId), facts, projects, data as RoundHistory),
  });
}
