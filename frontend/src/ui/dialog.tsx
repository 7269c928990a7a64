import { Dialog as Radix } from "radix-ui";
import { useRef, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

/**
 * A sheet from below on a phone, a card in the middle elsewhere. Radix traps the focus and gives it back. Its own overlay is not
 * used: that one locks scrolling by an inline style sheet, which the content security policy forbids; styles.css does it instead.
 */
export function Dialog({
  open,
  onOpenChange,
  title,
  description,
  children,
}: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: ReactNode;
  description?: ReactNode;
  children: ReactNode;
}) {
  const { t } = useTranslation();
  const before = useRef<Element | null>(null);
  const giveBack = (event: Event) => {
    event.preventDefault();
    if (before.current instanceof HTMLElement) before.current.focus();
  };
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <div
          aria-hidden
          className="fixed inset-0 z-40 bg-black/50"
          onClick={() => onOpenChange(false)}
        />
        <Radix.Content
          onOpenAutoFocus={() => (before.current = document.activeElement)}
          onCloseAutoFocus={giveBack}
          {...(description === undefined ? { "aria-describedby": undefined } : {})}
          className="fixed z-50 inset-x-0 bottom-0 max-h-[88dvh] overflow-y-auto rounded-t-[22px] bg-raise p-6 pb-8 shadow-2xl sm:inset-x-auto sm:bottom-auto sm:left-1/2 sm:top-1/2 sm:w-[28rem] sm:-translate-x-1/2 sm:-translate-y-1/2 sm:rounded-[22px] sm:p-8"
        >
          <div className="flex items-start justify-between gap-4">
            <Radix.Title className="min-w-0 text-[1.45rem] leading-tight wrap-anywhere">
              {title}
            </Radix.Title>
            <Radix.Close
              aria-label={t("common.close")}
              className="-mr-2 -mt-1.5 grid size-11 shrink-0 place-items-center rounded-full text-xl text-soft hover:bg-wash hover:text-ink"
            >
              ×
            </Radix.Close>
          </div>
          {description !== undefined && (
            <Radix.Description className="mt-2 text-soft">{description}</Radix.Description>
          )}
          <div className="mt-5">{children}</div>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
