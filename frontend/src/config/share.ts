import { isAddressEqual, type Address } from "viem";
import { projectHref, roundHref } from "../router.ts";
import { useSite } from "./site.ts";

/**
 * The address of a round, or of one of its projects, to be given to others: of a page that names it to those that show addresses with a picture and a
 * few words, where the site has one; else the page's own.
 */
export function useShareAddress(chainId: number, round: Address) {
  const { shared = [] } = useSite();
  const entry = shared.find((one) => one.chain === chainId && isAddressEqual(one.round, round));
  return (project?: number): string => {
    const own =
      project === undefined ? roundHref(chainId, round) : projectHref(chainId, round, project);
    const place = `${chainId}/${entry?.round}${project === undefined ? "" : `/${project}`}`;
    const hasPage = entry !== undefined && (project ?? -1) < entry.projects;
    return new URL(hasPage ? `./share/${place}.html` : own, location.href).href;
  };
}
