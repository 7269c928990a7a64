import {
  quadraticWeight,
  readAmount,
  type PayoutArgument,
  type PayoutChoice,
} from "../../src/index.ts";
import { readTyped } from "./format.ts";

/** Places with the same prize, in units of the pool's token. */
export type Prizes = { readonly size: bigint; readonly prize: bigint };

/** What somebody typed as prizes, or why it is none. */
export type PrizesReading =
  | { readonly prizes: readonly Prizes[] }
  | { readonly problem: "prizes" | "parted" | "order" | "kinds" }
  /** One of the amounts may be two, as plain decimals. */
  | { readonly problem: "ambiguous"; readonly readings: readonly [string, string] };

/** A rule has so many different prizes at most (PAYOUT-3). */
const MOST_TIERS = 8;
const MOST_PLACES = 65_535n;
/** What parts prizes and stands in no amount. */
const PARTING = /[;；、]/;
/** A comma may also stand within an amount: everywhere, before a blank, or before the places of the next prize. */
const COMMAS = [/,/, /,\s+/, /,(?=\s*\p{Nd}+\s*[x×])/iu];

/**
 * Prizes as people write them: "6000, 4000, 2000", or places × prize, "1x5000, 3x2000". They are fixed for good, so nothing is guessed: amounts
 * that may be two, and commas that may part or group, are refused.
 */
export function readPrizes(text: string, decimals: number): PrizesReading {
  const plain = text
    .replaceAll("，", ",")
    .replaceAll("ｘ", "x")
    .trim()
    .replace(/[;；、]$/, "");
  const parted = PARTING.test(plain) ? [PARTING] : COMMAS;
  const readings = parted.map((mark) => readParts(plain.split(mark), decimals));
  const good = new Map(
    readings.flatMap((one) => ("prizes" in one ? [[String(one.prizes.map(write)), one]] : [])),
  );
  const [first] = good.values();
  if (good.size > 1) return { problem: "parted" };
  if (first === undefined)
    return readings.find(({ problem }) => problem === "ambiguous") ?? { problem: "prizes" };
  const { prizes } = first;
  if (prizes.some(({ prize }, i) => prize > (prizes[i - 1]?.prize ?? prize)))
    return { problem: "order" };
  return prizes.length > MOST_TIERS ? { problem: "kinds" } : first;
}

const write = ({ size, prize }: Prizes) => `${size}x${prize}`;

type PartsReading = { readonly problem?: undefined; readonly prizes: readonly Prizes[] } | Failure;
type Failure =
  | Extract<PrizesReading, { readonly problem: "ambiguous" }>
  | { readonly problem: "prizes" };

function readParts(parts: readonly string[], decimals: number): PartsReading {
  const prizes: Prizes[] = [];
  for (const part of parts) {
    const [, places = "1", amount = ""] = /^\s*(?:(\p{Nd}+)\s*[x×])?(.*)$/iu.exec(part) ?? [];
    const [size, prize] = [readAmount(places, { decimals: 0 }), readPrize(amount, decimals)];
    if ("problem" in prize) return prize;
    if ("problem" in size || size.units === 0n || size.units > MOST_PLACES)
      return { problem: "prizes" };
    const last = prizes.at(-1);
    const isMore = last?.prize === prize.units && last.size + size.units <= MOST_PLACES;
    if (isMore) prizes.pop();
    prizes.push({ size: size.units + (isMore ? last.size : 0n), prize: prize.units });
  }
  return { prizes };
}

/** Where only the place of writing tells that "6.000" is six, it is not taken as six: who fixes a prize to the thousandth writes one digit more. */
function readPrize(text: string, decimals: number): { readonly units: bigint } | Failure {
  const reading = readTyped(text, decimals);
  const anywhere = readAmount(text, { decimals });
  if ("problem" in anywhere && anywhere.readings !== undefined) {
    const whole = BigInt(anywhere.readings[1]) * 10n ** BigInt(decimals);
    if ("problem" in reading || reading.units !== whole)
      return { problem: "ambiguous", readings: anywhere.readings };
  }
  return "problem" in reading || reading.units === 0n ? { problem: "prizes" } : reading;
}

/** Prizes of a rule that is made or planned; undefined for another kind. */
export function prizesOf({
  id,
  args,
}: Pick<PayoutChoice, "id" | "args">): readonly Prizes[] | undefined {
  if (id !== "tiers") return undefined;
  const [sizes, prizes] = args as readonly (PayoutArgument & readonly bigint[])[];
  return sizes?.map((size, i) => ({ size, prize: prizes?.[i] ?? 0n }));
}

/** How many there are, and what all of them come to. */
export const sumPrizes = (prizes: readonly Prizes[]) => ({
  places: prizes.reduce((sum, { size }) => sum + size, 0n),
  amount: prizes.reduce((sum, { size, prize }) => sum + size * prize, 0n),
});

/** What a pool lacks so that all prizes can be paid in full after the coordinator's fee. */
export function missingForPrizes(
  rule: Pick<PayoutChoice, "id" | "args">,
  { pool, fee }: { readonly pool: bigint; readonly fee: bigint },
): bigint {
  const needed = sumPrizes(prizesOf(rule) ?? []).amount;
  return needed > 0n && needed + fee > pool ? needed + fee - pool : 0n;
}

type Row = {
  readonly project: number;
  readonly votes: bigint;
  readonly credits: bigint;
  readonly eligible: boolean;
  readonly matched: bigint;
};

/** Which prize an eligible project won, or why it won none (PAYOUT-3); undefined where there are no prizes. */
export function wonOf(
  rule: Pick<PayoutChoice, "id" | "args" | "qualifier">,
  row: Row,
  rows: readonly Row[],
) {
  const prizes = prizesOf(rule);
  // Who is found good is not told here, and the order is of those alone.
  if (prizes === undefined || rule.qualifier !== undefined) return undefined;
  const weight = quadraticWeight(row);
  const ahead = rows.filter((other) => {
    const more = quadraticWeight(other) - weight;
    return other.eligible && (more > 0n || (more === 0n && other.project < row.project));
  });
  let rest = BigInt(ahead.length);
  const tier = weight === 0n ? undefined : prizes.find(({ size }) => (rest -= size) < 0n);
  const prize = tier?.prize ?? 0n;
  const none = weight === 0n ? "noWeight" : "none";
  return {
    place: ahead.length + 1,
    places: sumPrizes(prizes).places,
    prize,
    why: tier === undefined ? none : row.matched < prize ? "less" : "won",
  } as const;
}
