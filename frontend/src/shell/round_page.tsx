import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { getAddress, type Address } from "viem";
import { useNow, useProgress, useProjects, useRound, useRoundText } from "../chain/reads.ts";
import { findStage } from "../chain/phase.ts";
import type { RoundView } from "../chain/round_view.ts";
import { useSiteChain, type SiteChain } from "../config/site.ts";
import { useForgetfulCart } from "../donor/cart.ts";
import { dateText, durationText, shortAddress, timeText } from "../format.ts";
import { roundHref, type RoundPage as View } from "../router.ts";
import { Button } from "../ui/button.tsx";
import { Notice, PageTitle, Placeholder } from "../ui/layout.tsx";
import { problemText } from "../ui/problem.ts";
import { Emblem } from "../ui/emblem.tsx";
import { useTitle } from "../ui/title.ts";
import { Clock } from "./clock.tsx";
import { ProjectsView } from "../features/round/projects_view.tsx";

const ChainNotice = lazy(() => import("../wallet/chain_notice.tsx"));
const GivePage = lazy(() => import("../features/give/give_page.tsx"));
const ChangePage = lazy(() => import("../features/change/change_page.tsx"));
const ResultsPage = lazy(() => import("../features/results/results_page.tsx"));
const VerifyPage = lazy(() => import("../features/verify/verify_page.tsx"));
const ManagePage = lazy(() => import("../features/organise/manage_page.tsx"));

type Place = { chainId: number; round: Address; view: View | undefined };

export default function RoundPage(place: Place) {
  const { t } = useTranslation();
  // Of a chain that this site does not know nothing can be asked.
  if (useSiteChain(place.chainId) === undefined)
    return (
      <PageTitle lead={t("round.foreignChainHelp", { chain: place.chainId })}>
        {t("round.foreignChain")}
      </PageTitle>
    );
  return <KnownChainRound {...place} />;
}

function KnownChainRound({ chainId, round: typed, view: asked }: Place) {
  const round = getAddress(typed);
  const { t } = useTranslation();
  const chain = useSiteChain(chainId) as SiteChain;
  const facts = useRound(chainId, round);
  const progress = useProgress(chainId, round);
  const projects = useProjects(chainId, facts.data?.settings.registry);
  const now = useNow(progress.data?.blockTime);
  const text = useRoundText(facts.data);
  const name =
    facts.data === undefined
      ? shortAddress(round)
      : (text?.name ?? t("round.name", { date: dateText(facts.data.settings.start) }));
  useTitle(name, ...(asked === undefined ? [] : [t(`views.${asked}`)]));
  useForgetfulCart({ chainId, address: round }, progress.data?.phase);
  const failed =
    facts.error ??
    (progress.data === undefined ? progress.error : null) ??
    (projects.data === undefined ? projects.error : null);
  if (failed !== null) {
    const again = () => void Promise.all([facts.refetch(), progress.refetch(), projects.refetch()]);
    return (
      <Notice tone="bad" live title={problemText(failed, t).title}>
        <p>{problemText(failed, t).help}</p>
        <Button
          look="outline"
          className="mt-3"
          busy={facts.isFetching || progress.isFetching}
          onClick={again}
        >
          {t("common.retry")}
        </Button>
      </Notice>
    );
  }
  if (facts.data === undefined || progress.data === undefined || projects.data === undefined)
    return <Placeholder label={t("common.loading")} lines={9} />;
  const stage = findStage(facts.data, progress.data, now);
  const isOver = stage === "finalized" || stage === "disputable";
  const view = asked ?? (isOver ? "results" : "projects");
  const shown: RoundView = {
    facts: facts.data,
    progress: progress.data,
    projects: projects.data.list,
    stage,
    now,
  };
  return (
    <>
      <Head {...shown} view={view} name={name} />
      {progress.data.cancelFrom > 0n &&
        (stage === "open" || stage === "upcoming") &&
        view !== "organise" && (
          <div className="mb-8">
            <Notice title={t("round.cancelling.title")}>
              {t("round.cancelling.help", { time: timeText(progress.data.cancelFrom) })}
            </Notice>
          </div>
        )}
      {projects.data.nameless && view !== "verify" && (
        <div className="mb-8">
          <Notice title={t("projects.nameless")}>{t("projects.namelessHelp")}</Notice>
        </div>
      )}
      <Suspense fallback={<Placeholder label={t("common.loading")} lines={6} />}>
        {view !== "projects" && view !== "verify" && <ChainNotice chain={chain} />}
        {view === "projects" && <ProjectsView {...shown} />}
        {view === "give" && <GivePage {...shown} />}
        {view === "change" && <ChangePage {...shown} />}
        {view === "results" && <ResultsPage {...shown} />}
        {view === "verify" && <VerifyPage {...shown} />}
        {view === "organise" && <ManagePage {...shown} />}
      </Suspense>
    </>
  );
}

function Head({
  facts,
  progress,
  stage,
  now,
  view,
  name,
}: RoundView & { view: View; name: string }) {
  const { t } = useTranslation();
  const { chainId, address, settings } = facts;
  const left =
    stage === "open" && (view === "give" || view === "change")
      ? Number(settings.end) - now
      : undefined;
  const views: readonly View[] =
    stage === "finalized" || stage === "disputable"
      ? ["results", "verify", "projects", "organise"]
      : ["projects", "change", "organise", ...(stage === "upcoming" ? [] : (["results"] as const))];
  return (
    <header className="mb-9">
      <div className="flex items-center gap-4 sm:gap-6">
        <Emblem of={address} size={76} className="hidden text-accent sm:block" />
        <div className="min-w-0">
          <p className="eyebrow mb-1">
            {t(`stage.${stage}`)}
            {left !== undefined && <> · {t("round.left", { time: durationText(left) })}</>}
          </p>
          <h1
            id="page-title"
            tabIndex={-1}
            className="text-[1.85rem] leading-[1.12] wrap-anywhere outline-none sm:text-[2.7rem]"
          >
            {name}
          </h1>
        </div>
      </div>
      {/* Who is on the way to give has seen the numbers, and a phone has little room. */}
      {view !== "give" && view !== "change" && (
        <Clock facts={facts} progress={progress} stage={stage} now={now} />
      )}
      <nav
        aria-label={t("round.views")}
        className="mt-5 flex justify-between overflow-x-auto border-b border-line sm:justify-start sm:gap-1"
      >
        {views.map((name) => (
          <a
            key={name}
            href={roundHref(chainId, address, name)}
            aria-current={view === name ? "page" : undefined}
            className="-mb-px inline-flex min-h-11 shrink-0 items-center border-b-2 border-transparent px-1 text-[0.9rem] text-soft hover:text-ink sm:px-3.5 sm:text-base aria-[current]:border-accent aria-[current]:text-ink"
          >
            {t(`views.${name}`)}
          </a>
        ))}
      </nav>
    </header>
  );
}
