import { randomInt } from "node:crypto";
import { multiplyBase } from "../crypto/curve.ts";
import { randomBelow, randomScalar } from "../crypto/random.ts";
import { COMMAND_WORDS, P } from "../params.ts";
import type { MessageWords } from "../protocol/message.ts";

/**
 * A message without meaning. To everyone but the coordinator it is like any other, for a ciphertext is uniform words too; the
 * coordinator sees that it is not well formed, or names nobody.
 */
export function coverMessage(): MessageWords {
  const R = multiplyBase(randomScalar());
  return [R.x, R.y, ...Array.from({ length: COMMAND_WORDS }, () => randomBelow(P))];
}

/** Resolution of a random fraction: what randomInt gives at most. */
const FRACTION = 2 ** 47;
/** A larger mean is drawn in parts, as e^-mean would run out of digits. */
const LARGEST_MEAN = 100;

/**
 * How many cover messages go out in a tick: Poisson, of the given mean. A fixed number, or one message every so many ticks, would be no
 * cover at all: who knows the rate would know of each tick how many messages are not cover.
 */
export function drawCover(mean: number): number {
  if (mean > LARGEST_MEAN) return drawCover(LARGEST_MEAN) + drawCover(mean - LARGEST_MEAN);
  let count = -1;
  for (let product = 1; product > Math.exp(-mean); count++) product *= randomInt(1, FRACTION) / FRACTION;
  return count;
}
