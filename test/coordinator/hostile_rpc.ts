import type { EIP1193Provider } from "viem";
import { serveRpc, type RpcServer } from "../../src/devnet/rpc_server.ts";

type Forward = () => Promise<unknown>;

/** What a node does to a call: answers, forwards and changes the answer, or fails. */
export type Tamper = (
  method: string,
  params: readonly unknown[],
  forward: Forward,
) => Promise<unknown>;

/** An HTTP node in front of a real chain that can be told to misbehave. */
export type HostileRpc = RpcServer & { tamper: Tamper; readonly calls: Map<string, number> };

export const honest: Tamper = (_method, _params, forward) => forward();

export async function serveHostile(provider: EIP1193Provider, port: number): Promise<HostileRpc> {
  const calls = new Map<string, number>();
  const hostile = { tamper: honest, calls };
  const request = async ({ method, params }: { method: string; params?: unknown }) => {
    calls.set(method, (calls.get(method) ?? 0) + 1);
    return hostile.tamper(method, (params ?? []) as unknown[], () =>
      provider.request({ method, params } as never),
    );
  };
  const server = await serveRpc({ request } as never, port);
  return Object.assign(hostile, server);
}

/** Every so-many-th call fails. */
export function failing(every: number): Tamper {
  let count = 0;
  return (_method, _params, forward) => {
    if (++count % every === 0)
      throw Object.assign(new Error("upstream connect error"), { code: -32603 });
    return forward();
  };
}

/** Leaves out all logs of an answer beyond the first `limit`, without a word. */
export const truncating =
  (limit: number): Tamper =>
  async (method, _params, forward) => {
    const answer = await forward();
    return method === "eth_getLogs" ? (answer as unknown[]).slice(0, limit) : answer;
  };

/** Refuses logs of more than so many blocks. */
export const narrow =
  (blocks: number): Tamper =>
  async (method, params, forward) => {
    const { fromBlock, toBlock } = (params[0] ?? {}) as { fromBlock?: string; toBlock?: string };
    if (method === "eth_getLogs" && Number(toBlock) - Number(fromBlock) >= blocks)
      throw Object.assign(new Error("query returned more than 10000 results"), { code: -32005 });
    return forward();
  };

/** Gives logs backwards and one of them twice. */
export const reordering: Tamper = async (method, _params, forward) => {
  const answer = await forward();
  return method === "eth_getLogs"
    ? [...(answer as unknown[]), ...(answer as unknown[]).slice(0, 1)].reverse()
    : answer;
};

/** Knows nothing of the last `blocks` blocks. */
export const lagging =
  (blocks: number): Tamper =>
  async (method, _params, forward) => {
    const answer = await forward();
    if (method === "eth_blockNumber")
      return `0x${Math.max(0, Number(answer) - blocks).toString(16)}`;
    return answer;
  };
