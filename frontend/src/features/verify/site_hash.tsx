import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { sha256 } from "viem";

/** What the site says of its own files; who distrusts it makes the site anew and compares (docs/PAGE.md). */
export function SiteHash() {
  const { t } = useTranslation();
  const [hash, setHash] = useState<string>();
  useEffect(() => {
    void fetch("./SHA256SUMS", { cache: "no-cache" })
      .then(async (response) => {
        if (response.ok) setHash(sha256(new Uint8Array(await response.arrayBuffer())).slice(2));
      })
      .catch(() => undefined); // a site that is not one of `npm run site`: then there is nothing to compare
  }, []);
  if (hash === undefined) return null;
  return (
    <p className="measure mt-4 text-[0.93rem] text-soft">
      {t("verify.siteHash")} <span className="font-mono break-all">{hash}</span>
    </p>
  );
}
