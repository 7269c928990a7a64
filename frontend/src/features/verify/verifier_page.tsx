import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { getAddress, type Address } from "viem";
import type { Check } from "../../../../src/index.ts";
import { wholeContracts, type SiteConfig } from "../../config/site.ts";
import { timeText } from "../../format.ts";
import { Button } from "../../ui/button.tsx";
import { Progress } from "../../ui/bits.tsx";
import { TextField } from "../../ui/field.tsx";
import { Notice, PageTitle, Section } from "../../ui/layout.tsx";
import type { VerifyFailure, VerifyNews, VerifyRequest } from "../../workers/verify_protocol.ts";
import { Checks } from "./checks.tsx";
import { CommandLine } from "./command_line.tsx";
import { CouldEdit } from "./could_edit.tsx";
import { Figures } from "./figures.tsx";
import { HeldAgainstTable } from "./held_against.tsx";
import { PlaceForm } from "./place_form.tsx";
import { SiteHash } from "./site_hash.tsx";

type Verdict = Extract<VerifyNews, { news: "verdict" }>;
type State =
  | { readonly at: "idle" }
  | { readonly at: "running"; readonly stage: "logs" | "proofs"; readonly share: number }
  | { readonly at: "done"; readonly verdict: Verdict; readonly node: string }
  | { readonly at: "failed"; readonly why: VerifyFailure };

/** Where a round is: what the address names, or what is typed. */
type Place = { readonly chainId: number; readonly round: Address };

/** A node that this document's policy lets it ask (scripts/page/policy.ts): the site's own, any by https, any on this device. */
function isAskable(node: URL): boolean {
  return (
    node.origin === location.origin ||
    node.protocol === "https:" ||
    (node.protocol === "http:" && ["127.0.0.1", "localhost"].includes(node.hostname))
  );
}

export function VerifierPage({ site, place }: { site: SiteConfig; place: Place | undefined }) {
  const { t } = useTranslation();
  const chain = site.chains.find(({ id }) => id === place?.chainId);
  return (
    <div className="max-w-3xl">
      <PageTitle lead={t("verify.lead")}>{t("views.verify")}</PageTitle>
      {place === undefined || chain === undefined ? (
        <>
          {place !== undefined && (
            <div className="mb-6">
              <Notice tone="bad" title={t("round.foreignChain")}>
                {t("round.foreignChainHelp", { chain: place.chainId })}
              </Notice>
            </div>
          )}
          <PlaceForm chains={site.chains} />
        </>
      ) : (
        <Verifier chain={chain} round={getAddress(place.round)} />
      )}
    </div>
  );
}

