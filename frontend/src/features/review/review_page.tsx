import { useQueryClient } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { useAccount, useConfig } from "wagmi";
import { isAddressEqual, zeroHash, type Address } from "viem";
import {
  digestDocument,
  RATIO_DECIMALS,
  readRatio,
  review,
  type AmountProblem,
  type Review,
  type Reviewed as ReviewedProject,
} from "../../../../src/index.ts";
import { useEscrowed, useMilestonePanels } from "../../chain/escrows.ts";
import { describeProject } from "../../chain/metadata.ts";
import { panelOf, useReviews, type RoundPanel } from "../../chain/reviews.ts";
import type { RoundView } from "../../chain/round_view.ts";
import { writeClient } from "../../chain/writes.ts";
import { ratioText, ReviewedBy } from "../../donor/reviewed.tsx";
import { typedText } from "../../donor/plan.ts";
import { countText, durationText, shortAddress, timeText, typedForms } from "../../format.ts";
import { projectHref } from "../../router.ts";
import { Progress } from "../../ui/bits.tsx";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { ExplorerLink } from "../../ui/explorer_link.tsx";
import { TextField } from "../../ui/field.tsx";
import { Notice, Placeholder, Row, Section } from "../../ui/layout.tsx";
import Markdown from "../../ui/markdown.tsx";
import { ProblemNotice } from "../../ui/problem_notice.tsx";
import { useAction } from "../../ui/use_action.ts";
import { WalletDialog } from "../../wallet/account_button.tsx";
import { keepReviews, recallReviews, type Typed, type TypedReviews } from "./kept_reviews.ts";

/** What a panel decides: who can have a match, or who gets the rest of it. */
type Decides = "match" | "rest";

/** Where the reviewers of a round speak, and everybody sees what they have said (REVIEW-1). */
export default function ReviewPage(view: RoundView) {
  const { t } = useTranslation();
  const { facts, projects } = view;
  const own = panelOf(facts);
  const eligible = useMemo(
    () => projects.filter((one) => one.eligible).map(({ index }) => index),
    [projects],
  );
  const escrowed = useEscrowed(facts, eligible);
  const later = useMilestonePanels(facts, escrowed.data);
  const { address } = useAccount();
  const [choosing, setChoosing] = useState(false);
  if (escrowed.isLoading || later.isLoading)
    return <Placeholder label={t("common.loading")} lines={6} />;
  const error = escrowed.error ?? later.error;
  const panels: readonly (readonly [RoundPanel, Decides])[] = [
    ...(own === undefined ? [] : [[own, "match"] as const]),
    ...(later.data ?? []).map((panel) => [panel, "rest"] as const),
  ];
  return (
    <>
      <WalletDialog open={choosing} onOpenChange={setChoosing} />
      <ProblemNotice error={error} />
      {panels.length === 0 && error === null && (
        <Notice title={t("panel.none.title")}>{t("panel.none.help")}</Notice>
      )}
      {panels.map(([panel, decides]) => (
        <OnePanel
          key={`${panel.address} ${decides}`}
          view={view}
          panel={panel}
          decides={decides}
          isAlone={panels.length === 1}
          account={address}
          onConnect={() => setChoosing(true)}
        />
      ))}
    </>
  );
}

