import { useTranslation } from "react-i18next";
import type { HeldAgainst } from "../../../../src/index.ts";

/** The keys and contracts of the check, in the same words and values as `tacit verify` prints them. */
export function HeldAgainstTable({ held }: { held: readonly HeldAgainst[] }) {
  const { t } = useTranslation();
  return (
    <>
      <p className="measure mb-4 text-soft">{t("verify.heldHelp")}</p>
      <dl className="space-y-3 text-[0.9rem]">
        {held.map(({ name, address, hash }) => (
          <div key={name}>
            <dt className="font-medium">{t(`verify.held.${name}`)}</dt>
            {address !== undefined && <dd className="font-mono break-all">{address}</dd>}
            <dd className="font-mono break-all text-soft">{hash ?? t("verify.noCode")}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}
