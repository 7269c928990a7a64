/** How amounts are shown: one rounding everywhere, and columns that add up. */

/** A whole number with commas between thousands. */
export const grouped = (value: number | bigint): string =>
  value.toString().replace(/\B(?=(\d{3})+(?!\d))/g, ",");

/**
 * Token units as "1,234.5", all decimals as they are; with `places`, rounded half up to exactly so many (for display only).
 */
export function showUnits(units: bigint, decimals: number, places?: number): string {
  if (units < 0n) return `-${showUnits(-units, decimals, places)}`;
  const rounded = roundUnits(units, decimals, places);
  const digits = rounded.toString().padStart(decimals + 1, "0");
  const whole = digits.slice(0, digits.length - decimals);
  const fraction = decimals === 0 ? "" : digits.slice(-decimals);
  const shown =
    places === undefined || places >= decimals
      ? fraction.replace(/0+$/, "")
      : fraction.slice(0, places);
  return `${grouped(BigInt(whole))}${shown === "" ? "" : `.${shown}`}`;
}

/** Half up to a multiple of the last place that is shown. */
export function roundUnits(units: bigint, decimals: number, places = decimals): bigint {
  const step = 10n ** BigInt(Math.max(0, decimals - places));
  return ((units + step / 2n) / step) * step;
}

/**
 * Parts rounded so that a reader who adds them up gets their sum as it is shown, which is `whole` if it is given: each is within one last
 * place of itself, and the largest remainders are rounded up.
 */
export function roundTogether(
  parts: readonly bigint[],
  decimals: number,
  places: number,
  whole?: bigint,
): bigint[] {
  const step = 10n ** BigInt(Math.max(0, decimals - places));
  const total =
    whole ??
    roundUnits(
      parts.reduce((sum, part) => sum + part, 0n),
      decimals,
      places,
    );
  const floors = parts.map((part) => (part / step) * step);
  const left = (total - floors.reduce((sum, part) => sum + part, 0n)) / step;
  const largest = parts
    .map((part, i) => ({ i, rest: part % step }))
    .sort((a, b) => (a.rest === b.rest ? a.i - b.i : a.rest > b.rest ? -1 : 1))
    .slice(0, Number(left));
  for (const { i } of largest) floors[i] = (floors[i] as bigint) + step;
  return floors;
}

/** Decimals in which a whole and its parts are told: two, and of a whole below a hundred up to six, so that its parts do not come to nothing. */
export function placesFor(whole: bigint, decimals: number): number {
  const digits = whole === 0n ? 2 : whole.toString().length - decimals;
  return Math.min(decimals, Math.max(2, Math.min(6, 4 - digits)));
}
