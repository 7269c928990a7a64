import { isAddressEqual, zeroAddress, type Address, type TransactionReceipt } from "viem";
import { BOUNDED } from "./bounded.ts";
import { unlessSilent, type ReadClient, type WriteClient } from "./client.ts";
import { projectRegistryAbi } from "./generated/abis.ts";
import { send } from "./send.ts";

/** Who decides about projects in an owner-approved registry (REG-2, REG-4). */
export type Editors = {
  /** 0 once the owner has given it up: then nobody names editors any more. */
  readonly owner: Address;
  /** Those who may approve, add and delist beside the owner until the freeze, in the order in which they were first named. */
  readonly editors: readonly Address[];
  /** All who could ever change projects, from the first owner on; some may not be able to any more. */
  readonly ever: readonly Address[];
};

/**
 * Who may change a registry's projects, and who ever could, by its own state. A registry that knows no editors has its owner alone.
 * @throws what the node throws, and where the registry has no owner either
 */
export async function readEditors(client: ReadClient, registry: Address): Promise<Editors> {
  const at = { address: registry, abi: projectRegistryAbi, ...BOUNDED } as const;
  const [owner, first, later] = await Promise.all([
    client.readContract({ ...at, functionName: "owner" }),
    client.readContract({ ...at, functionName: "firstOwner" }).catch(unlessSilent),
    client.readContract({ ...at, functionName: "everEditors" }).catch(unlessSilent),
  ]);
  const known = later ?? [];
  const may = await Promise.all(
    known.map((account) =>
      client.readContract({ ...at, functionName: "isEditor", args: [account] }),
    ),
  );
  return {
    owner,
    editors: known.filter((_, i) => may[i]),
    ever: [first ?? owner, ...known].filter(
      (one, i, all) => all.findIndex((other) => isAddressEqual(one, other)) === i,
    ),
  };
}

/** Whether an account may approve, add and delist now. */
export const mayEdit = ({ owner, editors }: Editors, account: Address | undefined): boolean =>
  account !== undefined && [owner, ...editors].some((one) => isAddressEqual(one, account));

/** An account that may, to ask the registry with; undefined where nobody may. */
export const anyEditor = ({ owner, editors }: Editors): Address | undefined =>
  [owner, ...editors].find((one) => !isAddressEqual(one, zeroAddress));

/** The owner makes an account an editor, or takes that away; nothing happens where it is so already (REG-4). */
export async function setEditor(
  client: WriteClient,
  {
    registry,
    account,
    may,
  }: { readonly registry: Address; readonly account: Address; readonly may: boolean },
): Promise<TransactionReceipt> {
  return send(client, {
    address: registry,
    abi: projectRegistryAbi,
    functionName: "setEditor",
    args: [account, may],
  });
}
