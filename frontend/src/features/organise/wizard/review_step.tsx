import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { useAccount, useConfig } from "wagmi";
import { stringify, type Address, type Hex } from "viem";
import { bytesToHex } from "viem";
import {
  plainText,
  readFate,
  StateAwayError,
  TransactionError,
  type Sent,
} from "../../../../../src/index.ts";
import { listCauses } from "../../../causes.ts";
import { answerNames, nameProblem } from "../../../chain/names.ts";
import { readClient } from "../../../chain/read_client.ts";
import { writeClient } from "../../../chain/writes.ts";
import { Button } from "../../../ui/button.tsx";
import { ConfirmButton } from "../../../ui/confirm.tsx";
import { Emblem } from "../../../ui/emblem.tsx";
import { Notice } from "../../../ui/layout.tsx";
import { ProblemNotice } from "../../../ui/problem_notice.tsx";
import { useAction } from "../../../ui/use_action.ts";
import { WalletDialog } from "../../../wallet/account_button.tsx";
import {
  CREATION,
  createMissing,
  listDue,
  readMade,
  TransactionUnderWayError,
  type CreationStep,
} from "./creation.ts";
import { listNames } from "./named.ts";
import { stepOf, type Plan } from "./plan.ts";
import Markdown from "../../../ui/markdown.tsx";
import { ProjectList } from "./projects_step.tsx";
import { tellPlan } from "./sentences.ts";
import type { StepName } from "./draft.ts";
import type { WizardState } from "./state.ts";

/** The whole round in sentences; then its transactions, which go on where they stopped. */
export function ReviewStep({
  state,
  onStep,
}: {
  state: WizardState;
  onStep: (step: StepName) => void;
}) {
  const { t, problems, plan } = state;
  const missing = [...new Set(Object.keys(problems).map(stepOf))];
  if (plan === undefined)
    return (
      <Notice tone="bad" title={t("wizard.review.missing")}>
        <ul className="mt-2 space-y-1.5">
          {missing.map((step) => (
            <li key={step}>
              <button
                type="button"
                className="min-h-11 text-accent underline underline-offset-4"
                onClick={() => onStep(step)}
              >
                {t(`wizard.step.${step}`)}
              </button>
            </li>
          ))}
        </ul>
      </Notice>
    );
  return (
    <>
      <div className="divide-y divide-line border-y border-line">
        {tellPlan(t, { ...state, draft: state.told, plan }).map(({ step, lines }) => (
          <section key={step} className="grid gap-2 py-4 sm:grid-cols-[11rem_1fr]">
            <div className="flex items-baseline justify-between gap-3 sm:block">
              <h3 className="text-[1.05rem]">{t(`wizard.step.${step}`)}</h3>
              <button
                type="button"
                className="min-h-11 text-[0.9rem] text-accent underline-offset-4 hover:underline"
                aria-label={t("wizard.review.changeNamed", { step: t(`wizard.step.${step}`) })}
                onClick={() => onStep(step)}
              >
                {t("wizard.review.change")}
              </button>
            </div>
            <div className="min-w-0 space-y-1.5">
              {lines.map((line) => (
                <p key={line} className="whitespace-pre-line wrap-anywhere">
                  {line}
                </p>
              ))}
              {step === "about" && state.draft.description.trim() !== "" && (
                <Markdown text={state.draft.description.trim()} level={3} />
              )}
              {step === "projects" && state.draft.projects.length > 0 && (
                <details>
                  <summary className="min-h-11 cursor-pointer py-2.5 text-accent underline-offset-4 hover:underline">
                    {t("wizard.projects.all", { count: state.draft.projects.length })}
                  </summary>
                  <ProjectList projects={state.draft.projects} />
                </details>
              )}
            </div>
          </section>
        ))}
      </div>
      <NamesInUse state={state} />
      <Notice title={t("wizard.review.final")}>
        <ul className="list-disc space-y-1 pl-5">
          <li>{t("wizard.review.finalSettings")}</li>
          <li>{t("wizard.review.finalPublic")}</li>
          <li>
            {t("wizard.review.finalAccount")}{" "}
            {plan.registry === undefined && t("wizard.review.finalHelp")}
          </li>
        </ul>
        <p className="mt-2">
          {plan.registry === undefined ? t("wizard.review.stays") : t("wizard.review.staysBond")}
        </p>
      </Notice>
      <Create state={state} plan={plan} />
    </>
  );
}

