import { multiplyBase, type Point } from "../crypto/curve.ts";
import { halfSizePair, type HalfSizePair } from "../crypto/half_size.ts";
import { keccakWords } from "../crypto/keccak.ts";
import { sharedRoot } from "../crypto/keystream.ts";
import { CoordinatorKeyError } from "./key.ts";

/**
 * What the coordinator's key can do, whoever holds it: this process, a device, or several people together. All but the public key may take a
 * while, so it is asynchronous; a local key answers at once, which costs one tick of the event loop a question and none a message.
 */
export type CoordinatorKey = {
  /** C (KEY-3). */
  readonly publicKey: Point;
  /** c·R for each acceptable point R, in their order: an eighth of the shared point (MSG-2, ROW-5). Whoever has it reads that message. */
  readonly sharedRoots: (points: readonly Point[]) => Promise<readonly Point[]>;
  /** The half-size pair, with which the circuit proves those products (KEY-3). @throws CoordinatorKeyError */
  readonly keyWitness: () => Promise<HalfSizePair>;
  /** keccak256 of the secret, a label and words, 256 bits: the same at every call, and nothing to who lacks the key (TALLY-11). */
  readonly salt: (label: bigint, ...words: readonly bigint[]) => Promise<bigint>;
  /** From what a thread of this process opens the same key again; it can be cloned, and is as secret as the key. */
  readonly source: CoordinatorKeySource;
};

/** A kind a holder. */
export type CoordinatorKeySource = { readonly kind: "local"; readonly secret: bigint };

/** A key whose secret c is in this process. */
export function localCoordinatorKey(secret: bigint): CoordinatorKey {
  return {
    publicKey: multiplyBase(secret),
    sharedRoots: async (points) => points.map((point) => sharedRoot(secret, point)),
    async keyWitness() {
      const pair = halfSizePair(secret);
      if (pair === undefined) throw new CoordinatorKeyError();
      return pair;
    },
    salt: async (label, ...words) => keccakWords(secret, label, ...words),
    source: { kind: "local", secret },
  };
}

/** The key that a source describes, for a thread of its own. */
export const openCoordinatorKey = ({ secret }: CoordinatorKeySource): CoordinatorKey =>
  localCoordinatorKey(secret);
