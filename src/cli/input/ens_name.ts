import type { Command } from "commander";
import { lookUpName } from "../../chain/ens.ts";
import { readChainId, connectRead } from "../../chain/client.ts";
import type { Io } from "../output/io.ts";

/** A name that was given where an address is wanted. */
export class EnsName {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}

/**
 * Puts addresses in the place of the names among a command's options, and says so. Runs before the command does anything.
 * @throws NameServiceError, UnknownNameError
 */
export async function resolveNames(io: Io, command: Command): Promise<void> {
  const named = Object.entries(command.opts() as Record<string, unknown>).filter(
    (entry): entry is [string, EnsName] => entry[1] instanceof EnsName,
  );
  if (named.length === 0) return;
  const { rpc } = command.opts() as { rpc: string };
  const read = connectRead(rpc);
  const chainId = await readChainId(read, rpc);
  for (const [option, { name }] of named) {
    const address = await lookUpName(read, chainId, name);
    io.err(`${name} is ${address}.\n`);
    command.setOptionValue(option, address);
  }
}
