import { mod } from "../crypto/field.ts";
import { BOUNDED_WORD_BITS, P } from "../params.ts";
import { BOUNDED_WORDS, isWellFormed, type CommandWords } from "../protocol/command.ts";

/** ROW-3's witness. Seven entries each, in the order header, ballot0..3, e, s. */
export type RowHints = {
  readonly wellFormed: bigint;
  readonly pointer: readonly bigint[];
  /** 0: w* = a + L; 1: w* = a + p - 2^253. */
  readonly high: bigint;
  /** What is decomposed: the words themselves, or, when malformed, a's 253 bits in the ballot words and zeros. */
  readonly bounded: readonly bigint[];
};

const A_BITS = 253n;

/** How a command is proved well formed, or not (ROW-3). Total. */
export function malformedHints(command: CommandWords): RowHints {
  if (isWellFormed(command)) {
    return {
      wellFormed: 1n,
      pointer: BOUNDED_WORDS.map(() => 0n),
      high: 0n,
      bounded: BOUNDED_WORDS.map(({ index }) => command[index] as bigint),
    };
  }
  const which = BOUNDED_WORDS.findIndex(
    ({ index, bits }) => (command[index] as bigint) >> BigInt(bits) !== 0n,
  );
  const { index, bits } = BOUNDED_WORDS[which] as { index: number; bits: number };
  const word = command[index] as bigint;
  const low = word - (1n << BigInt(bits));
  const isHigh = low >> A_BITS !== 0n;
  const a = isHigh ? mod(word - (P - (1n << A_BITS))) : low;
  const bounded = BOUNDED_WORDS.map(() => 0n);
  bounded[1] = a & ((1n << BigInt(BOUNDED_WORD_BITS)) - 1n);
  bounded[2] = a >> BigInt(BOUNDED_WORD_BITS);
  return {
    wellFormed: 0n,
    pointer: BOUNDED_WORDS.map((_, i) => BigInt(i === which)),
    high: BigInt(isHigh),
    bounded,
  };
}
