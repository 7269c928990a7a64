import { beforeAll, describe, expect, test } from "vitest";
import { add, equalPoints, multiplyBase, type Point } from "../../src/crypto/curve.ts";
import { hash } from "../../src/crypto/poseidon.ts";
import { DOMAIN, P } from "../../src/params.ts";
import { closeInputs } from "../../src/proofs/inputs.ts";
import { commitState, constantsHash, genesisState } from "../../src/transcript/state.ts";
import { initialD } from "../../src/transcript/trace.ts";
import type { FoldStep } from "../../src/transcript/transcript.ts";
import { TORSION } from "../helpers/points.ts";
import { loadChanged } from "./support/changed_sources.ts";
import { TestCircuit } from "./support/circuit.ts";
import { smallRound, STATE_NAMES } from "./support/small_round.ts";
import type { Inputs } from "./support/witness.ts";

const round = await smallRound();
const { transcript, tally, makeInputs } = round;
const genesis = transcript.folds[0] as FoldStep;
const later = round.findRow("Ada: second page");

/** Each single word of the given inputs increased by one, by name. */
function singleChanges(inputs: Inputs, names: readonly string[]): [string, Inputs][] {
  return names.flatMap((name): [string, Inputs][] => {
    const value = inputs[name] as bigint | readonly bigint[];
    if (typeof value === "bigint") return [[name, { ...inputs, [name]: value + 1n }]];
    return value.map((word, i) => [
      `${name}[${i}]`,
      { ...inputs, [name]: value.with(i, word + 1n) },
    ]);
  });
}

describe("FOLD-1 to FOLD-4: the commitments around a fold", () => {
  let circuit: TestCircuit;
  beforeAll(async () => void (circuit = await TestCircuit.load("fold_one")));
  const accepted = (changed: [string, Inputs][]) =>
    changed.filter(([, inputs]) => circuit.rejection(inputs) === undefined).map(([name]) => name);

  test("controls: the first fold and a later one", () => {
    expect(circuit.rejection(makeInputs(genesis))).toBeUndefined();
    expect(circuit.rejection(makeInputs(later))).toBeUndefined();
    expect(circuit.constraints.publicSignals).toBe(2);
  });

  test("FOLD-1, FOLD-3: any word of the state, constants, salts or commitments changed", () => {
    const names = ["before", "after", "constants", "saltBefore", "saltAfter", "state"];
    expect(accepted(singleChanges(makeInputs(later), names))).toEqual([]);
    expect(
      accepted([
        ["a salt of D after the first fold has no meaning", { ...makeInputs(later), rowsSalt: 1n }],
      ]),
    ).toHaveLength(1);
  });

  test("FOLD-2: genesis with any other state or first D", () => {
    expect(
      accepted(
        singleChanges(makeInputs(genesis), [
          "after",
          "constants",
          "saltAfter",
          "state",
          "rowsSalt",
        ]),
      ),
    ).toEqual([]);
    expect(accepted([["another state as genesis", { ...makeInputs(later), before: 0n }]])).toEqual(
      [],
    );
  });

  /* Everything else fits: `after` commits to what the row makes of that state, so the copy of the circuit without the check accepts it. */
  test("FOLD-2: each word of the genesis state is fixed by itself", async () => {
    const check = "for (var i = 0; i < 12; i++) isGenesis * (state[i] - genesis[i]) === 0;";
    const [row, without] = [
      await TestCircuit.load("row"),
      await loadChanged("fold_one", "fold_one_any_genesis", [
        { file: "fold.circom", text: check, by: "" },
      ]),
    ];
    const padding = transcript.folds.at(-1) as FoldStep;
    expect(padding.rows[0]?.row).toEqual({});
    const hc = constantsHash(transcript.constants);
    const start = makeInputs(genesis)["state"] as bigint[];
    const from = (state: bigint[]): Inputs => {
      const end = row.read(
        row.solve({ ...round.rowInputs(padding), state }),
        ...STATE_NAMES.map((_, i) => `after[${i}]`),
      );
      return {
        ...makeInputs(padding),
        before: 0n,
        rowsSalt: tally.rowsSalt,
        state,
        after: hash(DOMAIN.state, [padding.saltAfter, hc, ...end]),
      };
    };
    // The curve is symmetric to both axes: either coordinate of the key can change alone.
    const others = start.map((word, i) =>
      from(start.with(i, STATE_NAMES[i]?.startsWith("key") === true ? P - word : word + 1n)),
    );
    expect(circuit.rejection(from(start))).toBeUndefined();
    expect(
      STATE_NAMES.filter((_, i) => without.rejection(others[i] as Inputs) !== undefined),
    ).toEqual([]);
    expect(
      STATE_NAMES.filter((_, i) => circuit.rejection(others[i] as Inputs) === undefined),
    ).toEqual([]);
  });

  test("FOLD-2: with the salt of D goes only its own D", () => {
    const rowsSalt = tally.rowsSalt + 1n;
    const state = makeInputs({ ...genesis, start: genesisState(initialD(rowsSalt)) })[
      "state"
    ] as bigint[];
    expect(
      accepted([
        ["another salt with the old commitment", { ...makeInputs(genesis), rowsSalt, state }],
      ]),
    ).toEqual([]);
  });

  test("FOLD-4: digits of another pair with the same ratio have another commitment", () => {
    const constants = {
      ...transcript.constants,
      c1: -transcript.constants.c1,
      c2: -transcript.constants.c2,
    };
    const words = (makeInputs(later)["constants"] as bigint[])
      .with(4, P - (makeInputs(later)["constants"] as bigint[])[4]!)
      .with(5, P - (makeInputs(later)["constants"] as bigint[])[5]!);
    const hc = constantsHash(constants);
    const forged = { ...makeInputs(later), constants: words };
    const recommitted = {
      ...forged,
      before: commitState(later.saltBefore, hc, later.start),
      after: commitState(later.saltAfter, hc, later.end),
    };
    expect(
      accepted([
        ["old", forged],
        ["recommitted", recommitted],
      ]),
    ).toEqual(["recommitted"]);
  });

  test("every wire of a fold is fixed, but hints without meaning and inverses that zero tests leave open", () => {
    // Genesis leaves the salt of its commitment open; a well-formed command leaves `high` open; IsZero(0) leaves its inverse open.
    const open = /\.inv$|^saltBefore$|^rowsSalt$|^high\[0\]$/;
    for (const fold of [genesis, later, round.findRow("Bob: votes")]) {
      const witness = circuit.solve(makeInputs(fold));
      const free = Array.from({ length: witness.length - 1 }, (_, i) => i + 1).filter((wire) =>
        [((witness[wire] as bigint) + 1n) % P, (P - (witness[wire] as bigint)) % P].some(
          (value) =>
            value !== witness[wire] && circuit.constraints.toleratesChange(witness, wire, value),
        ),
      );
      expect(free.map((wire) => circuit.nameWire(wire)).filter((name) => !open.test(name))).toEqual(
        [],
      );
    }
  });
});