/** Names told one by one. */
const NAMES_SHOWN = 20;

/** What names stood for when they were looked up, which the round is made with, and whether they still do. */
function NamesInUse({ state: { t, chain, draft, learn } }: { state: WizardState }) {
  const config = useConfig();
  const names = listNames(draft);
  const { data: answers } = useQuery({
    queryKey: ["names in use", chain.id, names.map(({ name }) => name)],
    enabled: names.length > 0,
    staleTime: 0,
    queryFn: () =>
      answerNames(
        config,
        chain,
        names.map(({ name }) => name),
      ),
  });
  if (names.length === 0) return null;
  const answered = names.map((one) => ({ ...one, now: answers?.get(one.name) }));
  const silent = answered.some(({ now }) => now instanceof Error && nameProblem(now) === "silent");
  const changed = answered.filter(
    ({ address, now }) =>
      (typeof now === "string" && now !== address) ||
      (now instanceof Error && nameProblem(now) !== "silent"),
  );
  const shown = (name: string) => plainText(name, 60);
  return (
    <>
      <section>
        <h3 className="mb-1 text-[1.05rem]">{t("wizard.names.title")}</h3>
        <p className="text-soft">{t("wizard.names.help")}</p>
        <ul className="mt-2 space-y-1.5">
          {names.slice(0, NAMES_SHOWN).map(({ name, address }) => (
            <li key={`${name} ${address}`} className="flex items-center gap-3">
              <Emblem of={address} size={28} className="text-accent" />
              <span className="min-w-0 wrap-anywhere">
                {t("wizard.names.is", { name: shown(name), address })}
              </span>
            </li>
          ))}
        </ul>
        {names.length > NAMES_SHOWN && (
          <p className="text-soft">
            {t("wizard.names.more", { count: names.length - NAMES_SHOWN })}
          </p>
        )}
      </section>
      {silent && <Notice live title={t("wizard.names.silent")} />}
      {changed.length > 0 && (
        <Notice tone="bad" live title={t("wizard.names.changed")}>
          {changed.slice(0, NAMES_SHOWN).map(({ name, address: was, now, isListed }) => (
            <div key={`${name} ${was}`} className="wrap-anywhere">
              <p>
                {typeof now === "string"
                  ? t("wizard.names.was", { name: shown(name), was, now })
                  : t("wizard.names.gone", { name: shown(name), was })}
              </p>
              {typeof now === "string" && !isListed && (
                <Button look="quiet" onClick={() => learn(name, now)}>
                  {t("wizard.names.take", { name: shown(name) })}
                </Button>
              )}
            </div>
          ))}
          <p className="mt-2">{t("wizard.names.changedHelp")}</p>
        </Notice>
      )}
    </>
  );
}

