import type { Command } from "commander";
import type { Address } from "viem";
import { lookUpName, lookUpNames, type NameService } from "../../chain/ens.ts";
import { openNodes } from "../../chain/client.ts";
import { BaseError } from "../../errors.ts";
import type { NameAnswer } from "../../readers/address.ts";
import { visibleText } from "../../readers/text.ts";
import type { Io } from "../output/io.ts";
import { count } from "../output/output.ts";

/** A name that was given where an address is wanted. */
export class EnsName {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}

export class OfflineNameError extends BaseError {
  constructor(name: string) {
    super(`"${visibleText(name, 60)}" cannot be looked up: this command asks no chain.`, {
      fix: "Give the address itself, 0x and 40 hexadecimal digits.",
    });
  }
}

/** Of the options of a command: where its names are asked for. */
export type NameValues = {
  readonly rpc: readonly string[];
  readonly chain?: number;
  readonly universalResolver?: Address;
};

async function openNames({ rpc, chain, universalResolver }: NameValues): Promise<NameService> {
  const { read, chainId } = await openNodes(rpc, { chain });
  return { read, chainId, universalResolver };
}

/**
 * Puts addresses in the place of the names among a command's options, within lists and what else options hold, and says so. Runs before the
 * command does anything.
 * @throws NameServiceError, NameFormError, UnknownNameError, OutsideNameError, OfflineNameError, RpcUnreachableError, ChainsDifferError
 */
export async function resolveNames(io: Io, command: Command): Promise<void> {
  const options = command.opts() as Record<string, unknown> & Partial<NameValues>;
  const names = new Set(Object.values(options).flatMap(namesIn));
  const [first] = names;
  if (first === undefined) return;
  if (options.rpc === undefined) throw new OfflineNameError(first);
  const service = await openNames(options as NameValues);
  const known = new Map<string, Address>();
  for (const name of names) {
    const address = await lookUpName(service, name);
    io.err(`${name} is ${address}.\n`);
    known.set(name, address);
  }
  for (const [option, value] of Object.entries(options))
    if (namesIn(value).length > 0) command.setOptionValue(option, withAddresses(value, known));
}

function namesIn(value: unknown): readonly string[] {
  if (value instanceof EnsName) return [value.name];
  return isPlain(value) ? Object.values(value).flatMap(namesIn) : [];
}

function withAddresses(value: unknown, known: ReadonlyMap<string, Address>): unknown {
  if (value instanceof EnsName) return known.get(value.name);
  if (Array.isArray(value)) return value.map((one) => withAddresses(one, known));
  if (!isPlain(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [key, withAddresses(one, known)]),
  );
}

const isPlain = (value: unknown): value is object =>
  Array.isArray(value) ||
  (typeof value === "object" &&
    value !== null &&
    Object.getPrototypeOf(value) === Object.prototype);

/** Names told one by one. */
const TOLD = 10;

/** For `readWithNames`: looks up what a file holds on the command's chain, and says what each name stands for, and how many for nothing. */
export function lookUpFor(io: Io, values: NameValues) {
  return async (names: readonly string[]): Promise<ReadonlyMap<string, NameAnswer>> => {
    const answers = await lookUpNames(await openNames(values), names);
    const found = [...answers].filter(([, answer]) => typeof answer === "string");
    for (const [name, address] of found.slice(0, TOLD)) io.err(`${name} is ${String(address)}.\n`);
    io.err(
      `Looked up ${count(names.length)} names: ${count(found.length)} stand for an account, ${count(names.length - found.length)} do not.\n`,
    );
    return answers;
  };
}
