import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useConfig } from "wagmi";
import type { Address } from "viem";
import { draw, sortitionCheckerAbi } from "../../../../src/index.ts";
import { readClient } from "../../chain/read_client.ts";
import type { RoundView } from "../../chain/round_view.ts";
import { writeClient } from "../../chain/writes.ts";
import { countText, timeText } from "../../format.ts";
import { Button } from "../../ui/button.tsx";
import { Notice, Section } from "../../ui/layout.tsx";
import { ProblemNotice } from "../../ui/problem_notice.tsx";
import { useAction } from "../../ui/use_action.ts";

/** Juries that a round's gate draws by lot: anybody may draw each, once, after its time. */
export function Juries({ view, account }: { view: RoundView; account: Address | undefined }) {
  const { t } = useTranslation();
  const { gate } = view.facts.parts;
  const juries =
    gate.kind === "clauses" ? gate.clauses.flat().filter(({ id }) => id === "sortition") : [];
  if (juries.length === 0) return null;
  return (
    <Section title={t("manage.jury.title")}>
      <div className="space-y-6">
        {juries.map(({ checker, settings }) => (
          <Jury
            key={checker}
            view={view}
            account={account}
            checker={checker}
            settings={settings as readonly [unknown, bigint, bigint, bigint]}
          />
        ))}
      </div>
    </Section>
  );
}

function Jury({
  view: { facts, now },
  account,
  checker,
  settings: [, count, jury, drawTime],
}: {
  view: RoundView;
  account: Address | undefined;
  checker: Address;
  /** Root, entries, size of the jury, second of the draw. */
  settings: readonly [unknown, bigint, bigint, bigint];
}) {
  const { t } = useTranslation();
  const config = useConfig();
  const queries = useQueryClient();
  const queryKey = ["jury", facts.chainId, checker];
  const seed = useQuery({
    queryKey,
    refetchInterval: 15_000,
    queryFn: () =>
      readClient(config, facts.chainId).readContract({
        address: checker,
        abi: sortitionCheckerAbi,
        functionName: "seed",
      }),
  });
  const { run, busy, error } = useAction(async () => {
    await draw(await writeClient(config, facts.chainId, account as Address), checker);
    await queries.invalidateQueries({ queryKey });
  });
  return (
    <div className="measure space-y-3">
      <p>
        {t("manage.jury.is", {
          jury: countText(jury),
          count: countText(count),
          time: timeText(drawTime),
        })}
      </p>
      {seed.data === undefined ? null : seed.data !== 0n ? (
        <Notice tone="good" title={t("manage.jury.drawn")} />
      ) : now <= Number(drawTime) ? (
        <p className="text-soft">{t("manage.jury.ahead")}</p>
      ) : (
        <>
          <p className="text-soft">{t("manage.jury.due")}</p>
          <Button busy={busy} disabled={account === undefined} onClick={() => void run()}>
            {t("manage.jury.draw")}
          </Button>
        </>
      )}
      <ProblemNotice error={error} />
    </div>
  );
}
