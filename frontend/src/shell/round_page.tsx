import { lazy, Suspense, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { getAddress, type Address } from "viem";
import { accountsOf, useAccountNames } from "../chain/account_names.ts";
import { AccountNames } from "../chain/account_text.ts";
import {
  useNow,
  useProgress,
  useProjects,
  useRecipients,
  useRoundText,
  useWholeRound,
} from "../chain/reads.ts";
import { findStage } from "../chain/phase.ts";
import type { RoundView } from "../chain/round_view.ts";
import { useSiteChain, type SiteChain } from "../config/site.ts";
import { useForgetfulCart } from "../donor/cart.ts";
import { describeProject } from "../chain/metadata.ts";
import { dateText, durationText, shortAddress, timeText } from "../format.ts";
import { firstWords } from "../markdown.ts";
import { roundHref, type RoundPage as View } from "../router.ts";
import { Button } from "../ui/button.tsx";
import { Notice, PageTitle, Placeholder } from "../ui/layout.tsx";
import { problemText } from "../ui/problem.ts";
import { Emblem } from "../ui/emblem.tsx";
import { useDescription, useTitle } from "../ui/title.ts";
import { Clock } from "./clock.tsx";
import { ProjectsView } from "../features/round/projects_view.tsx";

const ProjectPage = lazy(() => import("../features/round/project_page.tsx"));
const ChainNotice = lazy(() => import("../wallet/chain_notice.tsx"));
const GiftPage = lazy(() => import("../features/gift/gift_page.tsx"));
const ResultsPage = lazy(() => import("../features/results/results_page.tsx"));
const ApplyPage = lazy(() => import("../features/apply/apply_page.tsx"));
const ReviewPage = lazy(() => import("../features/review/review_page.tsx"));
const JoinPage = lazy(() => import("../features/organise/join_page.tsx"));
const ManagePage = lazy(() => import("../features/organise/manage_page.tsx"));

const NO_RECIPIENTS: readonly Address[] = [];

/** Characters of a description that others show with an address. */
const SUMMARY = 200;

type Place = {
  chainId: number;
  round: Address;
  view: View | undefined;
  project: number | undefined;
  request: string | undefined;
};

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

/**
 * The project that is looked at. What is opened from the list has the list's address: a browser keeps the addresses of a visit, and those of the
 * projects that a donor looked at would tell nearly as much as the plan. Only who comes by a project's own address has it there.
 */
function useLookedAt(addressed: number | undefined) {
  const [opened, setOpened] = useState<{ project: number; top: number; by: Element | null }>();
  useEffect(() => {
    if (opened === undefined) return;
    const close = () => {
      setOpened(undefined);
      requestAnimationFrame(() => {
        scrollTo(0, opened.top);
        if (opened.by instanceof HTMLElement) opened.by.focus({ preventScroll: true });
      });
    };
    addEventListener("popstate", close);
    return () => removeEventListener("popstate", close);
  }, [opened]);
  return {
    project: opened?.project ?? addressed,
    open: (project: number) => {
      history.pushState(null, ""); // the same address once more, so that going back closes it
      setOpened({ project, top: scrollY, by: document.activeElement });
      scrollTo(0, 0);
    },
    close: opened === undefined ? undefined : () => history.back(),
  };
}

function KnownChainRound({
  chainId,
  round: typed,
  view: asked,
  project: addressed,
  request,
}: Place) {
  const round = getAddress(typed);
  const { t } = useTranslation();
  const chain = useSiteChain(chainId) as SiteChain;
  const facts = useWholeRound(chainId, round, { project: addressed });
  const progress = useProgress(chainId, round);
  const projects = useProjects(chainId, facts.data?.settings.registry, {
    project: addressed,
  });
  const now = useNow(progress.data?.blockTime);
  const text = useRoundText(facts.data);
  const name =
    facts.data === undefined
      ? shortAddress(round)
      : (text?.name ?? t("round.name", { date: dateText(facts.data.settings.start) }));
  const looked = useLookedAt(addressed);
  const read = (project: number | undefined) => {
    const found = project === undefined ? undefined : projects.data?.projects[project];
    return found?.step === undefined ? undefined : found;
  };
  const told = read(addressed);
  useTitle(
    ...(told === undefined
      ? []
      : [describeProject(told).name || t("projects.unnamed", { index: told.index })]),
    name,
    ...(asked === undefined ? [] : [t(`views.${asked}`)]),
  );
  useDescription(
    told === undefined
      ? firstWords(text?.description ?? "", SUMMARY)
      : describeProject(told).summary.slice(0, SUMMARY),
  );
  useForgetfulCart({ chainId, address: round }, progress.data?.phase);
  const stage =
    facts.data === undefined || progress.data === undefined
      ? undefined
      : findStage(facts.data, progress.data, now);
  const isOver = stage === "finalized" || stage === "disputable";
  const view = asked ?? (isOver ? "results" : "projects");
  const recipients = useRecipients(chainId, facts.data?.settings.registry, {
    count: projects.data?.projects.length,
    wanted: view === "organise" || view === "results" || looked.project !== undefined,
  });
  // Payees apart: they are there only when somebody wants to see them, and then all of them.
  const ofRound = useAccountNames(chainId, facts.data && accountsOf(facts.data));
  const ofPayees = useAccountNames(chainId, recipients.data);
  const names = new Map([...ofRound, ...ofPayees]);
  const needsAll = view === "results" || view === "organise";
  const hasStopped =
    projects.data?.isWhole === false && projects.error !== null && !projects.isFetching;
  const failed =
    facts.error ??
    (progress.data === undefined ? progress.error : null) ??
    (projects.data === undefined || (needsAll && hasStopped) ? projects.error : null) ??
    (view === "organise" ? recipients.error : null);
  if (failed !== null) {
    const again = () =>
      void Promise.all([
        facts.refetch(),
        progress.refetch(),
        projects.refetch(),
        ...(view === "organise" ? [recipients.refetch()] : []),
      ]);
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
  if (facts.data === undefined || stage === undefined || progress.data === undefined)
    return <Placeholder label={t("common.loading")} lines={9} />;
  if (projects.data === undefined) return <Placeholder label={t("common.loading")} lines={9} />;
  const { isWhole, order } = projects.data;
  const shown: RoundView = {
    facts: facts.data,
    progress: progress.data,
    projects: projects.data.projects,
    order,
    isWhole,
    recipients: recipients.data ?? NO_RECIPIENTS,
    stage,
    now,
  };
  const isProject = view === "projects" && looked.project !== undefined;
  const isThere = needsAll
    ? isWhole && (view !== "organise" || recipients.data !== undefined)
    : !isProject || isWhole || read(looked.project) !== undefined;
  return (
    <AccountNames value={names}>
      <Head {...shown} view={view} name={name} isBrief={isProject} />
      {progress.data.cancelFrom > 0n &&
        (stage === "open" || stage === "upcoming") &&
        view !== "organise" && (
          <div className="mb-8">
            <Notice title={t("round.cancelling.title")}>
              {t("round.cancelling.help", { time: timeText(progress.data.cancelFrom) })}
            </Notice>
          </div>
        )}
      {projects.data.nameless && (
        <div className="mb-8">
          <Notice title={t("projects.nameless")}>{t("projects.namelessHelp")}</Notice>
        </div>
      )}
      {hasStopped && (
        <div className="mb-8">
          <Notice tone="bad" live title={t("projects.missing")}>
            <p>{t("projects.missingHelp")}</p>
            <Button look="outline" className="mt-3" onClick={() => void projects.refetch()}>
              {t("common.retry")}
            </Button>
          </Notice>
        </div>
      )}
      <Suspense fallback={<Placeholder label={t("common.loading")} lines={6} />}>
        {view !== "projects" && <ChainNotice chain={chain} />}
        {!isThere && !hasStopped && <Placeholder label={t("common.loading")} lines={6} />}
        {isProject && isThere && (
          <ProjectPage
            key={looked.project}
            view={shown}
            index={looked.project as number}
            onClose={looked.close}
          />
        )}
        {view === "projects" && addressed === undefined && (
          <div hidden={isProject}>
            <ProjectsView {...shown} isComing={!isWhole && !hasStopped} onOpen={looked.open} />
          </div>
        )}
        {view === "gift" && <GiftPage {...shown} />}
        {view === "results" && isThere && <ResultsPage {...shown} />}
        {view === "organise" && isThere && <ManagePage {...shown} />}
        {view === "apply" && <ApplyPage {...shown} />}
        {view === "review" && <ReviewPage {...shown} />}
        {view === "join" && <JoinPage view={shown} request={request} />}
      </Suspense>
    </AccountNames>
  );
}

function Head({
  facts,
  progress,
  stage,
  now,
  view,
  name,
  isBrief,
}: RoundView & {
  view: View;
  name: string;
  /** Whether what follows needs the room: a phone has little. */
  isBrief: boolean;
}) {
  const { t } = useTranslation();
  const { chainId, address, settings } = facts;
  // Who is on the way to give has seen the numbers, and a project has no room for them: they have how much time is left.
  const isSmall = view === "gift" || isBrief;
  const left = stage === "open" && isSmall ? Number(settings.end) - now : undefined;
  const views: readonly (View | "verify")[] =
    stage === "finalized" || stage === "disputable"
      ? ["results", "verify", "projects", "organise"]
      : ["projects", "gift", "organise", ...(stage === "upcoming" ? [] : (["results"] as const))];
  return (
    <header className="mb-5 sm:mb-6">
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
      {!isSmall && <Clock facts={facts} progress={progress} stage={stage} now={now} />}
      <nav
        aria-label={t("round.views")}
        className="mt-3 flex justify-between overflow-x-auto border-b border-line sm:mt-4 sm:justify-start sm:gap-1"
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
