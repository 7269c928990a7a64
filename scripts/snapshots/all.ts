import { circuits } from "./circuits.ts";
import { exportedNames } from "./exported-names.ts";
import { gas } from "./gas.ts";
import { gateGas } from "./gate_gas.ts";
import { hashes } from "./hashes.ts";
import { page } from "./page.ts";
import { registryGas } from "./registry_gas.ts";
import { sizes } from "./sizes.ts";
import type { Snapshot } from "./snapshot.ts";
import { storage } from "./storage.ts";
import { voteGas } from "./vote_gas.ts";
import { verifyingKeys } from "./verifying-keys.ts";

export const SNAPSHOTS: readonly Snapshot[] = [
  circuits,
  verifyingKeys,
  hashes,
  sizes,
  exportedNames,
  gas,
  gateGas,
  registryGas,
  voteGas,
  storage,
  page,
];
