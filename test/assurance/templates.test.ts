import { describe, expect, test } from "vitest";
import { multiplyBase, toMontgomery, type Point } from "../../src/crypto/curve.ts";
import { mod } from "../../src/crypto/field.ts";
import { halfSizePair } from "../../src/crypto/half_size.ts";
import { sharedRoot } from "../../src/crypto/keystream.ts";
import { closeInputs } from "../../src/proofs/inputs.ts";
import { packPage } from "../../src/protocol/ballot.ts";
import { BOUNDED_WORDS } from "../../src/protocol/command.ts";
import { malformedHints } from "../../src/transcript/malformed.ts";
import { TestCircuit } from "../circuits/support/circuit.ts";
import { smallRound } from "../circuits/support/small_round.ts";
import type { Inputs } from "../circuits/support/witness.ts";
import { mixedOrder } from "../helpers/points.ts";
import { seededCoordinator } from "../helpers/round_builder.ts";
import { seeded } from "../helpers/seeded.ts";
import { freeWires } from "./freedom.ts";
import { FREE_WIRES, USED_ONCE } from "./free_signals.ts";
import { lint } from "./lint.ts";

const random = seeded("templates");
const montgomery = (point: Point) => {
  const { u, v } = toMontgomery(point);
  return [u, v];
};
const round = await smallRound();
const { secret } = seededCoordinator(random);
const { c1, c2 } = halfSizePair(secret) as { c1: bigint; c2: bigint };
const [R, P, Q] = [
  mixedOrder(random.scalar()),
  multiplyBase(random.scalar()),
  multiplyBase(random.scalar()),
];
const words = BOUNDED_WORDS.map(({ bits }) => random.below(1n << BigInt(bits)));
const command = (bounded: readonly bigint[]) =>
  [bounded[0], 0n, 0n, ...bounded.slice(1)] as bigint[];
const malformed = words.with(3, 1n << 252n);

type Template = {
  readonly circuit: string;
  readonly folder?: string;
  readonly covers: readonly string[];
  readonly inputs: readonly Inputs[];
  /** Inputs that a prover chooses: these must be determined, one by one and together, by the rest. */
  readonly hints?: readonly string[];
  /** Wires that are the prover's here, and why nothing comes of it. */
  readonly free?: { readonly name: RegExp; readonly why: string };
};

/** Every file of circuits/ with a main that stands on it alone, inputs that it is given, and hints. */
const TEMPLATES: readonly Template[] = [
  {
    circuit: "well_formed",
    covers: ["lib/well_formed"],
    hints: ["wellFormed", "pointer", "high", "bounded"],
    inputs: [{ word: words, ...malformedHints(command(words)) } as Inputs],
  },
  {
    circuit: "well_formed",
    covers: [],
    hints: ["wellFormed", "pointer", "high", "bounded"],
    inputs: [{ word: malformed, ...malformedHints(command(malformed)) } as Inputs],
    free: {
      name: /^(headerBits|ballotBits|sBits|eLow|eHigh|eHighBits|bounded)/,
      why: "bits of a malformed command mean nothing (ROW-3); that a row makes nothing of them, mutation.test.ts shows",
    },
  },
  {
    circuit: "ballot_page",
    covers: ["lib/ballot"],
    inputs: [
      packPage([
        { gap: 3, sign: false, magnitude: 7n },
        { gap: 1, sign: true, magnitude: 2n },
      ]),
      words.slice(1, 5),
    ].map(
      (word) => ({ word, posBefore: 5n, theta: random.below(1n << 250n), delta: 3n }) as Inputs,
    ),
  },
  {
    circuit: "edwards",
    covers: ["lib/edwards", "lib/points"],
    inputs: [
      { p: [P.x, P.y], q: [Q.x, Q.y] },
      { p: [P.x, P.y], q: [P.x, P.y] },
      { p: [0n, 1n], q: [R.x, R.y] },
    ],
  },
  {
    circuit: "fixed_base",
    covers: ["lib/fixed_base"],
    inputs: [0n, 1n, random.scalar(), (1n << 252n) - 1n].map((s) => ({ s })),
  },
  {
    circuit: "odd_multiple",
    covers: ["lib/variable_base"],
    inputs: [P, R].flatMap((point) =>
      [0n, random.below(1n << 128n)].map((b) => ({ point: [point.x, point.y], b })),
    ),
  },
  {
    circuit: "half_size",
    covers: ["lib/half_size"],
    hints: ["root"],
    inputs: [{ c1, c2, R: montgomery(R), root: montgomery(sharedRoot(secret, R)) }],
  },
  {
    circuit: "double_and_add",
    covers: ["lib/montgomery"],
    inputs: [{ q: montgomery(P), t: montgomery(Q) }],
  },
  {
    circuit: "row",
    covers: ["row", "lib/compare", "lib/fingerprint", "lib/poseidon", "lib/signature"],
    hints: ["sharedRoot", "wellFormed", "pointer", "high", "bounded"],
    inputs: [round.rowInputs(round.findRow("Ada: first page"))],
  },
  {
    circuit: "fold_one",
    covers: ["fold", "lib/state"],
    hints: ["sharedRoot", "wellFormed", "pointer", "high", "bounded"],
    inputs: [round.makeInputs(round.findRow("Ada: second page"))],
  },
  {
    circuit: "close",
    folder: "circuits/generated",
    covers: ["close"],
    inputs: [closeInputs(round.transcript, round.coordinator.publicKey) as Inputs],
  },
];

