import { beforeAll, describe, expect, test } from "vitest";
import { isAcceptable, isInPrimeSubgroup, multiplyBase } from "../../src/crypto/curve.ts";
import { mod } from "../../src/crypto/field.ts";
import { keystream } from "../../src/crypto/keystream.ts";
import { L, P } from "../../src/params.ts";
import { closeInputs } from "../../src/proofs/inputs.ts";
import { malformedHints } from "../../src/transcript/malformed.ts";
import {
  commitState,
  constantsHash,
  constantWords,
  genesisState,
  stateWords,
  type Constants,
} from "../../src/transcript/state.ts";
import { initialD } from "../../src/transcript/trace.ts";
import { loadChanged, type Change } from "../circuits/support/changed_sources.ts";
import { TestCircuit } from "../circuits/support/circuit.ts";
import type { Constraint } from "../circuits/support/constraints.ts";
import { namedState, smallRound, STATE_NAMES } from "../circuits/support/small_round.ts";
import type { Inputs } from "../circuits/support/witness.ts";
import { seeded } from "../helpers/seeded.ts";

/*
 * S1, P1: a coordinator whose rows have two readings. Off the curve the order-2 trick of ROW-5's ladder does not keep accumulator and summand
 * apart. For R = (0, -1) the conversion to Montgomery form left v to the prover, and with this v both S and -S below are "the shared
 * point", under any of some 2^61 coordinator keys: (P - S).u is 1 or -1, so that each summand meets its accumulator, and slopes are free.
 * The plaintext is what D absorbs, the ciphertext what PM counts; so with D, g and beta known, the coordinator still chose the ciphertext.
 */
const R = { x: 0n, y: P - 1n };
const V = 3689785700844211554320630796372858500709780750562130745813865706280920385933n;
const S = {
  u: 20553610399984706658329860865642714194905599492129936155193856323972844768411n,
  v: 2140379061410329685637382287806900707127728723341833206953170461949902019112n,
};
/** 8·ROOT = S. */
const ROOT = {
  u: 21008401652573960347695041102560914970179803379135748035105739075284384922413n,
  v: 9531901308969671368721725791801973284859309357280582219928041361666303732969n,
};
/** The summand's v, and the slopes that lead the ladder through its exceptional additions to the right end. */
const T_V = 4613045655235213107238429486363281139018096625153191991818231949251941743987n;
const SLOPE = 17766481070530412519063016222308987648472856251464702520938315824382179798535n;
const LAST_SLOPE = 2941719469014845984816461264787931660090855202954023891625904101634925851222n;

/** Hints of a prover who knows V: sign 1 for S, -1 for -S. */
const hints = (sign: 1n | -1n): readonly Change[] => [
  {
    file: "lib/montgomery.circom",
    text: "out.v <-- out.u / in.x;",
    by: `out.v <-- in.x == 0 ? ${mod(sign * V)} : out.u / in.x;`,
  },
  {
    file: "lib/montgomery.circom",
    text: "template MontgomeryDoubleAndAdd() {",
    by: "template MontgomeryDoubleAndAdd(freeSlope) {",
  },
  {
    file: "lib/montgomery.circom",
    text: "signal slope <-- (t.v - q.v) / (t.u - q.u);",
    by: `signal slope <-- t.u == q.u ? (t.v == ${T_V} ? freeSlope : 0 - freeSlope) : (t.v - q.v) / (t.u - q.u);`,
  },
  {
    file: "lib/half_size.circom",
    text: "MontgomeryDoubleAndAdd()(",
    by: `MontgomeryDoubleAndAdd(i == 1 ? ${LAST_SLOPE} : ${SLOPE})(`,
  },
  {
    file: "lib/variable_base.circom",
    text: "MontgomeryDoubleAndAdd()",
    by: "MontgomeryDoubleAndAdd(0)",
  },
];
const CURE = "    MontgomeryOnCurve()(R);\n";
const WITHOUT_CURE: Change = { file: "lib/half_size.circom", text: CURE, by: "" };

/** One of the coordinator's keys that this works for: c2 = 1 + sum of ±2^(2k-1), k = 1..63, and c1 = c2 - 2. */
function dishonestKey(seed: string) {
  const random = seeded(seed);
  let c2 = 1n;
  for (let k = 1n; k <= 63n; k++)
    c2 += (k === 1n || k === 63n || random.index(2) === 1 ? 1n : -1n) << (2n * k - 1n);
  const c1 = c2 - 2n;
  return { c1, c2, publicKey: multiplyBase(mod(c1 * inverseModL(c2), L)) };
}

