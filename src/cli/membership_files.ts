import { createRequire } from "node:module";
import { GROUP_DEPTH } from "../protocol/membership.ts";
import { loadOptional } from "../installation.ts";
import type { MembershipFiles } from "../proofs/membership.ts";

const PACKAGE = "@zk-kit/semaphore-artifacts";

/** The files that a proof of membership takes: Semaphore's, from the package that they come in. @throws MissingPackageError */
export async function membershipFiles(): Promise<MembershipFiles> {
  const find = (kind: "wasm" | "zkey") =>
    loadOptional("Proving membership of a group", PACKAGE, () =>
      createRequire(import.meta.url).resolve(`${PACKAGE}/semaphore-${GROUP_DEPTH}.${kind}`),
    );
  return { wasm: await find("wasm"), zkey: await find("zkey") };
}
