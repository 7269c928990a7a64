import { expect, test } from "vitest";
import { mod } from "../../src/crypto/field.ts";
import { P } from "../../src/params.ts";
import { foldInputs, type CircuitInputs } from "../../src/proofs/inputs.ts";
import { encrypt } from "../../src/protocol/message.ts";
import { grandProduct } from "../../src/transcript/fingerprint.ts";
import { resultsFraction } from "../../src/transcript/results.ts";
import { completeTranscript, prepareTally } from "../../src/transcript/transcript.ts";
import { TestCircuit } from "../circuits/support/circuit.ts";
import type { Inputs } from "../circuits/support/witness.ts";
import { commandPool, drawSequence } from "../helpers/command_pool.ts";
import { mixedOrder } from "../helpers/points.ts";
import { RoundBuilder } from "../helpers/round_builder.ts";
import { depth, FUZZ_TIMEOUT_MS, fuzzSeed } from "./depth.ts";
import { localCoordinatorKey } from "../../src/protocol/coordinator_key.ts";

const ROWS = 2;
const EDGES = [
  0n,
  1n,
  (1n << 113n) - 1n,
  1n << 113n,
  (1n << 252n) - 1n,
  1n << 252n,
  P - (1n << 253n),
  P - 1n,
];

/** A random round in random order: plausible and broken commands, words at their edges, noise, silent donors, R with torsion. */
function randomRound(seed: string) {
  const round = new RoundBuilder({ seed, projects: 15, signs: seed.length % 2 === 0 });
  const pool = commandPool(seed, 14, round.rules.ctx);
  const donors = pool.tags.map((tag, i) => ({
    ...round.actor(`donor ${i}`, BigInt(round.random.index(300)), pool.keys[i]?.[0]),
    tag,
  }));
  const steps = [
    ...donors.filter(() => round.random.index(6) > 0).map((donor) => () => round.contribute(donor)),
    ...drawSequence(round.random, pool, 8).map(({ command, ephemeral }) => () => {
      const edged =
        round.random.index(5) === 0
          ? [...command].map((word) =>
              round.random.index(9) === 0 ? round.random.pick(EDGES) : word,
            )
          : command;
      return void round.publish(
        "a command",
        "accepted",
        encrypt(edged, ephemeral, round.coordinator.publicKey, round.rules.ctx),
      );
    }),
    () => {
      const R = mixedOrder(round.random.scalar());
      round.publish("noise", "malformed (CMD-3)", [
        R.x,
        R.y,
        ...Array.from({ length: 9 }, () => round.random.pick([...EDGES, round.random.below(P)])),
      ]);
    },
  ];
  // Mostly in order, so that nonces rise; now and then one step is taken before its time.
  while (steps.length > 0)
    steps.splice(round.random.index(4) === 0 ? round.random.index(steps.length) : 0, 1)[0]?.();
  return round.finish();
}

function tryToSolve(circuit: TestCircuit, inputs: CircuitInputs): string | undefined {
  try {
    circuit.solve(inputs as Inputs);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

test(
  "ROW-1 to ROW-13, TALLY-4, CLOSE-2 (T6): random rounds have witnesses, and these come to the semantics' result",
  async () => {
    const circuit = await TestCircuit.load("fold_two");
    const seed = fuzzSeed("rows");
    const wanted = depth(40, 10_000);
    for (let rows = 0, i = 0; rows < wanted; i++) {
      const {
        items,
        statement,
        coordinator: { secret },
      } = randomRound(`${seed} ${i}`);
      const tally = await prepareTally(items, statement, localCoordinatorKey(secret), ROWS);
      const { folds, constants, acc, challenges } = await completeTranscript(
        tally,
        localCoordinatorKey(secret),
      );
      // `after` is an input that the circuit compares with what it computes: a witness exists only where both agree on the whole state.
      for (const fold of folds) {
        const inputs = foldInputs(fold, constants, tally.rowsSalt);
        const found = fold.index === 0 ? circuit.rejection(inputs) : tryToSolve(circuit, inputs); // all constraints of the first, once more
        expect(found, `${seed}, round ${i}, fold ${fold.index}`).toBeUndefined();
      }
      expect(folds.at(-1)?.end.PM).toBe(grandProduct(items, challenges));
      const { num, den } = resultsFraction(tally.outcome.results, challenges);
      expect(mod(acc * den)).toBe(num);
      rows += folds.length * ROWS;
    }
  },
  FUZZ_TIMEOUT_MS,
);
