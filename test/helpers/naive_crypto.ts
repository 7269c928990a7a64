import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/**
 * SIG-1, SIG-2, MSG-2, MSG-3 and KEY-1 once more, from the formulas of docs/SPEC.md and the constants that poseidon-lite ships;
 * nothing of src/ is used. Slow on purpose.
 */

const p = 21888242871839275222246405745257275088548364400416034343698204186575808495617n;
const a = 168700n;
const d = 168696n;
const base: Affine = [
  5299619240641551281634865583518297030282874472190772894086521144482721001553n,
  16950150798460657717958625567821834550301663161624707787222815936182638968203n,
];
type Affine = [x: bigint, y: bigint];
type Fraction = [x: bigint, y: bigint, z: bigint]; // (x/z, y/z)

const reduce = (x: bigint) => ((x % p) + p) % p;

export function inverse(x: bigint): bigint {
  let [result, square] = [1n, reduce(x)];
  for (let e = p - 2n; e > 0n; e /= 2n) {
    if (e % 2n === 1n) result = (result * square) % p;
    square = (square * square) % p;
  }
  return result;
}

/** x3 = (x1·y2 + y1·x2)/(1 + d·x1·x2·y1·y2), y3 = (y1·y2 - a·x1·x2)/(1 - d·x1·x2·y1·y2): EIP-2494, over fractions. */
function plus([x1, y1, z1]: Fraction, [x2, y2, z2]: Fraction): Fraction {
  const z = (z1 * z2) % p;
  const zz = (z * z) % p;
  const k = (((d * x1 * x2) % p) * y1 * y2) % p;
  const [left, right] = [reduce(zz + k), reduce(zz - k)];
  return [
    (((z * reduce(x1 * y2 + y1 * x2)) % p) * right) % p,
    (((z * reduce(y1 * y2 - a * x1 * x2)) % p) * left) % p,
    (left * right) % p,
  ];
}

function times([x, y]: Affine, scalar: bigint): Fraction {
  let sum: Fraction = [0n, 1n, 1n];
  for (const bit of scalar.toString(2)) {
    sum = plus(sum, sum);
    if (bit === "1") sum = plus(sum, [x, y, 1n]);
  }
  return sum;
}

function affine([x, y, z]: Fraction): Affine {
  const i = inverse(z);
  return [(x * i) % p, (y * i) % p];
}

export function isGoodPoint(x: bigint, y: bigint): boolean {
  const onCurve = reduce(a * x * x + y * y) === reduce(1n + d * x * x * y * y);
  const smallOrder = x === 0n || y === 0n || reduce(y * y) === reduce(a * x * x);
  return x < p && y < p && onCurve && !smallOrder;
}

/** SIG-2 with SIG-1's h. */
export function isSigned(words: readonly bigint[], R: Affine, key: Affine, ctx: bigint): boolean {
  const [e, s] = [words[7]!, words[8]!];
  const E = 2n ** 128n + 2n * (e % 2n ** 128n) + 1n;
  const negated: Affine = [reduce(-key[0]), key[1]];
  const commitment = affine(plus(times(base, s), times(negated, E)));
  return e === permutation([2n, ...commitment, ...R, ...key, ...words.slice(0, 7), ctx])[0];
}

/** MSG-2, MSG-3: the 9 words behind the 11 of a message. */
export function open(message: readonly bigint[], c: bigint, ctx: bigint): bigint[] {
  const [x, y] = affine(times([message[0]!, message[1]!], 8n * c));
  const u = ((1n + y) * inverse(1n - y)) % p;
  const v = (u * inverse(x)) % p;
  const stream = permutation([1n, u, v, ctx, 0n, 0n, 0n, 0n, 0n, 0n, 0n, 0n]);
  return message.slice(2).map((word, i) => reduce(word - stream[1 + i]!));
}

const fifth = (x: bigint) => ((((x * x) % p) ** 2n % p) * x) % p;

/** Poseidon with the given state, its first element the capacity: round constants, fifth powers, matrix. */
function permutation(state: bigint[]): bigint[] {
  const { C, M } = constants(state.length);
  const rounds = C.length / state.length;
  let x = state;
  for (let round = 0; round < rounds; round++) {
    x = x.map((word, i) => (word + C[round * state.length + i]!) % p);
    const full = round < 4 || round >= rounds - 4;
    x = x.map((word, i) => (full || i === 0 ? fifth(word) : word));
    x = M.map((row) => row.reduce((sum, m, j) => sum + m * x[j]!, 0n) % p);
  }
  return x;
}

type Constants = { C: bigint[]; M: bigint[][] };
const loaded = new Map<number, Constants>();

function constants(width: number): Constants {
  if (!loaded.has(width)) {
    const require = createRequire(import.meta.url);
    const file = join(dirname(require.resolve("poseidon-lite")), "constants", `${width - 1}.js`);
    const { C, M } = (require(file) as { default: { C: string[]; M: string[][] } }).default;
    const number = (text: string) => BigInt(`0x${Buffer.from(text, "base64").toString("hex")}`);
    loaded.set(width, { C: C.map(number), M: M.map((row) => row.map(number)) });
  }
  return loaded.get(width)!;
}
