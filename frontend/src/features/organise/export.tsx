import { useTranslation } from "react-i18next";
import { formatUnits } from "viem";
import { formatCsv, type RoundEvent } from "../../../../src/index.ts";
import type { RoundView } from "../../chain/round_view.ts";
import { download, formatJson } from "../../download.ts";
import { Button } from "../../ui/button.tsx";

/** A gift as everyone can see it. `credits` with what was added later; `block` is where it was first made. */
export type Gift = {
  readonly tag: bigint;
  readonly account: string;
  readonly block: bigint;
  readonly credits: bigint;
};

export function listGifts(events: readonly RoundEvent[]): readonly Gift[] {
  const gifts = new Map<bigint, Gift>();
  for (const { eventName, args, blockNumber } of events) {
    if (eventName === "Contributed")
      gifts.set(args.tag, {
        tag: args.tag,
        account: args.payer,
        block: blockNumber,
        credits: args.credits,
      });
    const before = eventName === "ToppedUp" ? gifts.get(args.tag) : undefined;
    if (eventName === "ToppedUp" && before !== undefined)
      gifts.set(args.tag, { ...before, credits: args.credits });
  }
  return [...gifts.values()];
}

/** What the chain shows about a round, to keep or to count with: gifts and projects, and no ballot. */
export function ExportRound({
  view: { facts, progress, projects, recipients },
  events,
}: {
  view: RoundView;
  events: readonly RoundEvent[];
}) {
  const { t } = useTranslation();
  const { chainId, address, settings, token } = facts;
  const csv = () => {
    const lines = listGifts(events).map(({ tag, account, block, credits }) => [
      tag,
      account,
      block,
      credits,
      formatUnits(credits * settings.unit, token.decimals),
    ]);
    download(
      `tacit-${address}-gifts.csv`,
      "text/csv",
      formatCsv(["tag", "account", "block", "credits", "amount"], lines),
    );
  };
  const json = () => {
    const listed = projects.map(({ index, name, eligible }) => ({
      index,
      name,
      recipient: recipients[index],
      eligible,
    }));
    const { phase, pool, contributions, totalCredits } = progress;
    const messages = events.filter(({ eventName }) => eventName === "MessagePublished").length;
    const content = {
      chainId,
      round: address,
      settings,
      token,
      phase,
      pool,
      contributions,
      totalCredits,
      messages,
      gifts: listGifts(events),
      projects: listed,
    };
    download(`tacit-${address}-round.json`, "application/json", formatJson(content));
  };
  return (
    <div className="mt-6 space-y-3">
      <p className="text-[0.9rem] text-soft">{t("manage.data")}</p>
      <div className="flex flex-wrap gap-3">
        <Button look="outline" onClick={csv}>
          {t("manage.giftsCsv")}
        </Button>
        <Button look="outline" onClick={json}>
          {t("manage.json")}
        </Button>
      </div>
    </div>
  );
}
