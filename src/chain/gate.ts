import { hexToString, type Address, type Hex } from "viem";
import {
  CHECKERS,
  findChecker,
  gateDataFor,
  knownIdentities,
  type Clauses,
} from "../gates/index.ts";
import type { ChainFacts, CheckerKind, CheckerSettings, DonorContext } from "../gates/checker.ts";
import { BOUNDED } from "./bounded.ts";
import { unlessSilent, type ReadClient } from "./client.ts";
import { gateAbi, iCheckerAbi } from "./generated/abis.ts";

/** The text of an `id()`: short ASCII, filled with zeros. */
export const idText = (id: Hex): string => hexToString(id, { size: 32 });

/** What a checker says that it was made with; nothing for a kind that is not known. */
export async function readCheckerSettings(
  client: ReadClient,
  checker: Address,
  { abi, settings }: Pick<CheckerKind, "abi" | "settings">,
): Promise<CheckerSettings> {
  return Promise.all(
    settings.map(async (functionName) =>
      client.readContract({ address: checker, abi, functionName, ...BOUNDED }),
    ),
  );
}

/** A gate's clauses, with what each checker says that it is and was made with; undefined for a gate of another kind. */
export async function readClauses(
  client: ReadClient,
  gate: Address,
  kinds: readonly CheckerKind[] = CHECKERS,
): Promise<Clauses | undefined> {
  const at = { address: gate, abi: gateAbi, ...BOUNDED } as const;
  const id = await client.readContract({ ...at, functionName: "id" }).catch(() => undefined);
  if (id === undefined || idText(id) !== "clauses") return undefined;
  const clauses = await client.readContract({ ...at, functionName: "clauses" });
  return Promise.all(
    clauses.map((checkers) =>
      Promise.all(
        checkers.map(async (checker) => {
          const id = idText(
            await client.readContract({
              address: checker,
              abi: iCheckerAbi,
              functionName: "id",
              ...BOUNDED,
            }),
          );
          const kind = findChecker(id, kinds);
          const settings =
            kind === undefined ? [] : await readCheckerSettings(client, checker, kind);
          return { checker, id, settings };
        }),
      ),
    ),
  );
}

/**
 * What a donor gives a round's gate; "0x" for gates that want nothing and for those that this version does not know. For a top-up, within
 * what the gate allowed the tag when it admitted it, that is the identity alone, which needs no evidence (GATE-5).
 */
export async function readGateData(
  client: ReadClient,
  gate: Address,
  context: DonorContext,
  kinds?: readonly CheckerKind[],
): Promise<Hex> {
  const clauses = await readClauses(client, gate, kinds);
  if (clauses === undefined) return "0x";
  const known =
    context.tag === 0n ? undefined : await readAdmission(client, gate, clauses, context, kinds);
  if (known !== undefined && context.credits <= known.maxCredits) return known.data;
  return (
    (await gateDataFor(clauses, { chain: chainFacts(client), ...context }, kinds)) ??
    known?.data ??
    "0x"
  );
}

const chainFacts = (client: ReadClient): ChainFacts => ({
  chainId: () => client.getChainId(),
  async storageProof(address, place, blockNumber) {
    const answer = await client
      .getProof({ address, storageKeys: [place], blockNumber })
      .catch(unlessSilent);
    return answer?.storageProof[0]?.proof;
  },
});

/** How the gate admitted a tag, by an identity that software can tell; undefined where it has not, or by another. */
async function readAdmission(
  client: ReadClient,
  gate: Address,
  clauses: Clauses,
  context: DonorContext,
  kinds?: readonly CheckerKind[],
): Promise<{ readonly data: Hex; readonly maxCredits: bigint } | undefined> {
  for (const { checker, identity, data } of knownIdentities(clauses, context, kinds)) {
    const [tag, maxCredits] = await client.readContract({
      address: gate,
      abi: gateAbi,
      functionName: "admissions",
      args: [context.round, checker, identity],
    });
    if (tag === context.tag) return { data, maxCredits };
  }
  return undefined;
}
