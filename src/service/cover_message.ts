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
