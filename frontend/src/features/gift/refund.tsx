import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useAccount, useConfig } from "wagmi";
import type { Address } from "viem";
import { iRoundAbi, refund, type OwnContribution } from "../../../../src/index.ts";
import { readClient } from "../../chain/read_client.ts";
import type { RoundFacts } from "../../chain/reads.ts";
import { writeClient } from "../../chain/writes.ts";
import { amountText } from "../../format.ts";
import { Button } from "../../ui/button.tsx";
import { Notice } from "../../ui/layout.tsx";
import { ProblemNotice } from "../../ui/problem_notice.tsx";
import { useAction } from "../../ui/use_action.ts";

/** Every contribution of an aborted or cancelled round goes back to the account that made it, whoever asks for it. */
export function Refund({ facts, own }: { facts: RoundFacts; own: readonly OwnContribution[] }) {
  const { t } = useTranslation();
  const config = useConfig();
  const { address } = useAccount();
  const { data: refunded, refetch } = useQuery({
    queryKey: ["refunded", facts.chainId, facts.address, own.map(({ tag }) => String(tag)).join()],
    queryFn: async () => {
      const read = readClient(config, facts.chainId);
      return Promise.all(
        own.map(
          async ({ tag }) =>
            (
              await read.readContract({
                address: facts.address,
                abi: iRoundAbi,
                functionName: "donors",
                args: [tag],
              })
            ).refunded,
        ),
      );
    },
  });
  const { run, busy, error } = useAction(async (tag: bigint) => {
    await refund(await writeClient(config, facts.chainId, address as Address), {
      round: facts.address,
      tag,
    });
    await refetch();
  });
  return (
    <div className="measure space-y-5">
      <h2 className="text-[1.6rem]">{t("refund.title")}</h2>
      <p className="text-soft">{t("refund.explain")}</p>
      <ul className="space-y-3">
        {own.map(({ tag, credits }, i) => (
          <li
            key={String(tag)}
            className="flex flex-wrap items-center justify-between gap-3 rounded-card border border-line bg-raise p-5"
          >
            <span className="figure text-[1.3rem]">
              {amountText(credits * facts.settings.unit, facts.token, 6)}
            </span>
            {refunded?.[i] === true ? (
              <Notice tone="good" live title={t("refund.done")} />
            ) : (
              <Button busy={busy} onClick={() => void run(tag)}>
                {t("refund.do")}
              </Button>
            )}
          </li>
        ))}
      </ul>
      <ProblemNotice error={error} />
    </div>
  );
}
