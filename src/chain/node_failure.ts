import { BaseError as ViemError, RpcError } from "viem";
import { BaseError } from "../errors.ts";
import { isTransport, RpcUnreachableError } from "./client.ts";

/** A node that answers, and does not do what it is asked for. */
export class NodeRefusedError extends BaseError {
  constructor(words: string, fix: string) {
    super(`The RPC refuses: ${words}`, { fix });
  }
}

/** What a node lacks, by the words of those that do. */
const LACKS: readonly (readonly [RegExp, string])[] = [
  [
    /missing trie node|state (is )?not available|state .*(pruned|discarded)|header not found|historical state|archive|distance to target block exceeds/i,
    "It keeps no state as old as that: use the RPC of an archive node, or give --from-block with a block before the round's creation.",
  ],
  [
    /(block |log )?range|too many (results|blocks|logs)|more than \d+ (results|logs)|query timeout|limit exceeded/i,
    "It limits how many logs it gives: try again, or use another RPC URL.",
  ],
  [
    /rate limit|too many requests|429|capacity|quota/i,
    "It is asked too often: wait a little and repeat the command, or give several URLs with --rpc.",
  ],
  [
    /finalized|safe block/i,
    "It does not say which blocks are final: give --finality with a number of blocks where the command has it, or use another RPC URL.",
  ],
  [
    /method .*(not found|not supported|not available|does not exist)|unsupported method/i,
    "It lacks a method that is needed: use another RPC URL.",
  ],
];

/** A node's failure in words of ours and its own; undefined for what is none. */
export function describeNodeFailure(error: unknown): BaseError | undefined {
  if (isTransport(error)) return new RpcUnreachableError("the given address", error);
  if (!(error instanceof ViemError)) return undefined;
  const rpc = error.walk((one) => one instanceof RpcError) as RpcError | null;
  if (rpc === null) return undefined;
  const words = rpc.details || rpc.shortMessage;
  const fix = LACKS.find(([pattern]) => pattern.test(words))?.[1];
  return new NodeRefusedError(words, fix ?? "Repeat the command later, or use another RPC URL.");
}
