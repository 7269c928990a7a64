import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { useConfig } from "wagmi";
import { zeroAddress } from "viem";
import { pendingStatus, type Pending } from "../../../../src/index.ts";
import { readClient } from "../../chain/read_client.ts";
import { useSiteChain, type SiteChain } from "../../config/site.ts";
import { isAnonymous } from "../../donor/gate_fields.tsx";
import { Abandon } from "../../donor/abandon.tsx";
import { wipePending } from "../../donor/pending_store.ts";
import { PublishStep } from "../../donor/publish_step.tsx";
import { useStay } from "../../donor/use_stay.ts";
import { Spinner } from "../../ui/button.tsx";
import { Notice } from "../../ui/layout.tsx";
import { ProblemNotice } from "../../ui/problem_notice.tsx";
import { useAction } from "../../ui/use_action.ts";
import { Here } from "./here.tsx";
import { Way } from "./way.tsx";
import type { RoundView } from "../../chain/round_view.ts";

const POLL_MS = 2_000;

/** A sealed new ballot goes out, and is kept until the chain has it for good: a relay that took it may still lose it. */
export function OnItsWay({
  view: { facts, stage },
  pending,
  onDone,
  onAbandoned,
}: {
  view: RoundView;
  pending: Pending;
  onDone: () => void;
  onAbandoned: () => void;
}) {
  const { t } = useTranslation();
  const config = useConfig();
  const chain = useSiteChain(facts.chainId) as SiteChain;
  const kept = useStay();
  // Any account that publishes for a member could lead the coordinator to who it is.
  const relayOnly =
    isAnonymous(facts) && facts.settings.token === zeroAddress && chain.relay !== undefined;
  const now = () => pendingStatus(readClient(config, facts.chainId), chain.finality, pending);
  const status = useQuery({
    queryKey: ["change on its way", facts.chainId, facts.address],
    refetchInterval: POLL_MS,
    gcTime: 0,
    queryFn: now,
  });
  const published = status.data?.unsent.length === 0;
  const final = status.data?.final === true;
  const wiping = useAction(() => wipePending(pending).then(onDone));
  useEffect(() => {
    if (final) void wiping.run();
  }, [final]);
  const over = stage !== "open" && status.data !== undefined && !published;

  return (
    <div className="max-w-3xl">
      {status.data !== undefined && !over && (
        <Here next={published ? t("give.settling") : t("here.changeSealedNext")}>
          {published ? t("here.changeSent") : t("here.changeSealed")}
        </Here>
      )}
      {kept === false && (
        <div className="mb-6">
          <Notice title={t("change.stay")} />
        </div>
      )}
      <Way of="change" at={published ? undefined : "publish"}>
        {{
          publish:
            status.data === undefined ? (
              <Spinner />
            ) : over ? (
              <Notice tone="bad" live title={t("give.closed")}>
                {t("change.closedHelp")}
              </Notice>
            ) : (
              <PublishStep
                facts={facts}
                payer={pending.payer}
                relayOnly={relayOnly}
                strict={false}
                messages={async () => (await now()).unsent}
                onPublished={async () => void (await status.refetch())}
              />
            ),
        }}
      </Way>
      <div className="mt-6 empty:hidden">
        <ProblemNotice error={status.error ?? wiping.error} />
      </div>
      {!published && (
        <Abandon pending={pending} sure={t("change.abandonSure")} onAbandoned={onAbandoned} />
      )}
    </div>
  );
}
