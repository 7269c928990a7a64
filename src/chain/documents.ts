import { bytesToHex, getAbiItem, hexToBytes, parseEventLogs, type Address, type Hex } from "viem";
import {
  decodeProjectDocument,
  decodeRoundDocument,
  type ProjectDocument,
  type RoundDocument,
} from "../metadata/documents.ts";
import { digestDocument, readReference } from "../metadata/reference.ts";
import type { ReadClient, WriteClient } from "./client.ts";
import { iDocumentsAbi } from "./generated/abis.ts";
import { readAllLogs } from "./logs.ts";
import { send } from "./send.ts";

/** Bytes of documents in one transaction: calldata of at most 40 gas a byte (EIP-7623) stays below 3 M gas. */
const BYTES_A_CALL = 60_000;
/** Digests in one question to a node: some take no more topics. */
const DIGESTS_A_QUESTION = 100;

const PUBLISHED = getAbiItem({ abi: iDocumentsAbi, name: "Published" });

/** Publishes documents on the board, in as few transactions as their lengths allow (META-1). Whoever repeats it pays again, and changes nothing. `onPublished` hears how many are, after each transaction. */
export async function publishDocuments(
  client: WriteClient,
  board: Address,
  documents: readonly Uint8Array[],
  onPublished?: (published: number) => void,
): Promise<void> {
  for (let done = 0; done < documents.length; ) {
    let [end, bytes] = [done, 0];
    while (
      end < documents.length &&
      (end === done || bytes + documents[end]!.length <= BYTES_A_CALL)
    )
      bytes += documents[end++]!.length;
    await send(client, {
      address: board,
      abi: iDocumentsAbi,
      functionName: "publish",
      args: [documents.slice(done, end).map((document) => bytesToHex(document))],
    });
    done = end;
    onPublished?.(done);
  }
}

/**
 * Documents by their digests, each hashed again: a node can hold one back, and cannot change it (META-1). What nobody has published
 * since `fromBlock` is missing from the map.
 */
export async function readDocuments(
  client: ReadClient,
  board: Address,
  { digests, fromBlock }: { readonly digests: readonly Hex[]; readonly fromBlock: bigint },
): Promise<ReadonlyMap<Hex, Uint8Array>> {
  const found = new Map<Hex, Uint8Array>();
  const wanted = new Set(digests);
  const ask = async (some: readonly Hex[]) => {
    const logs = await readAllLogs(client, board, fromBlock, {
      event: PUBLISHED,
      args: { digest: some },
    });
    for (const { args } of parseEventLogs({ abi: iDocumentsAbi, logs })) {
      const document = hexToBytes(args.document);
      const digest = digestDocument(document);
      if (wanted.has(digest)) found.set(digest, document);
    }
  };
  const [first, ...others] = Array.from(
    { length: Math.ceil(wanted.size / DIGESTS_A_QUESTION) },
    (_, i) => [...wanted].slice(i * DIGESTS_A_QUESTION, (i + 1) * DIGESTS_A_QUESTION),
  );
  // The first tells how much the node gives at once; the others go together, for each wait is one way to the node and back.
  if (first !== undefined) await ask(first);
  await Promise.all(others.map(ask));
  return found;
}

/** A round's document, which its own address commits to by its salt (META-4). */
export async function readRoundDocument(
  client: ReadClient,
  board: Address,
  { salt, fromBlock }: { readonly salt: Hex; readonly fromBlock: bigint },
): Promise<RoundDocument | undefined> {
  const found = await readDocuments(client, board, { digests: [salt], fromBlock });
  return decodeOr(found.get(salt), decodeRoundDocument);
}

/** Documents of projects by the references in their registry (META-2); a reference without a readable document is missing. */
export async function readProjectDocuments(
  client: ReadClient,
  board: Address,
  { references, fromBlock }: { readonly references: readonly string[]; readonly fromBlock: bigint },
): Promise<ReadonlyMap<string, ProjectDocument>> {
  const digests = new Map(
    references.flatMap((reference) => {
      const digest = readReference(reference);
      return digest === undefined ? [] : [[reference, digest] as const];
    }),
  );
  const found = await readDocuments(client, board, { digests: [...digests.values()], fromBlock });
  return new Map(
    [...digests].flatMap(([reference, digest]) => {
      const document = decodeOr(found.get(digest), decodeProjectDocument);
      return document === undefined ? [] : [[reference, document] as const];
    }),
  );
}

/** Anybody may have published anything: what cannot be read describes nothing, and harms nothing else. */
function decodeOr<T>(
  bytes: Uint8Array | undefined,
  decode: (bytes: Uint8Array) => T,
): T | undefined {
  if (bytes === undefined) return undefined;
  try {
    return decode(bytes);
  } catch {
    return undefined;
  }
}