const wiresNamed = (circuit: TestCircuit, names: readonly string[]) =>
  names.length === 0 ? [] : circuit.listWires(new RegExp(`^(${names.join("|")})(\\[\\d+\\])*$`));
const unexplained = (
  circuit: TestCircuit,
  wires: readonly number[],
  allowed: readonly { readonly name: RegExp }[],
) =>
  wires
    .map((wire) => circuit.nameWire(wire))
    .filter((name) => !allowed.some((known) => known.name.test(name)));

test("ROW-1 to ROW-12, CLOSE-1 to CLOSE-3: every circuit source is covered by a template below", async () => {
  const { filesBelow } = await import("../../scripts/pipeline/imports.ts");
  const { fromRoot, toRelative } = await import("../../scripts/pipeline/paths.ts");
  const sources = (await filesBelow(fromRoot("circuits"), ".circom"))
    .map((file) => toRelative(file).replace(/^circuits\/(.*)\.circom$/, "$1"))
    .filter((name) => !name.startsWith("generated/"));
  expect(TEMPLATES.flatMap(({ covers }) => covers).sort()).toEqual(sources.sort());
});

describe.each(TEMPLATES)("$circuit", ({ circuit: name, folder, inputs, hints = [], free }) => {
  const allowed = free === undefined ? FREE_WIRES : [...FREE_WIRES, free];
  const load = () => TestCircuit.load(name, folder);

  test("the same inputs have no second witness near by, hints and outputs included (first order)", async () => {
    const circuit = await load();
    for (const given of inputs) {
      const witness = circuit.solve(given);
      const fixed = new Set(
        wiresNamed(
          circuit,
          Object.keys(given).filter((input) => !hints.includes(input)),
        ),
      );
      expect(unexplained(circuit, freeWires(circuit.constraints, witness, fixed), allowed)).toEqual(
        [],
      );
    }
  });

  test("no wire but an input takes another value alone", async () => {
    const circuit = await load();
    for (const given of inputs) {
      const witness = circuit.solve(given);
      const fixed = new Set([
        0,
        ...wiresNamed(
          circuit,
          Object.keys(given).filter((input) => !hints.includes(input)),
        ),
      ]);
      const tolerated = witness.flatMap((value, wire) => {
        if (fixed.has(wire)) return [];
        const others = [
          mod(value + 1n),
          0n,
          1n,
          mod(-value),
          mod(1n - value),
          random.below(1n << 253n),
        ].filter((other) => other !== value);
        return others.some((other) => circuit.constraints.toleratesChange(witness, wire, other))
          ? [wire]
          : [];
      });
      expect(unexplained(circuit, tolerated, allowed)).toEqual([]);
    }
  });

  test("constraints: none linear, none repeated, no wire without one, and those of one only are known", async () => {
    const circuit = await load();
    const { unused, once, linear, repeated } = lint(
      circuit.constraints,
      circuit.solve(inputs[0] as Inputs).length,
    );
    const given = wiresNamed(
      circuit,
      Object.keys(inputs[0] as Inputs).filter((input) => !hints.includes(input)),
    );
    const known = unexplained(
      circuit,
      once.filter((wire) => !given.includes(wire)),
      USED_ONCE,
    );
    expect({
      unused: unexplained(circuit, unused, []),
      once: known,
      linear: linear.length,
      repeated,
    }).toEqual({ unused: [], once: [], linear: 0, repeated: 0 });
  });
});
