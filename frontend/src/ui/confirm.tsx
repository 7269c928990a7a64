import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "./button.tsx";
import { Dialog } from "./dialog.tsx";
import { Notice } from "./layout.tsx";

/** A button for what is not to be done by mistake: it shows first what will be done, and does it on a second press. */
export function ConfirmButton({
  children,
  title,
  review,
  last,
  confirm,
  onConfirm,
  look = "outline",
  busy = false,
  disabled = false,
  label,
}: {
  /** On the button. */
  children: ReactNode;
  title: ReactNode;
  /** What will be done, in full. */
  review?: ReactNode;
  /** How it can be taken back; without it the button says that it cannot. */
  last?: string;
  /** On the button that does it. */
  confirm: ReactNode;
  onConfirm: () => void;
  look?: "solid" | "outline" | "quiet";
  busy?: boolean;
  disabled?: boolean;
  label?: string;
}) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button
        look={look}
        busy={busy}
        disabled={disabled}
        aria-label={label}
        onClick={() => setOpen(true)}
      >
        {children}
      </Button>
      <Dialog open={open} onOpenChange={setOpen} title={title}>
        <div className="space-y-5">
          {review}
          {last === undefined ? (
            <Notice tone="bad" title={t("confirm.final")} />
          ) : (
            <Notice title={last} />
          )}
          <div className="flex flex-wrap gap-3">
            <Button
              onClick={() => {
                setOpen(false);
                onConfirm();
              }}
            >
              {confirm}
            </Button>
            <Button look="quiet" onClick={() => setOpen(false)}>
              {t("common.cancel")}
            </Button>
          </div>
        </div>
      </Dialog>
    </>
  );
}
