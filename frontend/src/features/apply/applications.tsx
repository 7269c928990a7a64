import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useConfig } from "wagmi";
import { isAddressEqual, type Address } from "viem";
import {
  acceptApplication,
  challengeApplication,
  lapseApplication,
  plainText,
  readApplications,
  readOwedBonds,
  readPendingApplications,
  readProjectDocuments,
  ruleApplication,
  withdrawBonds,
  type OptimisticSettings,
  type ProjectDocument,
} from "../../../../src/index.ts";
import { useAccountNames } from "../../chain/account_names.ts";
import { useAccountText } from "../../chain/account_text.ts";
import { describeProject } from "../../chain/metadata.ts";
import { readClient } from "../../chain/read_client.ts";
import type { RoundView } from "../../chain/round_view.ts";
import { writeClient } from "../../chain/writes.ts";
import { useSiteChain, type SiteChain } from "../../config/site.ts";
import { amountText, shortAddress, timeText } from "../../format.ts";
import { Button } from "../../ui/button.tsx";
import { ConfirmButton } from "../../ui/confirm.tsx";
import { TextField } from "../../ui/field.tsx";
import { Picture } from "../../ui/picture.tsx";
import { ProblemNotice } from "../../ui/problem_notice.tsx";
import { useAction } from "../../ui/use_action.ts";

type Around = { view: RoundView; account: Address | undefined };
type Listed = {
  readonly application: bigint;
  readonly recipient: Address;
  readonly name: string;
  readonly document: ProjectDocument | undefined;
};

/** Where applications stand, and what may be done about each: who may, the contract says. */
export function Applications(around: Around) {
  const { registry } = around.view.facts.parts;
  return registry.kind === "optimistic" ? (
    <Optimistic {...around} settings={registry} />
  ) : (
    <Pending {...around} />
  );
}

/** Those who wait for the registry's owner or an editor. */
function Pending({ view: { facts } }: Around) {
  const config = useConfig();
  const { contracts, fromBlock } = useSiteChain(facts.chainId) as SiteChain;
  const { registry } = facts.settings;
  const { data = [] } = useQuery({
    queryKey: ["applications", facts.chainId, registry, "pending"],
    refetchInterval: 30_000,
    queryFn: () =>
      readPendingApplications(readClient(config, facts.chainId), {
        ...{ registry, documents: contracts.documents, fromBlock: BigInt(fromBlock) },
      }),
  });
  return (
    <List
      chainId={facts.chainId}
      all={data.map(({ metadataURI, ...one }) => ({ ...one, name: metadataURI }))}
    />
  );
}

function Optimistic({ view, account, settings }: Around & { settings: OptimisticSettings }) {
  const { t } = useTranslation();
  const config = useConfig();
  const queries = useQueryClient();
  const chain = useSiteChain(view.facts.chainId) as SiteChain;
  const { facts, now } = view;
  const { chainId } = facts;
  const { registry } = facts.settings;
  const { data = [] } = useQuery({
    queryKey: ["applications", chainId, registry, "optimistic"],
    refetchInterval: 15_000,
    queryFn: async () => {
      const read = readClient(config, chainId);
      const fromBlock = BigInt(chain.fromBlock);
      const { timestamp } = await read.getBlock();
      const all = await readApplications(read, registry, { settings, now: timestamp, fromBlock });
      const described = await readProjectDocuments(read, chain.contracts.documents, {
        references: all.map(({ metadataURI }) => metadataURI),
        fromBlock,
      });
      return all.map((one) => ({ ...one, document: described.get(one.metadataURI) }));
    },
  });
  const owed = useQuery({
    queryKey: ["applications", chainId, registry, "owed", account],
    enabled: account !== undefined,
    refetchInterval: 15_000,
    queryFn: () => readOwedBonds(readClient(config, chainId), registry, account as Address),
  });
  const act = useAction(
    async (run: (client: Awaited<ReturnType<typeof writeClient>>) => Promise<unknown>) => {
      await run(await writeClient(config, chainId, account as Address));
      await Promise.all([
        queries.invalidateQueries({ queryKey: ["applications", chainId, registry] }),
        queries.invalidateQueries({ queryKey: ["projects", chainId, registry] }),
      ]);
    },
  );
  const coin = (wei: bigint) => amountText(wei, chain.currency, 6);
  const is = (other: Address) => account !== undefined && isAddressEqual(account, other);
  const can = account !== undefined;
  const all = [...data].reverse().map((one) => ({ ...one, name: "" }));
  return (
    <>
      {(owed.data ?? 0n) > 0n && (
        <p className="mb-5 flex flex-wrap items-center gap-4">
          {t("apply.owed", { amount: coin(owed.data ?? 0n) })}
          <Button
            look="outline"
            busy={act.busy}
            onClick={() =>
              void act.run((client) =>
                withdrawBonds(client, { registry, account: account as Address }),
              )
            }
          >
            {t("apply.withdraw")}
          </Button>
        </p>
      )}
      <List chainId={chainId} all={all}>
        {(one) => {
          const place = { registry, application: one.application };
          return (
            <>
              <p className="mt-1 text-[0.93rem]">
                {t(`apply.state.${one.state}`, {
                  time: one.until === undefined ? "" : timeText(one.until),
                })}
              </p>
              {one.challenger !== undefined && (
                <p className="mt-1 text-[0.93rem] text-soft">
                  {t("apply.challengedBy", {
                    account: shortAddress(one.challenger),
                    reason: plainText(one.reason ?? "", 1_024),
                  })}
                </p>
              )}
              {can && one.state === "challengeable" && Number(one.until) > now && (
                <Challenge
                  bond={coin(settings.bond)}
                  busy={act.busy}
                  onChallenge={(reason) =>
                    void act.run((client) =>
                      challengeApplication(client, { ...place, reason, bond: settings.bond }),
                    )
                  }
                />
              )}
              {can && one.state === "ruling" && is(settings.arbiter) && (
                <div className="mt-3 flex flex-wrap gap-3">
                  {([true, false] as const).map((accepted) => (
                    <ConfirmButton
                      key={String(accepted)}
                      busy={act.busy}
                      title={accepted ? t("apply.ruleFor") : t("apply.ruleAgainst")}
                      review={
                        <p>{accepted ? t("apply.ruleForHelp") : t("apply.ruleAgainstHelp")}</p>
                      }
                      confirm={accepted ? t("apply.ruleFor") : t("apply.ruleAgainst")}
                      onConfirm={() =>
                        void act.run((client) => ruleApplication(client, { ...place, accepted }))
                      }
                    >
                      {accepted ? t("apply.ruleFor") : t("apply.ruleAgainst")}
                    </ConfirmButton>
                  ))}
                </div>
              )}
              {can && one.state === "acceptable" && (
                <Button
                  look="outline"
                  className="mt-3"
                  busy={act.busy}
                  onClick={() => void act.run((client) => acceptApplication(client, place))}
                >
                  {t("apply.accept")}
                </Button>
              )}
              {can && one.state === "expired" && (
                <Button
                  look="outline"
                  className="mt-3"
                  busy={act.busy}
                  onClick={() => void act.run((client) => lapseApplication(client, place))}
                >
                  {t("apply.lapse")}
                </Button>
              )}
            </>
          );
        }}
      </List>
      <ProblemNotice error={act.error} />
    </>
  );
}

