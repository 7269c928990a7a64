import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Address } from "viem";
import { readAddress } from "../../../../src/index.ts";
import type { SiteChain } from "../../config/site.ts";
import { isTypedAddress } from "../../format.ts";
import { navigate, roundHref } from "../../router.ts";
import { Button } from "../../ui/button.tsx";
import { SelectField, TextField } from "../../ui/field.tsx";

/** For who comes without the address of a round. */
export function PlaceForm({ chains }: { chains: readonly SiteChain[] }) {
  const { t } = useTranslation();
  const [chainId, setChainId] = useState(chains[0]?.id ?? 0);
  const [round, setRound] = useState("");
  const ready = isTypedAddress(round);
  const reading = readAddress(round);
  const isName = "problem" in reading && reading.problem === "name";
  return (
    <form
      className="space-y-6"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (ready) navigate(roundHref(chainId, round as Address));
      }}
    >
      <SelectField
        label={t("verify.chain")}
        value={chainId}
        onChange={(event) => setChainId(Number(event.target.value))}
      >
        {chains.map(({ id, name }) => (
          <option key={id} value={id}>
            {name} ({id})
          </option>
        ))}
      </SelectField>
      <TextField
        label={t("verify.round")}
        value={round}
        spellCheck={false}
        onChange={(event) => setRound(event.target.value.trim())}
        error={round !== "" && !ready && (isName ? t("verify.roundNamed") : t("verify.roundNone"))}
      />
      <Button type="submit" disabled={!ready}>
        {t("verify.next")}
      </Button>
    </form>
  );
}
