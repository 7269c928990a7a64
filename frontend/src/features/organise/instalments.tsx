import { useQueryClient } from "@tanstack/react-query";
import { useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useConfig } from "wagmi";
import { pad, type Address } from "viem";
import {
  createEscrowFactory,
  createReviews,
  hasCode,
  listDue,
  locateReviews,
  parsePart,
  planEscrows,
  readAddress,
  releaseDue,
  setInstalments,
  type EscrowedProject,
  type InstalmentStep,
  type Panel,
  type SharedTerms,
} from "../../../../src/index.ts";
import { useEscrowed } from "../../chain/escrows.ts";
import { describeProject } from "../../chain/metadata.ts";
import { readNaming, typedName } from "../../chain/names.ts";
import { readClient } from "../../chain/read_client.ts";
import { panelOf } from "../../chain/reviews.ts";
import type { RoundView } from "../../chain/round_view.ts";
import { writeClient } from "../../chain/writes.ts";
import { useSiteChain, wholeContracts, type SiteChain } from "../../config/site.ts";
import { partText, tellTerms } from "../../donor/escrowed.tsx";
import { amountText, countText, readLocalTime, shortAddress, timeText } from "../../format.ts";
import { addWords } from "../../i18n/index.ts";
import { roundHref } from "../../router.ts";
import { AddressField } from "../../ui/address_field.tsx";
import { Progress } from "../../ui/bits.tsx";
import { Button } from "../../ui/button.tsx";
import { ConfirmButton } from "../../ui/confirm.tsx";
import { TextField } from "../../ui/field.tsx";
import { showFirstWrong } from "../../ui/first_wrong.ts";
import { Notice, Row, Section } from "../../ui/layout.tsx";
import { ProblemNotice } from "../../ui/problem_notice.tsx";
import { useAction } from "../../ui/use_action.ts";
import { keepInstalments, recallInstalments, type InstalmentsDraft } from "./kept_instalments.ts";
import { ownPayeeSetter } from "./payee_setter.ts";
import { localTime } from "./wizard/draft.ts";
import { Check, Options } from "./wizard/options.tsx";
import { readPeople } from "./wizard/read_files.ts";
import { TableField } from "./wizard/table_field.tsx";

await addWords("instalments");

const DAY = 86_400;
const MOST_REVIEWERS = 15;

/** Where a link leads that opens the form. */
export const INSTALMENTS_FORM = "instalments-form";

/** Matches in instalments: to be set up before the list of projects is final, and paid as they come due. */
export function Instalments({
  view,
  account,
  onConnect,
}: {
  view: RoundView;
  account: Address | undefined;
  onConnect: () => void;
}) {
  const { t } = useTranslation();
  const { facts, projects } = view;
  const eligible = useMemo(
    () => projects.filter((one) => one.eligible).map(({ index }) => index),
    [projects],
  );
  const escrowed = useEscrowed(facts, eligible);
  const setter = ownPayeeSetter(view, account);
  if (escrowed.data === undefined)
    return setter !== undefined && escrowed.error !== null ? (
      <ProblemNotice error={escrowed.error} />
    ) : null;
  if (escrowed.data.length === 0 && setter === undefined) return null;
  const missing = eligible.filter(
    (index) => !escrowed.data.some(({ project }) => project === index),
  );
  return (
    <Section title={t("instalments.title")}>
      <div className="space-y-8">
        {escrowed.data.length > 0 && (
          <Paid view={view} escrowed={escrowed.data} account={account} onConnect={onConnect} />
        )}
        {account !== undefined &&
          setter !== undefined &&
          (escrowed.data.length === 0 ? (
            <SetUp view={view} account={account} projects={eligible} until={setter.until} />
          ) : (
            missing.length > 0 && (
              <Others
                view={view}
                account={account}
                projects={missing}
                shared={sharedBy(escrowed.data)}
              />
            )
          ))}
      </div>
    </Section>
  );
}

/** The terms of the project that was set last, which those that come later get, too. */
function sharedBy(escrowed: readonly EscrowedProject[]): SharedTerms {
  const { payee: _, project: __, ...shared } = (escrowed.at(-1) as EscrowedProject).escrow.terms;
  return shared;
}

type Doing = "panel" | InstalmentStep;

