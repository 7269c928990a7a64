import { useQuery } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useAccount, useConfig } from "wagmi";
import type { Address } from "viem";
import { readToken } from "../../../../src/index.ts";
import { readClient } from "../../chain/read_client.ts";
import { readNaming } from "../../chain/names.ts";
import { useNow } from "../../chain/reads.ts";
import { useSite, wholeContracts, type SiteChain, type WholeChain } from "../../config/site.ts";
import { countText, isTypedAddress } from "../../format.ts";
import { addWords } from "../../i18n/index.ts";
import { Button } from "../../ui/button.tsx";
import { ConfirmButton } from "../../ui/confirm.tsx";
import { SelectField } from "../../ui/field.tsx";
import { Notice, PageTitle, Placeholder } from "../../ui/layout.tsx";
import { ProblemNotice } from "../../ui/problem_notice.tsx";
import ChainNotice from "../../wallet/chain_notice.tsx";
import { keepDraft, recallDraft } from "./kept_draft.ts";
import { firstDraft, STEPS, type Draft, type StepName } from "./wizard/draft.ts";
import { withAddresses } from "./wizard/named.ts";
import { Made } from "./wizard/made.tsx";
import { PeopleStep } from "./wizard/people_step.tsx";
import { parsePlan, stepOf } from "./wizard/plan.ts";
import { ProjectsStep } from "./wizard/projects_step.tsx";
import { ReviewStep } from "./wizard/review_step.tsx";
import type { WizardState } from "./wizard/state.ts";
import { useWayFacts } from "./wizard/way_facts.ts";
import {
  AboutStep,
  CoordinatorStep,
  DatesStep,
  MoneyStep,
  PresetStep,
  RuleStep,
} from "./wizard/steps.tsx";

// Whoever gives never loads what only organisers read; whoever organises waits for it here.
await addWords("organise");
await addWords("rules");

