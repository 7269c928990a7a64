import { useEffect, type ChangeEvent, type ComponentProps } from "react";
import { useTranslation } from "react-i18next";
import type { Address } from "viem";
import { plainText } from "../../../src/index.ts";
import { looksNamesUp } from "../chain/name_chain.ts";
import { useTypedName, type NameState } from "../chain/names.ts";
import type { SiteChain } from "../config/site.ts";
import { addWords } from "../i18n/index.ts";
import { Emblem } from "./emblem.tsx";
import { TextField } from "./field.tsx";

await addWords("names");

/**
 * A field for an account: its address, or a name that is looked up on this chain. The address that a name stands for is shown in full, and
 * handed over, as it is what counts from then on.
 */
export function AddressField({
  chain,
  known,
  onAddress,
  hint,
  error,
  value,
  ...rest
}: Omit<ComponentProps<typeof TextField>, "value" | "onChange"> & {
  chain: SiteChain;
  value: string;
  /** What the name that stands there stood for when it was looked up. */
  known?: Address | undefined;
  onChange: (event: ChangeEvent<HTMLInputElement>) => void;
  onAddress: (name: string, address: Address) => void;
}) {
  const { t } = useTranslation();
  const state = useTypedName(chain, value, known);
  const { name, address } = state?.is === "found" ? state : {};
  useEffect(() => {
    if (name !== undefined && address !== undefined && address !== known) onAddress(name, address);
  }, [name, address, known, onAddress]);
  const failed =
    state?.is === "failed" && t(`names.problem.${state.problem}`, { name: shown(state.name) });
  return (
    <div>
      <TextField
        {...rest}
        value={value}
        hint={
          looksNamesUp(chain) ? (
            <>
              {hint} {t("names.may")}
            </>
          ) : (
            hint
          )
        }
        spellCheck={false}
        autoComplete="off"
        error={failed || (state?.is === "asking" ? undefined : error)}
      />
      <div aria-live="polite">
        <StandsFor state={state} />
      </div>
    </div>
  );
}

const shown = (name: string) => plainText(name, 60);

function StandsFor({ state }: { state: NameState | undefined }) {
  const { t } = useTranslation();
  if (state?.is === "asking")
    return (
      <p className="mt-1.5 text-[0.87rem] text-soft">
        {t("names.asking", { name: shown(state.name) })}
      </p>
    );
  if (state?.is !== "found") return null;
  return (
    <p className="mt-2 flex items-center gap-3">
      <Emblem of={state.address} size={34} className="text-accent" />
      <span className="min-w-0">
        <span className="block text-[0.87rem] text-soft wrap-anywhere">
          {t("names.standsFor", { name: shown(state.name) })}
        </span>
        <span className="block font-mono text-[0.87rem] break-all">{state.address}</span>
      </span>
    </p>
  );
}
