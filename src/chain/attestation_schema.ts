import { parseAbi, zeroHash, type Address, type Hex } from "viem";
import { BOUNDED } from "./bounded.ts";
import { unlessSilent, type ReadClient } from "./client.ts";

const serviceAbi = parseAbi([
  "function getSchemaRegistry() view returns (address)",
  "function getSchema(bytes32 uid) view returns ((bytes32 uid, address resolver, bool revocable, string schema))",
]);

/**
 * What attestations of a schema hold, such as "bytes32 person, bool isMember", in the words of an Ethereum Attestation Service (GATE-13):
 * "unknown" for a schema that it does not have, undefined for what is no such service.
 */
export async function readAttestationSchema(
  client: ReadClient,
  service: Address,
  schema: Hex,
): Promise<{ readonly text: string } | "unknown" | undefined> {
  const at = { abi: serviceAbi, ...BOUNDED } as const;
  const registry = await client
    .readContract({ ...at, address: service, functionName: "getSchemaRegistry" })
    .catch(unlessSilent);
  if (registry === undefined) return undefined;
  const found = await client
    .readContract({ ...at, address: registry, functionName: "getSchema", args: [schema] })
    .catch(unlessSilent);
  if (found === undefined) return undefined;
  return found.uid === zeroHash ? "unknown" : { text: found.schema };
}
