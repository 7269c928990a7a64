import { Progress as RadixProgress, ToggleGroup } from "radix-ui";
import type { ReactNode } from "react";

export function Progress({ value, label }: { value: number; label: string }) {
  const percent = Math.round(Math.min(1, Math.max(0, value)) * 100);
  return (
    <RadixProgress.Root
      value={percent}
      aria-label={label}
      className="h-2.5 overflow-hidden rounded-full bg-line"
    >
      <RadixProgress.Indicator
        className="h-full rounded-full bg-accent transition-[width] duration-300"
        style={{ width: `${percent}%` }}
      />
    </RadixProgress.Root>
  );
}

/** One of a few, as pills. */
export function Choice<T extends string>({
  label,
  value,
  options,
  onChange,
}: {
  label: string;
  value: T;
  options: readonly { value: T; text: ReactNode }[];
  onChange: (value: T) => void;
}) {
  return (
    <ToggleGroup.Root
      type="single"
      aria-label={label}
      value={value}
      onValueChange={(next) => next !== "" && onChange(next as T)}
      className="flex flex-wrap gap-2"
    >
      {options.map((option) => (
        <ToggleGroup.Item
          key={option.value}
          value={option.value}
          className="min-h-10 rounded-full border border-edge px-4 text-[0.9rem] hover:bg-wash data-[state=on]:border-accent data-[state=on]:bg-accent data-[state=on]:text-on-accent"
        >
          {option.text}
        </ToggleGroup.Item>
      ))}
    </ToggleGroup.Root>
  );
}
