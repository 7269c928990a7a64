import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Check } from "../../../../src/index.ts";
import type { RoundView } from "../../chain/round_view.ts";
import { useSiteChain, type SiteChain } from "../../config/site.ts";
import { listUnproven } from "../../chain/unproven.ts";
import { Button } from "../../ui/button.tsx";
import { Progress } from "../../ui/bits.tsx";
import { TextField } from "../../ui/field.tsx";
import { Notice } from "../../ui/layout.tsx";
import type { VerifyNews, VerifyRequest } from "../../workers/verify_protocol.ts";

type State =
  | { readonly at: "idle" }
  | { readonly at: "running"; readonly stage: "logs" | "proofs"; readonly share: number }
  | { readonly at: "done"; readonly ok: boolean; readonly developmentKeys: boolean }
  | { readonly at: "failed"; readonly why: Extract<VerifyNews, { news: "failed" }>["why"] };

/** Checks of src/verify/verify_round.ts, by their ids. */
const CHECKS = [
  "PROV-2",
  "LINK-1",
  "KEY-7",
  "TALLY-1",
  "MSG-1",
  "FOLD-1",
  "TALLY-8",
  "CLOSE-4",
  "MONEY-8",
] as const;

export default function VerifyPage({ facts, stage }: RoundView) {
  const { t } = useTranslation();
  const chain = useSiteChain(facts.chainId);
  const [state, setState] = useState<State>({ at: "idle" });
  const [checks, setChecks] = useState<readonly Check[]>([]);
  const [rpc, setRpc] = useState("");
  const worker = useRef<Worker | undefined>(undefined);
  useEffect(() => () => worker.current?.terminate(), []);

  const start = () => {
    worker.current?.terminate();
    setChecks([]);
    setState({ at: "running", stage: "logs", share: 0 });
    worker.current = new Worker(new URL("../../workers/verify.worker.ts", import.meta.url), {
      type: "module",
    });
    worker.current.onerror = () => setState({ at: "failed", why: "other" });
    worker.current.onmessage = ({ data }: MessageEvent<VerifyNews>) => {
      if (data.news === "progress")
        setState({ at: "running", stage: data.stage, share: data.done / data.total });
      else if (data.news === "check") setChecks((all) => [...all, data.check]);
      else if (data.news === "verdict")
        setState({ at: "done", ok: data.ok, developmentKeys: data.developmentKeys });
      else setState({ at: "failed", why: data.why });
    };
    const request: VerifyRequest = {
      rpc: new URL(rpc === "" ? (chain?.rpc[0] as string) : rpc, location.href).href,
      round: facts.address,
      keysFolder: new URL("./keys", location.href).href,
      contracts: (chain as SiteChain).contracts,
    };
    worker.current.postMessage(request);
  };

  if (stage !== "finalized" && stage !== "disputable")
    return <Notice title={t("verify.early")}>{t("verify.earlyHelp")}</Notice>;
  return (
    <div className="max-w-3xl space-y-8">
      <p className="measure text-[1.05rem]">{t("verify.lead")}</p>
      <details>
        <summary className="min-h-11 cursor-pointer py-2 text-accent underline underline-offset-4">
          {t("verify.otherRpc")}
        </summary>
        <TextField
          label={t("verify.rpc")}
          type="url"
          placeholder={chain?.rpc[0]}
          value={rpc}
          onChange={(event) => setRpc(event.target.value.trim())}
          hint={t("verify.rpcHint")}
        />
      </details>
      <Button onClick={start} busy={state.at === "running"}>
        {state.at === "idle"
          ? t("verify.start")
          : state.at === "running"
            ? t("verify.running")
            : t("verify.again")}
      </Button>
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
          {state.why === "network" && rpc !== ""
            ? t("verify.policyHelp")
            : t(`verify.failed.${state.why}.help`)}
        </Notice>
      )}
      {state.at === "done" && (
        <div
          role="status"
          className={`rounded-card border-2 p-6 sm:p-8 ${!state.ok ? "border-bad bg-bad-wash" : state.developmentKeys ? "border-edge bg-wash" : "border-accent bg-wash"}`}
        >
          <h2
            className={`text-[1.9rem] leading-tight ${!state.ok ? "text-bad" : state.developmentKeys ? "" : "text-accent"}`}
          >
            {!state.ok
              ? t("verify.wrong")
              : state.developmentKeys
                ? t("verify.rightDevelopment")
                : t("verify.right")}
          </h2>
          <p className="measure mt-2">
            {!state.ok
              ? t("verify.wrongText")
              : state.developmentKeys
                ? t("verify.developmentKeys")
                : t("verify.rightText")}
          </p>
          {!state.ok && state.developmentKeys && (
            <p className="measure mt-3 font-medium">{t("verify.developmentKeys")}</p>
          )}
        </div>
      )}
      {(checks.length > 0 || state.at === "running") && (
        <section>
          <h2 className="mb-3 text-[1.4rem]">{t("verify.checked")}</h2>
          <ul className="divide-y divide-line border-y border-line">
            {CHECKS.map((id) => {
              const check = checks.find((one) => one.id === id);
              return (
                <li key={id} className="flex gap-4 py-3.5">
                  <span
                    aria-hidden
                    className={`figure w-5 shrink-0 text-center text-[1.2rem] ${check === undefined ? "text-edge" : check.ok ? "text-accent" : "text-bad"}`}
                  >
                    {check === undefined ? "·" : check.ok ? "✓" : "✗"}
                  </span>
                  <div className="min-w-0">
                    <p className="font-medium">
                      {t(`verify.check.${id}`)}
                      <span className="sr-only">
                        {" "}
                        {check === undefined
                          ? ""
                          : check.ok
                            ? t("verify.holds")
                            : t("verify.fails")}
                      </span>
                    </p>
                    {check !== undefined && (
                      <p lang="en" className="text-[0.85rem] break-words text-soft">
                        {check.detail}
                      </p>
                    )}
                  </div>
                </li>
              );
            })}
          </ul>
        </section>
      )}
      <section>
        <h2 className="mb-3 text-[1.4rem]">{t("verify.notChecked")}</h2>
        <ul className="measure list-disc space-y-1.5 pl-5 text-soft">
          {[...listUnproven(facts), "rpc", "keys", "ballots"].map((name) => (
            <li key={name}>{t(`verify.not.${name}`)}</li>
          ))}
        </ul>
      </section>
    </div>
  );
}
