import type { Address, ContractFunctionArgs, Hex } from "viem";
import { parseEventLogs } from "viem";
import type { WriteClient } from "./client.ts";
import { iRoundFactoryAbi } from "./generated/abis.ts";
import { ContractRefusedError, send, simulate } from "./send.ts";

/** A round's settings, as the factory takes them. */
export type RoundSettings = ContractFunctionArgs<
  typeof iRoundFactoryAbi,
  "nonpayable",
  "createRound"
>[0];

export type CreateRequest = {
  readonly factory: Address;
  readonly settings: RoundSettings;
  readonly salt: Hex;
};

const encodeCreation = ({ factory, settings, salt }: CreateRequest) =>
  ({
    address: factory,
    abi: iRoundFactoryAbi,
    functionName: "createRound",
    args: [settings, salt],
  }) as const;

/**
 * Whether the factory would make this round, whose registry need not be there yet. A node that cannot be asked about what is not there says
 * nothing.
 * @throws ContractRefusedError
 */
export async function requireCreatable(
  client: WriteClient,
  request: CreateRequest,
  { hasRegistry = false }: { readonly hasRegistry?: boolean } = {},
): Promise<void> {
  const { registry, end } = request.settings;
  // Answers every view with the round's end, as a new registry tells when it freezes.
  const code: Hex = `0x7f${end.toString(16).padStart(64, "0")}5f5260205ff3`;
  try {
    await simulate(
      client,
      encodeCreation(request),
      hasRegistry ? [] : [{ address: registry, code }],
    );
  } catch (error) {
    if (error instanceof ContractRefusedError) throw error;
  }
}

/** Makes a round; `salt` tells apart rounds with the same settings. */
export async function createRound(client: WriteClient, request: CreateRequest) {
  const receipt = await send(client, encodeCreation(request));
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
