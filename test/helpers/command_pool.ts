import { multiplyBase, type Point } from "../../src/crypto/curve.ts";
import { packPage } from "../../src/protocol/ballot.ts";
import { encodeHeader, signCommand } from "../../src/protocol/command.ts";
import { keyPairFromSecret, type KeyPair } from "../../src/protocol/key.ts";
import { L, P } from "../../src/params.ts";
import { UNACCEPTABLE } from "./points.ts";
import { seeded, type Seeded } from "./seeded.ts";

/** A command and the secret of its R, to be used in any round of one context. */
export type PooledCommand = {
  readonly ephemeral: bigint;
  readonly R: Point;
  readonly command: readonly bigint[];
  readonly nonce: bigint;
};

export type Pool = {
  readonly tags: readonly bigint[];
  readonly keys: readonly (readonly KeyPair[])[];
  readonly commands: readonly PooledCommand[];
};

/** Small enough that chains of messages form, spread over the first items so that SEM-7 decides now and then. */
const NONCES = [
  0n,
  1n,
  1n,
  1n,
  1n,
  2n,
  2n,
  2n,
  3n,
  3n,
  4n,
  5n,
  65_535n,
  65_536n,
  65_537n,
  65_538n,
  131_072n,
  131_073n,
  3n * 65_536n,
  9n * 65_536n + 5n,
  (1n << 48n) - 1n,
];

/**
 * Signed commands of three donors with three keys each, most of them plausible, some with one thing wrong. Random rounds are
 * drawn from this pool: what a signature says about a key is then worked out once and not in every round.
 */
export function commandPool(seed: string, size: number, ctx: bigint): Pool {
  const random = seeded(seed);
  const tags = [5n, random.below(1n << 63n) + 6n, (1n << 64n) - 1n];
  const keys = tags.map(() => [1, 2, 3].map(() => keyPairFromSecret(random.scalar())));
  const commands = Array.from({ length: size }, () => draw(random, tags, keys, ctx));
  return { tags, keys, commands };
}

function draw(
  random: Seeded,
  tags: readonly bigint[],
  keys: readonly (readonly KeyPair[])[],
  ctx: bigint,
): PooledCommand {
  const donor = random.index(3);
  const own = keys[donor] as readonly KeyPair[];
  const signer = random.pick([
    own[0],
    own[0],
    own[0],
    own[0],
    own[0],
    own[1],
    own[1],
    own[2],
  ]) as KeyPair;
  const rare = (odds: number) => random.index(odds) === 0;
  const nonce = random.pick(NONCES);
  const tag = rare(20) ? random.pick([0n, 6n, ...tags]) : (tags[donor] as bigint);
  const newKey = rare(12)
    ? random.pick(UNACCEPTABLE).point
    : rare(4)
      ? random.pick(own).publicKey
      : signer.publicKey;
  const page = Array.from({ length: 1 + random.index(3) }, () => ({
    gap: random.index(4),
    sign: rare(25),
    magnitude: BigInt(rare(5) ? 0 : 1 + random.index(6)),
  }));
  const ballot = rare(40) ? [0n, 0n, 0n, 1n << 222n] : [...packPage(page)];
  if (rare(30)) ballot[random.index(4)] = random.pick([1n << 252n, P - 1n, (1n << 252n) - 1n]);
  const header = encodeHeader({ tag, append: rare(3), nonce }) + (rare(40) ? 1n << 113n : 0n);
  const ephemeral = random.scalar();
  const R = multiplyBase(ephemeral);
  const command = signCommand(
    { header, newKey, ballot },
    { secret: signer.secret, key: signer.publicKey },
    { R, ctx, drawScalar: random.scalar },
  );
  const [e, s] = command.slice(7) as [bigint, bigint];
  if (rare(25)) command[8] = random.pick([s + L, s + 1n, 1n << 252n]);
  if (rare(40)) command[7] = random.pick([e ^ 1n, 1n << 252n]);
  return { ephemeral, R, command, nonce };
}

/** A random sequence of commands in which nonces tend to rise. */
export function drawSequence(random: Seeded, { commands }: Pool, length: number): PooledCommand[] {
  const chosen = Array.from({ length }, () => random.pick(commands));
  const rank = new Map(
    chosen.map((command) => [
      command,
      Number(command.nonce % (1n << 24n)) + random.index(3) - (random.index(6) === 0 ? 100_000 : 0),
    ]),
  );
  return chosen.sort((x, y) => (rank.get(x) as number) - (rank.get(y) as number));
}
