import { beforeAll, describe, expect, test } from "vitest";
import { add, negate, toMontgomery, type Point } from "../../src/crypto/curve.ts";
import { mod } from "../../src/crypto/field.ts";
import { sharedRoot } from "../../src/crypto/keystream.ts";
import { P } from "../../src/params.ts";
import { BOUNDED_WORDS } from "../../src/protocol/command.ts";
import { readPoint } from "../../src/protocol/message.ts";
import { malformedHints } from "../../src/transcript/malformed.ts";
import type { FoldStep } from "../../src/transcript/transcript.ts";
import { TORSION } from "../helpers/points.ts";
import { TestCircuit } from "./support/circuit.ts";
import {
  namedState,
  smallRound,
  STATE_NAMES,
  withState,
  type StateName,
} from "./support/small_round.ts";
import type { Inputs } from "./support/witness.ts";

const round = await smallRound();
const { findRow, rowInputs, ada, bob } = round;
const first = findRow("Ada: first page"); // with Ada's contribution
const second = findRow("Ada: second page");
const bobs = findRow("Bob: votes"); // with Bob's contribution
const stranger = findRow("Ada: a stranger's tag");
const malformed = findRow("random words", 1); // without a contribution
const silent = findRow("Sia contributes"); // beside a malformed message

let circuit: TestCircuit;
beforeAll(async () => void (circuit = await TestCircuit.load("row")));

const rejection = (inputs: Inputs) => circuit.rejection(inputs);
const after = (inputs: Inputs) =>
  namedState(circuit.read(circuit.solve(inputs), ...STATE_NAMES.map((_, i) => `after[${i}]`)));
const before = (inputs: Inputs) => namedState(inputs["state"] as bigint[]);
/** Names of the state's words that a row changes. */
const changes = (inputs: Inputs): StateName[] => {
  const [old, next] = [before(inputs), after(inputs)];
  return STATE_NAMES.filter((name) => old[name] !== next[name]);
};
const findMessage = (fold: FoldStep) => {
  const { t, words, sharedRoot: root, wellFormed, pointer, high, bounded } = rowInputs(fold);
  return { t, words, sharedRoot: root, wellFormed, pointer, high, bounded } as Inputs;
};
const findContribution = (fold: FoldStep) => {
  const { contributionT, contributionTag, contributionCredits, contributionKey } = rowInputs(fold);
  return { contributionT, contributionTag, contributionCredits, contributionKey } as Inputs;
};
const NO_CONTRIBUTION = {
  contributionT: 0n,
  contributionTag: 0n,
  contributionCredits: 0n,
  contributionKey: [0n, 0n],
};

test("controls: every honest row has a witness, to the state that TypeScript computes", () => {
  for (const fold of round.transcript.folds) {
    expect(rejection(rowInputs(fold))).toBeUndefined();
    expect(after(rowInputs(fold))).toEqual(namedState(fold.end));
  }
  expect(changes(rowInputs(first))).toEqual(
    expect.arrayContaining([
      "owner",
      "key.x",
      "credits",
      "nonce",
      "lastT",
      "F",
      "cost",
      "pos",
      "PM",
      "D",
    ]),
  );
});

describe("ROW-3: a message is read or proved malformed", () => {
  const pointers = BOUNDED_WORDS.flatMap(({ index, bits }, i) =>
    [0n, 1n].map((high) => ({ index, bits, i, high })),
  );
  test.each(pointers)(
    "a valid message is not malformed through pointer $i, high = $high",
    ({ index, bits, i, high }) => {
      const word = second.rows[0]?.command[index] as bigint;
      const a = mod(word - (high === 1n ? P - (1n << 253n) : 1n << BigInt(bits)));
      const none = BOUNDED_WORDS.map(() => 0n);
      const bounded = none.with(1, a & ((1n << 252n) - 1n)).with(2, (a >> 252n) & 1n);
      const hints = { wellFormed: 0n, pointer: none.with(i, 1n), high, bounded };
      expect(rejection({ ...rowInputs(second), ...hints })).toBeDefined();
      expect(
        rejection({
          ...rowInputs(second),
          ...hints,
          bounded: rowInputs(second)["bounded"] as bigint[],
        }),
      ).toBeDefined();
    },
  );

  test("ROW-3: nor under another key, in another group, or by itself", () => {
    const none = BOUNDED_WORDS.map(() => 0n);
    const hints = { wellFormed: 0n, pointer: none, high: 0n, bounded: none };
    for (const base of [
      rowInputs(second),
      withState(rowInputs(second), { "key.x": ada.firstKey.x, "key.y": ada.firstKey.y }),
      { ...rowInputs(bobs), ...findMessage(second) },
    ]) {
      expect(rejection({ ...base, ...hints })).toBeDefined();
    }
  });

  test("a malformed message is not read by its low bits", () => {
    const command = malformed.rows[0]?.command as readonly bigint[];
    const bounded = BOUNDED_WORDS.map(
      ({ index, bits }) => (command[index] as bigint) % (1n << BigInt(bits)),
    );
    expect(
      rejection({
        ...rowInputs(malformed),
        wellFormed: 1n,
        pointer: bounded.map(() => 0n),
        high: 0n,
        bounded,
      }),
    ).toBeDefined();
  });
});

