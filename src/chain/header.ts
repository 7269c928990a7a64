import { numberToHex, toRlp, type Hex, type RpcBlock } from "viem";
import type { ReadClient } from "./client.ts";

/** The header of a block in RLP, whose hash is the block's (EIP-1559, 4895, 4844, 4788, 7685). */
export async function readHeader(read: ReadClient, number: bigint): Promise<Hex> {
  const block = (await read.request({
    method: "eth_getBlockByNumber",
    params: [numberToHex(number), false],
  })) as RpcBlock & Readonly<Record<string, Hex | undefined>>;
  const integer = (value: Hex | null | undefined): Hex => {
    const digits = (value ?? "0x").slice(2).replace(/^0+/, "");
    return digits === "" ? "0x" : `0x${digits.length % 2 === 0 ? "" : "0"}${digits}`;
  };
  const fields: (Hex | undefined)[] = [
    block.parentHash,
    block.sha3Uncles,
    block.miner,
    block.stateRoot,
    block.transactionsRoot,
    block.receiptsRoot,
    block.logsBloom as Hex,
    integer(block.difficulty),
    integer(block.number),
    integer(block.gasLimit),
    integer(block.gasUsed),
    integer(block.timestamp),
    block.extraData,
    block.mixHash,
    block.nonce as Hex,
    block.baseFeePerGas === null ? undefined : integer(block.baseFeePerGas),
    block.withdrawalsRoot,
    block["blobGasUsed"] === undefined ? undefined : integer(block["blobGasUsed"]),
    block["excessBlobGas"] === undefined ? undefined : integer(block["excessBlobGas"]),
    block["parentBeaconBlockRoot"],
    block["requestsHash"],
  ];
  return toRlp(fields.filter((field) => field !== undefined));
}