/** Makes panel, escrows and payees, each unless it is there: pressed again after a reload with the same terms, it goes on. */
function useSetUp({ facts }: RoundView, account: Address) {
  const config = useConfig();
  const queries = useQueryClient();
  const chain = useSiteChain(facts.chainId) as SiteChain;
  const [step, setStep] = useState<Doing>();
  const action = useAction(
    async (
      projects: readonly number[],
      shared: Omit<SharedTerms, "milestones">,
      by: Panel | Address,
    ) => {
      try {
        const { creationCode, escrowFactory: factory } = await wholeContracts(chain);
        const client = await writeClient(config, facts.chainId, account);
        const milestones = typeof by === "string" ? by : locateReviews(creationCode, by);
        if (typeof by !== "string" && !(await hasCode(client, milestones))) {
          setStep("panel");
          await createReviews(client, creationCode, by);
        }
        const { registry } = facts.settings;
        const planned = await planEscrows(readClient(config, facts.chainId), {
          ...{ registry, factory, projects },
          shared: { ...shared, milestones },
        });
        const makeFactory = () => createEscrowFactory(client, creationCode);
        await setInstalments(client, { registry, factory, planned, makeFactory }, setStep);
        keepInstalments(facts.chainId, facts.address, undefined);
      } finally {
        setStep(undefined);
        await queries.invalidateQueries({ queryKey: ["escrowed", facts.chainId] });
      }
    },
  );
  return { ...action, step };
}

function Underway({ step }: { step: Doing | undefined }) {
  const { t } = useTranslation();
  return step === undefined ? null : (
    <p role="status" className="text-soft">
      {t(`instalments.step.${step}`)}
    </p>
  );
}

