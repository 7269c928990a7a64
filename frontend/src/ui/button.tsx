import type { ButtonHTMLAttributes, AnchorHTMLAttributes } from "react";

type Look = "solid" | "outline" | "quiet";

const SHAPE =
  "inline-flex min-h-11 shrink-0 items-center justify-center gap-2 rounded-full px-5 py-2 text-[0.95rem] leading-tight font-medium transition-colors disabled:opacity-45 disabled:cursor-not-allowed";
const LOOKS: Record<Look, string> = {
  solid:
    "bg-accent text-on-accent hover:not-disabled:bg-[color-mix(in_srgb,var(--accent)_88%,var(--ink))]",
  outline:
    "border border-edge bg-transparent text-ink hover:not-disabled:border-ink hover:not-disabled:bg-wash",
  quiet: "px-3 text-accent underline-offset-4 hover:not-disabled:underline",
};

export function Button({
  look = "solid",
  busy = false,
  className = "",
  children,
  disabled,
  ...rest
}: ButtonHTMLAttributes<HTMLButtonElement> & { look?: Look; busy?: boolean }) {
  return (
    <button
      type="button"
      className={`${SHAPE} ${LOOKS[look]} ${className}`}
      disabled={disabled === true || busy}
      aria-busy={busy}
      {...rest}
    >
      {busy && <Spinner />}
      {children}
    </button>
  );
}

export function LinkButton({
  look = "solid",
  className = "",
  ...rest
}: AnchorHTMLAttributes<HTMLAnchorElement> & { look?: Look }) {
  return <a className={`${SHAPE} ${LOOKS[look]} ${className}`} {...rest} />;
}

export function Spinner() {
  return (
    <span
      aria-hidden
      className="size-4 animate-spin rounded-full border-2 border-current border-r-transparent"
    />
  );
}
