import type { Address, Hex } from "viem";
import type { ReadClient, WriteClient } from "../chain/client.ts";
import { readClauses, readGateData } from "../chain/gate.ts";
import { parseAllowList, requireListed } from "../donor/allow_list.ts";
import { BaseError } from "../errors.ts";
import { readBytes } from "./input/text_file.ts";
import type { RoundSession } from "./session.ts";

/** What the sending account gives the round's gate: as it was told to, or what the gate's checkers want. @throws NotOnAllowListError, CsvError */
export async function findGateData(
  { client, read, round, config }: RoundSession & { readonly client: WriteClient },
  { allowList, gateData }: { readonly allowList?: string; readonly gateData: Hex },
  { credits, tag = 0n }: { readonly credits: bigint; readonly tag?: bigint },
): Promise<Hex> {
  if (allowList === undefined && gateData !== "0x") return gateData;
  const payer = client.wallet.account.address;
  const entries =
    allowList === undefined ? undefined : parseAllowList(await readBytes(allowList), allowList);
  if (entries !== undefined) requireListed(entries, payer, allowList as string);
  const data = await readGateData(read, config.gate, {
    round,
    payer,
    tag,
    credits,
    ...(entries === undefined ? {} : { allowList: entries }),
  });
  if (data === "0x") await requireOpenGate(read, config.gate, entries !== undefined);
  return data;
}

export class EvidenceNeededError extends BaseError {
  constructor(gate: Address, kinds: readonly string[], listGiven: boolean) {
    super(`The round's gate at ${gate} admits only those who show that they may contribute.`, {
      fix: listGiven
        ? "The list given does not do: ask the organiser for the round's own, or give what the gate asks for with --gate-data. Nothing was sent."
        : kinds.includes("merkle")
          ? "Give the round's list with --allow-list <file>; its organiser has it. Nothing was sent."
          : "Give what the gate asks for with --gate-data; the round's organiser can say what that is. Nothing was sent.",
      details: kinds.map((kind) => `asks for: ${kind}`),
    });
  }
}

/** A gate of clauses that wants evidence, none of which could be made. @throws EvidenceNeededError */
async function requireOpenGate(read: ReadClient, gate: Address, listGiven: boolean): Promise<void> {
  const clauses = await readClauses(read, gate);
  if (clauses === undefined || clauses.some((checkers) => checkers.length === 0)) return;
  const kinds = [...new Set(clauses.flatMap((checkers) => checkers.map(({ id }) => id)))];
  throw new EvidenceNeededError(gate, kinds, listGiven);
}
