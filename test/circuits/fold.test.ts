import { beforeAll, describe, expect, test } from "vitest";
import { inverseOrZero, mod } from "../../src/crypto/field.ts";
import { P } from "../../src/params.ts";
import { foldInputs } from "../../src/proofs/inputs.ts";
import { grandProduct } from "../../src/transcript/fingerprint.ts";
import { completeTranscript, prepareTally } from "../../src/transcript/transcript.ts";
import { hostileRound } from "../helpers/hostile.ts";
import { TestCircuit } from "./support/circuit.ts";
import { localCoordinatorKey } from "../../src/protocol/coordinator_key.ts";

const ROWS = 2;

let circuit: TestCircuit;
beforeAll(async () => {
  circuit = await TestCircuit.load("fold_two");
});

describe.each([false, true])(
  "the hostile round through folds of two rows (signs: %s)",
  async (signs) => {
    const round = hostileRound({ signs });
    const tally = await prepareTally(
      round.items,
      round.statement,
      localCoordinatorKey(round.coordinator.secret),
      ROWS,
    );
    const transcript = await completeTranscript(
      tally,
      localCoordinatorKey(round.coordinator.secret),
    );

    test("ROW-1 to ROW-13, FOLD-1 to FOLD-4: every fold has a witness from the state before to the state after", () => {
      const labels = new Map(
        round.steps.map((step) => [step.kind === "topUp" ? undefined : step.t, step.label]),
      );
      const failures = transcript.folds.flatMap((fold) => {
        try {
          circuit.solve(foldInputs(fold, transcript.constants, tally.rowsSalt));
          return [];
        } catch (error) {
          return [
            [
              fold.rows.map(({ row }) => [
                labels.get(row.message?.t),
                labels.get(row.contribution?.t),
              ]),
              (error as Error).message,
            ],
          ];
        }
      });
      expect(failures).toEqual([]);
    });

    test("FOLD-1: the witness that the circuit calculates satisfies its constraints", () => {
      for (const fold of [transcript.folds[0], transcript.folds.at(-1)]) {
        expect(
          circuit.rejection(
            foldInputs(
              fold as (typeof transcript.folds)[number],
              transcript.constants,
              tally.rowsSalt,
            ),
          ),
        ).toBeUndefined();
      }
    });

    test("TALLY-4, ROW-2: the product over the rows is the product over the chain", () => {
      expect(transcript.folds.at(-1)?.end.PM).toBe(
        grandProduct(round.items, transcript.challenges),
      );
    });

    test("TALLY-9, ROW-10, CLOSE-2: the sum over the rows is the sum over the results", () => {
      const { theta, delta } = transcript.challenges;
      const sum = tally.outcome.results.reduce(
        (total, { project, votes, credits }) =>
          total + mod(votes + delta * credits) * inverseOrZero(theta - BigInt(project)),
        0n,
      );
      expect(tally.outcome.results.length).toBeGreaterThan(50);
      expect(transcript.acc).toBe(sum % P);
    });
  },
);
