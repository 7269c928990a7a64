import { describe, expect, test, vi } from "vitest";
import type { Item } from "../../src/protocol/item.ts";
import { isMessage } from "../../src/protocol/item.ts";
import { computeOutcome, type OpenedMessage, type Outcome } from "../../src/round/semantics.ts";
import { commandPool, drawSequence } from "../helpers/command_pool.ts";
import { hostileRound } from "../helpers/hostile.ts";
import { naiveRound, type NaiveDonor, type NaiveMessage } from "../helpers/naive.ts";
import { isGoodPoint, isSigned, open } from "../helpers/naive_crypto.ts";
import { seeded } from "../helpers/seeded.ts";
import { openBySecret } from "../helpers/open.ts";

// The real function with a memory: thousands of rounds ask the same question about the same signature and key.
vi.mock("../../src/crypto/signature.ts", async (original) => {
  const real = await original<typeof import("../../src/crypto/signature.ts")>();
  const remember = remembering(real.recomputeHash, (signature, key, { words, R }) =>
    [signature.e, signature.s, key.x, key.y, R.x, ...words].join(),
  );
  return { ...real, recomputeHash: remember };
});

function remembering<A extends unknown[], B>(
  f: (...args: A) => B,
  nameCase: (...args: A) => string,
): (...args: A) => B {
  const memory = new Map<string, B>();
  return (...args) => {
    const name = nameCase(...args);
    if (!memory.has(name)) memory.set(name, f(...args));
    return memory.get(name) as B;
  };
}

const summary = ({ verdicts, results }: Outcome) => ({
  accepted: [...verdicts]
    .filter(([, verdict]) => verdict === "accepted")
    .map(([t]) => t)
    .sort((a, b) => a - b),
  results: results.map(({ project, votes, credits }) => `${project}: T=${votes} S=${credits}`),
});

const listDonors = (items: readonly Item[]): NaiveDonor[] =>
  items.flatMap((item) =>
    item.kind === "contribution"
      ? [
          {
            tag: String(item.tag),
            keyX: String(item.key.x),
            keyY: String(item.key.y),
            finalCredits: item.credits,
          },
        ]
      : [],
  );

describe("the semantics against a naive second implementation", () => {
  test.each([false, true])(
    "SEM-1 to SEM-11, SIG-2, MSG-3: the hostile round, decrypted and verified by both (signs: %s)",
    (signs) => {
      const { items, rules, coordinator } = hostileRound({ signs });
      const messages = items.filter(isMessage).map(
        ({ t, words }): NaiveMessage => ({
          t,
          rX: String(words[0]),
          rY: String(words[1]),
          words: open(words, coordinator.secret, rules.ctx),
        }),
      );
      const check = (m: NaiveMessage, x: string, y: string) =>
        isSigned(m.words, [BigInt(m.rX), BigInt(m.rY)], [BigInt(x), BigInt(y)], rules.ctx);
      const naive = naiveRound(
        listDonors(items),
        messages,
        { J: rules.projects, signsAllowed: rules.signs },
        check,
        isGoodPoint,
      );
      expect(
        summary(computeOutcome(items, openBySecret(items, coordinator.secret, rules.ctx), rules)),
      ).toEqual(naive);
    },
  );

  test("SEM-1 to SEM-11: five thousand random rounds", () => {
    const ctx = 123_456_789n;
    const pool = commandPool("random rounds", 250, ctx);
    const random = seeded("which commands");
    const check = remembering(
      (m: NaiveMessage, x: string, y: string) =>
        isSigned(m.words, [BigInt(m.rX), BigInt(m.rY)], [BigInt(x), BigInt(y)], ctx),
      (m, x, y) => `${m.rX} ${m.words[8]} ${m.words[7]} ${x} ${y}`,
    );
    const goodPoint = remembering(isGoodPoint, (x, y) => `${x} ${y}`);
    let counted = 0;
    const seen = new Set<string>();
    for (let i = 0; i < 5_000; i++) {
      const sequence = drawSequence(random, pool, 3 + random.index(14));
      const contributions = pool.tags.flatMap((tag, donor) =>
        random.index(8) === 0
          ? []
          : [
              {
                tag,
                key: (
                  pool.keys[donor]?.[random.index(10) === 0 ? 1 : 0] as {
                    publicKey: { x: bigint; y: bigint };
                  }
                ).publicKey,
                credits: BigInt(random.index(random.pick([8, 100, 300]))),
              },
            ],
      );
      const items: Item[] = contributions.map((c, k) => ({ kind: "contribution", t: k + 1, ...c }));
      const opened: OpenedMessage[] = sequence.map(({ R, command }, k) => ({
        t: items.length + k + 1,
        R,
        command,
      }));
      const rules = { projects: random.pick([2, 5, 9, 15, 20]), signs: random.index(3) === 0, ctx };
      const messages = opened.map(
        ({ t, R, command }): NaiveMessage => ({
          t,
          rX: String(R.x),
          rY: String(R.y),
          words: [...command],
        }),
      );
      const outcome = computeOutcome(items, opened, rules);
      const naive = naiveRound(
        listDonors(items),
        messages,
        { J: rules.projects, signsAllowed: rules.signs },
        check,
        goodPoint,
      );
      expect(summary(outcome), `round ${i}`).toEqual(naive);
      counted += naive.accepted.length;
      for (const verdict of outcome.verdicts.values()) seen.add(verdict);
    }
    expect(counted).toBeGreaterThan(5_000); // the rounds are not all junk
    expect([...seen].sort()).toEqual([
      "accepted",
      "malformed (CMD-3)",
      "new key (SEM-5)",
      "nonce (SEM-6)",
      "nonce beyond its time (SEM-7)",
      "over budget (SEM-9)",
      "project or sign (SEM-8)",
      "signature (SEM-4)",
      "unregistered tag (SEM-1)",
    ]);
  });
});
