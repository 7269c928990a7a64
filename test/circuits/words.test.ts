import { beforeAll, describe, expect, test } from "vitest";
import { inverseOrZero, mod } from "../../src/crypto/field.ts";
import { BALLOT, P } from "../../src/params.ts";
import { packPage, unpackPage, type BallotPage } from "../../src/protocol/ballot.ts";
import { BOUNDED_WORDS } from "../../src/protocol/command.ts";
import { malformedHints, type RowHints } from "../../src/transcript/malformed.ts";
import { listEdges } from "../helpers/hostile_edges.ts";
import { seeded } from "../helpers/seeded.ts";
import { loadChanged } from "./support/changed_sources.ts";
import { TestCircuit } from "./support/circuit.ts";
import type { Inputs } from "./support/witness.ts";

const random = seeded("words of a command");
const SPAN = 1n << 253n;

describe("CMD-3, ROW-3: WellFormed", () => {
  let circuit: TestCircuit;
  beforeAll(async () => void (circuit = await TestCircuit.load("well_formed")));
  const good = BOUNDED_WORDS.map(({ bits }) => random.below(1n << BigInt(bits)));
  const makeCommand = (bounded: readonly bigint[]) =>
    [bounded[0], 0n, 0n, ...bounded.slice(1)] as bigint[];
  const rejection = (word: readonly bigint[], hints: RowHints) =>
    circuit.rejection({ word, ...hints });
  const named = BOUNDED_WORDS.map(({ bits }, i) => ({
    i,
    bits,
    name: ["header", "ballot[0]", "ballot[1]", "ballot[2]", "ballot[3]", "e", "s"][i],
  }));

  test.each(named)(
    "$name at its edges is proved what it is, and never the contrary",
    ({ i, bits }) => {
      for (const { name, value, inBounds } of listEdges(bits)) {
        const word = good.with(i, value);
        const honest = malformedHints(makeCommand(word));
        expect([name, honest.wellFormed, rejection(word, honest)]).toEqual([
          name,
          BigInt(inBounds),
          undefined,
        ]);
        const contrary = inBounds
          ? malformed(i, 0n, value - (1n << BigInt(bits)))
          : {
              ...honest,
              wellFormed: 1n,
              pointer: good.map(() => 0n),
              bounded: word.map((w, j) => w % (1n << BigInt(BOUNDED_WORDS[j]?.bits ?? 0))),
            };
        expect([name, rejection(word, contrary) === undefined]).toEqual([name, false]);
      }
    },
  );

  test.each(named)(
    "a well-formed command is not proved malformed through $name, either way, with any a",
    ({ i, bits }) => {
      const limit = 1n << BigInt(bits);
      for (const word of [good, good.with(i, limit - 1n), good.with(i, 0n)]) {
        const w = word[i] as bigint;
        for (const a of [w - limit, w - limit + P, w, 0n, SPAN - 1n])
          expect(rejection(word, malformed(i, 0n, a))).toBeDefined();
        for (const a of [w - (P - SPAN), w - (P - SPAN) + P, w, 0n, SPAN - 1n])
          expect(rejection(word, malformed(i, 1n, a))).toBeDefined();
      }
    },
  );

  /*
   * Each check of the hints by itself: what is forged here satisfies all others, as the copy of the circuit without that check accepts it.
   * a is what the last equation asks for; below 2^253, or the forgery would fail for another reason.
   */
  const [NONE, LIMIT] = [good.map(() => 0n), 1n << 252n];
  const forge = (
    word: readonly bigint[],
    wellFormed: bigint,
    pointer: readonly bigint[],
    high: bigint,
  ): Inputs => {
    const pointed = (values: readonly bigint[]) =>
      pointer.reduce((sum, factor, i) => sum + factor * (values[i] as bigint), 0n);
    const limit = pointed(BOUNDED_WORDS.map(({ bits }) => 1n << BigInt(bits)));
    const a = mod(pointed(word) - limit + high * (SPAN + limit));
    if (a >= SPAN) throw new RangeError("There is no such a");
    const bounded = (wellFormed === 0n ? good : word).with(1, a % LIMIT).with(2, a / LIMIT);
    return {
      word: wellFormed === 0n ? word : bounded,
      wellFormed,
      pointer: pointer.map((bit) => mod(bit)),
      high,
      bounded,
    };
  };
  const small = good.with(3, 0n).with(4, 0n);
  const forgeries: readonly (readonly [name: string, check: string, forged: Inputs])[] = [
    [
      "wellFormed = -1 with two pointers",
      "wellFormed * (1 - wellFormed) === 0;",
      forge(small, -1n, NONE.with(3, 1n).with(4, 1n), 0n),
    ],
    ["high = 2", "high * (1 - high) === 0;", forge(small, 0n, NONE.with(3, 1n), 2n)],
    [
      "pointers 2 and -1",
      "pointer[i] * (1 - pointer[i]) === 0;",
      forge(good.with(3, LIMIT - 1n).with(4, 0n), 0n, NONE.with(3, 2n).with(4, -1n), 0n),
    ],
    ["no pointer", "pointed === 1 - wellFormed;", forge(good, 0n, NONE, 0n)],
    [
      "two pointers",
      "pointed === 1 - wellFormed;",
      forge(small, 0n, NONE.with(3, 1n).with(4, 1n), 0n),
    ],
    [
      "a pointer beside wellFormed",
      "pointed === 1 - wellFormed;",
      { word: good, ...malformedHints(makeCommand(good)), pointer: NONE.with(3, 1n) } as Inputs,
    ],
    [
      "a word that is another than what is pointed at",
      "(1 - wellFormed) * (star - a - offset) === 0;",
      { ...forge(good, 0n, NONE, 0n), pointer: NONE.with(3, 1n) },
    ],
    [
      "words that are not what is decomposed",
      "wellFormed * (word[i] - bounded[i]) === 0;",
      { word: good, ...malformedHints(makeCommand(good)), bounded: good.with(3, 1n) } as Inputs,
    ],
  ];
  test.each(forgeries)(
    "ROW-3: hints forged so that a single check refuses them: %s",
    async (name, check, forged) => {
      const without = await loadChanged(
        "well_formed",
        `well_formed_without_${forgeries.findIndex(([, text]) => text === check)}`,
        [{ file: "lib/well_formed.circom", text: check, by: "" }],
      );
      expect([name, without.rejection(forged)]).toEqual([name, undefined]);
      expect(circuit.rejection(forged)).toBeDefined();
    },
  );

  test("CMD-3: decomposing other words than the command's, or words plus p, has no witness", () => {
    const hints = malformedHints(makeCommand(good));
    for (const { i, bits } of named) {
      for (const value of [
        (good[i] as bigint) ^ 1n,
        (good[i] as bigint) ^ (1n << BigInt(bits - 1)),
        (good[i] as bigint) + (1n << BigInt(bits)),
      ]) {
        expect(rejection(good, { ...hints, bounded: good.with(i, value) })).toBeDefined();
      }
    }
  });

  test("every wire of a well-formed command is fixed", () => {
    const witness = circuit.solve({ word: good, ...malformedHints(makeCommand(good)) });
    const free = Array.from({ length: witness.length - 1 }, (_, k) => k + 1).filter((wire) =>
      circuit.constraints.toleratesChange(witness, wire, ((witness[wire] as bigint) + 1n) % P),
    );
    expect(free).toEqual([]);
  });

  function malformed(which: number, high: bigint, a: bigint): RowHints {
    const bounded = good.map(() => 0n);
    bounded[1] = mod(a) & ((1n << 252n) - 1n);
    bounded[2] = (mod(a) >> 252n) & 1n;
    return { wellFormed: 0n, pointer: good.map((_, i) => BigInt(i === which)), high, bounded };
  }
});

