import { readAmount, type AmountProblem, type NumberForm } from "./amount.ts";

/** A ratio as a person writes it, in thousandths, or why it is none. */
export type RatioReading = { readonly milli: number } | AmountProblem;

/** Of what a ratio has. */
export const RATIO_DECIMALS = 3;
/** Ratios in thousandths are below it (REVIEW-1). */
const LIMIT = 1n << 32n;

/**
 * What a project gives back for each unit that it costs, read as amounts are, with at most three decimals: from 0 to 4294967.295.
 * @example
 * ```ts
 * readRatio("1.25"); // { milli: 1250 }
 * ```
 */
export function readRatio(text: string, forms: readonly NumberForm[] = []): RatioReading {
  const reading = readAmount(text, { decimals: RATIO_DECIMALS, forms });
  if ("problem" in reading) return reading;
  return reading.units < LIMIT ? { milli: Number(reading.units) } : { problem: "large" };
}