function List<T extends Listed>({
  all,
  chainId,
  children,
}: {
  all: readonly T[];
  chainId: number;
  children?: (one: T) => ReactNode;
}) {
  const { t } = useTranslation();
  const accountText = useAccountText(
    useAccountNames(
      chainId,
      all.map(({ recipient }) => recipient),
    ),
  );
  if (all.length === 0) return <p className="text-soft">{t("apply.none")}</p>;
  return (
    <ul className="divide-y divide-line border-y border-line">
      {all.map((one) => {
        const text = describeProject({
          name: one.document?.name ?? one.name,
          document: one.document,
        });
        const image = one.document?.image;
        const name = text.name || t("apply.unnamed", { number: String(one.application) });
        return (
          <li key={String(one.application)} className="py-4">
            <div className="flex items-start gap-4">
              <Picture
                image={image}
                of={`${one.application} ${name}`}
                alt={one.document?.extensions?.["org.tacit"]?.alt}
                chainId={chainId}
                hue={Math.round((Number(one.application) * 137.5) % 360)}
                className="size-20 rounded-lg"
              />
              <div className="min-w-0 wrap-anywhere">
                <h3 className="text-[1.15rem] leading-snug">{name}</h3>
                <p className="text-[0.87rem] text-soft">
                  {text.summary.slice(0, 300)}{" "}
                  {t("projects.paidTo", { account: accountText(one.recipient) })}
                </p>
                {children?.(one)}
              </div>
            </div>
          </li>
        );
      })}
    </ul>
  );
}

function Challenge({
  bond,
  busy,
  onChallenge,
}: {
  bond: string;
  busy: boolean;
  onChallenge: (reason: string) => void;
}) {
  const { t } = useTranslation();
  const [reason, setReason] = useState("");
  const bytes = new TextEncoder().encode(reason.trim()).length;
  return (
    <details className="mt-2">
      <summary className="min-h-11 cursor-pointer py-2.5 text-accent underline underline-offset-4">
        {t("apply.challenge")}
      </summary>
      <div className="mt-2 space-y-3">
        <TextField
          label={t("apply.reason")}
          value={reason}
          onChange={({ target }) => setReason(target.value)}
          error={bytes > 1_024 && t("apply.reasonLong")}
        />
        <ConfirmButton
          busy={busy}
          disabled={bytes === 0 || bytes > 1_024}
          title={t("apply.challenge")}
          review={<p>{t("apply.challengeHelp", { bond })}</p>}
          confirm={t("apply.challengeDo", { bond })}
          onConfirm={() => onChallenge(reason.trim())}
        >
          {t("apply.challengeDo", { bond })}
        </ConfirmButton>
      </div>
    </details>
  );
}
