import { useQuery } from "@tanstack/react-query";
import { useConfig } from "wagmi";
import { zeroAddress, type Address } from "viem";
import { identifyQualifier, readEscrowed, type EscrowedProject } from "../../../src/index.ts";
import { useSiteChain, wholeContracts, type SiteChain } from "../config/site.ts";
import { readClient } from "./read_client.ts";
import type { RoundFacts } from "./reads.ts";
import type { RoundPanel } from "./reviews.ts";

/**
 * Those of these projects whose matches are paid in instalments (ESCROW-1); none in a round without a pool. With `recipients`, the payout addresses
 * of all projects, these are not asked for again; where some are still to come, nothing is.
 */
export function useEscrowed(
  { chainId, settings }: RoundFacts,
  projects: readonly number[],
  recipients?: readonly Address[],
) {
  const config = useConfig();
  const chain = useSiteChain(chainId);
  const { registry, poolToken: token } = settings;
  // Those of a list that has grown are its first ones until all are there.
  const isComing = recipients && projects.some((project) => recipients[project] === undefined);
  return useQuery({
    queryKey: ["escrowed", chainId, registry, token, projects],
    enabled: chain !== undefined && token !== zeroAddress && isComing !== true,
    ...(recipients === undefined ? { refetchInterval: 30_000 } : { staleTime: 60_000 }),
    queryFn: () =>
      readEscrowed(readClient(config, chainId), {
        registry,
        factory: (chain as SiteChain).contracts.escrowFactory,
        token,
        projects,
        recipients: recipients && projects.map((project) => recipients[project] as Address),
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
