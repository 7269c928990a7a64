/** The contract's arithmetic once more, from docs/SPEC.md alone: viem's keccak and bigint, nothing of src/. */
import {
  concat,
  encodeAbiParameters,
  encodePacked,
  keccak256,
  toHex,
  zeroHash,
  type Address,
  type Hex,
} from "viem";

export const P = 21888242871839275222246405745257275088548364400416034343698204186575808495617n;

export type Link =
  | {
      readonly kind: "contribution";
      readonly tag: bigint;
      readonly keyX: bigint;
      readonly keyY: bigint;
      readonly credits: bigint;
    }
  | { readonly kind: "message"; readonly words: readonly bigint[] }
  | { readonly kind: "topUp"; readonly tag: bigint; readonly credits: bigint };

export type Entry = { readonly project: number; readonly votes: bigint; readonly credits: bigint };
export type Challenges = {
  readonly g: bigint;
  readonly beta: bigint;
  readonly theta: bigint;
  readonly delta: bigint;
};

const word = (value: bigint): Hex => toHex(value, { size: 32 });
const hashWords = (...values: bigint[]): bigint => BigInt(keccak256(concat(values.map(word))));
const modP = (value: bigint): bigint => ((value % P) + P) % P;

/** LINK-1. */
export function encodeLink(link: Link): Hex {
  if (link.kind === "message") return concat(["0x02", ...link.words.map(word)]);
  if (link.kind === "topUp")
    return encodePacked(["uint8", "uint64", "uint64"], [3, link.tag, link.credits]);
  return encodePacked(
    ["uint8", "uint64", "uint256", "uint256", "uint64"],
    [1, link.tag, link.keyX, link.keyY, link.credits],
  );
}

/** The chain's values, the initial 0 first (LINK-1). */
export function hashChain(links: readonly Link[]): Hex[] {
  const values: Hex[] = [zeroHash];
  for (const link of links)
    values.push(keccak256(concat([values.at(-1) as Hex, encodeLink(link)])));
  return values;
}

/** KEY-6. */
export function deriveContext(chainId: bigint, round: Address): bigint {
  return hashWords(chainId, BigInt(round)) % P;
}

/** KEY-7. */
export function deriveTag(payer: Address, keyX: bigint, keyY: bigint): bigint {
  return hashWords(BigInt(payer), keyX, keyY) & 0xffffffffffffffffn;
}

/** TALLY-1, TALLY-2. */
export function deriveChallenges(base: Hex): Challenges {
  const [g, beta, theta, delta] = [1n, 2n, 3n, 4n].map((i) => hashWords(BigInt(base), i) % P) as [
    bigint,
    bigint,
    bigint,
    bigint,
  ];
  return { g, beta, theta, delta };
}

export function deriveBase(
  ...fields: readonly [
    head: Hex,
    items: bigint,
    projects: bigint,
    keyX: bigint,
    keyY: bigint,
    D: bigint,
    resultsHash: Hex,
    signs: bigint,
    ctx: bigint,
  ]
): Hex {
  return keccak256(
    encodeAbiParameters(
      Array.from({ length: 9 }, () => ({ type: "uint256" })),
      fields.map((field) => BigInt(field)),
    ),
  );
}

/** TALLY-3 and TALLY-4 over links in order, with powers of g written out. */
export function computeProduct(links: readonly Link[], { g, beta }: Challenges): bigint {
  const finalCredits = new Map<bigint, bigint>();
  for (const link of links) if (link.kind !== "message") finalCredits.set(link.tag, link.credits);
  let [product, t] = [1n, 0n];
  for (const link of links) {
    if (link.kind === "topUp") continue;
    t += 1n;
    const fields =
      link.kind === "message"
        ? [2n, 0n, 0n, 0n, 0n, ...link.words]
        : [1n, link.tag, finalCredits.get(link.tag) as bigint, link.keyX, link.keyY];
    const f = fields.reduce((sum, field, i) => sum + field * power(g, i + 1), t);
    product = modP(product * modP(beta - f));
  }
  return product;
}

function power(base: bigint, exponent: number): bigint {
  let result = 1n;
  for (let i = 0; i < exponent; i++) result = modP(result * base);
  return result;
}

export function inverse(value: bigint): bigint {
  let [result, base] = [1n, modP(value)];
  for (let e = P - 2n; e > 0n; e >>= 1n, base = modP(base * base))
    if (e & 1n) result = modP(result * base);
  return result;
}

/** TALLY-6. */
export function encodeEntry({ project, votes, credits }: Entry): bigint {
  const magnitude = votes < 0n ? -votes : votes;
  return BigInt(project) + (magnitude << 16n) + ((votes < 0n ? 1n : 0n) << 80n) + (credits << 81n);
}

/** TALLY-7. */
export function hashResults(salt: Hex, entries: readonly bigint[]): Hex {
  const last = entries.reduce((x, entry) => hashWords(x, entry), 0n);
  return keccak256(concat([salt, word(last)]));
}

/** Σ (T + delta·S)/(theta - j), with a true division each (TALLY-9). */
export function sumResults(entries: readonly Entry[], { theta, delta }: Challenges): bigint {
  return entries.reduce(
    (sum, { project, votes, credits }) =>
      modP(sum + modP(votes + delta * credits) * inverse(theta - BigInt(project))),
    0n,
  );
}

/** MONEY-10: a leaf, the root, and the path of one entry, by recursion on the largest power of two below the length. */
export function hashLeaf({ project, votes, credits }: Entry): Hex {
  const inner = encodeAbiParameters(
    [{ type: "uint256" }, { type: "int256" }, { type: "uint256" }],
    [BigInt(project), votes, credits],
  );
  return keccak256(keccak256(inner));
}

const hashPair = (a: Hex, b: Hex): Hex =>
  keccak256(concat(BigInt(a) < BigInt(b) ? [a, b] : [b, a]));
const splitAt = (length: number): number => 2 ** (Math.ceil(Math.log2(length)) - 1);

export function computeRoot(leaves: readonly Hex[]): Hex {
  if (leaves.length <= 1) return leaves[0] ?? zeroHash;
  const half = splitAt(leaves.length);
  return hashPair(computeRoot(leaves.slice(0, half)), computeRoot(leaves.slice(half)));
}

export function computePath(leaves: readonly Hex[], place: number): Hex[] {
  if (leaves.length <= 1) return [];
  const half = splitAt(leaves.length);
  return place < half
    ? [...computePath(leaves.slice(0, half), place), computeRoot(leaves.slice(half))]
    : [...computePath(leaves.slice(half), place - half), computeRoot(leaves.slice(0, half))];
}
