import { describe, expect, test } from "vitest";
import { keccakWords } from "../../src/crypto/keccak.ts";
import {
  localCoordinatorKey,
  openCoordinatorKey,
  type CoordinatorKey,
} from "../../src/protocol/coordinator_key.ts";
import {
  CoordinatorKeyError,
  generateCoordinatorKeyPair,
  keyPairFromSecret,
} from "../../src/protocol/key.ts";
import { completeTranscript, prepareTally } from "../../src/transcript/transcript.ts";
import { sharedRoot } from "../../src/crypto/keystream.ts";
import { isMessage } from "../../src/protocol/item.ts";
import { decrypt, readPoint } from "../../src/protocol/message.ts";
import { openItems } from "../../src/transcript/open_items.ts";
import { PADDING_WORDS } from "../../src/transcript/rows.ts";
import { openBySecret } from "../helpers/open.ts";
import { halfSizePair } from "../../src/crypto/half_size.ts";
import { L, BASE } from "../../src/params.ts";
import { hostileRound } from "../helpers/hostile.ts";
import { seeded } from "../helpers/seeded.ts";

describe("the coordinator's key as a capability", () => {
  test("KEY-3, MSG-2, TALLY-11: it multiplies, proves and salts with one secret, and a clone of its source is the same key", async () => {
    const { secret, publicKey } = generateCoordinatorKeyPair();
    const key = openCoordinatorKey(structuredClone(localCoordinatorKey(secret).source));
    expect(key.publicKey).toEqual(publicKey);
    const points = [BASE, keyPairFromSecret(5n).publicKey];
    expect(await key.sharedRoots(points)).toEqual([
      publicKey,
      keyPairFromSecret((5n * secret) % L).publicKey,
    ]);
    expect(await key.keyWitness()).toEqual(halfSizePair(secret));
    expect(await key.salt(2n, 7n, 9n)).toBe(keccakWords(secret, 2n, 7n, 9n));
  });

  test("KEY-3: a secret without half-size pair opens messages and cannot prove", async () => {
    const random = seeded("no pair");
    let secret = random.scalar();
    while (halfSizePair(secret) !== undefined) secret = random.scalar();
    const key = localCoordinatorKey(secret);
    expect(await key.sharedRoots([BASE])).toEqual([key.publicKey]);
    await expect(key.keyWitness()).rejects.toThrow(CoordinatorKeyError);
  });

  test("ROW-5, ROW-13: roots are c·R of each message by its number, and of the padding without asking", async () => {
    const {
      items,
      coordinator: { secret },
      rules: { ctx },
    } = hostileRound();
    const { messages, roots, padding } = await openItems(items, localCoordinatorKey(secret), ctx);
    for (const { t, words } of items.filter(isMessage).slice(0, 10))
      expect(roots.get(t)).toEqual(sharedRoot(secret, readPoint(words)));
    expect(messages).toEqual(openBySecret(items, secret, ctx));
    expect(padding).toEqual({
      root: sharedRoot(secret, readPoint(PADDING_WORDS)),
      command: decrypt(PADDING_WORDS, secret, ctx),
    });
  });

  // What a device would see: nothing of a tally reaches for the secret by another way.
  test("a tally asks the key for nothing else: one that answers from elsewhere, a moment later, gives the same transcript", async () => {
    const { items, statement, coordinator } = hostileRound();
    const local = localCoordinatorKey(coordinator.secret);
    const asked = { sharedRoots: 0, keyWitness: 0, salt: 0 };
    const later = <T>(name: keyof typeof asked, value: Promise<T>): Promise<T> => {
      asked[name]++;
      return new Promise((resolve) => setTimeout(() => resolve(value), 1));
    };
    const remote: CoordinatorKey = {
      publicKey: local.publicKey,
      sharedRoots: (points) => later("sharedRoots", local.sharedRoots(points)),
      keyWitness: () => later("keyWitness", local.keyWitness()),
      salt: (label, ...words) => later("salt", local.salt(label, ...words)),
      get source(): never {
        throw new Error("a device gives no secret away");
      },
    };
    const [here, there] = await Promise.all(
      [local, remote].map(async (key) => {
        const tally = await prepareTally(items, statement, key, 4);
        const { folds, acc } = await completeTranscript(tally, key);
        return { commitment: tally.commitment, after: folds.map(({ after }) => after), acc };
      }),
    );
    expect(there).toEqual(here);
    expect(asked).toEqual({ sharedRoots: 1, keyWitness: 1, salt: 2 + (there?.after.length ?? 0) });
  });
});
