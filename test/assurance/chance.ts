import { accuracy, train, type Sample } from "./distinguisher.ts";

/** A judge who guesses by coin does better than `mostByChance` once in so many experiments. */
const ONCE_IN = 10_000;

/** The share of right guesses among `judged` that a coin does not exceed, but once in `ONCE_IN`: from the binomial distribution itself. */
export function mostByChance(judged: number): number {
  const logs = [0];
  for (let i = 1; i <= judged; i++) logs.push((logs[i - 1] as number) + Math.log(i));
  const log = (i: number) => logs[i] as number;
  let tail = 0;
  for (let right = judged; right >= 0; right--) {
    tail += Math.exp(log(judged) - log(right) - log(judged - right) - judged * Math.LN2);
    if (tail >= 1 / ONCE_IN) return right / judged;
  }
  return 0;
}

/** Right guesses of the best threshold found on one half, judged on the other. */
export function judge(
  quiet: readonly number[],
  donor: readonly number[],
): { readonly right: number; readonly judged: number } {
  const samples = [quiet, donor].flatMap((all, which) =>
    all.map((x, i): Sample & { readonly half: number } => ({
      features: [x],
      obedient: which === 1,
      half: i % 2,
    })),
  );
  const half = (which: number) => samples.filter((sample) => sample.half === which);
  return { right: accuracy(train(half(0)), half(1)), judged: half(1).length };
}