function OnePanel({
  view,
  panel,
  decides,
  isAlone,
  account,
  onConnect,
}: {
  view: RoundView;
  panel: RoundPanel;
  decides: Decides;
  isAlone: boolean;
  account: Address | undefined;
  onConnect: () => void;
}) {
  const { t } = useTranslation();
  const place = panel.reviewers.findIndex(
    (one) => account !== undefined && isAddressEqual(one, account),
  );
  const left = Number(panel.freezeTime) - view.now;
  const time = timeText(panel.freezeTime);
  const told = { count: panel.reviewers.length, quorum: countText(panel.quorum) };
  return (
    <div className="mt-14 first:mt-0">
      {!isAlone && (
        <h2 className="mb-4 text-[1.7rem] leading-tight">
          {decides === "match" ? t("panel.rest.matchTitle") : t("panel.rest.title")}
        </h2>
      )}
      <div className="measure mb-8 space-y-3">
        <p>{decides === "match" ? t("panel.lead", told) : t("panel.rest.lead", told)}</p>
        <p className="text-soft">
          {left > 0
            ? t("panel.until", { time, left: durationText(left) })
            : t("panel.over", { time })}
        </p>
      </div>
      {left > 0 && account === undefined && (
        <div className="mb-8">
          <Notice title={t("panel.connect")}>
            <Button className="mt-2" onClick={onConnect}>
              {t("wallet.connect")}
            </Button>
          </Notice>
        </div>
      )}
      {account !== undefined && place < 0 && (
        <div className="mb-8">
          <Notice title={t("panel.notYou", { account: shortAddress(account) })}>
            {t("panel.notYouHelp")}
          </Notice>
        </div>
      )}
      <Said
        key={account}
        view={view}
        panel={panel}
        decides={decides}
        reviewer={account === undefined || place < 0 ? undefined : { account, place }}
        isOver={left <= 0}
      />
      <Section title={t("panel.who")}>
        <ul className="space-y-1 text-[0.93rem] break-all">
          {panel.reviewers.map((one, i) => (
            <li key={one}>
              <ExplorerLink chainId={view.facts.chainId} of={one}>
                <span className="font-mono text-[0.9em]">{one}</span>
              </ExplorerLink>
              {i === place && <span className="ml-2 text-accent">{t("panel.isYou")}</span>}
            </li>
          ))}
        </ul>
      </Section>
    </div>
  );
}

type Reviewer = { readonly account: Address; readonly place: number };

