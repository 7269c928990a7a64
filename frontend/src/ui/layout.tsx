import type { ReactNode } from "react";
import { useDescription, useTitle } from "./title.ts";

/** A page's own heading, which names its tab too, and gets the focus when the page changes. */
export function PageTitle({ children, lead }: { children: string; lead?: ReactNode }) {
  useTitle(children);
  useDescription(typeof lead === "string" ? lead : undefined);
  return (
    <header className="mb-8 sm:mb-10">
      <h1
        id="page-title"
        tabIndex={-1}
        className="text-[2.1rem] leading-[1.12] wrap-anywhere sm:text-[2.9rem] outline-none"
      >
        {children}
      </h1>
      {lead !== undefined && <p className="measure mt-4 text-[1.08rem] text-soft">{lead}</p>}
    </header>
  );
}

export function Section({
  title,
  children,
  aside,
}: {
  title: ReactNode;
  children: ReactNode;
  aside?: ReactNode;
}) {
  return (
    <section className="mt-12 first:mt-0">
      <div className="mb-5 flex flex-wrap items-baseline justify-between gap-3 border-b border-line pb-2">
        <h2 className="text-[1.5rem] leading-tight">{title}</h2>
        {aside}
      </div>
      {children}
    </section>
  );
}

/** A number that matters, above what it is. */
export function Figure({
  label,
  children,
  note,
}: {
  label: ReactNode;
  children: ReactNode;
  note?: ReactNode;
}) {
  return (
    <div className="min-w-0">
      <dt className="eyebrow">{label}</dt>
      <dd className="figure text-[1.3rem] leading-tight break-words sm:mt-1 sm:text-[1.55rem]">
        {children}
      </dd>
      {note !== undefined && (
        <dd className="text-[0.8rem] text-soft sm:mt-1 sm:text-[0.85rem]">{note}</dd>
      )}
    </div>
  );
}

type Tone = "plain" | "good" | "bad";
const TONES: Record<Tone, string> = {
  plain: "border-line bg-wash",
  good: "border-accent bg-wash",
  bad: "border-bad bg-bad-wash",
};

/** Something to be told. `live` where it appears without the page changing. */
export function Notice({
  tone = "plain",
  title,
  children,
  live = false,
}: {
  tone?: Tone;
  title?: ReactNode;
  children?: ReactNode;
  live?: boolean;
}) {
  return (
    <div
      role={live ? (tone === "bad" ? "alert" : "status") : undefined}
      className={`rounded-card border-l-4 p-4 sm:p-5 ${TONES[tone]}`}
    >
      {title !== undefined && (
        <p className={`font-semibold ${tone === "bad" ? "text-bad" : ""}`}>{title}</p>
      )}
      {children !== undefined && (
        <div className={`text-[0.95rem] ${title === undefined ? "" : "mt-1.5"}`}>{children}</div>
      )}
    </div>
  );
}

/** Holds the place of what is being read from the chain, so that nothing jumps when it comes. */
export function Placeholder({ lines = 3, label }: { lines?: number; label: string }) {
  return (
    <div role="status" aria-label={label} className="space-y-3">
      {Array.from({ length: lines }, (_, i) => (
        <div
          key={i}
          className={`h-5 animate-pulse rounded bg-line ${["w-full", "w-4/5", "w-3/5"][i % 3] ?? ""}`}
        />
      ))}
    </div>
  );
}

export function Row({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="flex items-baseline justify-between gap-4">
      <dt className="text-soft">{label}</dt>
      <dd className="figure text-[1.15rem]">{children}</dd>
    </div>
  );
}
