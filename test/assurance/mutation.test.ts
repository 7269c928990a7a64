import { beforeAll, describe, expect, test } from "vitest";
import { mod } from "../../src/crypto/field.ts";
import { closeInputs } from "../../src/proofs/inputs.ts";
import type { FoldStep } from "../../src/transcript/transcript.ts";
import { TestCircuit } from "../circuits/support/circuit.ts";
import { smallRound } from "../circuits/support/small_round.ts";
import type { Inputs, InputValue } from "../circuits/support/witness.ts";
import { seeded } from "../helpers/seeded.ts";
import { freeWires } from "./freedom.ts";
import { FREE_INPUTS, FREE_WIRES } from "./free_signals.ts";

const round = await smallRound();
const KINDS: readonly (readonly [string, FoldStep])[] = [
  ["the first row, accepted, with its contribution", round.findRow("Ada: first page")],
  ["an appended page", round.findRow("Ada: second page")],
  ["a ballot over budget", round.findRow("Ada: too dear")],
  ["a stranger's tag", round.findRow("Ada: a stranger's tag")],
  ["a malformed message", round.findRow("random words", 1)],
  ["a silent donor beside a malformed message", round.findRow("Sia contributes")],
  ["padding", round.transcript.folds.at(-1) as FoldStep],
];
/** The main's own signals; hints are those that a prover finds, and the rest is given. */
const INPUTS = /^[a-zA-Z0-9]+(\[\d+\])*$/;
const HINTS = /^(sharedRoot|wellFormed|pointer|high|bounded)\[/;

let fold: TestCircuit;
beforeAll(async () => void (fold = await TestCircuit.load("fold_one")));

const unexplained = (circuit: TestCircuit, wires: readonly number[]) =>
  wires
    .map((wire) => circuit.nameWire(wire))
    .filter((name) => !FREE_WIRES.some((free) => free.name.test(name)));

describe("no witness can be moved, wire by wire or in any combination (first order)", () => {
  test.each(KINDS)("ROW-1 to ROW-12, FOLD-1 to FOLD-4: %s, hints included", (_name, step) => {
    const witness = fold.solve(round.makeInputs(step));
    const hints = new Set(fold.listWires(HINTS));
    const given = new Set(fold.listWires(INPUTS).filter((wire) => !hints.has(wire)));
    expect(hints.size).toBe(2 + 8 - 1 + 1 + 7); // one of wellFormed and the pointers is a sum of the others
    expect(unexplained(fold, freeWires(fold.constraints, witness, given))).toEqual([]);
  });

  test("CLOSE-2, CLOSE-3: the close, with nothing given but its public signals and the opening of the state", async () => {
    const close = await TestCircuit.load("close", "circuits/generated");
    const witness = close.solve(
      closeInputs(round.transcript, round.coordinator.publicKey) as Inputs,
    );
    const given = new Set(close.listWires(INPUTS));
    expect(unexplained(close, freeWires(close.constraints, witness, given))).toEqual([]);
  });

  test("the check can fail: without a slope's, a bit's or a quotient's constraint, that wire is free", () => {
    const witness = fold.solve(round.makeInputs((KINDS[1] as [string, FoldStep])[1]));
    const given = new Set(fold.listWires(INPUTS));
    for (const name of [
      /MontgomeryDoubleAndAdd.*slope2$/,
      /orderBits\[7\]$/,
      /page\.fraction\[0\]$/,
    ]) {
      const [wire] = fold.listWires(name) as [number];
      const all = fold.constraints.all.filter(
        ({ a, b, c }) => ![a, b, c].flat().some(([used]) => used === wire),
      );
      expect(freeWires({ all }, witness, given), String(name)).toContain(wire);
    }
  });
});

describe("no single wire takes another value", () => {
  const random = seeded("mutations");

  test.each(KINDS.filter((_, i) => i === 0 || i === 4))("ROW-1 to ROW-12: %s", (_name, step) => {
    const witness = fold.solve(round.makeInputs(step));
    const tolerated = witness.flatMap((value, wire) => {
      if (wire === 0) return [];
      const others = [mod(value + 1n), 0n, 1n, mod(-value), random.below(1n << 253n)].filter(
        (other) => other !== value,
      );
      return others.some((other) => fold.constraints.toleratesChange(witness, wire, other))
        ? [wire]
        : [];
    });
    expect(unexplained(fold, tolerated)).toEqual([]);
  });
});

/** Every word of the inputs, by name, with other values than its own. */
function* changes(inputs: Inputs): Generator<readonly [name: string, inputs: Inputs]> {
  const other = (value: bigint) =>
    value === 0n ? [1n] : value === 1n ? [0n, 2n] : [value + 1n, value - 1n, 0n];
  for (const [name, value] of Object.entries(inputs)) {
    for (const [at, changed] of listChanges(value, other))
      yield [`${name}${at}`, { ...inputs, [name]: changed }];
  }
}

function* listChanges(
  value: InputValue,
  other: (value: bigint) => readonly bigint[],
): Generator<readonly [string, InputValue]> {
  if (typeof value === "bigint") for (const x of other(value)) yield [` = ${x}`, x];
  else
    for (const [i, inner] of value.entries())
      for (const [at, changed] of listChanges(inner, other))
        yield [`[${i}]${at}`, (value as readonly InputValue[]).with(i, changed)];
}

describe("no single input, changed and all else solved for it, leaves the commitments as they are", () => {
  test.each(KINDS)("FOLD-1, ROW-3: %s", (_name, step) => {
    const free = new Set<string>();
    for (const [name, inputs] of changes(round.makeInputs(step)))
      if (fold.rejection(inputs) === undefined)
        free.add(name in FREE_INPUTS ? name : name.replace(/ = -?\d+$/, ""));
    const wellFormed = step.rows[0]?.hints.wellFormed === 1n;
    const expected = [
      ...(step.before === 0n ? ["saltBefore"] : ["rowsSalt"]),
      ...(wellFormed ? ["high[0] = 1"] : ["bounded[0][0]", "bounded[0][3]", "bounded[0][4]"]),
    ];
    expect([...free].sort()).toEqual(expected.sort());
    expect(expected.filter((name) => FREE_INPUTS[name] === undefined)).toEqual([]);
  });

  test("CLOSE-1 to CLOSE-3: the close, which has no hints, has no free input", async () => {
    const close = await TestCircuit.load("close", "circuits/generated");
    const inputs = closeInputs(round.transcript, round.coordinator.publicKey) as Inputs;
    expect(close.rejection(inputs)).toBeUndefined();
    const free = [...changes(inputs)]
      .filter(([, changed]) => close.rejection(changed) === undefined)
      .map(([name]) => name);
    expect(free).toEqual([]);
    // Both halves of c negated are the same c, but other constants: the commitment tells them apart.
    const negated = {
      ...inputs,
      c1: mod(-(inputs["c1"] as bigint)),
      c2: mod(-(inputs["c2"] as bigint)),
    };
    expect(close.rejection(negated)).toBeDefined();
  });
});
