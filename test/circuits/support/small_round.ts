import { foldInputs } from "../../../src/proofs/inputs.ts";
import { packPage } from "../../../src/protocol/ballot.ts";
import { stateWords, type State } from "../../../src/transcript/state.ts";
import {
  completeTranscript,
  prepareTally,
  type FoldStep,
} from "../../../src/transcript/transcript.ts";
import { RoundBuilder } from "../../helpers/round_builder.ts";
import type { Inputs, InputValue } from "./witness.ts";
import { localCoordinatorKey } from "../../../src/protocol/coordinator_key.ts";

/** A round with a row of each kind, one row a fold, to forge from. */
export async function smallRound() {
  const round = new RoundBuilder({ seed: "forgeries", projects: 50 });
  const ada = round.actor("Ada", 10_000n);
  const bob = round.actor("Bob", 5_000n);
  const silent = round.actor("Sia", 77n);
  const { x, y } = ada.firstKey;
  round.contribute(ada);
  round.send(ada, "first page", "accepted", { newKey: round.keyPair() });
  round.send(ada, "second page", "accepted", {
    append: true,
    ballot: packPage([{ gap: 2, sign: false, magnitude: 5n }]),
  });
  round.send(ada, "too dear", "over budget (SEM-9)", { ballot: new Map([[1, 101n]]) });
  round.contribute(bob);
  round.send(bob, "votes", "accepted", { ballot: new Map([[49, 70n]]) });
  round.contribute(silent);
  round.send(ada, "a stranger's tag", "unregistered tag (SEM-1)", { tag: 5n });
  for (let i = 0; i < 2; i++)
    round.publish("random words", "malformed (CMD-3)", [
      x,
      y,
      ...Array.from({ length: 9 }, () => round.random.below(1n << 253n)),
    ]);
  const built = round.finish();
  const tally = await prepareTally(
    built.items,
    built.statement,
    localCoordinatorKey(built.coordinator.secret),
    1,
  );
  const transcript = await completeTranscript(tally, localCoordinatorKey(built.coordinator.secret));
  const t = (label: string, nth = 0) => {
    const step = built.steps.filter((found) => found.label === label)[nth];
    if (step === undefined || step.kind === "topUp") throw new RangeError(`No item ${label}`);
    return step.t;
  };
  const findRow = (label: string, nth = 0): FoldStep => {
    const fold = transcript.folds.find(({ rows }) =>
      [rows[0]?.row.message?.t, rows[0]?.row.contribution?.t].includes(t(label, nth)),
    );
    if (fold === undefined) throw new RangeError(`No row for ${label}`);
    return fold;
  };
  /** Inputs of test/fixtures/circuits/row.circom for one row as the honest prover has it. */
  const rowInputs = ({ start, ...fold }: FoldStep): Inputs => {
    const { before, after, saltBefore, saltAfter, rowsSalt, constants, state, ...rows } =
      foldInputs({ start, ...fold }, transcript.constants, tally.rowsSalt);
    return {
      constants: constants as InputValue,
      state: state as InputValue,
      ...Object.fromEntries(
        Object.entries(rows).map(([name, value]) => [
          name,
          (value as readonly InputValue[])[0] as InputValue,
        ]),
      ),
    };
  };
  return {
    ...built,
    ada,
    bob,
    silent,
    tally,
    transcript,
    findRow,
    rowInputs,
    makeInputs: (fold: FoldStep): Inputs => foldInputs(fold, transcript.constants, tally.rowsSalt),
  };
}

/** Names of the state's words in FOLD-1's order. */
export const STATE_NAMES = [
  "owner",
  "key.x",
  "key.y",
  "credits",
  "nonce",
  "lastT",
  "F",
  "cost",
  "pos",
  "PM",
  "acc",
  "D",
] as const;
export type StateName = (typeof STATE_NAMES)[number];

/** The state as words by name. */
export function namedState(state: State | readonly bigint[]): Record<StateName, bigint> {
  const words = Array.isArray(state) ? (state as readonly bigint[]) : stateWords(state as State);
  return Object.fromEntries(STATE_NAMES.map((name, i) => [name, words[i]])) as Record<
    StateName,
    bigint
  >;
}

/** The state before a row with some words replaced. */
export function withState(inputs: Inputs, changes: Partial<Record<StateName, bigint>>): Inputs {
  const words = inputs["state"] as readonly bigint[];
  return { ...inputs, state: STATE_NAMES.map((name, i) => changes[name] ?? (words[i] as bigint)) };
}
