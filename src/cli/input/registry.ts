import { formatEther, type Address } from "viem";
import type { OptimisticSettings } from "../../chain/applications.ts";
import { creationBlock } from "../../chain/creation_block.ts";
import { readEditors, type Editors } from "../../chain/editors.ts";
import { identifyRegistry } from "../../chain/parts.ts";
import { BaseError } from "../../errors.ts";
import type { RoundSession } from "../session.ts";

export class ForeignRegistryError extends BaseError {
  constructor(registry: Address) {
    super(`The registry ${registry} is none of this version's: who decides there is not known.`, {
      fix: "Ask the round's organiser how its projects are chosen. Nothing was sent.",
    });
  }
}

/** A round's registry, of a kind that this version makes. */
export type OpenRegistry =
  | ({ readonly kind: "owned"; readonly freezeTime: bigint } & Editors)
  | { readonly kind: "optimistic"; readonly settings: OptimisticSettings };

/** @throws ForeignRegistryError */
export async function openRegistry({
  read,
  config: { registry },
  contracts,
}: RoundSession): Promise<OpenRegistry> {
  const found = await identifyRegistry(read, registry, contracts);
  if (found.kind === "foreign") throw new ForeignRegistryError(registry);
  const { kind } = found;
  if (kind === "owned")
    return { kind, freezeTime: found.freezeTime, ...(await readEditors(read, registry)) };
  const { kind: _, ...settings } = found;
  return { kind, settings };
}

/** A block at or before the one in which the round's registry was made. */
export const registrySince = async (
  { read, config }: RoundSession,
  fromBlock: bigint | undefined,
): Promise<bigint> => fromBlock ?? creationBlock(read, config.registry, config);

/** An amount of the chain's coin. */
export const showCoin = (wei: bigint): string => `${formatEther(wei)} coin`;
