import { useTranslation } from "react-i18next";
import type { RoundView } from "../../chain/round_view.ts";
import { download } from "../../download.ts";
import { roundHref } from "../../router.ts";
import { dateText } from "../../format.ts";
import { ProblemNotice } from "../../ui/problem_notice.tsx";
import { useAction } from "../../ui/use_action.ts";

const [HOUR, DAY] = [3_600, 86_400];

/** The days of a round that are still to come, as a file for the calendar that the visitor uses: no calendar's maker is told. */
export default function AddToCalendar({
  facts: { chainId, address, settings },
  progress,
  stage,
  now,
  name = undefined,
}: RoundView & { name: string | undefined }) {
  const { t } = useTranslation();
  const title = name ?? t("round.name", { date: dateText(settings.start) });
  const { run, error } = useAction(async () => {
    const { formatCalendar } = await import("../../calendar.ts");
    const url = new URL(roundHref(chainId, address), location.href).href;
    const [start, end, due] = [
      Number(settings.start),
      Number(settings.end),
      Number(progress.deadline),
    ];
    const days = [
      { kind: "opens", at: start, until: start + HOUR },
      { kind: "lastDay", at: end - HOUR, until: end, remind: DAY },
      { kind: "result", at: due, until: due + HOUR },
    ] as const;
    const file = formatCalendar(
      title,
      url,
      days
        .filter(({ kind, at, until }) => (kind === "opens" ? at : until) > now)
        .map(({ kind, ...time }) => ({
          id: `${kind}-${chainId}-${address}@tacit`,
          title: t(`calendar.${kind}.title`, { name: title }),
          text: t(`calendar.${kind}.text`),
          ...time,
        })),
      now,
    );
    download(`round-${address.slice(0, 10)}.ics`, "text/calendar", file);
  });
  if (stage !== "upcoming" && stage !== "open" && stage !== "counting") return null;
  return (
    <div>
      <button
        type="button"
        onClick={() => void run()}
        className="min-h-11 py-2.5 text-accent underline underline-offset-4"
      >
        {t("calendar.add")}
      </button>
      <ProblemNotice error={error} />
    </div>
  );
}