const filler = [1n << 200n, 5n, 6n, 7n, 8n, 9n, 10n, 11n, 12n]; // its header is too long
const readConstants = (key: { c1: bigint; c2: bigint }): Constants => {
  const [g, beta, theta, delta] = [11n, 22n, 33n, 44n].map((x) => mod(x ** 60n)) as [
    bigint,
    bigint,
    bigint,
    bigint,
  ];
  return {
    g,
    beta,
    theta,
    delta,
    c1: key.c1,
    c2: key.c2,
    ctx: 123_456_789n,
    projects: 50,
    signs: false,
  };
};
/** A row with R = (0, -1), whose ciphertext is the filler under S or -S. */
function forgedRow(key: { c1: bigint; c2: bigint }, sign: 1n | -1n): Inputs {
  const constants = readConstants(key);
  const stream = keystream({ u: S.u, v: mod(sign * S.v) }, constants.ctx);
  return {
    state: stateWords(genesisState(initialD(777n))),
    constants: constantWords(constants),
    t: 7n,
    words: [R.x, R.y, ...filler.map((word, i) => mod(word + (stream[i] as bigint)))],
    contributionT: 0n,
    contributionTag: 0n,
    contributionCredits: 0n,
    contributionKey: [0n, 0n],
    sharedRoot: [ROOT.u, mod(sign * ROOT.v)],
    ...malformedHints(filler),
  } as Inputs;
}

const round = await smallRound();
const KEYS = ["one", "another"].map(dishonestKey);
const SIGNS = [1n, -1n] as const;
let row: TestCircuit; // as it is
let open: readonly [TestCircuit, TestCircuit]; // without the check, with hints for S and for -S
let closed: TestCircuit; // with the check, with the same hints

beforeAll(async () => {
  row = await TestCircuit.load("row");
  open = [
    await loadChanged("row", "row_open_plus", [WITHOUT_CURE, ...hints(1n)]),
    await loadChanged("row", "row_open_minus", [WITHOUT_CURE, ...hints(-1n)]),
  ];
  closed = await loadChanged("row", "row_closed", hints(1n));
}, 300_000);

const text = ({ a, b, c }: Constraint) =>
  [a, b, c].map((terms) => terms.map(([wire, factor]) => `${factor}*${wire}`).join("+")).join(" ");
const system = ({ constraints }: TestCircuit) => constraints.all.map(text);

test("controls: other hints leave the constraint system as it is, and honest rows have witnesses with and without the check", () => {
  expect(system(closed)).toEqual(system(row));
  expect(system(open[0])).toEqual(system(open[1]));
  expect(row.constraints.all.length - open[0].constraints.all.length).toBe(3);
  for (const fold of round.transcript.folds) {
    for (const circuit of [row, closed, ...open])
      expect(circuit.rejection(round.rowInputs(fold))).toBeUndefined();
  }
});

test("ROW-5: without the check that R is on the curve, one row has two ciphertexts: the same D, and two PM to choose from when g and beta are known", () => {
  for (const key of KEYS) {
    const [plus, minus] = SIGNS.map((sign, i) => {
      const [circuit, inputs] = [open[i] as TestCircuit, forgedRow(key, sign)];
      expect(circuit.rejection(inputs)).toBeUndefined();
      return namedState(
        circuit.read(circuit.solve(inputs), ...STATE_NAMES.map((_, word) => `after[${word}]`)),
      );
    }) as [ReturnType<typeof namedState>, ReturnType<typeof namedState>];
    expect(plus.D).toBe(minus.D);
    expect(plus.PM).not.toBe(minus.PM);
  }
});

describe("ROW-5: with it, neither reading has a witness", () => {
  test("with the dishonest prover's hints", () => {
    for (const key of KEYS)
      expect(closed.rejection(forgedRow(key, 1n))).toContain("MontgomeryOnCurve");
  });

  test("with the circuit's own", () => {
    for (const key of KEYS)
      for (const sign of SIGNS) expect(row.rejection(forgedRow(key, sign))).toBeDefined();
  });
});

test("CLOSE-3: the close takes such a coordinator's key, which is a key like any other; so the row has to refuse", async () => {
  const close = await TestCircuit.load("close", "circuits/generated");
  for (const key of KEYS) {
    expect(isAcceptable(key.publicKey) && isInPrimeSubgroup(key.publicKey)).toBe(true);
    const [constants, end, salt] = [readConstants(key), genesisState(initialD(777n)), 5n];
    const { publicKey, c1, c2 } = key;
    const honest = closeInputs(round.transcript, round.coordinator.publicKey) as Inputs;
    const { g, beta, theta, delta, ctx } = constants;
    const inputs = {
      ...honest,
      g,
      beta,
      theta,
      delta,
      ctx,
      J: 50n,
      signs: 0n,
      coordinatorKey: [publicKey.x, publicKey.y],
      c1: mod(c1),
      c2: mod(c2),
      D: end.D,
      PM: end.PM,
      acc: 0n,
      salt,
      state: stateWords(end),
      commitment: commitState(salt, constantsHash(constants), end),
    };
    expect(close.rejection(inputs)).toBeUndefined();
  }
});

function inverseModL(x: bigint): bigint {
  let result = 1n;
  for (
    let base = mod(x, L), exponent = L - 2n;
    exponent > 0n;
    exponent >>= 1n, base = (base * base) % L
  )
    if (exponent & 1n) result = (result * base) % L;
  return result;
}
