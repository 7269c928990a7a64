import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useConfig } from "wagmi";
import { isAddressEqual, type Address } from "viem";
import { readMatchRecipients } from "../../../../src/index.ts";
import { useAccountText } from "../../chain/account_text.ts";
import { readClient } from "../../chain/read_client.ts";
import type { RoundFacts } from "../../chain/reads.ts";

/** Where a project's money goes: what donors gave, and its match, which may go to an escrow (ESCROW-1). */
export function Payees({
  facts: { chainId, settings },
  project,
  recipient,
}: {
  facts: RoundFacts;
  project: number;
  recipient: Address | undefined;
}) {
  const { t } = useTranslation();
  const config = useConfig();
  const account = useAccountText();
  const { data: matchRecipient } = useQuery({
    queryKey: ["match recipient", chainId, settings.registry, project],
    queryFn: async () =>
      (await readMatchRecipients(readClient(config, chainId), settings.registry, [project]))[0],
  });
  // Nothing is said before both are known.
  if (recipient === undefined || matchRecipient === undefined) return null;
  return (
    <p className="break-all">
      {isAddressEqual(recipient, matchRecipient)
        ? account(recipient, "whole")
        : t("results.paidApart", { recipient: account(recipient, "whole"), matchRecipient })}
    </p>
  );
}
