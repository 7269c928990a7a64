import { createHash } from "node:crypto";
import { stringify } from "viem";
import type { CircuitArtifacts } from "../../proofs/artifacts.ts";
import type { Proved } from "../../proofs/prove.ts";
import type { ProofTimes } from "../../proofs/prover.ts";
import type { Database } from "./database.ts";

/**
 * Proofs already made, by content, so that none is made twice. Proofs and public signals are public: nothing secret is kept here.
 * What comes out of a store is verified before it is used.
 */
export type ProofStore = {
  readonly get: (key: string) => Promise<Proved | undefined>;
  readonly put: (
    key: string,
    circuit: string,
    proved: Proved,
    seconds?: ProofTimes,
  ) => Promise<void>;
};

/** A proof job's name: the circuit's keys and the public signals. Equal jobs have equal proofs to make, on whatever machine. */
export function proofKey(
  { vkey }: Pick<CircuitArtifacts, "vkey">,
  signals: readonly bigint[],
): string {
  return createHash("sha256")
    .update(JSON.stringify([vkey, signals.map(String)]))
    .digest("hex");
}

export function proofStore({ query }: Database): ProofStore {
  return {
    async get(key) {
      const row = await query
        .selectFrom("proofs")
        .select(["proof", "signals"])
        .where("key", "=", key)
        .executeTakeFirst();
      return row === undefined
        ? undefined
        : {
            proof: JSON.parse(row.proof, toInteger) as Proved["proof"],
            signals: JSON.parse(row.signals, toInteger) as bigint[],
          };
    },
    async put(key, circuit, { proof, signals }, { witness, prove } = { witness: 0, prove: 0 }) {
      const made = {
        circuit,
        proof: stringify(proof),
        signals: stringify(signals),
        witness_seconds: witness,
        prove_seconds: prove,
      };
      await query
        .insertInto("proofs")
        .values({ key, ...made })
        .onConflict((c) => c.column("key").doUpdateSet(made))
        .execute();
    },
  };
}

/** Every string in a stored proof is a decimal integer. */
const toInteger = (_: string, value: unknown): unknown =>
  typeof value === "string" ? BigInt(value) : value;
