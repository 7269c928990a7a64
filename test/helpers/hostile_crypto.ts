import { add, multiply, multiplyBase, negate } from "../../src/crypto/curve.ts";
import { mod } from "../../src/crypto/field.ts";
import {
  challengeScalar,
  signatureHash,
  type Signature,
  type SignedContent,
} from "../../src/crypto/signature.ts";
import { L } from "../../src/params.ts";
import { keyPairFromSecret, type KeyPair } from "../../src/protocol/key.ts";
import { decrypt, encrypt } from "../../src/protocol/message.ts";
import { mixedOrder, ORDER_8, UNACCEPTABLE } from "./points.ts";
import type { RoundBuilder, SendOptions } from "./round_builder.ts";

/** Scalars for which circomlib's fixed-base multiplication has no witness: e*, e* + 2^249, e* + 2^250; all below l. */
const POISON = 797546722194482024037982888770643071568945925300745316575367714387401675944n;
export const POISON_SCALARS = [POISON, POISON + (1n << 249n), POISON + (1n << 250n)];

const LIMIT = 1n << 252n;
const setE = (e: bigint): SendOptions => ({
  alter: (command) => command.map((word, i) => (i === 7 ? e : word)),
});
const mapS = (change: (s: bigint) => bigint): SendOptions => ({
  alter: (command) => command.map((word, i) => (i === 8 ? change(word) : word)),
});

/** Signatures at their edges (SIG-2): scalars without witness elsewhere, aliases, the identity as commitment. */
export function signatureAttacks(round: RoundBuilder): void {
  const donor = round.actor("Sid", 10_000n);
  round.contribute(donor);
  const { secret, publicKey } = donor.key;
  const bad = (label: string, options: SendOptions) =>
    round.send(donor, label, "signature (SEM-4)", options);
  const good = (label: string, options: SendOptions) =>
    round.send(donor, label, "accepted", options);
  const scale = (e: bigint, factor: bigint) => mod(factor * challengeScalar(e) * secret, L);

  bad(
    "s + 1",
    mapS((s) => (s + 1n) % LIMIT),
  );
  bad(
    "s = 0",
    mapS(() => 0n),
  );
  bad(
    "s = l",
    mapS(() => L),
  );
  bad("random e", setE(round.random.below(LIMIT)));
  bad("e = 0", setE(0n));
  bad("e = s = 0", { sign: () => ({ e: 0n, s: 0n }) });
  POISON_SCALARS.forEach((scalar, i) => {
    bad(
      `s = circomlib's scalar without witness, ${i}`,
      mapS(() => scalar),
    );
    bad(`e = circomlib's scalar without witness, ${i}`, setE(scalar));
  });
  bad("s·B = E·key, so R' is the identity", { sign: () => ({ e: 5n, s: scale(5n, 1n) }) });
  bad("s·B = -E·key", { sign: () => ({ e: 5n, s: scale(5n, -1n) }) });
  bad("the signature of another key", { signer: round.keyPair() });
  good(
    "s + l, the same scalar",
    mapS((s) => s + L),
  );
  for (const k of [0n, 1n])
    good(`signed with k = ${k}`, { sign: (content) => signWith(k, donor.key, content) });
  round.send(donor, "a correct hash that is not below 2^252", "malformed (CMD-3)", {
    sign: (content) => {
      const k = round.random.scalar();
      const e = signatureHash(multiplyBase(k), publicKey, content);
      return e < LIMIT ? undefined : { e, s: mod(k + scale(e, 1n), L) };
    },
  });
  good("correct at last", { ballot: new Map([[13, 31n]]) });
}