describe("CLOSE-1 to CLOSE-3", () => {
  let circuit: TestCircuit;
  beforeAll(async () => void (circuit = await TestCircuit.load("close", "circuits/generated")));
  const key = round.coordinator.publicKey;
  const honest = (coordinatorKey: Point = key) => closeInputs(transcript, coordinatorKey) as Inputs;
  const PUBLIC = [
    "g",
    "beta",
    "theta",
    "delta",
    "coordinatorKey",
    "ctx",
    "J",
    "signs",
    "D",
    "PM",
    "acc",
    "commitment",
  ];

  test("CLOSE-1: the public signals come in the order of the rule", () => {
    const inputs = honest();
    const witness = circuit.solve(inputs);
    expect(circuit.rejection(inputs)).toBeUndefined();
    expect(circuit.constraints.publicSignals).toBe(13);
    expect(witness.slice(1, 14)).toEqual(
      PUBLIC.flatMap((name) => inputs[name] as bigint | bigint[]),
    );
  });

  test("CLOSE-2: any public or private word changed", () => {
    const changed = singleChanges(honest(), [...PUBLIC, "salt", "c1", "c2", "state"]);
    expect(
      changed.filter(([, inputs]) => circuit.rejection(inputs) === undefined).map(([name]) => name),
    ).toEqual([]);
  });

  test("CLOSE-3: another key, or the pair of another secret under a commitment made for it", () => {
    expect(circuit.rejection(honest(multiplyBase(round.coordinator.secret + 1n)))).toBeDefined();
    const { c1, c2 } = transcript.constants;
    for (const pair of [
      { c1: -c1, c2 },
      { c1, c2: -c2 },
      { c1: c2, c2: c1 },
      { c1: c1 - 2n, c2 },
      { c1, c2: c2 + 2n },
    ]) {
      const last = transcript.folds.at(-1) as FoldStep;
      const commitment = commitState(
        last.saltAfter,
        constantsHash({ ...transcript.constants, ...pair }),
        last.end,
      );
      expect(circuit.rejection({ ...honest(), ...pair, commitment })).toBeDefined();
    }
  });

  test("KEY-3, CLOSE-3: a torsion component of C is without effect", () => {
    for (const torsion of TORSION) {
      const C = add(key, torsion);
      expect(equalPoints(C, key)).toBe(equalPoints(torsion, TORSION[0] as Point));
      expect(circuit.rejection(honest(C))).toBeUndefined();
    }
  });
});