function SetUp({
  view,
  account,
  projects,
  until,
}: {
  view: RoundView;
  account: Address;
  projects: readonly number[];
  /** When payees are fixed. */
  until: bigint;
}) {
  const { t } = useTranslation();
  const config = useConfig();
  const { facts, now } = view;
  const { settings, chainId, address } = facts;
  const chain = useSiteChain(chainId) as SiteChain;
  const form = useRef<HTMLDivElement>(null);
  const own = panelOf(facts);
  const end = Number(settings.end);
  const [draft, setDraft] = useState<InstalmentsDraft>(() =>
    recallInstalments(chainId, address, {
      first: "",
      reviewers:
        own === undefined
          ? null
          : { name: "", entries: own.reviewers.map((one) => [one, "1"] as const) },
      quorum: own === undefined ? "" : String(own.quorum),
      until: localTime(end + 90 * DAY),
      deadline: localTime(end + 97 * DAY),
      fallbackTo: "",
      names: {},
      only: null,
    }),
  );
  const [tried, setTried] = useState(false);
  const newest = useRef(draft);
  const set = (changes: Partial<InstalmentsDraft>) => {
    newest.current = { ...newest.current, ...changes };
    setDraft(newest.current);
    keepInstalments(chainId, address, newest.current);
  };
  const chosen = chosenOf(draft.only, projects);
  const { run, busy, error, step } = useSetUp(view, account);
  const { problems, plan } = readDraft(draft, {
    ...{ end, now, account, round: address },
    projects: chosen.length,
  });
  const wrong = (field: string) => {
    const problem = problems[field];
    return tried && problem !== undefined ? t(`instalments.problem.${problem}`) : undefined;
  };
  const field = (name: "first" | "quorum" | "until" | "deadline" | "fallbackTo") => ({
    label: t(`instalments.field.${name}.label`),
    hint: t(`instalments.field.${name}.hint`),
    error: wrong(name),
    value: draft[name],
    onChange: (event: { target: { value: string } }) => set({ [name]: event.target.value }),
  });
  return (
    <details id={INSTALMENTS_FORM} open={tried || busy || undefined}>
      <summary className="min-h-11 w-fit cursor-pointer py-2.5 text-accent underline underline-offset-4">
        {t("instalments.offer")}
      </summary>
      <div ref={form} className="max-w-2xl space-y-5">
        <p className="text-soft">{t("instalments.offerHelp", { time: timeText(until) })}</p>
        {projects.length === 0 ? (
          <Notice title={t("instalments.noProjects")} />
        ) : (
          <>
            <Which
              view={view}
              projects={projects}
              only={draft.only}
              error={wrong("only")}
              onChange={(only) => set({ only })}
            />
            <TextField inputMode="decimal" autoComplete="off" {...field("first")} />
            <TableField
              t={t}
              label={t("instalments.field.reviewers.label")}
              hint={t("instalments.field.reviewers.hint")}
              read={(content, name) =>
                readNaming(config, chain, (readOne) =>
                  readPeople(content, name, undefined, readOne),
                )
              }
              taken={
                draft.reviewers === null
                  ? undefined
                  : t("instalments.reviewersTaken", { count: draft.reviewers.entries.length })
              }
              onTake={(reviewers) => set({ reviewers })}
              onClear={() => set({ reviewers: null })}
              error={wrong("reviewers")}
            />
            <div className="grid gap-5 sm:grid-cols-2">
              <TextField inputMode="numeric" autoComplete="off" {...field("quorum")} />
              <TextField type="datetime-local" {...field("until")} />
              <TextField type="datetime-local" {...field("deadline")} />
              <AddressField
                chain={chain}
                known={knownIn(draft)}
                onAddress={(name, found) =>
                  set({ names: { ...newest.current.names, [name]: found } })
                }
                {...field("fallbackTo")}
              />
            </div>
            {plan === undefined ? (
              <Button
                look="outline"
                onClick={() => {
                  setTried(true);
                  showFirstWrong(form.current);
                }}
              >
                {t("instalments.set", { count: chosen.length })}
              </Button>
            ) : (
              <ConfirmButton
                look="solid"
                busy={busy}
                title={t("instalments.sure")}
                review={
                  <div className="space-y-2">
                    <p>
                      {t("instalments.willBe", {
                        count: chosen.length,
                        first: partText(plan.shared.firstBps),
                        quorum: countText(plan.panel.quorum),
                        reviewers: countText(plan.panel.reviewers.length),
                        until: timeText(plan.panel.freezeTime),
                      })}
                    </p>
                    {chosen.length < projects.length && (
                      <p className="wrap-anywhere">{namesOf(t, view, chosen).join(", ")}</p>
                    )}
                    <div>
                      <p>{t("instalments.willReview")}</p>
                      <ul className="max-h-32 overflow-y-auto font-mono text-[0.82rem] break-all">
                        {plan.panel.reviewers.map((one) => (
                          <li key={one}>{one}</li>
                        ))}
                      </ul>
                    </div>
                    <p className="break-words">
                      {t("instalments.willBack", {
                        time: timeText(plan.shared.deadline),
                        account: plan.shared.fallbackTo,
                      })}
                    </p>
                    <p>{t("instalments.willRest")}</p>
                  </div>
                }
                confirm={t("instalments.set", { count: chosen.length })}
                onConfirm={() => void run(chosen, plan.shared, plan.panel)}
              >
                {t("instalments.set", { count: chosen.length })}
              </ConfirmButton>
            )}
            <Underway step={step} />
            <ProblemNotice error={error} />
            {error !== undefined && <p className="text-soft">{t("instalments.goesOn")}</p>}
          </>
        )}
      </div>
    </details>
  );
}

/** What was chosen of these projects; all of them where nothing was. */
const chosenOf = (
  only: readonly number[] | null,
  projects: readonly number[],
): readonly number[] =>
  only === null ? projects : projects.filter((index) => only.includes(index));

const namesOf = (
  t: ReturnType<typeof useTranslation>["t"],
  { projects }: RoundView,
  indices: readonly number[],
): readonly string[] =>
  indices.map((index) => {
    const project = projects[index];
    return (
      (project === undefined ? "" : describeProject(project).name) ||
      t("projects.unnamed", { index })
    );
  });

/** Which projects' matches these are: all of them, or those that are ticked. */
function Which({
  view,
  projects,
  only,
  error,
  onChange,
}: {
  view: RoundView;
  projects: readonly number[];
  only: readonly number[] | null;
  error?: string | undefined;
  onChange: (only: readonly number[] | null) => void;
}) {
  const { t } = useTranslation();
  const names = namesOf(t, view, projects);
  if (projects.length < 2) return null;
  return (
    <div className="space-y-2">
      <Options
        legend={t("instalments.which.legend")}
        value={only === null ? "all" : "some"}
        error={error}
        onChange={(choice) => onChange(choice === "all" ? null : [])}
        options={[
          { value: "all", title: t("instalments.which.all", { count: projects.length }) },
          { value: "some", title: t("instalments.which.some") },
        ]}
      />
      {only !== null && (
        <div
          role="group"
          aria-label={t("instalments.which.some")}
          className="max-h-80 overflow-y-auto rounded-card border border-line px-4 py-2"
        >
          {projects.map((index, i) => (
            <Check
              key={index}
              checked={only.includes(index)}
              onChange={(isIn) =>
                onChange(isIn ? [...only, index] : only.filter((one) => one !== index))
              }
            >
              <span className="wrap-anywhere">{names[i]}</span>
            </Check>
          ))}
        </div>
      )}
    </div>
  );
}

