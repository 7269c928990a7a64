import { describe, expect, test } from "vitest";
import { packPage } from "../../src/protocol/ballot.ts";
import { encodeHeader } from "../../src/protocol/command.ts";
import { naiveRound } from "../helpers/naive.ts";
import { lastChoices, PROVED, TWO_READINGS } from "../helpers/row_fields.ts";
import {
  BAD_KEY,
  explore,
  PROJECTS,
  type ModelContribution,
  type ModelMessage,
  type RowRule,
} from "../helpers/row_model.ts";
import { depth, FUZZ_TIMEOUT_MS } from "../assurance/depth.ts";

const [ANN, NOBODY, BOB] = [10, 15, 20];
const CONTRIBUTIONS: readonly ModelContribution[] = [
  { tag: ANN, key: 1, credits: 12 },
  { tag: BOB, key: 3, credits: 12 },
];

const ann = { tag: ANN, signer: 1, newKey: 1, append: false, entries: [[1, 2]] } as const;
const bob = { ...ann, tag: BOB, signer: 3, newKey: 3 } as const;
/** The t-th item as each kind of message: one for each rule that can fail, and what makes later ones differ. */
const ALPHABET: readonly ((t: number) => ModelMessage)[] = [
  (t) => ({ ...ann, t, nonce: t, tag: undefined }),
  (t) => ({ ...ann, t, nonce: t, tag: NOBODY }),
  (t) => ({ ...ann, t, nonce: t }),
  (t) => ({ ...ann, t, nonce: t, newKey: 2, entries: [[0, 3]] }), // rotates
  (t) => ({ ...ann, t, nonce: t, signer: 2, newKey: 2, entries: [[2, 1]] }),
  (t) => ({ ...ann, t, nonce: t, append: true }),
  (t) => ({ ...ann, t, nonce: t, entries: [[0, 4]] }), // over budget
  (t) => ({ ...ann, t, nonce: 1 }),
  (t) => ({ ...ann, t, nonce: t * 65_536 }),
  (t) => ({ ...ann, t, nonce: t, newKey: BAD_KEY }),
  (t) => ({ ...ann, t, nonce: t, entries: [[PROJECTS, 1]] }),
  (t) => ({ ...bob, t, nonce: t, entries: [[1, 1]] }),
  (t) => ({ ...bob, t, nonce: t, newKey: 4, entries: [[3, 2]] }),
  (t) => ({ ...bob, t, nonce: t, append: true, entries: [[0, 1]] }),
];

/** Every round of `length` messages after the contributions. */
function* rounds(
  length: number,
  first = CONTRIBUTIONS.length + 1,
): Generator<readonly ModelMessage[]> {
  if (length === 0) return yield [];
  for (const draw of ALPHABET)
    for (const rest of rounds(length - 1, first + 1)) yield [draw(first), ...rest];
}

/** What the plain reading of SPEC gives, on real command words with a signature that names its signer. */
function reference(
  messages: readonly ModelMessage[],
  contributions: readonly ModelContribution[],
): string {
  const donors = contributions.map(({ tag, key, credits }) => ({
    tag: String(tag),
    keyX: String(key),
    keyY: String(key),
    finalCredits: BigInt(credits),
  }));
  const commands = messages.map(({ t, tag, signer, newKey, nonce, append, entries }) => {
    const header =
      tag === undefined
        ? 1n << 113n
        : encodeHeader({ tag: BigInt(tag), append, nonce: BigInt(nonce) });
    const page = packPage(
      entries.map(([gap, votes]) => ({ gap, sign: false, magnitude: BigInt(votes) })),
    );
    return {
      t,
      rX: "0",
      rY: "0",
      words: [header, BigInt(newKey), BigInt(newKey), ...page, BigInt(signer), 0n],
    };
  });
  return naiveRound(
    donors,
    commands,
    { J: PROJECTS, signsAllowed: false },
    ({ words }, x) => words[7] === BigInt(x),
    (x) => x !== BigInt(BAD_KEY),
  ).results.join(", ");
}

/*
 * S1, P4 in the model of test/helpers/row_model.ts: all rounds over the alphabet, all choices of the prover, exactly one result, the
 * reference's. one_outcome.test.ts does the same with the real rows on fewer rounds.
 */
test(
  "ROW-1 to ROW-11, S1: every round of up to three messages and two donors has exactly one provable result, whatever the prover chooses",
  () => {
    let [played, rows] = [0, 0];
    for (const contributions of [CONTRIBUTIONS, CONTRIBUTIONS.slice(0, 1), []]) {
      for (let length = 0; length <= depth(3, 4); length++) {
        for (const messages of rounds(length)) {
          const found = explore(messages, contributions);
          const expected = reference(messages, contributions);
          if (found.outcomes.size !== 1 || !found.outcomes.has(expected))
            expect([...found.outcomes], JSON.stringify({ messages, contributions })).toEqual([
              expected,
            ]);
          played++;
          rows += found.rows;
        }
      }
    }
    expect(played).toBeGreaterThan(3 * 14 ** 3);
    expect(rows).toBeGreaterThan(20 * played);
  },
  FUZZ_TIMEOUT_MS,
);

test.each([
  "ROW-2",
  "ROW-3",
  "ROW-4",
  "ROW-5",
  "ROW-6",
  "ROW-7",
  "ROW-8",
  "ROW-9",
  "ROW-12",
] satisfies RowRule[])("without %s some round has another result", (without) => {
  const wrong = [...rounds(1), ...rounds(2)].some((messages) => {
    const { outcomes } = explore(messages, CONTRIBUTIONS, without);
    return [...outcomes].some((outcome) => outcome !== reference(messages, CONTRIBUTIONS));
  });
  const unregistered = [...rounds(2)].some(
    (messages) => explore(messages, CONTRIBUTIONS.slice(0, 1), without).outcomes.size > 1,
  );
  expect(wrong || unregistered).toBe(true);
});

/*
 * ROW-12, S1: rows are fixed by D before the challenges are drawn. A prover that knows them may still take any assignment with that D; nothing
 * that it can choose then may be read by PM. The shared point is what a relation makes of R, and D absorbs the plaintext, not the ciphertext.
 */
describe("ROW-5, ROW-12: the prover's last choice, with the challenges known", () => {
  test("is none that PM reads", () => {
    expect([...lastChoices(PROVED)]).toEqual([]);
  });

  test("would be the ciphertext, by the shared point, if one R had two", () => {
    expect(lastChoices(TWO_READINGS)).toContain("S");
  });

  test.each(PROVED.absorbed.filter((name) => name !== "R'"))(
    "would be %s, if D did not absorb it",
    (left) => {
      expect(
        lastChoices({ ...PROVED, absorbed: PROVED.absorbed.filter((name) => name !== left) }),
      ).toContain(left);
    },
  );

  test("bits of a command that is not well formed, and what h was computed with, may be free: PM does not read them", () => {
    expect([
      ...lastChoices({ ...PROVED, absorbed: PROVED.absorbed.filter((name) => name !== "R'") }),
    ]).toEqual([]);
  });
});
