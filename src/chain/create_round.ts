import type { Address, ContractFunctionArgs, Hex } from "viem";
import { parseEventLogs } from "viem";
import type { WriteClient } from "./client.ts";
import { iRoundFactoryAbi } from "./generated/abis.ts";
import { send } from "./send.ts";

/** A round's settings, as the factory takes them. */
export type RoundSettings = ContractFunctionArgs<
  typeof iRoundFactoryAbi,
  "nonpayable",
  "createRound"
>[0];

/** Makes a round; `salt` tells apart rounds with the same settings. */
export async function createRound(
  client: WriteClient,
  {
    factory,
    settings,
    salt,
  }: { readonly factory: Address; readonly settings: RoundSettings; readonly salt: Hex },
) {
  const receipt = await send(client, {
    address: factory,
    abi: iRoundFactoryAbi,
    functionName: "createRound",
    args: [settings, salt],
  });
  const [event] = parseEventLogs({
    abi: iRoundFactoryAbi,
    eventName: "RoundCreated",
    logs: receipt.logs,
  });
  return { receipt, round: event?.args.round as Address };
}

/** Makes a registry in which `owner` approves projects until `freezeTime`, in seconds (REG-2). */
export async function createRegistry(
  client: WriteClient,
  {
    factory,
    owner,
    freezeTime,
  }: { readonly factory: Address; readonly owner: Address; readonly freezeTime: bigint },
) {
  const receipt = await send(client, {
    address: factory,
    abi: iRoundFactoryAbi,
    functionName: "createRegistry",
    args: [owner, freezeTime],
  });
  const [event] = parseEventLogs({
    abi: iRoundFactoryAbi,
    eventName: "RegistryCreated",
    logs: receipt.logs,
  });
  return { receipt, registry: event?.args.registry as Address };
}
