import { FOLD_SIZES } from "../../src/params.ts";
import { trustedKeys } from "../../src/verify/trusted_keys.ts";
import type { Artifacts } from "../../src/proofs/artifacts.ts";

/** The file of each round size from which the page's verifier takes its verifying keys: name to content. */
export async function trustedKeyFiles(artifacts: Artifacts): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  for (const size of FOLD_SIZES.keys())
    files.set(`keys/${size}.json`, JSON.stringify(await trustedKeys(artifacts, size)));
  return files;
}