function Said({
  view,
  panel,
  decides,
  reviewer,
  isOver,
}: {
  view: RoundView;
  panel: RoundPanel;
  decides: Decides;
  /** Undefined for everybody else. */
  reviewer: Reviewer | undefined;
  isOver: boolean;
}) {
  const { t } = useTranslation();
  const { facts, projects } = view;
  const config = useConfig();
  const queries = useQueryClient();
  const { data: reviews, error: unread } = useReviews(facts, panel, projects.length);
  const [typed, setTyped] = useState<TypedReviews>(() =>
    reviewer === undefined ? {} : recallReviews(facts.chainId, panel.address, reviewer.account),
  );
  const [isKept, setIsKept] = useState(true);
  const [asking, setAsking] = useState(false);
  const [sent, setSent] = useState<{ readonly done: number; readonly all: number }>();
  const keep = (next: TypedReviews) => {
    if (reviewer !== undefined)
      setIsKept(keepReviews(facts.chainId, panel.address, reviewer.account, next));
    return next;
  };
  const saidOf = (project: number) =>
    reviewer === undefined ? undefined : reviews?.[project]?.ratios[reviewer.place];
  const listed = projects.filter(({ eligible }) => eligible);
  const drafts = listed.map(({ index }) => readDraft(index, typed[index], saidOf(index)));
  const due = drafts.flatMap((draft) => draft.due ?? []);
  const isWrong = drafts.some(({ problem }) => problem !== undefined);
  const nameOf = (index: number) =>
    describeProject(projects[index] as (typeof projects)[number]).name ||
    t("projects.unnamed", { index });
  const send = useAction(async (all: readonly Review[]) => {
    setSent({ done: 0, all: all.length });
    const client = await writeClient(config, facts.chainId, (reviewer as Reviewer).account);
    let said: ReadonlySet<string> = new Set();
    const without = (before: TypedReviews): TypedReviews =>
      Object.fromEntries(Object.entries(before).filter(([project]) => !said.has(project)));
    try {
      await review(client, { reviews: panel.address, all }, (done) => {
        setSent({ done, all: all.length });
        said = new Set(all.slice(0, done).map(({ project }) => String(project)));
        keep(without(typed)); // who comes back goes on with the rest
      });
    } finally {
      // Fields show what they did until the chain tells the same.
      await queries.invalidateQueries({ queryKey: ["reviews", facts.chainId, panel.address] });
      setTyped((before) => keep(without(before)));
    }
  });
  if (unread !== null && reviews === undefined) return <ProblemNotice error={unread} />;
  if (reviews === undefined) return <Placeholder label={t("common.loading")} lines={6} />;
  const count = listed.filter(({ index }) => saidOf(index) !== undefined).length;
  return (
    <Section title={t("views.projects")}>
      {projects.length === 0 && <p className="text-soft">{t("projects.none")}</p>}
      {reviewer !== undefined && (
        <p className="measure mb-5">
          {t("panel.you", { said: countText(count), all: countText(listed.length) })}
        </p>
      )}
      <ul className="divide-y divide-line border-y border-line">
        {projects.map((project) => (
          <li key={project.index} className="aside-until-seen space-y-3 py-5">
            <div>
              <h3 className="text-[1.2rem] wrap-anywhere">
                <a
                  href={projectHref(facts.chainId, facts.address, project.index)}
                  className="inline-block min-h-8 underline-offset-4 hover:underline"
                >
                  {nameOf(project.index)}
                </a>
              </h3>
              {project.eligible ? (
                <p className="mt-1 text-[0.93rem] text-soft">
                  <ReviewedBy
                    view={view}
                    project={project.index}
                    panel={panel}
                    decides={decides}
                    isFinal={BigInt(view.now) >= panel.freezeTime}
                  />
                </p>
              ) : (
                <p className="mt-1 text-[0.93rem] text-bad">{t("projects.delisted")}</p>
              )}
              <Each of={reviews[project.index]} panel={panel} />
            </div>
            <Words text={describeProject(project).description} />
            {reviewer !== undefined && project.eligible && !isOver && (
              <Fields
                name={nameOf(project.index)}
                typed={typed[project.index]}
                said={saidOf(project.index)}
                onChange={(one) => {
                  setSent(undefined);
                  setTyped(({ [project.index]: _, ...others }) =>
                    keep(one === undefined ? others : { ...others, [project.index]: one }),
                  );
                }}
              />
            )}
          </li>
        ))}
      </ul>
      {/* Also where it failed because the time was over. */}
      <div className="mt-6 empty:hidden">
        <ProblemNotice error={send.error} />
      </div>
      {reviewer !== undefined && !isOver && (
        <div className="covers-below sticky bottom-0 z-10 -mx-1 mt-6 space-y-3 border-t border-line bg-paper px-1 py-4">
          {sent !== undefined && sent.all > 0 && (
            <div className="measure">
              {send.busy && <Progress value={sent.done / sent.all} label={t("panel.sending")} />}
              <p role="status" className="mt-2">
                {sent.done === sent.all
                  ? t("panel.sent")
                  : t("panel.sentSoFar", { done: countText(sent.done), all: countText(sent.all) })}
              </p>
            </div>
          )}
          {isWrong ? (
            <p className="text-bad">{t("panel.wrong")}</p>
          ) : (
            due.length === 0 &&
            sent === undefined && <p className="text-soft">{t("panel.nothing")}</p>
          )}
          {due.length > 0 && (
            <p className="text-[0.87rem] text-soft">
              {isKept ? t("panel.kept") : t("panel.notKept")}
            </p>
          )}
          <Button
            busy={send.busy}
            disabled={isWrong || due.length === 0}
            onClick={() => setAsking(true)}
          >
            {due.length === 0 ? t("panel.sendNone") : t("panel.send", { count: due.length })}
          </Button>
          <Dialog open={asking} onOpenChange={setAsking} title={t("panel.sure")}>
            <div className="space-y-5">
              <p>{t("panel.sureHelp", { time: timeText(panel.freezeTime) })}</p>
              <dl className="max-h-72 space-y-1 overflow-y-auto">
                {due.map(({ project, sroiMilli }) => (
                  <Row key={project} label={nameOf(project)}>
                    {ratioText(BigInt(sroiMilli))}
                  </Row>
                ))}
              </dl>
              <div className="flex flex-wrap gap-3">
                <Button onClick={() => (setAsking(false), void send.run(due))}>
                  {t("panel.send", { count: due.length })}
                </Button>
                <Button look="quiet" onClick={() => setAsking(false)}>
                  {t("common.cancel")}
                </Button>
              </div>
            </div>
          </Dialog>
        </div>
      )}
    </Section>
  );
}

/** What is to be sent of a project, if anything is: a figure that is not the one on the chain, or a report. */
function readDraft(
  project: number,
  typed: Typed | undefined,
  said: bigint | undefined,
): { readonly due?: Review; readonly problem?: AmountProblem } {
  if (typed === undefined) return {};
  const reading = readRatio(typed.ratio, typedForms());
  if ("problem" in reading)
    return reading.problem === "empty" && typed.report === undefined ? {} : { problem: reading };
  if (BigInt(reading.milli) === said && typed.report === undefined) return {};
  const reportDigest = typed.report?.digest ?? zeroHash;
  return { due: { project, sroiMilli: reading.milli, reportDigest } };
}

