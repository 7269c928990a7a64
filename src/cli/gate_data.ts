import { InvalidArgumentError, type Command } from "commander";
import type { Address, Hex } from "viem";
import type { ReadClient, WriteClient } from "../chain/client.ts";
import { readClauses, readGateData } from "../chain/gate.ts";
import { parseAllowList } from "../donor/allow_list.ts";
import { BaseError } from "../errors.ts";
import { CHECKERS } from "../gates/index.ts";
import { collect } from "./input/options.ts";
import { readBytes, readText } from "./input/text_file.ts";
import type { RoundSession } from "./session.ts";

/** What a donor may give for the round's gate. */
export type GateValues = {
  readonly allowList?: readonly string[];
  readonly evidence?: Readonly<Record<string, string>>;
  readonly gateData: Hex;
};

/** The options by which a donor satisfies a gate. */
export function withGateOptions(command: Command): Command {
  const asked = CHECKERS.flatMap(({ id, asks }) =>
    asks === undefined || asks === "list" ? [] : [`${id}=<${asks}>`],
  );
  command.option(
    "--allow-list <file>",
    "a list of accounts that the round's gate goes by: the allow-list, for example (repeatable)",
    collect,
  );
  if (asked.length > 0)
    command.option(
      "--evidence <kind=value>",
      `what else a checker of the gate asks for (repeatable): ${asked.join(", ")}`,
      collectEvidence,
    );
  return command.option("--gate-data <hex>", "what another gate asks for", "0x");
}

function collectEvidence(text: string, earlier: Readonly<Record<string, string>> = {}) {
  const at = text.indexOf("=");
  const id = text.slice(0, Math.max(at, 0));
  if (!CHECKERS.some((kind) => kind.id === id && kind.asks !== undefined && kind.asks !== "list"))
    throw new InvalidArgumentError("Give a kind of checker, = and what it asks for.");
  return { ...earlier, [id]: text.slice(at + 1) };
}

/** What the sending account gives the round's gate: as it was told to, or what the gate's checkers want. @throws CsvError, FileReadError */
export async function findGateData(
  { client, read, round, config }: RoundSession & { readonly client: WriteClient },
  { allowList = [], evidence = {}, gateData }: GateValues,
  { credits, tag = 0n }: { readonly credits: bigint; readonly tag?: bigint },
): Promise<Hex> {
  if (gateData !== "0x") return gateData;
  const lists = await Promise.all(
    allowList.map(async (file) => parseAllowList(await readBytes(file), file)),
  );
  const given = await Promise.all(
    Object.entries(evidence).map(async ([id, value]) => {
      const isFile = CHECKERS.find((kind) => kind.id === id)?.asks === "file";
      return [id, isFile ? await readText(value) : value] as const;
    }),
  );
  const data = await readGateData(read, config.gate, {
    round,
    payer: client.wallet.account.address,
    tag,
    credits,
    lists,
    given: Object.fromEntries(given),
  });
  if (data === "0x") await requireOpenGate(read, config.gate, lists.length > 0);
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
