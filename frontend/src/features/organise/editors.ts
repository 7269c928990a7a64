import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useConfig } from "wagmi";
import { isAddressEqual, type Address } from "viem";
import { mayEdit, readEditors, setEditor, type Editors } from "../../../../src/index.ts";
import { readClient } from "../../chain/read_client.ts";
import type { RoundView } from "../../chain/round_view.ts";
import { writeClient } from "../../chain/writes.ts";
import { useAction } from "../../ui/use_action.ts";

/** Who may change the round's projects (REG-4); undefined until it is known, and where the registry has no owner. */
export function useEditors({ facts }: Pick<RoundView, "facts">): Editors | undefined {
  const config = useConfig();
  const { registry } = facts.settings;
  return useQuery({
    queryKey: ["editors", facts.chainId, registry],
    enabled: facts.parts.registry.kind !== "optimistic",
    refetchInterval: 15_000,
    queryFn: () => readEditors(readClient(config, facts.chainId), registry),
  }).data;
}

/** Sends the owner's word about an account. */
export function useSetEditor({ facts }: Pick<RoundView, "facts">, owner: Address | undefined) {
  const config = useConfig();
  const queries = useQueryClient();
  const { registry } = facts.settings;
  return useAction(async (account: Address, may: boolean) => {
    const client = await writeClient(config, facts.chainId, owner as Address);
    await setEditor(client, { registry, account, may });
    await queries.invalidateQueries({ queryKey: ["editors", facts.chainId, registry] });
  });
}

export type Role = "owner" | "editor" | "earlier" | "none";

/** What an account is to a list of projects; `earlier`: it could change the list, and cannot any more. */
export function roleOf(editors: Editors, account: Address | undefined): Role {
  if (account === undefined) return "none";
  if (isAddressEqual(account, editors.owner)) return "owner";
  if (mayEdit(editors, account)) return "editor";
  return editors.ever.some((one) => isAddressEqual(one, account)) ? "earlier" : "none";
}

/** When the list is fixed; undefined where nobody edits it. */
export const fixedAt = ({ parts }: RoundView["facts"]): bigint | undefined =>
  parts.registry.kind === "owned" ? parts.registry.freezeTime : undefined;

/** Whether the list can still be changed, and anybody would want to. */
export function isListOpen({ facts, stage, now }: RoundView): boolean {
  const time = fixedAt(facts);
  return time !== undefined && now < Number(time) && (stage === "open" || stage === "upcoming");
}