describe("ROW-4, ROW-6: owner and order", () => {
  test("ROW-4: a message beside another donor's contribution", () => {
    expect(rejection({ ...rowInputs(bobs), ...findMessage(second) })).toBeDefined();
    expect(rejection({ ...rowInputs(first), ...findContribution(bobs) })).toBeDefined();
  });

  test("ROW-6: an owner's messages in another order, or one twice", () => {
    const t = rowInputs(second)["t"] as bigint;
    expect(rejection(withState(rowInputs(second), { lastT: t - 1n }))).toBeUndefined();
    for (const lastT of [t, t + 1n, (1n << 32n) - 1n])
      expect(rejection(withState(rowInputs(second), { lastT }))).toBeDefined();
  });

  test("ROW-6: a group after a group of a larger or the same tag", () => {
    const { owner } = before(rowInputs(second));
    expect(rejection(withState(rowInputs(second), { owner: owner - 1n }))).toBeUndefined();
    for (const larger of [owner + 1n, (1n << 64n) - 1n])
      expect(rejection(withState(rowInputs(second), { owner: larger }))).toBeDefined();
    expect(
      rejection(withState(rowInputs(first), { owner: ada.tag + 1n, lastT: 0n })),
    ).toBeDefined();
  });

  test("ROW-6: a malformed message beside a contribution does not move the group's time", () => {
    expect(after(rowInputs(silent)).lastT).toBe(0n);
  });
});

describe("ROW-7, ROW-8: groups", () => {
  test("ROW-7: a contribution later than its group's first row, or twice", () => {
    const started = withState(rowInputs(first), { owner: ada.tag, lastT: 0n });
    expect(rejection(started)).toBeDefined();
    expect(rejection({ ...started, ...NO_CONTRIBUTION })).toBeUndefined();
    expect(rejection({ ...rowInputs(second), ...findContribution(first) })).toBeDefined();
    expect(
      rejection({
        ...rowInputs(malformed),
        ...findContribution(first),
        state: withState(rowInputs(first), { owner: ada.tag })["state"] as bigint[],
      }),
    ).toBeDefined();
  });

  test("ROW-8: a donor's message without its contribution cannot vote, even under the key that signed it", () => {
    const { owner, "key.x": x, "key.y": y } = before(rowInputs(second));
    const alone = withState(rowInputs(second), {
      owner: owner - 1n,
      "key.x": x,
      "key.y": y,
      credits: 1n << 63n,
    });
    expect(after(alone)).toMatchObject({ owner, F: 0n, cost: 0n, pos: 0n, nonce: 0n, credits: 0n });
  });

  test("ROW-8: the group before is closed and leaves nothing behind", () => {
    const dirty = withState(rowInputs(bobs), {
      F: 12345n,
      cost: 4n,
      pos: 40n,
      nonce: 1n << 47n,
      credits: 1n << 63n,
      acc: 7n,
    });
    expect(after(dirty)).toEqual({ ...namedState(bobs.end), acc: 12352n });
    expect(
      after(withState(rowInputs(stranger), { F: 12345n, acc: 7n, credits: 9n })),
    ).toMatchObject({ F: 0n, acc: 12352n, credits: 0n });
  });
});

describe("ROW-1, ROW-11, ROW-13: what is off has no effect", () => {
  test("ROW-1: a valid message in a lane that is off changes D alone", () => {
    expect(changes({ ...rowInputs(second), t: 0n })).toEqual(["D"]);
    const { owner } = before(rowInputs(second));
    expect(changes(withState({ ...rowInputs(second), t: 0n }, { owner: owner - 1n }))).toEqual([
      "D",
    ]);
  });

  test("ROW-1: a contribution in a lane that is off changes D alone", () => {
    expect(changes({ ...rowInputs(first), t: 0n, contributionT: 0n })).toEqual(["D"]);
    expect(
      changes({ ...rowInputs(malformed), ...findContribution(first), t: 0n, contributionT: 0n }),
    ).toEqual(["D"]);
  });

  test("ROW-11: a malformed message without contribution changes PM and D alone", () => {
    expect(changes(rowInputs(malformed))).toEqual(["PM", "D"]);
  });

  test("ROW-11: hints of an unused lane are without effect", () => {
    const idle = { ...rowInputs(malformed), t: 0n };
    const command = malformed.rows[0]?.command as readonly bigint[];
    expect(changes({ ...idle, ...malformedHints(command) })).toEqual(["D"]);
    expect(changes({ ...idle, ...findMessage(second), t: 0n })).toEqual(["D"]);
  });
});

