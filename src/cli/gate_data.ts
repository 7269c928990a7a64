import type { Hex } from "viem";
import { readGateData } from "../chain/gate.ts";
import { parseAllowList, requireListed } from "../donor/allow_list.ts";
import { readText } from "./input/text_file.ts";
import type { RoundSession } from "./session.ts";
import type { WriteClient } from "../chain/client.ts";

/** What the sending account gives the round's gate: as it was told to, or what the gate's checkers want. @throws NotOnAllowListError, CsvError */
export async function findGateData(
  { client, read, round, config }: RoundSession & { readonly client: WriteClient },
  { allowList, gateData }: { readonly allowList?: string; readonly gateData: Hex },
  credits: bigint,
): Promise<Hex> {
  if (allowList === undefined && gateData !== "0x") return gateData;
  const payer = client.wallet.account.address;
  const entries =
    allowList === undefined ? undefined : parseAllowList(await readText(allowList), allowList);
  if (entries !== undefined) requireListed(entries, payer, allowList as string);
  return readGateData(read, config.gate, {
    round,
    payer,
    tag: 0n,
    credits,
    ...(entries === undefined ? {} : { allowList: entries }),
  });
}
