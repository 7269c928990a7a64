import { parseEventLogs, type Address, type Hex } from "viem";
import { decodeProjectDocument, decodeRoundDocument } from "../metadata/documents.ts";
import { readReference, toReference } from "../metadata/reference.ts";
import type { ReadClient } from "./client.ts";
import { readDocuments } from "./documents.ts";
import { iOptimisticRegistryAbi, iOwnedRegistryAbi } from "./generated/abis.ts";
import { readAllLogs } from "./logs.ts";
import type { RoundConfig } from "./provenance.ts";

/** Digests of the pictures that the documents of a round, of its projects and of the applications to its registry name (META-5). */
export async function readPictureDigests(
  client: ReadClient,
  { registry, salt }: Pick<RoundConfig, "registry" | "salt">,
  { documents, fromBlock }: { readonly documents: Address; readonly fromBlock: bigint },
): Promise<ReadonlySet<Hex>> {
  const logs = await readAllLogs(client, registry, fromBlock);
  const owned = parseEventLogs({ abi: iOwnedRegistryAbi, logs }).flatMap(({ args }) =>
    "metadataURI" in args ? [args.metadataURI] : [],
  );
  const applied = parseEventLogs({ abi: iOptimisticRegistryAbi, logs, eventName: "Applied" }).map(
    ({ args }) => toReference(args.digest),
  );
  const projects = [...owned, ...applied].flatMap((text) => readReference(text) ?? []);
  const found = await readDocuments(client, documents, {
    digests: [salt, ...projects],
    fromBlock,
  });
  const images = [...found].flatMap(
    ([digest, bytes]) =>
      imageOf(bytes, digest === salt ? decodeRoundDocument : decodeProjectDocument) ?? [],
  );
  return new Set(images);
}

function imageOf(
  bytes: Uint8Array,
  decode: (bytes: Uint8Array) => { readonly image?: string },
): Hex | undefined {
  try {
    return readReference(decode(bytes).image ?? "");
  } catch {
    return undefined; // no document: it names no picture
  }
}
