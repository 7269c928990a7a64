import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useConfig } from "wagmi";
import type { Address } from "viem";
import {
  addProjects,
  applyProject,
  approveProjects,
  delistProject,
  digestDocument,
  encodeProjectDocument,
  mayEdit,
  publishDocuments,
  readPendingApplications,
  toReference,
  writeProjectDocument,
  type Editors,
} from "../../../../src/index.ts";
import { useAccountNames } from "../../chain/account_names.ts";
import { useAccountText } from "../../chain/account_text.ts";
import { useLearntNames } from "../../chain/names.ts";
import { describeProject } from "../../chain/metadata.ts";
import { readClient } from "../../chain/read_client.ts";
import type { RoundView } from "../../chain/round_view.ts";
import { writeClient } from "../../chain/writes.ts";
import { useSiteChain, type SiteChain } from "../../config/site.ts";
import { isTypedAddress } from "../../format.ts";
import { roundHref } from "../../router.ts";
import { ConfirmButton } from "../../ui/confirm.tsx";
import { AddressField } from "../../ui/address_field.tsx";
import { Button } from "../../ui/button.tsx";
import { SelectField, TextArea, TextField } from "../../ui/field.tsx";
import { Notice } from "../../ui/layout.tsx";
import { ProblemNotice } from "../../ui/problem_notice.tsx";
import { useAction } from "../../ui/use_action.ts";

const EMPTY = { name: "", summary: "", goal: "", topic: "", url: "", recipient: "" };

