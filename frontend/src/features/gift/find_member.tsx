import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useConfig } from "wagmi";
import { membershipScope, readAdmitted } from "../../../../src/index.ts";
import { readClient } from "../../chain/read_client.ts";
import type { RoundFacts } from "../../chain/reads.ts";
import { useSiteChain, type SiteChain } from "../../config/site.ts";
import { Button } from "../../ui/button.tsx";
import { Notice } from "../../ui/layout.tsx";
import { ProblemNotice } from "../../ui/problem_notice.tsx";
import { SecretField } from "../../ui/secret_field.tsx";
import { useAction } from "../../ui/use_action.ts";
import { nullifierInWorker } from "../../workers/member.ts";

/** Finds a member's contribution by what only her identity can tell. The node is asked for all that the gate admitted, and for nobody in particular. */
export function FindMember({
  facts,
  onFound,
}: {
  facts: RoundFacts;
  onFound: (tag: bigint) => void;
}) {
  const { t } = useTranslation();
  const config = useConfig();
  const { fromBlock } = useSiteChain(facts.chainId) as SiteChain;
  const [secret, setSecret] = useState("");
  const [missing, setMissing] = useState(false);
  const { run, busy, error } = useAction(async () => {
    setMissing(false);
    const own = await nullifierInWorker(secret, membershipScope(facts.chainId, facts.address));
    const admitted = await readAdmitted(readClient(config, facts.chainId), {
      gate: facts.settings.gate,
      round: facts.address,
      from: BigInt(fromBlock),
    });
    const found = admitted.find(({ identity }) => BigInt(identity) === own);
    if (found === undefined) return setMissing(true);
    setSecret("");
    onFound(found.tag);
  });
  return (
    <div className="measure space-y-4">
      <p className="text-soft">{t("change.member.explain")}</p>
      <SecretField label={t("give.gate.semaphore.label")} value={secret} onChange={setSecret} />
      <Button disabled={secret.trim() === ""} busy={busy} onClick={() => void run()}>
        {t("change.member.find")}
      </Button>
      {missing && <Notice tone="bad" live title={t("change.member.missing")} />}
      <ProblemNotice error={error} />
    </div>
  );
}
