import { useTranslation } from "react-i18next";
import { isAddressEqual, type Address } from "viem";
import { tellNumbers, type ListChanges } from "../../../../src/index.ts";
import { countText } from "../../format.ts";

type Did = ListChanges["through"];
const NOTHING: Did = { added: [], withdrawn: [] };

/** Several who could change an owner-approved list of projects, and what each did to it (REG-4). */
export function CouldEdit({
  accounts,
  changes,
}: {
  accounts: readonly Address[];
  changes: ListChanges | undefined;
}) {
  const { t } = useTranslation();
  const tell = ({ added, withdrawn }: Did) =>
    [
      ...(added.length === 0
        ? []
        : [
            t("verify.list.added", {
              number: countText(added.length),
              projects: tellNumbers(added),
            }),
          ]),
      ...(withdrawn.length === 0
        ? []
        : [
            t("verify.list.withdrawn", {
              number: countText(withdrawn.length),
              projects: tellNumbers(withdrawn),
            }),
          ]),
    ].join("; ") || t("verify.list.nothing");
  const did = (account: Address): Did =>
    changes?.by.find((one) => isAddressEqual(one.account, account)) ?? NOTHING;
  const through = changes?.through ?? NOTHING;
  return (
    <>
      {t("verify.not.projects_several")}
      <ul className="mt-1 space-y-1">
        {accounts.map((account) => (
          <li key={account}>
            <span className="font-mono text-[0.87rem]">{account}</span>
            {changes !== undefined && `: ${tell(did(account))}`}
          </li>
        ))}
        {through.added.length + through.withdrawn.length > 0 && (
          <li>{`${t("verify.list.through")}: ${tell(through)}`}</li>
        )}
        {changes === undefined && <li>{t("verify.list.unknown")}</li>}
      </ul>
    </>
  );
}
