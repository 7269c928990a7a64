import { formatUnits } from "viem";
import { BaseError } from "../../errors.ts";
import type { TokenFacts } from "../../chain/token.ts";
import { count } from "../output/output.ts";

export class AmountFormatError extends BaseError {
  constructor(text: string, decimals: number) {
    super(`"${text}" is not an amount.`, {
      fix: `Write a plain decimal number with at most ${decimals} decimals, for example ${decimals > 0 ? "12.5" : "12"}.`,
    });
  }
}

export class AmountNotMultipleOfUnitError extends BaseError {
  constructor(amount: bigint, unit: bigint, token: TokenFacts) {
    const below = amount - (amount % unit);
    super(
      `${showAmount(amount, token)} is not a multiple of the round's unit, ${showAmount(unit, token)}.`,
      {
        fix: `Use ${below > 0n ? `${showAmount(below, token)} or ` : ""}${showAmount(below + unit, token)}.`,
      },
    );
  }
}

/** "12.5" with 18 decimals as token units. @throws AmountFormatError */
export function parseAmount(text: string, decimals: number): bigint {
  const match = /^(\d+)(?:\.(\d+))?$/.exec(text.trim());
  const fraction = match?.[2] ?? "";
  if (match === null || fraction.length > decimals) throw new AmountFormatError(text, decimals);
  return BigInt(`${match[1]}${fraction.padEnd(decimals, "0")}`);
}

/** The credits that an amount buys. @throws AmountNotMultipleOfUnitError */
export function creditsFor(amount: bigint, unit: bigint, token: TokenFacts): bigint {
  if (amount % unit !== 0n) throw new AmountNotMultipleOfUnitError(amount, unit, token);
  return amount / unit;
}

/** Token units as "1,234.5", without the symbol; with `places`, rounded to that many decimals (for display only). */
export function plainAmount(
  units: bigint,
  { decimals }: Pick<TokenFacts, "decimals">,
  places = decimals,
): string {
  const step = 10n ** BigInt(Math.max(0, decimals - places));
  const [whole = "0", fraction = ""] = formatUnits(
    ((units + step / 2n) / step) * step,
    decimals,
  ).split(".");
  const shown = places === decimals ? fraction : fraction.padEnd(places, "0").slice(0, places);
  const sign = whole.startsWith("-") ? "-" : "";
  return `${sign}${count(BigInt(whole.replace("-", "")))}${shown === "" ? "" : `.${shown}`}`;
}

/** "1,234.5 DAI". */
export function showAmount(units: bigint, token: TokenFacts): string {
  return `${plainAmount(units, token)} ${token.symbol}`;
}
