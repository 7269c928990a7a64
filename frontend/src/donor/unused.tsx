import { useTranslation } from "react-i18next";
import { zeroAddress } from "viem";
import { useAccountText } from "../chain/account_text.ts";
import type { RoundFacts } from "../chain/reads.ts";
import { amountText } from "../format.ts";
import { Notice } from "../ui/layout.tsx";

/** What becomes of credits that no ballot uses (MONEY-5); nothing where there are none, or they cost nothing. */
export function Unused({
  facts: { settings, token },
  credits,
}: {
  facts: Pick<RoundFacts, "settings" | "token">;
  credits: bigint;
}) {
  const { t } = useTranslation();
  const accountText = useAccountText();
  if (credits <= 0n || settings.token === zeroAddress) return null;
  return (
    <Notice
      live
      title={t(`amounts.unused_${settings.shareLeftovers ? "shared" : "to"}`, {
        amount: amountText(credits * settings.unit, token, 6),
        account: accountText(settings.remainderTo),
      })}
    />
  );
}