describe("ROW-5: the shared point", () => {
  const R = readPoint(second.rows[0]?.words as readonly bigint[]);
  const root = sharedRoot(round.coordinator.secret, R);
  const words = (point: Point) => {
    const { u, v } = toMontgomery(point);
    return [u, v];
  };

  test("another shared point, or the shared point of another message, has no witness", () => {
    const [u, v] = words(root) as [bigint, bigint];
    const forged = [
      words(negate(root)),
      words(add(root, R)),
      words(R),
      words(negate(R)),
      [u + 1n, v],
      [u, v + 1n],
      [0n, 0n],
      rowInputs(bobs)["sharedRoot"] as bigint[],
    ];
    expect(
      forged.filter(
        (wrong) => rejection({ ...rowInputs(second), sharedRoot: wrong }) === undefined,
      ),
    ).toEqual([]);
  });

  test("a root with torsion gives the same state", () => {
    for (const torsion of TORSION)
      expect(after({ ...rowInputs(second), sharedRoot: words(add(root, torsion)) })).toEqual(
        namedState(second.end),
      );
  });
});

describe("ROW-2, ROW-12: everything that a lane says is in PM and D", () => {
  test("ROW-2: another t, kind of item, tag, credits or key gives another product", () => {
    const honest = namedState(first.end);
    const {
      contributionCredits: credits,
      contributionT: t,
      contributionKey: key,
    } = rowInputs(first) as {
      contributionCredits: bigint;
      contributionT: bigint;
      contributionKey: bigint[];
    };
    const other = bob.firstKey;
    const forged: Inputs[] = [
      { contributionCredits: credits + 1n },
      { contributionT: t + 1n },
      { contributionKey: [other.x, other.y] },
      { contributionKey: [P - (key[0] as bigint), key[1] as bigint] },
      { contributionT: 0n },
    ];
    for (const change of forged)
      expect([change, after({ ...rowInputs(first), ...change }).PM === honest.PM]).toEqual([
        change,
        false,
      ]);
    expect(after({ ...rowInputs(malformed), t: 99n }).PM).not.toBe(namedState(malformed.end).PM);
  });

  test("ROW-12: each of the nine words of the plaintext, both t, and the contribution's fields change D", () => {
    const inputs = rowInputs(malformed);
    const command = malformed.rows[0]?.command as bigint[];
    const values = new Set([after(inputs).D]);
    for (let i = 0; i < 9; i++) {
      const changed = command.with(i, (command[i] as bigint) - 1n);
      const ciphertext = (inputs["words"] as bigint[]).with(
        2 + i,
        ((inputs["words"] as bigint[])[2 + i] as bigint) - 1n,
      );
      values.add(after({ ...inputs, words: ciphertext, ...malformedHints(changed) } as Inputs).D);
    }
    const lane = { ...inputs, ...NO_CONTRIBUTION };
    const fields: Inputs[] = [
      { t: 98n },
      { contributionTag: 1n },
      { contributionCredits: 1n },
      { contributionKey: [1n, 0n] },
      { contributionKey: [0n, 1n] },
    ];
    for (const change of fields) values.add(after({ ...lane, ...change }).D);
    values.add(after({ ...rowInputs(silent), contributionT: 98n }).D);
    expect(values.size).toBe(1 + 9 + 5 + 1);
  });
});

describe("ROW-9: acceptance is not the prover's choice", () => {
  test("another key, nonce, cost or credits in the state gives the verdict of that state", () => {
    const accepted = namedState(second.end);
    const spent = before(rowInputs(second)).cost;
    const refused: Partial<Record<StateName, bigint>>[] = [
      { "key.x": ada.firstKey.x, "key.y": ada.firstKey.y },
      { nonce: before(rowInputs(second)).nonce + 1n },
      { nonce: before(rowInputs(second)).nonce - 1n },
      { credits: spent + 24n },
      { pos: 48n },
    ];
    for (const change of refused)
      expect([change, after(withState(rowInputs(second), change)).F === accepted.F]).toEqual([
        change,
        false,
      ]);
    expect(after(withState(rowInputs(second), { credits: spent + 25n })).F).toBe(accepted.F);
    expect(after(withState(rowInputs(second), { pos: 47n })).pos).toBe(50n);
  });
});
