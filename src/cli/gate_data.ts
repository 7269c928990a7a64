import { InvalidArgumentError, type Command } from "commander";
import type { Address, Hex } from "viem";
import type { ReadClient, WriteClient } from "../chain/client.ts";
import { readClauses, readGateData } from "../chain/gate.ts";
import type { RoundConfig } from "../chain/provenance.ts";
import { parseGateList } from "../donor/group_list.ts";
import { BaseError } from "../errors.ts";
import { CHECKERS, findChecker } from "../gates/index.ts";
import { proveMembership } from "../proofs/membership.ts";
import { visibleText } from "../readers/text.ts";
import { collect } from "./input/options.ts";
import { readSecret } from "./input/secrets.ts";
import { readBytes, readText } from "./input/text_file.ts";
import { membershipFiles } from "./membership_files.ts";
import type { RoundSession } from "./session.ts";

/** A round, or what a gate takes for one. */
type GateSession = Pick<RoundSession, "read" | "round"> & {
  readonly config: Pick<RoundConfig, "gate">;
};

/** What a donor may give for the round's gate. */
export type GateValues = {
  readonly allowList?: readonly string[];
  readonly evidence?: Readonly<Record<string, string>>;
  readonly gateData: Hex;
};

/** The options by which a donor satisfies a gate. */
export function withGateOptions(command: Command): Command {
  const asked = CHECKERS.flatMap(({ id, asks }) =>
    asks === undefined || asks === "list" ? [] : [`${id}=<${asks === "secret" ? "file" : asks}>`],
  );
  command.option(
    "--allow-list <file>",
    "a list that the round's gate goes by: the allow-list or the group, for example (repeatable)",
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

/** What the sending account gives the round's gate: as it was told to, or what the gate's checkers want. @throws CsvError, FileReadError, UnknownWaysError */
export function findGateData(
  { client, ...session }: GateSession & { readonly client: WriteClient },
  values: GateValues,
  what: { readonly credits: bigint; readonly tag?: bigint },
): Promise<Hex> {
  return findGateDataOf(session, values, { payer: client.wallet.account.address, ...what });
}

/** The same for an account that somebody else sends from. @throws CsvError, FileReadError, UnknownWaysError */
export async function findGateDataOf(
  { read, round, config }: GateSession,
  { allowList = [], evidence = {}, gateData }: GateValues,
  {
    payer,
    credits,
    tag = 0n,
  }: { readonly payer: Address; readonly credits: bigint; readonly tag?: bigint },
): Promise<Hex> {
  if (gateData !== "0x") return gateData;
  const files = await Promise.all(
    allowList.map(async (file) => parseGateList(await readBytes(file), file)),
  );
  const lists = files.flatMap((one) => (one.kind === "accounts" ? [one.entries] : []));
  const given = await Promise.all(
    Object.entries(evidence).map(async ([id, value]) => {
      const asks = findChecker(id)?.asks;
      const read = asks === "secret" ? readSecret : asks === "file" ? readText : undefined;
      return [id, read === undefined ? value : await read(value)] as const;
    }),
  );
  const data = await readGateData(read, config.gate, {
    round,
    payer,
    tag,
    credits,
    lists,
    groups: files.flatMap((one) => (one.kind === "group" ? [one.members] : [])),
    proveMembership: async (request) => proveMembership(await membershipFiles(), request),
    given: Object.fromEntries(given),
  });
  if (data === "0x") await requireKnownWay(read, config.gate);
  return data;
}

/** Every clause of the gate has a checker that this version does not know: it can make evidence for none. */
export class UnknownWaysError extends BaseError {
  constructor(gate: Address, unknown: readonly string[]) {
    super(
      `Each way into the round through its gate at ${gate} has a checker that this version does not know.`,
      {
        fix: "Ask the organiser what the gate takes, and give it with --gate-data. Nothing was sent.",
        details: unknown,
      },
    );
  }
}

/** @throws UnknownWaysError */
async function requireKnownWay(read: ReadClient, gate: Address): Promise<void> {
  const unknown = ((await readClauses(read, gate)) ?? []).map((checkers) =>
    checkers.filter(({ id }) => findChecker(id) === undefined),
  );
  if (unknown.length === 0 || unknown.some((checkers) => checkers.length === 0)) return;
  throw new UnknownWaysError(
    gate,
    unknown.flat().map(({ id, checker }) => `"${visibleText(id)}" at ${checker}`),
  );
}
