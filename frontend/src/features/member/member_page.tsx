import { useState } from "react";
import { useTranslation } from "react-i18next";
import { addWords } from "../../i18n/index.ts";
import { Button } from "../../ui/button.tsx";
import { Notice, PageTitle } from "../../ui/layout.tsx";
import { ProblemNotice } from "../../ui/problem_notice.tsx";
import { SecretField } from "../../ui/secret_field.tsx";
import { useAction } from "../../ui/use_action.ts";
import { commitmentInWorker, newMemberInWorker } from "../../workers/member.ts";

await addWords("member");

/** An identity for rounds of a group (GATE-12), before there is such a round: made here or brought, with the commitment that the organiser needs. */
export default function MemberPage() {
  const { t } = useTranslation();
  const [secret, setSecret] = useState("");
  const [commitment, setCommitment] = useState<bigint>();
  const [isNew, setNew] = useState(false);
  const make = useAction(async () => {
    const made = await newMemberInWorker();
    setSecret(made.secret);
    setCommitment(made.commitment);
    setNew(true);
  });
  const tell = useAction(async () => setCommitment(await commitmentInWorker(secret)));
  return (
    <>
      <PageTitle lead={t("member.lead")}>{t("member.title")}</PageTitle>
      <div className="measure space-y-6">
        <Button
          look={secret === "" ? undefined : "outline"}
          disabled={secret.trim() !== ""}
          busy={make.busy}
          onClick={() => void make.run()}
        >
          {t("member.make")}
        </Button>
        <SecretField
          label={t("member.secret")}
          hint={t("member.secretHint")}
          value={secret}
          onChange={(text) => {
            setSecret(text);
            setCommitment(undefined);
            setNew(false);
          }}
        />
        {isNew && (
          <Notice live title={t("member.keep")}>
            {t("member.keepHelp")}
          </Notice>
        )}
        {!isNew && secret.trim() !== "" && commitment === undefined && (
          <Button busy={tell.busy} onClick={() => void tell.run()}>
            {t("member.tell")}
          </Button>
        )}
        <ProblemNotice error={make.error ?? tell.error} />
        {commitment !== undefined && <Commitment value={commitment} />}
      </div>
    </>
  );
}

function Commitment({ value }: { value: bigint }) {
  const { t } = useTranslation();
  const [copied, setCopied] = useState(false);
  return (
    <section aria-label={t("member.commitment")} className="space-y-3">
      <h2 className="text-[1.3rem]">{t("member.commitment")}</h2>
      <p className="text-soft">{t("member.commitmentHelp")}</p>
      <p className="rounded-card border border-line bg-raise p-4 font-mono text-[0.95rem] break-all">
        {String(value)}
      </p>
      <div className="flex flex-wrap items-center gap-4">
        <Button
          look="outline"
          onClick={() =>
            void navigator.clipboard.writeText(String(value)).then(
              () => setCopied(true),
              () => undefined, // it can be marked and copied by hand
            )
          }
        >
          {t("member.copy")}
        </Button>
        <span role="status" className="text-[0.9rem] text-accent">
          {copied ? t("member.copied") : ""}
        </span>
      </div>
    </section>
  );
}
