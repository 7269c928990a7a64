import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "./button.tsx";

/** Gives an address of this page to others: by what the device has for it, or by the clipboard. It says nothing about the visitor. */
export function Share({ href, title }: { href: string; title: string }) {
  const { t } = useTranslation();
  const [copied, setCopied] = useState<boolean>();
  const url = new URL(href, location.href).href;
  const copy = () =>
    navigator.clipboard.writeText(url).then(
      () => setCopied(true),
      () => setCopied(false),
    );
  const canShare = "share" in navigator;
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
      {canShare && (
        <Button
          look="outline"
          onClick={() => void navigator.share({ title, url }).catch(() => undefined)}
        >
          {t("share.share")}
        </Button>
      )}
      <Button look={canShare ? "quiet" : "outline"} onClick={() => void copy()}>
        {t("share.copy")}
      </Button>
      <span role="status" className="min-w-0 text-[0.87rem] text-soft wrap-anywhere">
        {copied === true && t("share.copied")}
        {copied === false && t("share.notCopied", { url })}
      </span>
    </div>
  );
}
