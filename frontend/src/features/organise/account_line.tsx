import type { ReactNode } from "react";
import { getAddress, type Address } from "viem";
import { Emblem } from "../../ui/emblem.tsx";
import { ExplorerLink } from "../../ui/explorer_link.tsx";

/** An account in full, with its picture: whoever decides about it compares both. */
export function AccountLine({
  chainId,
  account,
  children,
}: {
  chainId: number;
  account: Address;
  /** What it is. */
  children?: ReactNode;
}) {
  return (
    <div className="flex min-w-0 items-center gap-3">
      <Emblem of={account} size={44} className="text-accent" />
      <div className="min-w-0">
        <p className="font-mono text-[0.9rem] wrap-anywhere">
          <ExplorerLink chainId={chainId} of={account}>
            {getAddress(account)}
          </ExplorerLink>
        </p>
        {children !== undefined && <p className="text-[0.87rem] text-soft">{children}</p>}
      </div>
    </div>
  );
}
