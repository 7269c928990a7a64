import { useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useAccount, useConfig } from "wagmi";
import type { Address } from "viem";
import {
  applicationsUntil,
  applyProject,
  digestDocument,
  publishDocuments,
  submitApplication,
  toReference,
} from "../../../../src/index.ts";
import { useLearntNames } from "../../chain/names.ts";
import { useRoundDocument } from "../../chain/reads.ts";
import type { RoundView } from "../../chain/round_view.ts";
import { writeClient } from "../../chain/writes.ts";
import { useSiteChain, type SiteChain } from "../../config/site.ts";
import { currentLanguage } from "../../i18n/index.ts";
import { amountText, isTypedAddress, timeText } from "../../format.ts";
import { AddressField } from "../../ui/address_field.tsx";
import { Button } from "../../ui/button.tsx";
import { SelectField, TextArea, TextField } from "../../ui/field.tsx";
import { showFirstWrong } from "../../ui/first_wrong.ts";
import { Notice, Section } from "../../ui/layout.tsx";
import { ProblemNotice } from "../../ui/problem_notice.tsx";
import { useAction } from "../../ui/use_action.ts";
import { WalletDialog } from "../../wallet/account_button.tsx";
import { Applications } from "./applications.tsx";
import {
  EMPTY,
  findProblem,
  handInPicture,
  readChosen,
  recipientOf,
  writeApplication,
  type Form,
} from "./form.ts";
import { keepForm, recallForm } from "./kept_form.ts";
import { addWords } from "../../i18n/index.ts";

await addWords("apply");

/** A project applies here, and everybody sees where applications stand. */
export default function ApplyPage(view: RoundView) {
  const { t } = useTranslation();
  const { facts, now, stage } = view;
  const { registry } = facts.parts;
  const chain = useSiteChain(facts.chainId) as SiteChain;
  const { address } = useAccount();
  const [choosing, setChoosing] = useState(false);
  if (registry.kind === "foreign")
    return <Notice title={t("apply.foreign")}>{t("apply.foreignHelp")}</Notice>;
  const until = registry.kind === "optimistic" ? applicationsUntil(registry) : registry.freezeTime;
  const coin = (wei: bigint) => amountText(wei, chain.currency, 6);
  return (
    <div className="max-w-2xl">
      <WalletDialog open={choosing} onOpenChange={setChoosing} />
      {now < Number(until) && (
        <p className="measure mb-6">
          {registry.kind === "owned"
            ? t("apply.owned", { time: timeText(until) })
            : t("apply.optimistic", { time: timeText(until), bond: coin(registry.bond) })}
        </p>
      )}
      {stage === "cancelled" || stage === "aborted" ? (
        <Notice title={t(`round.over.${stage}`)} />
      ) : now >= Number(until) ? (
        <Notice title={t("apply.over")}>{t("apply.overHelp", { time: timeText(until) })}</Notice>
      ) : address === undefined ? (
        <Notice title={t("apply.connect")}>
          <Button className="mt-2" onClick={() => setChoosing(true)}>
            {t("wallet.connect")}
          </Button>
        </Notice>
      ) : (
        <ApplicationForm view={view} account={address} />
      )}
      <Section title={t("projects.applications")}>
        <Applications view={view} account={address} />
      </Section>
    </div>
  );
}