/** Applications and their approval; the owner and its editors may also add and take off. All of it closes with the list. */
export function ManageProjects({
  view: { facts, projects, recipients, stage, now },
  editors,
  account,
}: {
  view: RoundView;
  editors: Editors | undefined;
  account: Address | undefined;
}) {
  const { t } = useTranslation();
  const config = useConfig();
  const queries = useQueryClient();
  const chain = useSiteChain(facts.chainId);
  const [form, setForm] = useState(EMPTY);
  const [done, setDone] = useState<"applied" | "added">();
  const [published, setPublished] = useState<string>();
  const { knownFor, learn } = useLearntNames();
  const payee = knownFor(form.recipient);
  const to = payee ?? form.recipient.trim();
  const registry = facts.settings.registry;
  const { parts } = facts;
  const open =
    (stage === "open" || stage === "upcoming") &&
    (parts.registry.kind === "foreign" || now < Number(parts.registry.freezeTime));
  const isEditor = editors !== undefined && mayEdit(editors, account);
  const first = BigInt(chain?.fromBlock ?? 0);
  const pending = useQuery({
    queryKey: ["applications", facts.chainId, registry],
    enabled: editors !== undefined && open,
    refetchInterval: 15_000,
    queryFn: () =>
      readPendingApplications(readClient(config, facts.chainId), {
        registry,
        documents: (chain as SiteChain).contracts.documents,
        fromBlock: first,
      }),
  });
  const accountText = useAccountText(
    useAccountNames(
      facts.chainId,
      pending.data?.map(({ recipient }) => recipient),
    ),
  );
  const refresh = () =>
    Promise.all([
      queries.invalidateQueries({ queryKey: ["applications", facts.chainId, registry] }),
      queries.invalidateQueries({ queryKey: ["projects", facts.chainId, registry] }),
    ]);
  const client = () => writeClient(config, facts.chainId, account as Address);

  const add = useAction(async () => {
    const filled = (text: string) => (text.trim() === "" ? undefined : text.trim());
    const document = encodeProjectDocument(
      writeProjectDocument({
        name: form.name.trim(),
        description: filled(form.summary),
        sdgs: form.goal === "" ? undefined : [Number(form.goal)],
        category: filled(form.topic),
        contentURI: filled(form.url),
      }),
    );
    const metadataURI = toReference(digestDocument(document));
    const recipient = to as Address;
    const sender = await client();
    // A second try after a refusal of the second transaction does not pay for the document again.
    if (published !== metadataURI) {
      await publishDocuments(sender, (chain as SiteChain).contracts.documents, [document]);
      setPublished(metadataURI);
    }
    if (isEditor) await addProjects(sender, { registry, projects: [{ recipient, metadataURI }] });
    else await applyProject(sender, { registry, recipient, metadataURI });
    setDone(isEditor ? "added" : "applied");
    setForm(EMPTY);
    await refresh();
  });
  const approve = useAction(async (application: bigint) => {
    await approveProjects(await client(), { registry, applications: [application] });
    await refresh();
  });
  const delist = useAction(async (project: number) => {
    await delistProject(await client(), { registry, project: BigInt(project) });
    await refresh();
  });
  const set = (name: keyof typeof EMPTY) => ({
    value: form[name],
    onChange: (event: { target: { value: string } }) => (
      setDone(undefined), setForm({ ...form, [name]: event.target.value })
    ),
  });
  const ready =
    form.name.trim() !== "" &&
    isTypedAddress(to) &&
    (form.url.trim() === "" || /^https:\/\//.test(form.url.trim()));

  return (
    <div className="space-y-8">
      {(pending.data?.length ?? 0) > 0 && (
        <div>
          <h3 className="mb-2 text-[1.2rem]">{t("projects.applications")}</h3>
          <ul className="divide-y divide-line border-y border-line">
            {pending.data?.map(({ application, recipient, metadataURI, document }) => {
              const text = describeProject({
                name: document?.name ?? metadataURI,
                document,
              });
              return (
                <li
                  key={String(application)}
                  className="flex flex-wrap items-center justify-between gap-3 py-3"
                >
                  <div className="min-w-0 wrap-anywhere">
                    <p className="font-display text-[1.1rem]">{text.name}</p>
                    <p className="text-[0.87rem] text-soft">
                      {text.summary} {t("projects.paidTo", { account: accountText(recipient) })}
                    </p>
                  </div>
                  {isEditor && (
                    <Button
                      look="outline"
                      busy={approve.busy}
                      onClick={() => void approve.run(application)}
                      aria-label={t("projects.approveNamed", { name: text.name })}
                    >
                      {t("projects.approve")}
                    </Button>
                  )}
                </li>
              );
            })}
          </ul>
          <ProblemNotice error={approve.error} />
        </div>
      )}
      {projects.length > 0 && (
        <details>
          <summary className="min-h-11 cursor-pointer py-2 text-accent underline underline-offset-4">
            {t("projects.all", { count: projects.length })}
          </summary>
          <ul className="divide-y divide-line border-y border-line">
            {projects.map((project) => {
              const { index, eligible } = project;
              const recipient = recipients[index];
              const name = describeProject(project).name || t("projects.unnamed", { index });
              return (
                <li
                  key={index}
                  className="flex flex-wrap items-center justify-between gap-3 py-2.5"
                >
                  <span className="min-w-0 wrap-anywhere">
                    {name}{" "}
                    <span className="text-[0.85rem] text-soft">
                      {recipient === undefined ? "" : accountText(recipient)}
                    </span>
                  </span>
                  {!eligible ? (
                    <span className="text-[0.87rem] text-bad">{t("projects.delisted")}</span>
                  ) : (
                    isEditor &&
                    open && (
                      <ConfirmButton
                        look="quiet"
                        busy={delist.busy}
                        label={t("projects.delistNamed", { name })}
                        title={t("projects.delistSure", { name })}
                        review={<p>{t("projects.delistHelp")}</p>}
                        confirm={t("projects.delist")}
                        onConfirm={() => void delist.run(index)}
                      >
                        {t("projects.delist")}
                      </ConfirmButton>
                    )
                  )}
                </li>
              );
            })}
          </ul>
          <ProblemNotice error={delist.error} />
        </details>
      )}
      {open && facts.parts.registry.kind !== "foreign" && (
        <p>
          <a
            href={roundHref(facts.chainId, facts.address, "apply")}
            className="inline-flex min-h-11 items-center text-accent underline underline-offset-4"
          >
            {t("apply.page")}
          </a>
        </p>
      )}
      {open && account !== undefined && facts.parts.registry.kind !== "optimistic" && (
        <form
          className="max-w-2xl space-y-4"
          onSubmit={(event) => (event.preventDefault(), ready && void add.run())}
        >
          <h3 className="text-[1.2rem]">{isEditor ? t("projects.addOne") : t("projects.apply")}</h3>
          <TextField label={t("projects.name")} maxLength={100} {...set("name")} />
          <TextArea
            label={t("projects.summary")}
            maxLength={8_000}
            {...set("summary")}
            hint={t("projects.summaryHint")}
          />
          <div className="grid gap-4 sm:grid-cols-2">
            <SelectField label={t("projects.goals")} {...set("goal")}>
              <option value="">–</option>
              {Array.from({ length: 17 }, (_, i) => (
                <option key={i} value={i + 1}>
                  {i + 1}. {t(`sdg.${i + 1}`)}
                </option>
              ))}
            </SelectField>
            <TextField label={t("projects.topics")} maxLength={40} {...set("topic")} />
          </div>
          <TextField label={t("projects.url")} type="url" placeholder="https://" {...set("url")} />
          <AddressField
            chain={chain as SiteChain}
            known={payee}
            onAddress={learn}
            label={t("projects.recipient")}
            error={to === "" || isTypedAddress(to) ? undefined : t("create.problem.address")}
            {...set("recipient")}
            hint={t("projects.recipientHint")}
          />
          {!ready && <p className="text-[0.9rem] text-soft">{t("projects.addNeeds")}</p>}
          <Button type="submit" disabled={!ready} busy={add.busy}>
            {isEditor ? t("projects.addDo") : t("projects.applyDo")}
          </Button>
          {done !== undefined && <Notice tone="good" live title={t(`projects.${done}`)} />}
          <ProblemNotice error={add.error} />
        </form>
      )}
    </div>
  );
}
