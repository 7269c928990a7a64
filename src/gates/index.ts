import { encodeAbiParameters, type Address, type Hex } from "viem";
import type { CheckerKind, DonorContext } from "./checker.ts";
import { merkle } from "./merkle.ts";

/** Every kind of checker that this version knows: a new one is a contract, a file here, and a line in this list. */
export const CHECKERS: readonly CheckerKind[] = [merkle];

/** A gate's clauses with the id that each checker answers (GATE-3). */
export type Clauses = readonly (readonly { readonly checker: Address; readonly id: string }[])[];

/** What a gate wants to be given: the chosen clause and one evidence for each of its checkers. */
export function encodeGateData(clause: number, evidence: readonly Hex[]): Hex {
  return encodeAbiParameters([{ type: "uint8" }, { type: "bytes[]" }], [clause, evidence]);
}

/** The data for the first clause all of whose checkers are known and have their evidence; undefined if there is none. */
export async function gateDataFor(
  clauses: Clauses,
  context: DonorContext,
  kinds: readonly CheckerKind[] = CHECKERS,
): Promise<Hex | undefined> {
  for (const [clause, checkers] of clauses.entries()) {
    const evidence = await Promise.all(
      checkers.map(({ checker, id }) =>
        kinds.find((kind) => kind.id === id)?.dataFor({ ...context, checker }),
      ),
    );
    if (evidence.every((one) => one !== undefined))
      return encodeGateData(clause, evidence as Hex[]);
  }
  return undefined;
}