/** What the name stood for that stands in the account's place. */
function knownIn({ names, fallbackTo }: InstalmentsDraft): Address | undefined {
  const name = typedName(fallbackTo);
  return name !== undefined && Object.hasOwn(names, name) ? names[name] : undefined;
}

type Context = {
  /** How many projects it is for. */
  readonly projects: number;
  /** Of the round, and the chain's present second. */
  readonly end: number;
  readonly now: number;
  readonly account: Address;
  readonly round: Address;
};

/** What was typed as terms, or what is wrong with it. */
export function readDraft(
  draft: InstalmentsDraft,
  { projects, end, now, account, round }: Context,
): {
  readonly problems: Readonly<Record<string, string>>;
  readonly plan?: { readonly panel: Panel; readonly shared: Omit<SharedTerms, "milestones"> };
} {
  // Of a percentage with two decimals a comma can only part these.
  const firstBps = parsePart(draft.first.replace(",", "."));
  const reviewers = draft.reviewers?.entries.map(([one]) => one) ?? [];
  const quorum = /^\d{1,2}$/.test(draft.quorum.trim()) ? BigInt(draft.quorum.trim()) : 0n;
  const [until, deadline] = [readLocalTime(draft.until), readLocalTime(draft.deadline)];
  const fallback =
    draft.fallbackTo.trim() === ""
      ? { address: account }
      : readAddress(knownIn(draft) ?? draft.fallbackTo);
  const problems: Record<string, string> = {};
  if (projects === 0) problems["only"] = "projects";
  if (firstBps === undefined) problems["first"] = "first";
  if (reviewers.length === 0) problems["reviewers"] = "reviewers";
  else if (reviewers.length > MOST_REVIEWERS) problems["reviewers"] = "manyReviewers";
  if (quorum === 0n || quorum > BigInt(reviewers.length)) problems["quorum"] = "quorum";
  if (!Number.isFinite(until)) problems["until"] = "time";
  else if (until <= now) problems["until"] = "past";
  if (!Number.isFinite(deadline)) problems["deadline"] = "time";
  else if (deadline <= end) problems["deadline"] = "beforeEnd";
  else if (deadline < until) problems["deadline"] = "beforeReviews";
  if ("problem" in fallback) problems["fallbackTo"] = "address";
  if (Object.keys(problems).length > 0 || firstBps === undefined || "problem" in fallback)
    return { problems };
  return {
    problems,
    plan: {
      // The round's own address tells its panel from others with the same reviewers.
      panel: { reviewers, quorum, freezeTime: BigInt(until), salt: pad(round, { size: 32 }) },
      shared: { firstBps, deadline: BigInt(deadline), fallbackTo: fallback.address },
    },
  };
}

/** Projects that came after the others were set. */
function Others({
  view,
  account,
  projects,
  shared,
}: {
  view: RoundView;
  account: Address;
  projects: readonly number[];
  shared: SharedTerms;
}) {
  const { t } = useTranslation();
  const { run, busy, error, step } = useSetUp(view, account);
  const { milestones, ...rest } = shared;
  const [only, setOnly] = useState<readonly number[] | null>(null);
  const chosen = chosenOf(only, projects);
  return (
    <div className="max-w-2xl space-y-4">
      <p className="text-soft">{t("instalments.others", { count: projects.length })}</p>
      <Which view={view} projects={projects} only={only} onChange={setOnly} />
      <ConfirmButton
        busy={busy}
        disabled={chosen.length === 0}
        title={t("instalments.sure")}
        review={
          <div className="space-y-2">
            <p className="wrap-anywhere">{namesOf(t, view, chosen).join(", ")}</p>
            <p className="break-words">
              {t("instalments.willAlike", {
                first: partText(shared.firstBps),
                account: shared.fallbackTo,
                time: timeText(shared.deadline),
              })}
            </p>
          </div>
        }
        confirm={t("instalments.set", { count: chosen.length })}
        onConfirm={() => void run(chosen, rest, milestones)}
      >
        {t("instalments.setOthers", { count: chosen.length })}
      </ConfirmButton>
      <Underway step={step} />
      <ProblemNotice error={error} />
    </div>
  );
}

