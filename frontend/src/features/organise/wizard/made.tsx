import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useConfig } from "wagmi";
import { zeroAddress, type Address } from "viem";
import { readClient } from "../../../chain/read_client.ts";
import { useRound } from "../../../chain/reads.ts";
import { download } from "../../../download.ts";
import { applicationsUntil, isPinned } from "../../../../../src/index.ts";
import { amountText, plainTimeText, readLocalTime } from "../../../format.ts";
import { roundHref } from "../../../router.ts";
import { Button, LinkButton } from "../../../ui/button.tsx";
import { ConfirmButton } from "../../../ui/confirm.tsx";
import { TextArea, TextField } from "../../../ui/field.tsx";
import { Notice, Section } from "../../../ui/layout.tsx";
import { ProblemNotice } from "../../../ui/problem_notice.tsx";
import { acceptsBySilence, asksNumbers } from "./draft.ts";
import { listsOf } from "./people.ts";
import type { WizardState } from "./state.ts";

/** A round that is made: what is still to be done for it, and the way there. */
export function Made({ state, onNew }: { state: WizardState; onNew: () => void }) {
  const { t, chain, draft, plan } = state;
  const [fetched, setFetched] = useState(false);
  const round = draft.made as Address;
  const config = useConfig();
  const balances = plan?.balances ?? [];
  const { data: unpinned = [] } = useQuery({
    queryKey: ["unpinned", chain.id, balances.map(({ checker }) => checker)],
    queryFn: async () => {
      const read = readClient(config, chain.id);
      const pinned = await Promise.all(balances.map(({ checker }) => isPinned(read, checker)));
      return balances.filter((_, i) => pinned[i] === false).map(({ block }) => block);
    },
  });
  const lists = draft.who === "ways" ? listsOf(draft.ways) : [];
  // By the chain: a plan can be made only as long as its times lie ahead.
  const made = useRound(chain.id, round);
  const gate = made.data?.settings.gate ?? "";
  const payeesUntil = acceptsBySilence(draft)
    ? plan?.registry?.payeeSetter === zeroAddress
      ? undefined
      : plan?.registry?.freezeTime
    : made.data?.settings.end;
  const files = lists.map((_, i) => `list-${gate.slice(2, 10)}-${i + 1}.csv`);
  const saveLists = () => {
    lists.forEach((list, i) => download(files[i] as string, "text/csv", list));
    setFetched(true);
  };
  const link = new URL(roundHref(chain.id, round), location.href).href;
  return (
    <div className="max-w-3xl">
      <Notice tone="good" live title={t("wizard.made.title", { name: draft.name })}>
        <p>{t("wizard.made.help")}</p>
        <div className="mt-3 flex flex-wrap gap-3">
          <LinkButton href={roundHref(chain.id, round, "organise")}>
            {t("wizard.made.organise")}
          </LinkButton>
          <LinkButton look="outline" href={roundHref(chain.id, round)}>
            {t("wizard.made.see")}
          </LinkButton>
        </div>
      </Notice>
      {lists.length > 0 && (
        <Section title={t("wizard.made.lists")}>
          <p className="mb-4">{t("wizard.made.listsHelp", { count: lists.length })}</p>
          <Button busy={made.isPending} disabled={gate === ""} onClick={saveLists}>
            {t("wizard.made.saveLists", { count: lists.length })}
          </Button>
          <ProblemNotice error={made.error} />
          {gate !== "" && (
            <div className="mt-4">
              <TextArea
                readOnly
                rows={8}
                label={t("wizard.made.config")}
                hint={t("wizard.made.configHelp")}
                value={JSON.stringify(
                  { lists: { [gate]: files.map((file) => `./${file}`) } },
                  null,
                  2,
                )}
                onFocus={(event) => event.target.select()}
              />
            </div>
          )}
        </Section>
      )}
      <Section title={t("wizard.made.next")}>
        <ol className="list-decimal space-y-2 pl-6">
          {acceptsBySilence(draft)
            ? plan?.registry !== undefined && (
                <li>
                  {t("wizard.made.nextApply", {
                    time: plainTimeText(applicationsUntil(plan.registry)),
                    bond: amountText(plan.registry.bond, chain.currency, 9),
                  })}
                </li>
              )
            : draft.projects.length === 0 &&
              !asksNumbers(draft) && <li>{t("wizard.made.nextProjects")}</li>}
          {plan?.panel !== undefined && (
            <li className="wrap-anywhere">
              {t("wizard.made.nextReview", {
                time: plainTimeText(plan.panel.freezeTime),
                link: `${link}/review`,
              })}
            </li>
          )}
          {unpinned.map((number) => (
            <li key={String(number)}>{t("wizard.made.nextPin", { block: String(number) })}</li>
          ))}
          {draft.pool !== "none" && <li>{t("wizard.made.nextPool")}</li>}
          {!acceptsBySilence(draft) && <li>{t("wizard.made.nextInvite")}</li>}
          {draft.pool !== "none" && payeesUntil !== undefined && (
            <li>{t("wizard.made.nextInstalments", { time: plainTimeText(payeesUntil) })}</li>
          )}
          <li>{t("wizard.made.nextTell", { time: plainTimeText(readLocalTime(draft.start)) })}</li>
        </ol>
        <div className="mt-4">
          <TextField
            readOnly
            label={t("wizard.made.link")}
            value={link}
            onFocus={(event) => event.target.select()}
          />
        </div>
      </Section>
      <div className="mt-10">
        {lists.length > 0 && !fetched ? (
          <ConfirmButton
            title={t("wizard.made.new")}
            review={<p>{t("wizard.made.newSure")}</p>}
            confirm={t("wizard.made.new")}
            onConfirm={onNew}
          >
            {t("wizard.made.new")}
          </ConfirmButton>
        ) : (
          <Button look="outline" onClick={onNew}>
            {t("wizard.made.new")}
          </Button>
        )}
      </div>
    </div>
  );
}