/** A round in a few steps, the last of which says all of it and makes it. */
export default function CreatePage() {
  const { t } = useTranslation();
  const { chains } = useSite();
  const [chainId, setChainId] = useState(chains[0]?.id as number);
  const chain = chains.find(({ id }) => id === chainId) as SiteChain;
  const {
    data: whole,
    error,
    refetch,
  } = useQuery({
    queryKey: ["whole chain", chainId],
    staleTime: Infinity,
    queryFn: async (): Promise<WholeChain> => ({
      ...chain,
      contracts: await wholeContracts(chain),
    }),
  });
  return (
    <>
      <PageTitle lead={t("wizard.lead")}>{t("wizard.title")}</PageTitle>
      {chains.length > 1 && (
        <div className="mb-8 max-w-sm">
          <SelectField
            label={t("wizard.chain")}
            value={chainId}
            onChange={(event) => setChainId(Number(event.target.value))}
          >
            {chains.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </SelectField>
        </div>
      )}
      <ChainNotice chain={chain} />
      {error !== null && <ProblemNotice error={error} onRetry={() => void refetch()} />}
      {whole === undefined ? (
        error === null && <Placeholder label={t("common.loading")} lines={9} />
      ) : (
        <Wizard key={chainId} chain={whole} />
      )}
    </>
  );
}

/** The draft, kept with every change; `isKept` is whether the browser does keep it. */
function useDraft(chain: SiteChain, now: number) {
  const [recalled] = useState(() => recallDraft(chain.id));
  const [draft, setDraft] = useState(() => recalled ?? firstDraft(chain, now));
  const [isKept, setKept] = useState(true);
  const newest = useRef(draft);
  const write = useCallback(
    (next: Draft, keep: Draft | undefined) => {
      newest.current = next;
      setDraft(next);
      setKept(keepDraft(chain.id, keep));
    },
    [chain.id],
  );
  const set = useCallback(
    (changes: Partial<Draft>) => {
      const next = { ...newest.current, ...changes };
      write(next, next);
    },
    [write],
  );
  const learn = useCallback(
    (name: string, address: Address) => {
      const next = { ...newest.current, names: { ...newest.current.names, [name]: address } };
      write(next, next);
    },
    [write],
  );
  const clear = useCallback(() => write(firstDraft(chain, now), undefined), [write, chain, now]);
  return { draft, set, learn, clear, isKept, wasRecalled: recalled !== undefined };
}

/** What a token tells of itself, where the text is its address. */
function useTokenAt({ id }: SiteChain, text: string) {
  const config = useConfig();
  return useQuery({
    queryKey: ["token", id, text.trim()],
    enabled: isTypedAddress(text),
    queryFn: () => readToken(readClient(config, id), text.trim() as Address),
  }).data;
}

function Wizard({ chain }: { chain: WholeChain }) {
  const { t } = useTranslation();
  const config = useConfig();
  const { address: organiser } = useAccount();
  const { data: newest } = useQuery({
    queryKey: ["newest block", chain.id],
    refetchInterval: 30_000,
    queryFn: async () => {
      const { number, timestamp } = await readClient(config, chain.id).getBlock();
      return { block: number, time: Number(timestamp) };
    },
  });
  const blockTime = newest?.time;
  const now = useNow(blockTime);
  const { draft, set, learn, clear, isKept, wasRecalled } = useDraft(chain, now);
  const [tried, setTried] = useState<ReadonlySet<StepName>>(new Set());
  const heading = useRef<HTMLHeadingElement>(null);
  const shown = useRef(draft.step);
  useEffect(() => {
    if (shown.current === draft.step) return;
    shown.current = draft.step;
    heading.current?.focus({ preventScroll: true });
    heading.current?.scrollIntoView({ block: "nearest" });
  }, [draft.step]);
  // The first draft's dates were of the device's clock: the chain's is what counts.
  const dated = useRef(wasRecalled);
  useEffect(() => {
    if (blockTime === undefined || dated.current) return;
    dated.current = true;
    const { start, end } = firstDraft(chain, blockTime);
    set({ start, end });
  }, [blockTime, chain, set]);
  const told = withAddresses(draft);
  const token = useTokenAt(chain, told.paid ? told.token : "");
  const poolToken = useTokenAt(chain, told.pool === "other" ? told.poolToken : "");
  const wayFacts = useWayFacts(chain, told.who === "ways" ? told.ways : []);
  const block = newest?.block;
  const facts = { chain, token, poolToken, organiser, wayFacts, block, now };
  const { problems, plan } = parsePlan(draft, facts);
  const at = STEPS.indexOf(draft.step);
  const wrong = (step: StepName) => Object.keys(problems).some((field) => stepOf(field) === step);
  const state: WizardState = {
    t,
    chain,
    draft,
    set,
    told,
    learn,
    naming: (read) => readNaming(config, chain, read),
    problems,
    tried: tried.has(draft.step),
    plan,
    token,
    poolToken,
    wayFacts,
    block,
    now,
  };
  const goTo = (step: StepName) => {
    setTried((all) => new Set([...all, draft.step]));
    set({ step });
  };
  if (draft.made !== "") return <Made state={state} onNew={clear} />;
  const next = STEPS[at + 1];
  return (
    <div className="gap-12 lg:grid lg:grid-cols-[13rem_minmax(0,44rem)]">
      <nav aria-label={t("wizard.steps")} className="mb-6 hidden lg:block">
        <ol className="space-y-0.5">
          {STEPS.map((step, i) => (
            <li key={step}>
              <button
                type="button"
                aria-current={step === draft.step ? "step" : undefined}
                onClick={() => goTo(step)}
                className="flex min-h-11 w-full items-center gap-3 rounded-lg px-2.5 text-left text-soft hover:bg-wash hover:text-ink aria-[current]:bg-wash aria-[current]:font-medium aria-[current]:text-ink"
              >
                <Mark
                  done={
                    tried.has(step) && !wrong(step) && (step !== "review" || plan !== undefined)
                  }
                  bad={tried.has(step) && wrong(step)}
                >
                  {countText(i + 1)}
                </Mark>
                {t(`wizard.step.${step}`)}
                {tried.has(step) && wrong(step) && (
                  <span className="sr-only"> {t("wizard.incomplete")}</span>
                )}
              </button>
            </li>
          ))}
        </ol>
      </nav>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          setTried((all) => new Set([...all, draft.step]));
          if (!wrong(draft.step) && next !== undefined) set({ step: next });
        }}
      >
        <p className="eyebrow mb-1">
          {t("wizard.stepOf", { number: countText(at + 1), all: countText(STEPS.length) })}
        </p>
        <h2
          ref={heading}
          tabIndex={-1}
          className="mb-6 scroll-mt-6 text-[1.6rem] leading-tight outline-none"
        >
          {t(`wizard.step.${draft.step}`)}
        </h2>
        <div className="space-y-6">
          {draft.step === "preset" && <PresetStep {...state} />}
          {draft.step === "about" && <AboutStep {...state} />}
          {draft.step === "dates" && <DatesStep {...state} />}
          {draft.step === "money" && <MoneyStep {...state} />}
          {draft.step === "people" && <PeopleStep {...state} />}
          {draft.step === "projects" && <ProjectsStep {...state} />}
          {draft.step === "rule" && <RuleStep {...state} />}
          {draft.step === "coordinator" && <CoordinatorStep {...state} />}
          {draft.step === "review" && <ReviewStep state={state} onStep={goTo} />}
        </div>
        {tried.has(draft.step) && wrong(draft.step) && (
          <div className="mt-6">
            <Notice tone="bad" live title={t("wizard.mend")} />
          </div>
        )}
        <div className="mt-8 flex flex-wrap items-center gap-3 border-t border-line pt-5">
          {next !== undefined && <Button type="submit">{t("wizard.next")}</Button>}
          {at > 0 && (
            <Button look="outline" onClick={() => goTo(STEPS[at - 1] as StepName)}>
              {t("wizard.back")}
            </Button>
          )}
        </div>
        <div className="mt-8 flex flex-wrap items-center justify-between gap-3 text-[0.87rem] text-soft">
          <p className="measure">{isKept ? t("wizard.kept") : t("wizard.unkept")}</p>
          {draft.preset !== "" && (
            <ConfirmButton
              look="quiet"
              title={t("wizard.deleteSure")}
              confirm={t("wizard.delete")}
              onConfirm={() => {
                setTried(new Set());
                clear();
              }}
            >
              {t("wizard.delete")}
            </ConfirmButton>
          )}
        </div>
      </form>
    </div>
  );
}

function Mark({ done, bad, children }: { done: boolean; bad: boolean; children: string }) {
  return (
    <span
      aria-hidden
      className={`figure grid size-7 shrink-0 place-items-center rounded-full border text-[0.85rem] ${
        done
          ? "border-accent bg-accent text-on-accent"
          : bad
            ? "border-bad text-bad"
            : "border-line"
      }`}
    >
      {done ? "✓" : bad ? "!" : children}
    </span>
  );
}
