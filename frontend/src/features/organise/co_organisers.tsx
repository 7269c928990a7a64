import { useTranslation } from "react-i18next";
import { isAddressEqual, zeroAddress, type Address } from "viem";
import type { Editors } from "../../../../src/index.ts";
import type { RoundView } from "../../chain/round_view.ts";
import { shortAddress, timeText } from "../../format.ts";
import { addWords } from "../../i18n/index.ts";
import { roundHref } from "../../router.ts";
import { ConfirmButton } from "../../ui/confirm.tsx";
import { Notice } from "../../ui/layout.tsx";
import { ProblemNotice } from "../../ui/problem_notice.tsx";
import { QrCode } from "../../ui/qr_code.tsx";
import { Share } from "../../ui/share.tsx";
import { AccountLine } from "./account_line.tsx";
import { fixedAt, isListOpen, roleOf, useSetEditor } from "./editors.ts";

await addWords("coorg");

/** Who helps with the list of projects: everybody sees them, and the owner invites and removes. */
export function CoOrganisers({
  view,
  editors,
  account,
}: {
  view: RoundView;
  editors: Editors;
  account: Address | undefined;
}) {
  const { t } = useTranslation();
  const { facts } = view;
  const { chainId } = facts;
  const set = useSetEditor(view, account);
  const time = timeText(fixedAt(facts) ?? 0n);
  const isOpen = isListOpen(view);
  const isOwner = roleOf(editors, account) === "owner";
  const earlier = editors.ever.filter((one) => roleOf(editors, one) === "earlier");
  return (
    <div className="space-y-6">
      <p className="measure">{isOpen ? t("coorg.help", { time }) : t("coorg.closed", { time })}</p>
      <ul className="divide-y divide-line border-y border-line">
        {!isAddressEqual(editors.owner, zeroAddress) && (
          <li className="py-3">
            <AccountLine chainId={chainId} account={editors.owner}>
              {isOwner ? t("coorg.ownerYou") : t("coorg.owner")}
            </AccountLine>
          </li>
        )}
        {editors.editors.map((one) => (
          <li key={one} className="flex flex-wrap items-center justify-between gap-3 py-3">
            <AccountLine chainId={chainId} account={one}>
              {account !== undefined && isAddressEqual(one, account)
                ? t("coorg.isYou")
                : t("coorg.is")}
            </AccountLine>
            {isOwner && isOpen && (
              <ConfirmButton
                look="quiet"
                busy={set.busy}
                label={t("coorg.removeNamed", { account: shortAddress(one) })}
                title={t("coorg.removeSure")}
                review={
                  <>
                    <AccountLine chainId={chainId} account={one} />
                    <p>{t("coorg.removeHelp")}</p>
                  </>
                }
                last={t("coorg.removeUndo", { time })}
                confirm={t("coorg.remove")}
                onConfirm={() => void set.run(one, false)}
              >
                {t("coorg.remove")}
              </ConfirmButton>
            )}
          </li>
        ))}
      </ul>
      <ProblemNotice error={set.error} />
      {earlier.length > 0 && (
        <div>
          <h3 className="mb-2 text-[1.2rem]">{t("coorg.earlier")}</h3>
          <ul className="space-y-3">
            {earlier.map((one) => (
              <li key={one}>
                <AccountLine chainId={chainId} account={one} />
              </li>
            ))}
          </ul>
        </div>
      )}
      {isAddressEqual(editors.owner, zeroAddress) && <Notice title={t("coorg.noOwner")} />}
      {isOwner && isOpen && <Invitation view={view} />}
    </div>
  );
}

/** The way for others to ask; it carries nothing but the round's address. */
function Invitation({ view: { facts } }: { view: RoundView }) {
  const { t } = useTranslation();
  const href = new URL(roundHref(facts.chainId, facts.address, "join"), location.href).href;
  return (
    <details>
      <summary className="min-h-11 cursor-pointer py-2 text-accent underline underline-offset-4">
        {t("coorg.invite")}
      </summary>
      <p className="measure mt-2">{t("coorg.inviteHelp")}</p>
      <QrCode of={href} label={t("coorg.code")} />
      <p className="mb-3 text-[0.87rem] wrap-anywhere">
        <a href={href} className="text-accent underline underline-offset-4">
          {href}
        </a>
      </p>
      <Share href={href} title={t("coorg.join.title")} />
    </details>
  );
}