/** What every escrow has paid and holds; anybody pays what is due. */
function Paid({
  view,
  escrowed,
  account,
  onConnect,
}: {
  view: RoundView;
  escrowed: readonly EscrowedProject[];
  account: Address | undefined;
  onConnect: () => void;
}) {
  const { t } = useTranslation();
  const { facts, now } = view;
  const { poolToken, chainId } = facts;
  const config = useConfig();
  const queries = useQueryClient();
  const [paid, setPaid] = useState<{ readonly done: number; readonly all: number }>();
  const due = listDue(escrowed);
  const nameOf = (index: number) => namesOf(t, view, [index])[0] as string;
  const amount = (units: bigint) => amountText(units, poolToken, 6);
  const pay = useAction(async () => {
    setPaid({ done: 0, all: due.length });
    try {
      const [refused] = await releaseDue(
        await writeClient(config, chainId, account as Address),
        { token: poolToken.address, due },
        () => setPaid((before) => before && { ...before, done: before.done + 1 }),
      );
      if (refused !== undefined) throw refused.why;
    } finally {
      // What was paid before one failed is paid.
      await queries.invalidateQueries({ queryKey: ["escrowed", chainId] });
    }
  });
  return (
    <div className="space-y-4">
      <p className="measure text-soft">
        {t("instalments.whoPays")}{" "}
        <a
          href={roundHref(chainId, facts.address, "review")}
          className="inline-flex min-h-11 items-center text-accent underline underline-offset-4"
        >
          {t("instalments.toReviews")}
        </a>
      </p>
      <ul className="divide-y divide-line border-y border-line">
        {escrowed.map(({ project, escrow }) => (
          <li
            key={project}
            className="grid gap-x-8 gap-y-1 py-3 sm:grid-cols-[minmax(0,1fr)_17rem]"
          >
            <div className="min-w-0">
              <p className="font-display text-[1.1rem] wrap-anywhere">{nameOf(project)}</p>
              <p className="text-[0.87rem] text-soft">{tellTerms(t, escrow, now)}</p>
            </div>
            <dl className="text-[0.93rem]">
              <Row label={t("instalments.paid")}>{amount(escrow.paid)}</Row>
              <Row label={t("instalments.held")}>{amount(escrow.held)}</Row>
              {escrow.back > 0n && <Row label={t("instalments.back")}>{amount(escrow.back)}</Row>}
            </dl>
          </li>
        ))}
      </ul>
      {due.length === 0 ? (
        <p className="text-soft">{t("instalments.nothingDue")}</p>
      ) : account === undefined ? (
        <Button onClick={onConnect}>{t("wallet.connect")}</Button>
      ) : (
        <ConfirmButton
          look="solid"
          busy={pay.busy}
          title={t("instalments.payDue", { count: due.length })}
          review={
            <dl className="max-h-72 space-y-1 overflow-y-auto">
              {due.map(({ project, to, account: who, amount: units }) => (
                <Row
                  key={`${project} ${to}`}
                  label={
                    to === "payee"
                      ? t("instalments.toProject", {
                          name: nameOf(project),
                          account: shortAddress(who),
                        })
                      : t("instalments.toBack", {
                          name: nameOf(project),
                          account: shortAddress(who),
                        })
                  }
                >
                  {amount(units)}
                </Row>
              ))}
            </dl>
          }
          confirm={t("instalments.payDo")}
          onConfirm={() => void pay.run()}
        >
          {t("instalments.payDue", { count: due.length })}
        </ConfirmButton>
      )}
      {paid !== undefined && (
        <div className="measure">
          <Progress
            value={paid.all === 0 ? 1 : paid.done / paid.all}
            label={t("instalments.paying")}
          />
          <p role="status" className="mt-2 text-soft">
            {t("instalments.paidSoFar", {
              done: countText(paid.done),
              all: countText(paid.all),
            })}
          </p>
        </div>
      )}
      <ProblemNotice error={pay.error} />
    </div>
  );
}