function Verifier({ chain, round }: { chain: SiteConfig["chains"][number]; round: Address }) {
  const { t } = useTranslation();
  const [state, setState] = useState<State>({ at: "idle" });
  const [checks, setChecks] = useState<readonly Check[]>([]);
  const [typed, setTyped] = useState("");
  const worker = useRef<Worker | undefined>(undefined);
  useEffect(() => () => worker.current?.terminate(), []);

  const own = new URL(chain.rpc[0] as string, location.href);
  const node = typed === "" ? own : URL.canParse(typed) ? new URL(typed) : undefined;
  const problem =
    node === undefined
      ? t("verify.rpcNone")
      : isAskable(node) || node.href === own.href
        ? undefined
        : t("verify.rpcRefused");

  const start = (rpc: string) => {
    worker.current?.terminate();
    setChecks([]);
    setState({ at: "running", stage: "logs", share: 0 });
    const started = new Worker(new URL("../../workers/verify.worker.ts", import.meta.url), {
      type: "module",
    });
    worker.current = started;
    const fail = () => setState({ at: "failed", why: "other" });
    started.onerror = fail;
    started.onmessage = ({ data }: MessageEvent<VerifyNews>) => {
      if (data.news === "progress")
        setState({ at: "running", stage: data.stage, share: data.done / data.total });
      else if (data.news === "check") setChecks((all) => [...all, data.check]);
      else if (data.news === "verdict") setState({ at: "done", verdict: data, node: rpc });
      else setState({ at: "failed", why: data.why });
    };
    const keysFolder = new URL("./keys", location.href).href;
    wholeContracts(chain).then((contracts) => {
      const request: VerifyRequest = { rpc, chainId: chain.id, round, keysFolder, contracts };
      started.postMessage(request);
    }, fail);
  };

  const unproven = state.at === "done" ? (state.verdict.unproven ?? []) : [];
  const couldEdit = state.at === "done" ? state.verdict.couldEdit : [];
  return (
    <>
      <dl className="mb-8 space-y-1 text-[0.95rem]">
        <div>
          <dt className="inline text-soft">{t("verify.chain")}: </dt>
          <dd className="inline">
            {chain.name} ({chain.id})
          </dd>
        </div>
        <div>
          <dt className="inline text-soft">{t("verify.round")}: </dt>
          <dd className="inline break-all">{round}</dd>
        </div>
      </dl>
      <form
        className="space-y-6"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (node !== undefined && problem === undefined) start(node.href);
        }}
      >
        <TextField
          label={t("verify.rpc")}
          type="url"
          placeholder={own.href}
          value={typed}
          onChange={(event) => {
            setTyped(event.target.value.trim());
            // What was said of another node.
            if (state.at === "failed") setState({ at: "idle" });
          }}
          hint={t("verify.rpcHint")}
          error={problem}
        />
        <Button type="submit" busy={state.at === "running"} disabled={problem !== undefined}>
          {state.at === "idle"
            ? t("verify.start")
            : state.at === "running"
              ? t("verify.running")
              : t("verify.again")}
        </Button>
      </form>
      <div className="mt-8 space-y-8">
        {state.at === "running" && (
          <div className="space-y-2">
            <Progress
              value={
                (state.stage === "proofs" ? 0.3 : 0) +
                state.share * (state.stage === "proofs" ? 0.7 : 0.3)
              }
              label={t("verify.progress")}
            />
            <p role="status" className="text-[0.9rem] text-soft">
              {t(`verify.stage.${state.stage}`)}
            </p>
          </div>
        )}
        {state.at === "failed" && (
          <Notice tone="bad" live title={t(`verify.failed.${state.why}.title`)}>
            <p>{t(`verify.failed.${state.why}.help`)}</p>
            <p className="mt-2">{t("verify.noVerdict")}</p>
          </Notice>
        )}
        {state.at === "done" && <VerdictCard {...state.verdict} node={state.node} />}
        {state.at !== "idle" && (state.at !== "failed" || checks.length > 0) && (
          <Checks checks={checks} running={state.at === "running"} />
        )}
      </div>
      {state.at === "done" && state.verdict.figures.length > 0 && (
        <Section title={t("verify.figures")}>
          <Figures figures={state.verdict.figures} />
        </Section>
      )}
      {state.at === "done" && (
        <Section title={t("verify.heldAgainst")}>
          <HeldAgainstTable held={state.verdict.heldAgainst} />
        </Section>
      )}
      <Section title={t("verify.distrust")}>
        <p className="measure">{t("verify.distrustText", { host: location.host })}</p>
        <CommandLine
          chainId={chain.id}
          round={round}
          rpc={(node ?? own).href}
          development={chain.contracts.development}
        />
        <SiteHash />
      </Section>
      <Section title={t("verify.notChecked")}>
        <ul className="measure list-disc space-y-1.5 pl-5 text-soft">
          {[...unproven, "rpc", "keys", "page", "ballots"].map((name) => (
            <li key={name} className="wrap-anywhere">
              {name === "projects_owned" && couldEdit.length > 1 && state.at === "done" ? (
                <CouldEdit accounts={couldEdit} changes={state.verdict.listChanges} />
              ) : (
                t(`verify.not.${name}`, { accounts: couldEdit.join() })
              )}
            </li>
          ))}
        </ul>
        {state.at !== "done" && <p className="measure mt-3 text-soft">{t("verify.notYetKnown")}</p>}
      </Section>
    </>
  );
}

function VerdictCard({ ok, developmentKeys, voidableUntil, node }: Verdict & { node: string }) {
  const { t } = useTranslation();
  return (
    <div
      role="status"
      className={`rounded-card border-2 p-6 sm:p-8 ${!ok ? "border-bad bg-bad-wash" : developmentKeys ? "border-edge bg-wash" : "border-accent bg-wash"}`}
    >
      <h2
        className={`text-[1.9rem] leading-tight ${!ok ? "text-bad" : developmentKeys ? "" : "text-accent"}`}
      >
        {!ok
          ? t("verify.wrong")
          : developmentKeys
            ? t("verify.rightDevelopment")
            : t("verify.right")}
      </h2>
      <p className="measure mt-2">
        {!ok
          ? t("verify.wrongText")
          : developmentKeys
            ? t("verify.developmentKeys")
            : t("verify.rightText")}
      </p>
      {voidableUntil !== undefined && (
        <p className="measure mt-3 font-medium">
          {t("verify.finalNot", { time: timeText(voidableUntil) })}
        </p>
      )}
      {!ok && developmentKeys && (
        <p className="measure mt-3 font-medium">{t("verify.developmentKeys")}</p>
      )}
      <p className="measure mt-3 text-[0.9rem] break-all text-soft">
        {t("verify.asked", { node })}
      </p>
    </div>
  );
}
