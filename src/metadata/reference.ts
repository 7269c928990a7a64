import { sha256 } from "@noble/hashes/sha2.js";
import { CID } from "multiformats/cid";
import { create } from "multiformats/hashes/digest";
import { bytesToHex, hexToBytes, type Hex } from "viem";

/** Multicodec numbers: raw bytes, and SHA-256. */
const [RAW, SHA2_256] = [0x55, 0x12];

/** The digest by which a document is found and checked: SHA-256, 32 bytes (META-1). */
export function digestDocument(document: Uint8Array): Hex {
  return bytesToHex(sha256(document));
}

/** A digest as it stands in a registry: `ipfs://` and a CID of version 1 (raw, SHA-256), which other software reads, too (META-2). */
export function toReference(digest: Hex): string {
  return `ipfs://${CID.createV1(RAW, create(SHA2_256, hexToBytes(digest)))}`;
}

/** The digest in a reference. Undefined where the text is something else, such as a project's bare name (META-2). */
export function readReference(text: string): Hex | undefined {
  const cid = /^ipfs:\/\/(b[a-z2-7]{58})$/.exec(text)?.[1];
  if (cid === undefined) return undefined;
  try {
    const { version, code, multihash } = CID.parse(cid);
    if (version !== 1 || code !== RAW || multihash.code !== SHA2_256) return undefined;
    const digest = bytesToHex(multihash.digest);
    // One spelling a digest: no bits behind the last byte.
    return multihash.digest.length === 32 && toReference(digest) === text ? digest : undefined;
  } catch {
    return undefined;
  }
}
