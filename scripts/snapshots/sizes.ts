import { readFile } from "node:fs/promises";
import { ARTIFACTS } from "../compile-contracts.ts";
import { filesBelow } from "../pipeline/imports.ts";
import { toRelative } from "../pipeline/paths.ts";
import type { Snapshot } from "./snapshot.ts";

/** EIP-170: bytes of code that a contract may have. */
export const CODE_LIMIT = 24_576;

type Artifact = { contractName: string; deployedBytecode: string };

/** Neither is deployed in a real round: libraries are compiled into their users. */
const NOT_DEPLOYED = /\/(mocks|libraries)\//;

/** Bytes of deployed code of every contract of the product. */
export async function codeSizes(): Promise<Record<string, number>> {
  const files = await filesBelow(`${ARTIFACTS}/contracts`, ".json");
  const product = files.filter((file) => !NOT_DEPLOYED.test(toRelative(file)));
  const artifacts = await Promise.all(
    product.map(async (file) => JSON.parse(await readFile(file, "utf8")) as Artifact),
  );
  const sizes = artifacts.map(
    ({ contractName, deployedBytecode }) =>
      [contractName, (deployedBytecode.length - 2) / 2] as const,
  );
  return Object.fromEntries(
    sizes.filter(([, size]) => size > 0).sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

export const sizes: Snapshot = { name: "sizes", measure: codeSizes, tolerance: 0 };