/** One project's fields. What was said before stands there until something else is typed. */
function Fields({
  name,
  typed,
  said,
  onChange,
}: {
  name: string;
  typed: Typed | undefined;
  said: bigint | undefined;
  onChange: (typed: Typed | undefined) => void;
}) {
  const { t } = useTranslation();
  const before = said === undefined ? "" : typedText(said, RATIO_DECIMALS);
  const ratio = typed?.ratio ?? before;
  const reading = readRatio(ratio, typedForms());
  const set = (next: Typed) =>
    onChange(next.ratio === before && next.report === undefined ? undefined : next);
  const explain = (): string | undefined => {
    if (!("problem" in reading)) return undefined;
    if (reading.problem === "empty")
      return typed?.report === undefined ? undefined : t("panel.problem.empty");
    const [first = "", second = ""] = reading.readings ?? [];
    if (reading.problem === "ambiguous")
      return t("panel.problem.ambiguous", { first: `${first}0`, second });
    if (reading.problem === "decimals") return t("panel.problem.decimals");
    if (reading.problem === "large") return t("panel.problem.large");
    return t("panel.problem.number");
  };
  const isPlain = /^\s*\d*([.]\d{1,2})?\s*$/.test(ratio);
  return (
    <div className="max-w-md space-y-2">
      <TextField
        inputMode="decimal"
        autoComplete="off"
        label={t("panel.field", { name })}
        hint={
          !isPlain && !("problem" in reading)
            ? t("panel.readAs", { value: ratioText(BigInt(reading.milli)) })
            : said === undefined
              ? t("panel.hint")
              : t("panel.saidBefore", { value: ratioText(said) })
        }
        error={explain()}
        value={ratio}
        onChange={(event) => set({ ...typed, ratio: event.target.value })}
      />
      <div className="flex flex-wrap items-center gap-x-3 text-[0.87rem] text-soft">
        <label className="inline-flex min-h-11 cursor-pointer items-center text-accent underline underline-offset-4 has-focus-visible:outline-2 has-focus-visible:outline-accent">
          {t("panel.report")}
          <input
            type="file"
            aria-label={t("panel.reportOf", { name })}
            className="sr-only"
            onChange={(event) => {
              const file = event.target.files?.[0];
              event.target.value = "";
              if (file === undefined) return;
              void file.arrayBuffer().then((bytes) =>
                set({
                  ratio,
                  report: { name: file.name, digest: digestDocument(new Uint8Array(bytes)) },
                }),
              );
            }}
          />
        </label>
        {typed?.report !== undefined && (
          <>
            <span className="min-w-0 break-all">
              {t("panel.reportTaken", { file: typed.report.name, digest: typed.report.digest })}
            </span>
            <Button look="quiet" onClick={() => set({ ratio })}>
              {t("file.remove")}
            </Button>
          </>
        )}
      </div>
    </div>
  );
}

/** What each reviewer has said of a project. */
function Each({ of, panel }: { of: ReviewedProject | undefined; panel: RoundPanel }) {
  const { t } = useTranslation();
  const given = (of?.ratios ?? []).flatMap((ratio, i) =>
    ratio === undefined ? [] : [[panel.reviewers[i] as Address, ratio] as const],
  );
  if (given.length === 0) return null;
  return (
    <details className="text-[0.9rem]">
      <summary className="min-h-11 w-fit cursor-pointer py-2.5 text-accent underline-offset-4 hover:underline">
        {t("panel.each")}
      </summary>
      <dl className="max-w-sm">
        {given.map(([reviewer, ratio]) => (
          <Row key={reviewer} label={shortAddress(reviewer)}>
            {ratioText(ratio)}
          </Row>
        ))}
      </dl>
    </details>
  );
}

function Words({ text }: { text: string }) {
  const { t } = useTranslation();
  if (text === "") return <p className="text-soft">{t("panel.silent")}</p>;
  return (
    <details>
      <summary className="min-h-11 w-fit cursor-pointer py-2.5 text-accent underline-offset-4 hover:underline">
        {t("panel.text")}
      </summary>
      <Markdown text={text} level={3} />
    </details>
  );
}
