/**
 * Every protocol constant, once. The circuits' mains and contracts/generated/Params.sol are generated from here.
 * Rule ids refer to docs/SPEC.md.
 */

/** Order of the BN254 scalar field (PARAM-1). */
export const P = 21888242871839275222246405745257275088548364400416034343698204186575808495617n;

/** Prime order of the Baby Jubjub subgroup (PARAM-1). */
export const L = 2736030358979909402780800718157159386076813972158567259200215660948447373041n;

/** Baby Jubjub: A·x² + y² = 1 + D·x²·y² (PARAM-2, EIP-2494). */
export const CURVE_A = 168700n;
export const CURVE_D = 168696n;
export const COFACTOR = 8n;

/** Middle coefficient of the Montgomery form v² = u³ + MONTGOMERY_A·u² + u (PARAM-2). */
export const MONTGOMERY_A = 168698n;

/** Base point B = Base8 of order L (PARAM-2). */
export const BASE = {
  x: 5299619240641551281634865583518297030282874472190772894086521144482721001553n,
  y: 16950150798460657717958625567821834550301663161624707787222815936182638968203n,
} as const;

/** Poseidon capacities, one per use (PARAM-3). */
export const DOMAIN = { keystream: 1n, signature: 2n, constants: 3n, state: 4n, rows: 5n } as const;

/** Ballot pages (PARAM-4, BAL-1). */
export const BALLOT = {
  entries: 24,
  entriesPerWord: 6,
  words: 4,
  gapBits: 12,
  signBits: 1,
  magnitudeBits: 29,
} as const;
/** Largest votes for one project: 2^29 - 1. */
export const MAX_VOTES = (1n << BigInt(BALLOT.magnitudeBits)) - 1n;
export const ENTRY_BITS = BALLOT.gapBits + BALLOT.signBits + BALLOT.magnitudeBits;

/** Header fields (CMD-2), least significant first. */
export const HEADER = { tagBits: 64, appendBits: 1, nonceBits: 48 } as const;
export const HEADER_BITS = HEADER.tagBits + HEADER.appendBits + HEADER.nonceBits;

/** Bits of nonce below the item count that bounds it (SEM-7). */
export const NONCE_LOW_BITS = 16;

/** Bits of a ballot word, of e and of s (CMD-3). */
export const BOUNDED_WORD_BITS = 252;

/** Bits of e that make the challenge scalar E (SIG-2). */
export const CHALLENGE_BITS = 128;

/** Words of a command (CMD-1) and of a message (MSG-1). */
export const COMMAND_WORDS = 9;
export const MESSAGE_WORDS = 11;

/** Signed digits of the coordinator's half-size pair (KEY-3, ROW-5). */
export const HALF_DIGITS = 127;

/** Bounds (PARAM-5). */
export const MAX_PROJECTS = 1 << 16;
export const CREDITS_BITS = 64;
export const ITEM_BITS = 32;

/** Kinds of links; contributions and messages are also kinds of items (LINK-1, TALLY-3). */
export const KIND = { contribution: 1, message: 2, topUp: 3 } as const;

/** Gas that a transaction may have (EIP-7825). */
export const MOST_TRANSACTION_GAS = 16_777_216n;

/** Bytes of an encoded link (LINK-1). */
export const LINK_BYTES = { contribution: 81, message: 353, topUp: 17 } as const;

/** Result entries (TALLY-6): bit offsets. */
export const RESULT = { votesShift: 16, signShift: 80, creditsShift: 81, bits: 209 } as const;

/**
 * Fold circuits, smallest first: `rows` is the largest number that fits 2^power constraints.
 * The index in this list is the `size` of a round.
 */
export const FOLD_SIZES = [
  { name: "small", rows: 11, power: 16 },
  { name: "large", rows: 45, power: 18 },
] as const;
export type FoldSize = (typeof FOLD_SIZES)[number]["name"];

/** Argon2id cost of a donor's lasting key (KEY-4): passes, KiB, lanes. */
export const ARGON2 = { t: 3, m: 65536, p: 1, dkLen: 64 } as const;