describe("BAL-1 to BAL-3, ROW-10: BallotPage", () => {
  let circuit: TestCircuit;
  beforeAll(async () => void (circuit = await TestCircuit.load("ballot_page")));
  const [theta, delta] = [random.below(P), random.below(P)];

  const max = (1n << 29n) - 1n;
  const all = (entry: { gap: number; sign: boolean; magnitude: bigint }) =>
    packPage(Array.from({ length: BALLOT.entries }, () => entry));
  const pages: [string, BallotPage][] = [
    ["nothing", all({ gap: 0, sign: false, magnitude: 0n })],
    ["all bits", [0, 1, 2, 3].map(() => (1n << 252n) - 1n)],
    ["largest votes without gaps", all({ gap: 0, sign: false, magnitude: max })],
    ["largest negative votes", all({ gap: 0, sign: true, magnitude: max })],
    ["signs without votes", all({ gap: 0, sign: true, magnitude: 0n })],
    ["skips only", all({ gap: 4095, sign: false, magnitude: 0n })],
    ["one vote in the last entry", [0n, 0n, 0n, 1n << 223n]],
    ...Array.from({ length: 20 }, (_, i): [string, BallotPage] => [
      `random ${i}`,
      Array.from({ length: 4 }, () => random.below(1n << 252n)),
    ]),
  ];
  test.each(pages)("%s, from any position", (_, word) => {
    for (const posBefore of [0, 1, 77, 65_536]) {
      const { entries, pos } = unpackPage(word, posBefore);
      let [cost, fractions, signs] = [0n, 0n, 0n];
      for (const { project, sign, magnitude } of entries) {
        const v = sign ? -magnitude : magnitude;
        cost += v * v;
        fractions += mod(v + delta * v * v) * inverseOrZero(theta - BigInt(project));
        signs += BigInt(sign);
      }
      const witness = circuit.solve({ word, posBefore: BigInt(posBefore), theta, delta });
      expect(circuit.read(witness, "pos", "cost", "fractions", "signs")).toEqual([
        BigInt(pos),
        cost,
        mod(fractions),
        signs,
      ]);
      expect(circuit.constraints.isSatisfiedBy(witness)).toBe(true);
    }
  });

  test("every wire is fixed by the words", () => {
    const word = packPage(
      Array.from({ length: BALLOT.entries }, (_, k) => ({
        gap: k,
        sign: k % 3 === 0,
        magnitude: BigInt(k + 1),
      })),
    );
    const witness = circuit.solve({ word, posBefore: 5n, theta, delta });
    const free = Array.from({ length: witness.length - 1 }, (_, k) => k + 1).filter((wire) =>
      circuit.constraints.toleratesChange(witness, wire, ((witness[wire] as bigint) + 1n) % P),
    );
    expect(free).toEqual([]);
  });
});
