import { useQuery } from "@tanstack/react-query";
import { useConfig } from "wagmi";
import { zeroAddress } from "viem";
import { identifyQualifier, readEscrowed, type EscrowedProject } from "../../../src/index.ts";
import { useSiteChain, wholeContracts, type SiteChain } from "../config/site.ts";
import { readClient } from "./read_client.ts";
import type { RoundFacts } from "./reads.ts";
import type { RoundPanel } from "./reviews.ts";

/** Those of these projects whose matches are paid in instalments (ESCROW-1); none in a round without a pool. */
export function useEscrowed({ chainId, settings }: RoundFacts, projects: readonly number[]) {
  const config = useConfig();
  const chain = useSiteChain(chainId);
  const { registry, poolToken: token } = settings;
  return useQuery({
    queryKey: ["escrowed", chainId, registry, token, projects],
    enabled: chain !== undefined && token !== zeroAddress,
    refetchInterval: 30_000,
    queryFn: () =>
      readEscrowed(readClient(config, chainId), {
        registry,
        factory: (chain as SiteChain).contracts.escrowFactory,
        token,
        projects,
      }),
  });
}

/** The panels of reviewers that decide about second instalments. */
export function useMilestonePanels(
  { chainId }: RoundFacts,
  escrowed: readonly EscrowedProject[] | undefined,
) {
  const config = useConfig();
  const chain = useSiteChain(chainId);
  const all = [...new Set(escrowed?.map(({ escrow }) => escrow.terms.milestones))];
  return useQuery({
    queryKey: ["milestone panels", chainId, all],
    enabled: chain !== undefined && all.length > 0,
    staleTime: Infinity,
    queryFn: async (): Promise<readonly RoundPanel[]> => {
      const { creationCode } = await wholeContracts(chain as SiteChain);
      const read = readClient(config, chainId);
      const found = await Promise.all(
        all.map((address) => identifyQualifier(read, address, creationCode.reviews)),
      );
      return found.flatMap((one) => (one.kind === "reviews" ? [one] : []));
    },
  });
}
