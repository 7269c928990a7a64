import { createHash } from "node:crypto";
import type { Contracts } from "../../src/chain/provenance.ts";
import type { Artifacts } from "../../src/proofs/artifacts.ts";
import { trustedContracts } from "../../src/proofs/trusted_contracts.ts";

/**
 * The contracts that the page trusts: what stands in its configuration, and the name and text of the file with the creation code, 43 kB of which
 * would come before the first list of rounds. Its name holds a hash of it, as those of all assets.
 */
export async function siteContracts(artifacts: Artifacts): Promise<{
  readonly config: {
    readonly contracts: Omit<Contracts, "creationCode">;
    readonly creationCode: string;
  };
  readonly text: string;
}> {
  const { creationCode, ...contracts } = await trustedContracts(artifacts);
  const text = JSON.stringify(creationCode);
  const hash = createHash("sha256").update(text).digest("base64url").slice(0, 8);
  return { config: { contracts, creationCode: `assets/creation_code-${hash}.json` }, text };
}
