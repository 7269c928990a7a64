import { describe, expect, test } from "vitest";
import { mod } from "../../src/crypto/field.ts";
import { localCoordinatorKey } from "../../src/protocol/coordinator_key.ts";
import { openItems } from "../../src/transcript/open_items.ts";
import { grandProduct } from "../../src/transcript/fingerprint.ts";
import { resultsFraction } from "../../src/transcript/results.ts";
import { arrangeRows, foldCount, PADDING_WORDS, type Row } from "../../src/transcript/rows.ts";
import { traceRows } from "../../src/transcript/trace.ts";
import { completeTranscript, prepareTally } from "../../src/transcript/transcript.ts";
import { BASE } from "../../src/params.ts";
import { hostileRound } from "../helpers/hostile.ts";
import { brokenRowRule } from "../helpers/row_rules.ts";
import { RoundBuilder } from "../helpers/round_builder.ts";
import { openBySecret } from "../helpers/open.ts";

const round = smallRound();
const key = localCoordinatorKey(round.coordinator.secret);
const lanes = await openItems(round.items, key, round.rules.ctx);
const opened = lanes.messages;
const honest = arrangeRows(round.items, opened, 4);
const tally = await prepareTally(round.items, round.statement, key, 4);
const { challenges } = await completeTranscript(tally, key);
const fraction = resultsFraction(tally.outcome.results, challenges);

/** What the contract would see of an arrangement at the honest one's challenges. */
async function judge(rows: readonly Row[]): Promise<{
  readonly broken: string | undefined;
  readonly sameItems: boolean;
  readonly sameResult: boolean;
}> {
  const padded = [...rows, ...Array.from({ length: (4 - (rows.length % 4)) % 4 }, () => ({}))];
  const transcript = await completeTranscript(
    { ...tally, rows: traceRows(padded, round.rules, lanes, tally.rowsSalt) },
    key,
  );
  return {
    broken: brokenRowRule(padded, opened)?.slice(0, 5),
    sameItems: transcript.folds.at(-1)?.end.PM === grandProduct(round.items, challenges),
    sameResult: mod(transcript.acc * fraction.den) === fraction.num,
  };
}

/** Ann: 3 messages; Bob: 1; Cyd and Dan: silent; one malformed, one for nobody. */
function smallRound() {
  const builder = new RoundBuilder({ seed: "rows", projects: 20 });
  const [ann, bob, cyd, dan] = ["Ann", "Bob", "Cyd", "Dan"].map((name) =>
    builder.actor(name, 100n),
  ) as [never, never, never, never];
  builder.send(ann, "first", "accepted", { ballot: new Map([[1, 5n]]), newKey: builder.keyPair() });
  for (const donor of [bob, ann, cyd, dan]) builder.contribute(donor);
  builder.send(ann, "second", "accepted", { ballot: new Map([[2, 6n]]) });
  builder.send(bob, "only", "accepted", { ballot: new Map([[3, 7n]]) });
  builder.send(ann, "malformed", "malformed (CMD-3)", { header: 1n << 113n });
  builder.send(bob, "nobody's", "unregistered tag (SEM-1)", { tag: 77n });
  builder.send(ann, "third", "accepted", { append: true, ballot: new Map([[9, 2n]]) });
  return builder.finish();
}

const at = (label: string) => {
  const step = round.messages.find((message) => message.label.endsWith(label)) as { t: number };
  return honest.findIndex((row) => row.message?.t === step.t);
};
const findRow = (label: string) => honest[at(label)] as Row;
const without = (i: number) => honest.filter((_, k) => k !== i);
const replaced = (changes: readonly (readonly [number, Row])[]) =>
  honest.map((row, i) => new Map(changes).get(i) ?? row);
const inserted = (i: number, row: Row) => [...honest.slice(0, i), row, ...honest.slice(i)];

describe("the honest arrangement", () => {
  test("ROW-4, ROW-6, ROW-7: keeps the rules, also in the hostile round and for other fold sizes", async () => {
    expect(await judge(honest)).toEqual({ broken: undefined, sameItems: true, sameResult: true });
    const hostile = hostileRound();
    const messages = openBySecret(hostile.items, hostile.coordinator.secret, hostile.rules.ctx);
    for (const rows of [1, 7, 10, 43]) {
      const arranged = arrangeRows(hostile.items, messages, rows);
      expect(brokenRowRule(arranged, messages)).toBe(undefined);
      expect(arranged.length % rows).toBe(0);
      const numbers = arranged
        .flatMap((row) => [row.message?.t, row.contribution?.t])
        .filter((t) => t !== undefined)
        .sort((a, b) => a - b);
      expect(numbers).toEqual(hostile.items.map(({ t }) => t));
    }
  });

  test("ROW-13: an unused message lane holds B and zeros", () => {
    expect(PADDING_WORDS).toEqual([BASE.x, BASE.y, 0n, 0n, 0n, 0n, 0n, 0n, 0n, 0n, 0n]);
    expect(
      tally.rows
        .filter(({ row }) => row.message === undefined)
        .every(({ words }) => words === PADDING_WORDS),
    ).toBe(true);
  });

  test("TALLY-12: folds by hand", () => {
    expect(foldCount(0, 0, 0, 10)).toBe(1);
    expect(foldCount(10, 0, 10, 10)).toBe(1);
    expect(foldCount(10, 1, 10, 10)).toBe(2); // one contribution already counts as one eighth, rounded up
    expect(foldCount(18, 16, 18, 10)).toBe(2);
    expect(foldCount(18, 17, 18, 10)).toBe(3);
    expect(foldCount(2, 40, 40, 10)).toBe(4); // 38 silent donors: the rows decide
  });
});