/** Keys and ephemeral points of every order (KEY-1), and messages made of other messages (SIG-1). */
export function curveAttacks(round: RoundBuilder): void {
  const donor = round.actor("Nell", 10_000n);
  round.contribute(donor);
  for (const { name, point } of UNACCEPTABLE)
    round.send(donor, `newKey is ${name}`, "new key (SEM-5)", { newKey: point });

  const secret = round.random.scalar();
  const torsioned = { secret, publicKey: mixedOrder(secret) };
  round.send(donor, "rotates to a key with torsion", "accepted", { newKey: torsioned });
  round.send(donor, "signs under torsion without luck", "signature (SEM-4)");
  round.send(donor, "signs with luck and returns to the subgroup", "accepted", {
    newKey: round.keyPair(),
    sign: withLuck(round, torsioned),
  });

  const owner = round.random.scalar();
  const mixed = round.actor("Max", 10_000n, { secret: owner, publicKey: mixedOrder(owner) });
  round.contribute(mixed);
  round.send(mixed, "contributed with torsion, signs without luck", "signature (SEM-4)");
  round.send(mixed, "contributed with torsion, signs with luck", "accepted", {
    ballot: new Map([[30, 4n]]),
    sign: withLuck(round, mixed.key),
  });
  round.send(mixed, "keeps the torsion, signs with luck under an R with torsion", "accepted", {
    ballot: new Map([[31, 5n]]),
    mixedR: true,
    sign: withLuck(round, mixed.key),
  });

  const base = round.actor("Uno", 10_000n, keyPairFromSecret(1n));
  round.contribute(base);
  const original = round.send(base, "key = B and R = B", "accepted", {
    ephemeral: 1n,
    ballot: new Map([[32, 6n]]),
  });
  round.send(base, "newKey = -B", "accepted", {
    newKey: keyPairFromSecret(L - 1n),
    ephemeral: L - 1n,
  });
  round.send(base, "R with torsion", "accepted", { mixedR: true, ballot: new Map([[33, 7n]]) });

  const victim = round.actor("Vic", 10_000n);
  round.contribute(victim);
  const sent = round.send(victim, "votes", "accepted", { ballot: new Map([[34, 8n]]) });
  const [x, y, ...ciphertext] = sent as [bigint, bigint, ...bigint[]];
  round.publish("Vic's message copied", "nonce (SEM-6)", sent);
  const sameShared = add({ x, y }, ORDER_8);
  round.publish("Vic's message under R plus torsion: the same command", "signature (SEM-4)", [
    sameShared.x,
    sameShared.y,
    ...ciphertext,
  ]);
  round.publish("Vic's ciphertext under -R", "malformed (CMD-3)", [
    negate({ x, y }).x,
    y,
    ...ciphertext,
  ]);
  round.publish("Vic's ciphertext under another R", "malformed (CMD-3)", [
    original[0] as bigint,
    original[1] as bigint,
    ...ciphertext,
  ]);
  const opened = decrypt(sent, round.coordinator.secret, round.rules.ctx);
  round.publish(
    "Vic's command encrypted again",
    "signature (SEM-4)",
    encrypt(opened, round.random.scalar(), round.coordinator.publicKey, round.rules.ctx),
  );
  const zeros = Array.from({ length: 9 }, () => 0n);
  const odd = mixedOrder(1n);
  round.publish("zero ciphertext", "malformed (CMD-3)", [x, y, ...zeros]);
  round.publish("zero ciphertext under B plus torsion", "malformed (CMD-3)", [
    odd.x,
    odd.y,
    ...zeros,
  ]);
}

/** A signature with a given k (SIG-3), or undefined where its hash is not below 2^252. */
function signWith(
  k: bigint,
  { secret, publicKey }: KeyPair,
  content: SignedContent,
): Signature | undefined {
  const e = signatureHash(multiplyBase(k), publicKey, content);
  return e < LIMIT ? { e, s: mod(k + challengeScalar(e) * secret, L) } : undefined;
}

/**
 * Signs under secret·B + T with T of order 8: R' = s·B - E·key = k·B - E·T, and E mod 8 is known only after the hash. So guess it:
 * one time in four it fits. E is odd, so without the guess such a signature never fits.
 */
function withLuck(
  round: RoundBuilder,
  { secret, publicKey }: KeyPair,
): (content: SignedContent) => Signature {
  return (content) => {
    for (;;) {
      const k = round.random.scalar();
      const guess = 1n + 2n * round.random.below(4n);
      const commitment = add(multiplyBase(k), negate(multiply(ORDER_8, guess)));
      const e = signatureHash(commitment, publicKey, content);
      if (e < LIMIT && challengeScalar(e) % 8n === guess)
        return { e, s: mod(k + challengeScalar(e) * secret, L) };
    }
  };
}
