import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useConfig } from "wagmi";
import type { Address } from "viem";
import {
  isPinned,
  pinBalances,
  plainText,
  readToken,
  StateAwayError,
} from "../../../../src/index.ts";
import { listCauses } from "../../causes.ts";
import { readClient } from "../../chain/read_client.ts";
import type { RoundView } from "../../chain/round_view.ts";
import { writeClient } from "../../chain/writes.ts";
import { shortAddress } from "../../format.ts";
import { Button } from "../../ui/button.tsx";
import { Notice, Section } from "../../ui/layout.tsx";
import { ProblemNotice } from "../../ui/problem_notice.tsx";
import { useAction } from "../../ui/use_action.ts";

/** Balances that a round's gate goes by: anybody may pin each, once, after its block. */
export function Balances({ view, account }: { view: RoundView; account: Address | undefined }) {
  const { t } = useTranslation();
  const { gate } = view.facts.parts;
  const checkers =
    gate.kind === "clauses" ? gate.clauses.flat().filter(({ id }) => id === "erc20-at-block") : [];
  if (checkers.length === 0) return null;
  return (
    <Section title={t("manage.balances.title")}>
      <div className="space-y-6">
        {checkers.map(({ checker, settings }) => (
          <Balance
            key={checker}
            view={view}
            account={account}
            checker={checker}
            settings={settings as readonly [Address, bigint, bigint, bigint]}
          />
        ))}
      </div>
    </Section>
  );
}

function Balance({
  view: { facts },
  account,
  checker,
  settings: [token, , block],
}: {
  view: RoundView;
  account: Address | undefined;
  checker: Address;
  /** Token, place of its balances, block, units for one credit. */
  settings: readonly [Address, bigint, bigint, bigint];
}) {
  const { t } = useTranslation();
  const config = useConfig();
  const queries = useQueryClient();
  const queryKey = ["balances", facts.chainId, checker];
  const { data } = useQuery({
    queryKey,
    refetchInterval: 15_000,
    queryFn: async () => {
      const read = readClient(config, facts.chainId);
      const [pinned, newest, symbol] = await Promise.all([
        isPinned(read, checker),
        read.getBlockNumber({ cacheTime: 0 }),
        readToken(read, token).then(
          (one) => plainText(one.symbol, 20),
          () => shortAddress(token),
        ),
      ]);
      return { pinned, newest, symbol };
    },
  });
  const { run, busy, error } = useAction(async () => {
    await pinBalances(await writeClient(config, facts.chainId, account as Address), checker);
    await queries.invalidateQueries({ queryKey });
  });
  if (data === undefined) return null;
  const { pinned, newest, symbol } = data;
  return (
    <div className="measure space-y-3">
      <p>{t("manage.balances.is", { symbol, block: String(block) })}</p>
      {pinned ? (
        <Notice tone="good" title={t("manage.balances.pinned")} />
      ) : newest <= block ? (
        <p className="text-soft">{t("manage.balances.ahead")}</p>
      ) : (
        <>
          <p className="text-soft">{t("manage.balances.due")}</p>
          <Button busy={busy} disabled={account === undefined} onClick={() => void run()}>
            {t("manage.balances.pin")}
          </Button>
        </>
      )}
      {listCauses(error).some((one) => one instanceof StateAwayError) ? (
        <Notice tone="bad" live title={t("manage.balances.noState")} />
      ) : (
        <ProblemNotice error={error} />
      )}
    </div>
  );
}