describe("freedom that changes nothing (ROW-1, ROW-11)", () => {
  const free = { broken: undefined, sameItems: true, sameResult: true };
  test("a contribution in a row of its own before the donor's messages", async () => {
    const i = honest.findIndex(
      (row) =>
        row.contribution !== undefined &&
        row.message !== undefined &&
        row.contribution.tag === findRow("Ann: first").contribution?.tag,
    );
    const { message, contribution } = honest[i] as Row;
    expect(
      await judge([...honest.slice(0, i), { contribution }, { message }, ...honest.slice(i + 1)]),
    ).toEqual(free);
  });

  test("padding and malformed messages anywhere", async () => {
    const malformed = findRow("malformed").message;
    const alone = honest.map((row) =>
      row.message === malformed ? { ...row, message: undefined } : row,
    );
    for (const i of [0, at("second"), alone.length])
      expect(
        await judge([...alone.slice(0, i), {}, { message: malformed }, ...alone.slice(i)]),
      ).toEqual(free);
  });
});

describe("every broken rule is noticed", () => {
  const changes: readonly (readonly [
    name: string,
    rows: () => readonly Row[],
    broken: string | undefined,
    sameItems: boolean,
  ])[] = [
    ["a message dropped", () => without(at("Ann: second")), undefined, false],
    [
      "a malformed message dropped",
      () =>
        honest.map((row) => (row === findRow("malformed") ? { ...row, message: undefined } : row)),
      undefined,
      false,
    ],
    [
      "a silent donor dropped",
      () =>
        honest.map((row) =>
          row.message === undefined && row.contribution !== undefined ? {} : row,
        ),
      undefined,
      false,
    ],
    ["a message twice", () => inserted(at("Ann: second"), findRow("Ann: second")), "ROW-6", false],
    [
      "two messages of a donor swapped",
      () =>
        replaced([
          [at("Ann: second"), findRow("Ann: third")],
          [at("Ann: third"), findRow("Ann: second")],
        ]),
      "ROW-6",
      true,
    ],
    [
      "a donor's last message moved to the end",
      () => [...without(at("Ann: third")), findRow("Ann: third")],
      "ROW-6",
      true,
    ],
    ["groups in the wrong order", () => [...honest].reverse(), "ROW-6", true],
    [
      "a contribution in the second row of its group",
      () => {
        const [first, second] = [findRow("Ann: first"), findRow("Ann: second")];
        return replaced([
          [at("Ann: first"), { message: first.message }],
          [at("Ann: second"), { ...second, contribution: first.contribution }],
        ]);
      },
      "ROW-7",
      true,
    ],
    [
      "two donors' contributions exchanged",
      () => {
        const [a, b] = [findRow("Ann: first"), findRow("Bob: only")];
        return replaced([
          [at("Ann: first"), { ...a, contribution: b.contribution }],
          [at("Bob: only"), { ...b, contribution: a.contribution }],
        ]);
      },
      "ROW-4",
      true,
    ],
    [
      "a donor passed off as silent",
      () => {
        const { message, contribution } = findRow("Bob: only");
        return [...replaced([[at("Bob: only"), { message }]]), { contribution }];
      },
      "ROW-6",
      true,
    ],
    [
      "more credits",
      () => {
        const row = findRow("Bob: only");
        return replaced([
          [
            at("Bob: only"),
            { ...row, contribution: { ...row.contribution, credits: 1_000n } as never },
          ],
        ]);
      },
      undefined,
      false,
    ],
  ];
  test.each(changes)("%s", async (_name, rows, broken, sameItems) => {
    const verdict = await judge(rows());
    expect([verdict.broken, verdict.sameItems]).toEqual([broken, sameItems]);
    expect(verdict.broken !== undefined || !verdict.sameItems).toBe(true);
  });

  test("ROW-6, ROW-7: without the order the same items would give another result", async () => {
    const split = [...without(at("Ann: third")), findRow("Ann: third")];
    expect(await judge(split)).toMatchObject({ sameItems: true, sameResult: false });
    const late = changes.find(([name]) =>
      name.startsWith("a donor passed off"),
    )?.[1]() as readonly Row[];
    expect(await judge(late)).toMatchObject({ sameItems: true, sameResult: false });
  });
});
