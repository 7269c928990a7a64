import { artifactFiles, CIRCUITS } from "../pipeline/circuits.ts";
import { hashFile } from "../pipeline/hash.ts";
import type { Snapshot } from "./snapshot.ts";

/** SHA-256 of each development verifying key: it changes exactly when the circuit's constraints do. */
export const verifyingKeys: Snapshot = {
  name: "verifying-keys",
  tolerance: 0,
  async measure() {
    const hashes = CIRCUITS.map(
      async ({ name }) => [name, await hashFile(artifactFiles(name).vkey)] as const,
    );
    return Object.fromEntries((await Promise.all(hashes)).toReversed());
  },
};