function Create({ state, plan }: { state: WizardState; plan: Plan }) {
  const { t, chain, draft, set } = state;
  const config = useConfig();
  const queries = useQueryClient();
  const { address } = useAccount();
  const [choosing, setChoosing] = useState(false);
  const [under, setUnder] = useState<CreationStep>();
  const [done, setDone] = useState<ReadonlySet<CreationStep>>();
  /** The draft may change while transactions are under way: what they leave is written over the newest. */
  const latest = useRef(set);
  latest.current = set;
  const key = bytesToHex(plan.about).slice(-64);
  const made = useQuery({
    queryKey: [
      "made",
      chain.id,
      address,
      key,
      stringify([plan.settings, plan.registry, listDue(plan)]),
    ],
    enabled: address !== undefined,
    staleTime: 0,
    queryFn: () => readMade(readClient(config, chain.id), chain, plan),
  });
  const { run, busy, error } = useAction(async (anyway: boolean) => {
    const sent = draft.unsettled === "" ? undefined : (JSON.parse(draft.unsettled) as Sent);
    if (sent !== undefined && !anyway) {
      const fate = await readFate(readClient(config, chain.id), sent);
      if (fate.state === "pending" || fate.state === "perhapsSent" || fate.state === "proposed")
        throw new TransactionUnderWayError();
    }
    const client = await writeClient(config, chain.id, address as Address);
    latest.current({ unsettled: "" });
    try {
      const round = await createMissing(client, chain, plan, (step, sofar) => {
        setUnder(step);
        setDone(sofar);
      });
      latest.current({ made: round, unsettled: "" });
      await queries.invalidateQueries({ queryKey: ["rounds"] });
    } catch (failure) {
      const hash = findHash(failure);
      if (hash !== undefined)
        latest.current({ unsettled: JSON.stringify({ hash, account: address }) });
      throw failure;
    } finally {
      setUnder(undefined);
      setDone(undefined);
      void made.refetch();
    }
  });
  const known = done ?? made.data?.done;
  const begun = known?.has("documents") === true;
  const waiting = error instanceof TransactionUnderWayError;
  const noState = listCauses(error).some((one) => one instanceof StateAwayError);
  return (
    <div className="space-y-5">
      {address === undefined ? (
        <>
          <p className="text-soft">{t("wizard.create.connect")}</p>
          <Button onClick={() => setChoosing(true)}>{t("wallet.connect")}</Button>
          <WalletDialog open={choosing} onOpenChange={setChoosing} />
        </>
      ) : (
        <>
          <div>
            <h3 className="mb-2 text-[1.15rem]">{t("wizard.create.title")}</h3>
            <p className="mb-3 text-soft">{t("wizard.create.help")}</p>
            <ol className="space-y-1.5" aria-live="polite">
              {CREATION.filter((step) => isMadeFor(step, plan)).map((step) => (
                <li key={step} className="flex items-baseline gap-3">
                  <span
                    aria-hidden
                    className={`w-5 shrink-0 text-center ${known?.has(step) === true ? "text-accent" : "text-soft"}`}
                  >
                    {known?.has(step) === true ? "✓" : under === step ? "…" : "·"}
                  </span>
                  <span className={under === step ? "font-medium" : ""}>
                    {t(`wizard.create.step.${step}`)}
                    {known?.has(step) === true && (
                      <span className="text-soft"> {t("wizard.create.done")}</span>
                    )}
                    {under === step && (
                      <span className="text-soft"> {t("wizard.create.inWallet")}</span>
                    )}
                  </span>
                </li>
              ))}
            </ol>
          </div>
          <Button busy={busy} onClick={() => void run(false)}>
            {begun ? t("wizard.create.goOn") : t("wizard.create.do")}
          </Button>
          {waiting ? (
            <Notice tone="bad" live title={t("wizard.create.underWay")}>
              <p className="mb-3">{t("wizard.create.underWayHelp")}</p>
              {draft.unsettled !== "" && (
                <ConfirmButton
                  title={t("wizard.create.anyway")}
                  review={<p>{t("wizard.create.anywayHelp")}</p>}
                  confirm={t("wizard.create.anyway")}
                  onConfirm={() => void run(true)}
                >
                  {t("wizard.create.anyway")}
                </ConfirmButton>
              )}
            </Notice>
          ) : (
            <>
              {noState ? (
                <Notice tone="bad" live title={t("manage.balances.noState")}>
                  {t("wizard.create.noState")}
                </Notice>
              ) : (
                <ProblemNotice error={error} />
              )}
              {error !== undefined && begun && (
                <p className="text-soft">{t("wizard.create.kept")}</p>
              )}
            </>
          )}
        </>
      )}
    </div>
  );
}

/** Whether a round has something to be made in this step. */
const isMadeFor = (step: CreationStep, plan: Plan): boolean =>
  !(
    (step === "gate" && plan.gate === undefined) ||
    (step === "pin" && listDue(plan).length === 0) ||
    (step === "panel" && plan.panel === undefined) ||
    (step === "rule" && plan.payout === undefined) ||
    (step === "projects" && plan.projects.length === 0)
  );

/** Of a transaction that may yet be mined. */
function findHash(error: unknown): Hex | undefined {
  for (let one = error; one instanceof Error; one = one.cause)
    if (
      one instanceof TransactionError &&
      (one.fate.state === "pending" || one.fate.state === "perhapsSent") &&
      one.fate.hash !== undefined
    )
      return one.fate.hash;
  return undefined;
}
