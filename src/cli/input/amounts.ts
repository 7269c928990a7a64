import { BaseError } from "../../errors.ts";
import type { TokenFacts } from "../../chain/token.ts";
import {
  explainAmount,
  numberForm,
  readAmount,
  type AmountProblem,
  type NumberForm,
} from "../../readers/amount.ts";
import { showUnits } from "../../readers/show.ts";
import { visibleText } from "../../readers/text.ts";
import type { Io } from "../output/io.ts";

export class AmountFormatError extends BaseError {
  constructor(text: string, problem: AmountProblem, decimals: number) {
    const { why, fix } = explainAmount(problem, decimals);
    super(`"${visibleText(text)}" ${why}.`, { fix });
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

/** The command line's own form: a dot, and no grouping. */
const COMMAND_LINE: NumberForm = { decimal: ".", group: "" };

/** How numbers may be written here: as the command line has them, and as the machine's language does. */
export const machineForms = (): readonly NumberForm[] => [
  COMMAND_LINE,
  numberForm(new Intl.NumberFormat().resolvedOptions().locale),
];

/**
 * An amount of the command line in token units: "12.5", and every other form that has one meaning. "1,234" has two; so has "1.234" on a
 * machine whose language groups by dots.
 * @throws AmountFormatError
 */
export function parseAmount(text: string, decimals: number): bigint {
  const reading = readAmount(text, { decimals, forms: machineForms() });
  if ("problem" in reading) throw new AmountFormatError(text, reading, decimals);
  return reading.units;
}

/** The same, and says how it was read where it was not typed in the plain form. */
export function readTyped({ err }: Pick<Io, "err">, text: string, token: TokenFacts): bigint {
  const amount = parseAmount(text, token.decimals);
  if (!/^\d+(\.\d+)?$/.test(text))
    err(`"${visibleText(text)}" is read as ${showAmount(amount, token)}.\n`);
  return amount;
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
  places?: number,
): string {
  return showUnits(units, decimals, places);
}

/** "1,234.5 DAI". */
export function showAmount(units: bigint, token: TokenFacts): string {
  return `${plainAmount(units, token)} ${visibleText(token.symbol, 20)}`;
}
