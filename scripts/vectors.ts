import { mkdir, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { join } from "node:path";
import { keyVectors, poseidonVectors } from "./vectors/keys.ts";
import { matchingVectors } from "./vectors/matching.ts";
import { ballotVectors, commandVectors, messageVectors } from "./vectors/messages.ts";
import { roundVectors } from "./vectors/round.ts";

/** Where the vectors lie. */
export const VECTORS = fileURLToPath(new URL("../test/vectors/", import.meta.url));

/** Every file of test/vectors/ as text: integers beyond JSON's as decimal strings, bytes in hex. Nothing random. */
export async function vectorFiles(): Promise<Record<string, string>> {
  const contents = {
    "keys.json": await keyVectors(),
    "poseidon.json": poseidonVectors(),
    "ballots.json": ballotVectors(),
    "commands.json": commandVectors(),
    "messages.json": messageVectors(),
    "round.json": await roundVectors(),
    "matching.json": matchingVectors(),
  };
  return Object.fromEntries(
    Object.entries(contents).map(([name, value]) => [
      name,
      `${JSON.stringify(value, readable, 2)}\n`,
    ]),
  );
}

function readable(_key: string, value: unknown): unknown {
  if (typeof value === "bigint") return value.toString();
  if (value instanceof Uint8Array) return `0x${Buffer.from(value).toString("hex")}`;
  return value;
}

if (process.argv[1] === import.meta.filename) {
  await mkdir(VECTORS, { recursive: true });
  for (const [name, text] of Object.entries(await vectorFiles()))
    await writeFile(join(VECTORS, name), text);
}
