import {
  useId,
  type ComponentPropsWithRef,
  type ReactNode,
  type SelectHTMLAttributes,
  type TextareaHTMLAttributes,
} from "react";

const BOX =
  "w-full min-h-11 rounded-lg border border-edge bg-raise px-3.5 py-2 text-ink placeholder:text-soft aria-invalid:border-bad";

type Around = { label: ReactNode; hint?: ReactNode; error?: ReactNode };

function Frame({ id, label, hint, error, children }: Around & { id: string; children: ReactNode }) {
  return (
    <div>
      <label htmlFor={id} className="mb-1.5 block font-medium">
        {label}
      </label>
      {children}
      {hint !== undefined && (
        <p id={`${id}-hint`} className="mt-1.5 text-[0.87rem] text-soft">
          {hint}
        </p>
      )}
      {error !== undefined && error !== false && (
        <p id={`${id}-error`} role="alert" className="mt-1.5 text-[0.87rem] font-medium text-bad">
          {error}
        </p>
      )}
    </div>
  );
}

function described(id: string, { hint, error }: Pick<Around, "hint" | "error">) {
  const failed = error !== undefined && error !== false;
  const ids = [hint === undefined ? "" : `${id}-hint`, failed ? `${id}-error` : ""]
    .filter(Boolean)
    .join(" ");
  return { id, "aria-invalid": failed || undefined, "aria-describedby": ids || undefined };
}

export function TextField({
  label,
  hint,
  error,
  after,
  className = "",
  ...rest
}: Around & { after?: ReactNode } & Omit<ComponentPropsWithRef<"input">, keyof Around>) {
  const id = useId();
  const input = (
    <input className={`${BOX} ${className}`} {...described(id, { hint, error })} {...rest} />
  );
  return (
    <Frame {...{ id, label, hint, error }}>
      {after === undefined ? (
        input
      ) : (
        <div className="relative">
          {input}
          {after}
        </div>
      )}
    </Frame>
  );
}

export function TextArea({
  label,
  hint,
  error,
  ...rest
}: Around & Omit<TextareaHTMLAttributes<HTMLTextAreaElement>, keyof Around>) {
  const id = useId();
  return (
    <Frame {...{ id, label, hint, error }}>
      <textarea className={`${BOX} min-h-28`} {...described(id, { hint, error })} {...rest} />
    </Frame>
  );
}

export function SelectField({
  label,
  hint,
  error,
  children,
  ...rest
}: Around & Omit<SelectHTMLAttributes<HTMLSelectElement>, keyof Around>) {
  const id = useId();
  return (
    <Frame {...{ id, label, hint, error }}>
      <select className={BOX} {...described(id, { hint, error })} {...rest}>
        {children}
      </select>
    </Frame>
  );
}
