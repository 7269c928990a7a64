import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { RoundView } from "../../chain/round_view.ts";
import { Button } from "../../ui/button.tsx";
import { Notice } from "../../ui/layout.tsx";
import { ProblemNotice } from "../../ui/problem_notice.tsx";
import { useAction } from "../../ui/use_action.ts";

/** On the development chain everybody may move time forward: to the round's opening, its end, or past the count. */
export function SandboxClock({ view: { facts, progress, stage } }: { view: RoundView }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const { run, busy, error } = useAction(async (to: bigint) => {
    const response = await fetch("./sandbox/warp", {
      method: "POST",
      body: JSON.stringify({ to: Number(to) }),
    });
    if (!response.ok) throw new TypeError("failed to fetch");
    await queries.invalidateQueries();
  });
  const next = {
    upcoming: facts.settings.start,
    open: facts.settings.end,
    counting: progress.deadline,
  }[stage as "open"];
  if (next === undefined) return null;
  return (
    <div className="mb-8">
      <Notice title={t("sandbox.clock")}>
        <p className="mb-3">{t("sandbox.clockHelp")}</p>
        <Button look="outline" busy={busy} onClick={() => void run(next)}>
          {t(`sandbox.skip.${stage as "open"}`)}
        </Button>
        <ProblemNotice error={error} />
      </Notice>
    </div>
  );
}