function ApplicationForm({ view: { facts }, account }: { view: RoundView; account: Address }) {
  const { t } = useTranslation();
  const config = useConfig();
  const queries = useQueryClient();
  const chain = useSiteChain(facts.chainId) as SiteChain;
  const document = useRoundDocument(facts);
  const [form, setForm] = useState<Form>(() => recallForm(facts.chainId, facts.address));
  const [isKept, setKept] = useState(true);
  const fields = useRef<HTMLFormElement>(null);
  const [published, setPublished] = useState<string>();
  const [done, setDone] = useState<"all" | "withoutPicture">();
  const [sent, setSent] = useState(0);
  const [isTried, setTried] = useState(false);
  const { registry } = facts.parts;
  const ours = document?.extensions["org.tacit"];
  const questions = ours?.questions ?? [];
  // Asked in the visitor's language where the organiser has put it so; what is answered is the question itself.
  const asked = ours?.translations?.[currentLanguage()]?.questions ?? questions;
  const categories = ours?.categories ?? [];
  const { knownFor, learn } = useLearntNames();
  const payee = knownFor(form.recipient);
  // A name's address is what is checked and sent.
  const told = { ...form, recipient: payee ?? form.recipient };
  const problem = findProblem(told, questions);
  const newest = useRef(form);
  const write = (next: Form) => {
    newest.current = next;
    setForm(next);
    setKept(keepForm(facts.chainId, facts.address, next));
  };
  const change = (changes: Partial<Form>) => {
    setDone(undefined);
    write({ ...newest.current, ...changes });
  };
  const set = (
    name: "name" | "description" | "category" | "url" | "contact" | "recipient" | "alt",
  ) => ({
    value: form[name],
    onChange: (event: { target: { value: string } }) => change({ [name]: event.target.value }),
  });

  const choose = useAction(async (file: File | undefined) => {
    change({ picture: undefined }); // one that cannot be used is not sent, nor is the one before it
    if (file !== undefined) change({ picture: await readChosen(file) });
  });
  const send = useAction(async () => {
    const bytes = writeApplication(form, questions);
    const digest = digestDocument(bytes);
    const recipient = recipientOf(told);
    const client = await writeClient(config, facts.chainId, account);
    // A second try after a refusal of the second transaction does not pay for the document again.
    if (published !== digest) {
      await publishDocuments(client, chain.contracts.documents, [bytes]);
      setPublished(digest);
    }
    const place = { registry: facts.settings.registry, recipient };
    if (registry.kind === "optimistic")
      await submitApplication(client, { ...place, digest, sdgs: form.goals, bond: registry.bond });
    else await applyProject(client, { ...place, metadataURI: toReference(digest) });
    const isShown =
      form.picture === undefined ||
      (chain.relay !== undefined && (await handInPicture(chain.relay, form.picture)));
    setDone(isShown ? "all" : "withoutPicture");
    write(EMPTY);
    setSent((number) => number + 1);
    setTried(false);
    await queries.invalidateQueries({ queryKey: ["applications", facts.chainId] });
  });

  return (
    <form
      ref={fields}
      className="space-y-5"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        if (problem === undefined) void send.run();
        else showFirstWrong(fields.current);
      }}
    >
      <div className="space-y-1.5">
        <h2 className="text-[1.4rem]">{t("projects.apply")}</h2>
        <p className="text-soft">
          {questions.length === 0 ? t("apply.needed") : t("apply.neededAnswers")}
        </p>
      </div>
      <TextField
        label={t("projects.name")}
        maxLength={100}
        error={isTried && problem === "name" && t("apply.problem.name")}
        {...set("name")}
      />
      <TextArea
        label={t("projects.summary")}
        maxLength={8_000}
        hint={t("apply.descriptionHint")}
        {...set("description")}
      />
      <fieldset>
        <legend className="mb-1.5 font-medium">{t("projects.goals")}</legend>
        <div className="grid gap-x-4 sm:grid-cols-2">
          {Array.from({ length: 17 }, (_, i) => i + 1).map((goal) => (
            <label key={goal} className="flex min-h-11 items-center gap-3">
              <input
                type="checkbox"
                className="size-5 shrink-0 accent-accent"
                checked={form.goals.includes(goal)}
                onChange={({ target }) =>
                  change({
                    goals: target.checked
                      ? [...form.goals, goal]
                      : form.goals.filter((one) => one !== goal),
                  })
                }
              />
              <span>
                {goal}. {t(`sdg.${goal}`)}
              </span>
            </label>
          ))}
        </div>
      </fieldset>
      {categories.length === 0 ? (
        <TextField label={t("projects.topics")} maxLength={40} {...set("category")} />
      ) : (
        <SelectField label={t("projects.topics")} {...set("category")}>
          <option value="">–</option>
          {categories.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </SelectField>
      )}
      <TextField
        label={t("projects.url")}
        type="url"
        placeholder="https://"
        error={isTried && problem === "url" && t("apply.problem.url")}
        {...set("url")}
      />
      <TextField
        label={t("apply.contact")}
        maxLength={200}
        hint={t("apply.contactHint")}
        {...set("contact")}
      />
      <TextField
        key={sent} // an empty field for the next project
        label={t("apply.picture")}
        type="file"
        accept="image/png,image/jpeg,image/webp,image/avif"
        hint={t("apply.pictureHint")}
        onChange={({ target }) => void choose.run(target.files?.[0])}
        error={choose.error !== undefined && t("apply.problem.picture")}
      />
      {form.picture !== undefined && (
        <TextField
          label={t("apply.alt")}
          maxLength={200}
          hint={t("apply.altHint")}
          {...set("alt")}
        />
      )}
      <fieldset className="space-y-3">
        <legend className="mb-1.5 font-medium">{t("apply.milestones")}</legend>
        {form.milestones.map((one, i) => {
          const edit = (fields: Partial<typeof one>) =>
            change({
              milestones: form.milestones.map((other, j) =>
                i === j ? { ...other, ...fields } : other,
              ),
            });
          return (
            <div key={i} className="grid gap-3 sm:grid-cols-[1fr_11rem_7rem]">
              <TextField
                label={t("apply.milestone", { number: i + 1 })}
                maxLength={120}
                value={one.title}
                onChange={({ target }) => edit({ title: target.value })}
              />
              <TextField
                label={t("apply.due")}
                type="date"
                value={one.due}
                onChange={({ target }) => edit({ due: target.value })}
              />
              <TextField
                label={t("apply.share")}
                inputMode="decimal"
                value={one.share}
                onChange={({ target }) => edit({ share: target.value })}
              />
            </div>
          );
        })}
        {isTried && problem === "milestones" && (
          <p role="alert" className="text-[0.87rem] font-medium text-bad">
            {t("apply.problem.milestones")}
          </p>
        )}
        <div className="flex flex-wrap gap-3">
          {form.milestones.length < 20 && (
            <Button
              look="outline"
              onClick={() =>
                change({ milestones: [...form.milestones, { title: "", due: "", share: "" }] })
              }
            >
              {t("apply.addMilestone")}
            </Button>
          )}
          {form.milestones.length > 0 && (
            <Button
              look="quiet"
              onClick={() => change({ milestones: form.milestones.slice(0, -1) })}
            >
              {t("apply.dropMilestone")}
            </Button>
          )}
        </div>
      </fieldset>
      {questions.map((question, i) => (
        <TextArea
          key={question}
          label={asked[i] ?? question}
          maxLength={2_000}
          value={form.answers[i] ?? ""}
          onChange={({ target }) =>
            change({
              answers: questions.map((_, j) => (i === j ? target.value : (form.answers[j] ?? ""))),
            })
          }
          error={
            isTried &&
            problem === "answers" &&
            (form.answers[i] ?? "").trim() === "" &&
            t("apply.problem.answers")
          }
        />
      ))}
      <AddressField
        chain={chain}
        known={payee}
        onAddress={learn}
        label={t("projects.recipient")}
        error={
          ((isTried && problem === "recipient") ||
            (told.recipient.trim() !== "" && !isTypedAddress(told.recipient))) &&
          t("create.problem.address")
        }
        hint={t("projects.recipientHint")}
        {...set("recipient")}
      />
      {isTried && problem === "long" && <Notice tone="bad" live title={t("apply.problem.long")} />}
      <p className="text-[0.9rem] text-soft">
        {t("apply.public")} {isKept ? t("apply.kept") : t("apply.notKept")}
      </p>
      <Button type="submit" busy={send.busy}>
        {registry.kind === "optimistic"
          ? t("apply.sendWithBond", { bond: amountText(registry.bond, chain.currency, 6) })
          : t("projects.applyDo")}
      </Button>
      {done !== undefined && (
        <Notice tone="good" live title={t("apply.sent")}>
          {done === "withoutPicture" && <p>{t("apply.withoutPicture")}</p>}
        </Notice>
      )}
      <ProblemNotice error={send.error} />
    </form>
  );
}
