import { hexToString, type Address, type Hex } from "viem";
import { gateDataFor, type Clauses } from "../gates/index.ts";
import type { CheckerKind, DonorContext } from "../gates/checker.ts";
import type { ReadClient } from "./client.ts";
import { gateAbi, iCheckerAbi } from "./generated/abis.ts";

/** The text of an `id()`: short ASCII, filled with zeros. */
export const idText = (id: Hex): string => hexToString(id, { size: 32 });

/** A gate's clauses, with what each checker says that it is; undefined for a gate of another kind. */
export async function readClauses(client: ReadClient, gate: Address): Promise<Clauses | undefined> {
  const at = { address: gate, abi: gateAbi } as const;
  const id = await client.readContract({ ...at, functionName: "id" }).catch(() => undefined);
  if (id === undefined || idText(id) !== "clauses") return undefined;
  const clauses = await client.readContract({ ...at, functionName: "clauses" });
  return Promise.all(
    clauses.map((checkers) =>
      Promise.all(
        checkers.map(async (checker) => ({
          checker,
          id: idText(
            await client.readContract({ address: checker, abi: iCheckerAbi, functionName: "id" }),
          ),
        })),
      ),
    ),
  );
}

/** What a donor gives a round's gate; "0x" for gates that want nothing and for those that this version does not know. */
export async function readGateData(
  client: ReadClient,
  gate: Address,
  context: DonorContext,
  kinds?: readonly CheckerKind[],
): Promise<Hex> {
  const clauses = await readClauses(client, gate);
  return (clauses === undefined ? undefined : await gateDataFor(clauses, context, kinds)) ?? "0x";
}
