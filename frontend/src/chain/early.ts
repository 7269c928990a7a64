import type { Address, Hex, RpcLog } from "viem";
import type { SiteConfig } from "../config/site.ts";

/** By chain; for a round's code by chain and address. */
const asked = new Map<string, Promise<readonly unknown[] | undefined>>();

/** Asks each chain's first node for the rounds while the program that can read the answer is still on its way: one wait less on a slow line. */
export function askForRounds({ chains }: SiteConfig): void {
  for (const { id, rpc, fromBlock, contracts } of chains) {
    const filter = {
      address: contracts.factory,
      fromBlock: `0x${fromBlock.toString(16)}`,
      toBlock: "latest",
    };
    ask(String(id), rpc[0] as string, [{ method: "eth_getLogs", params: [filter] }]);
  }
}

/** The same for a round that is opened at its own address: for what is fixed about it. */
export function askForRound(
  { chains }: SiteConfig,
  { chainId, round }: { readonly chainId: number; readonly round: string },
): void {
  const chain = chains.find(({ id }) => id === chainId);
  if (chain === undefined) return;
  ask(roundKey(chainId, round), chain.rpc[0] as string, [
    { method: "eth_chainId", params: [] },
    { method: "eth_getCode", params: [round, "latest"] },
  ]);
}

const roundKey = (chainId: number, round: string) => `${chainId} ${round.toLowerCase()}`;

function ask(
  key: string,
  node: string,
  questions: readonly { readonly method: string; readonly params: readonly unknown[] }[],
): void {
  const told = questions.map((question, id) => ({ jsonrpc: "2.0", id, ...question }));
  asked.set(
    key,
    send(node, told.length === 1 ? told[0] : told).then(
      (answer) => {
        const answers = [answer].flat() as readonly { id?: number; result?: unknown }[];
        const results = told.map(({ id }) => answers.find((one) => one?.id === id)?.result);
        return results.includes(undefined) ? undefined : results;
      },
      () => undefined,
    ),
  );
}

async function send(node: string, body: unknown): Promise<unknown> {
  const response = await fetch(new URL(node, location.href), {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  return response.json();
}

/** An answer, once: later questions are asked anew. Undefined where none was asked for, or the node gave none. */
async function take(key: string): Promise<readonly unknown[] | undefined> {
  const answer = asked.get(key);
  asked.delete(key);
  return answer;
}

export async function takeRounds(chainId: number): Promise<readonly RpcLog[] | undefined> {
  const [logs] = (await take(String(chainId))) ?? [];
  return Array.isArray(logs) ? logs : undefined;
}

/** The number that the node says its chain has, and the code at the round's address. */
export async function takeRound(
  chainId: number,
  round: Address,
): Promise<{ readonly chainId: number; readonly code: Hex } | undefined> {
  const [id, code] = (await take(roundKey(chainId, round))) ?? [];
  return typeof code === "string" && code.length > 2 && Number.isSafeInteger(Number(id))
    ? { chainId: Number(id), code: code as Hex }
    : undefined;
}
