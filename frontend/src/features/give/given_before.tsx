import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useConfig } from "wagmi";
import { getAbiItem, type Address } from "viem";
import {
  iRoundAbi,
  listContributions,
  readHistory,
  type ReadClient,
} from "../../../../src/index.ts";
import { readClient } from "../../chain/read_client.ts";
import type { RoundFacts } from "../../chain/reads.ts";
import { amountText } from "../../format.ts";
import { roundHref } from "../../router.ts";
import { LinkButton } from "../../ui/button.tsx";
import { Notice } from "../../ui/layout.tsx";

const CONTRIBUTED = getAbiItem({ abi: iRoundAbi, name: "Contributed" });
const TOPPED_UP = getAbiItem({ abi: iRoundAbi, name: "ToppedUp" });

/** The credits of each of an account's gifts, top-ups included: only its own events are asked for. */
async function readOwn(read: ReadClient, payer: Address, { address, block }: RoundFacts) {
  const gifts = await read.getLogs({
    address,
    event: CONTRIBUTED,
    args: { payer },
    fromBlock: block,
    strict: true,
  });
  if (gifts.length === 0) return [];
  const credits = new Map(gifts.map(({ args }) => [args.tag, args.credits]));
  const more = await read.getLogs({
    address,
    event: TOPPED_UP,
    args: { tag: [...credits.keys()] },
    fromBlock: block,
    strict: true,
  });
  for (const { args } of more) credits.set(args.tag, args.credits); // in chain order, each the new credits in all
  return [...credits.values()];
}

/** Whoever has given may have come to change or to raise that gift, which is done elsewhere: a second one has a key and a ballot of its own. */
export function GivenBefore({
  facts,
  account,
}: {
  facts: RoundFacts;
  account: Address | undefined;
}) {
  const { t } = useTranslation();
  const config = useConfig();
  const { chainId, address: round, block, settings, token } = facts;
  const { data: credits } = useQuery({
    queryKey: ["given before", chainId, round, account],
    enabled: account !== undefined,
    retry: false,
    queryFn: async () => {
      const read = readClient(config, chainId);
      const payer = account as Address;
      // A node may refuse to look through so many blocks at once.
      const own = await readOwn(read, payer, facts).catch(async () =>
        listContributions((await readHistory(read, round, { from: block })).history, payer).map(
          ({ credits }) => credits,
        ),
      );
      return own.reduce((sum, one) => sum + one, 0n);
    },
  });
  if (credits === undefined || credits === 0n) return null;
  return (
    <Notice title={t("give.before", { amount: amountText(credits * settings.unit, token, 6) })}>
      <p className="mb-3">{t("give.beforeHelp")}</p>
      <LinkButton look="outline" href={roundHref(chainId, round, "change")}>
        {t("views.change")}
      </LinkButton>
    </Notice>
  );
}
