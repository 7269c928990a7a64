import { useId, type ReactNode } from "react";

export type Option<T extends string> = {
  readonly value: T;
  readonly title: ReactNode;
  readonly help?: ReactNode;
};

/** One of several, each with what it means: a group of radio buttons that looks like cards. */
export function Options<T extends string>({
  legend,
  value,
  options,
  onChange,
  error,
}: {
  legend: ReactNode;
  value: T | "";
  options: readonly Option<T>[];
  onChange: (value: T) => void;
  error?: string | undefined;
}) {
  const id = useId();
  return (
    <fieldset aria-describedby={error === undefined ? undefined : `${id}-error`}>
      <legend className="mb-2 font-medium">{legend}</legend>
      <div className="space-y-2.5">
        {options.map((option) => (
          <label
            key={option.value}
            className="flex cursor-pointer items-start gap-3 rounded-card border border-edge bg-raise px-4 py-3 hover:bg-wash has-[:checked]:border-accent has-[:checked]:ring-1 has-[:checked]:ring-accent has-[:focus-visible]:outline-2 has-[:focus-visible]:outline-offset-2"
          >
            <input
              type="radio"
              name={id}
              value={option.value}
              checked={value === option.value}
              onChange={() => onChange(option.value)}
              className="mt-1 size-5 shrink-0 accent-[var(--accent)]"
            />
            <span className="min-w-0">
              <span className="block font-medium">{option.title}</span>
              {option.help !== undefined && (
                <span className="mt-0.5 block text-[0.92rem] text-soft">{option.help}</span>
              )}
            </span>
          </label>
        ))}
      </div>
      {error !== undefined && (
        <p id={`${id}-error`} role="alert" className="mt-2 text-[0.87rem] font-medium text-bad">
          {error}
        </p>
      )}
    </fieldset>
  );
}

/** A yes or no, with what it means. */
export function Check({
  checked,
  onChange,
  children,
  help,
  error,
}: {
  checked: boolean;
  onChange: (checked: boolean) => void;
  children: ReactNode;
  help?: ReactNode;
  error?: string | undefined;
}) {
  const id = useId();
  return (
    <label className="flex min-h-11 cursor-pointer items-start gap-3 py-2">
      <input
        type="checkbox"
        checked={checked}
        aria-invalid={error !== undefined || undefined}
        aria-describedby={error === undefined ? undefined : id}
        onChange={(event) => onChange(event.target.checked)}
        className="mt-0.5 size-5 shrink-0 accent-[var(--accent)]"
      />
      <span className="min-w-0">
        {children}
        {help !== undefined && <span className="block text-[0.9rem] text-soft">{help}</span>}
        {error !== undefined && (
          <span id={id} role="alert" className="block text-[0.87rem] font-medium text-bad">
            {error}
          </span>
        )}
      </span>
    </label>
  );
}

/** What few organisers need: closed until it is asked for, or holds something wrong. */
export function More({
  title,
  open = false,
  children,
}: {
  title: ReactNode;
  open?: boolean;
  children: ReactNode;
}) {
  return (
    <details open={open || undefined}>
      <summary className="min-h-11 cursor-pointer py-2.5 text-accent underline-offset-4 hover:underline">
        {title}
      </summary>
      <div className="space-y-6 border-l-2 border-line py-2 pl-4 sm:pl-5">{children}</div>
    </details>
  );
}
