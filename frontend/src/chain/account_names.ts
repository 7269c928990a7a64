import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useContext } from "react";
import { useConfig } from "wagmi";
import { zeroAddress, type Address } from "viem";
import { useSiteChain, type SiteChain } from "../config/site.ts";
import { AccountNames } from "./account_text.ts";
import { looksNamesUp, nameService, namesOn } from "./name_chain.ts";
import type { RoundFacts } from "./reads.ts";

/**
 * The names of these accounts, each asked for once. Give all that are listed, never those alone that a visitor looks at: what the node is asked
 * must not tell what that is.
 */
export function useAccountNames(
  chainId: number,
  accounts: readonly Address[] | undefined,
): ReadonlyMap<Address, string> {
  const config = useConfig();
  const chain = useSiteChain(chainId);
  const all = [...new Set(accounts)].filter((one) => one !== zeroAddress).sort();
  const { data } = useQuery({
    queryKey: ["account names", chainId, all],
    enabled: all.length > 0 && chain !== undefined && looksNamesUp(chain),
    staleTime: Infinity,
    retry: false, // a page without names is whole
    placeholderData: keepPreviousData,
    queryFn: async () =>
      (await nameService()).readPrimaryNames(namesOn(config, chain as SiteChain), all),
  });
  const known = useContext(AccountNames);
  return data === undefined ? known : new Map([...known, ...data]);
}

/** Who runs a round. */
export const accountsOf = ({ settings }: RoundFacts): readonly Address[] => [
  settings.organiser,
  settings.coordinator,
  settings.guardian,
  settings.remainderTo,
];
