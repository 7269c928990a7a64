import type { ReactNode } from "react";
import { useSiteChain } from "../config/site.ts";

/** An account, a contract or a transaction, which the chain's explorer shows where the site names one. */
export function ExplorerLink({
  chainId,
  of,
  children,
}: {
  chainId: number;
  /** 20 bytes of an address or 32 of a transaction. */
  of: `0x${string}`;
  children: ReactNode;
}) {
  const explorer = useSiteChain(chainId)?.explorer;
  if (explorer === undefined) return children;
  const kind = of.length === 42 ? "address" : "tx";
  return (
    <a
      href={`${explorer.replace(/\/+$/, "")}/${kind}/${of}`}
      target="_blank"
      rel="noopener noreferrer"
      className="text-accent underline underline-offset-4"
    >
      {children}
    </a>
  );
}
