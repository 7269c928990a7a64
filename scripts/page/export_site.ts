import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { BaseError } from "../../src/errors.ts";
import { requireKeysFor, type Artifacts } from "../../src/proofs/artifacts.ts";
import { trustedContracts } from "../../src/proofs/trusted_contracts.ts";
import { PAGE_FOLDER } from "./build_page.ts";
import { contentSecurityPolicy } from "./policy.ts";
import { trustedKeyFiles } from "./trusted_keys.ts";

export class SiteConfigError extends BaseError {
  constructor(file: string, why: string, cause?: unknown) {
    super(`${file} is not a site configuration: ${why}.`, { fix: "See docs/PAGE.md for its form.", cause });
  }
}

type Chain = { readonly id: number; readonly rpc: readonly string[]; readonly relay?: string };

/**
 * Writes the page as a folder for any static file server: its files, `config.json` with the contracts that it trusts, its verifying keys, and in
 * `index.html` a policy that allows the configured nodes and relays and nothing else.
 * Nothing is written where it throws. @throws SiteConfigError, DevelopmentKeysError, MissingArtifactsError, ForeignArtifactsError
 */
export async function exportSite({ configFile, out, artifacts }: { readonly configFile: string; readonly out: string; readonly artifacts: Artifacts }): Promise<void> {
  const { config, chains } = await readConfig(configFile);
  for (const { id } of chains) requireKeysFor(artifacts, id);
  const [contracts, keys] = [await trustedContracts(artifacts), await trustedKeyFiles(artifacts)];
  await rm(out, { recursive: true, force: true });
  await cp(PAGE_FOLDER, out, { recursive: true });
  const addresses = chains.flatMap(({ rpc, relay }) => [...rpc, ...(relay === undefined ? [] : [relay])]);
  const policy = `<meta http-equiv="content-security-policy" content="${contentSecurityPolicy(addresses)}" />`;
  const page = path.join(out, "index.html");
  await writeFile(page, (await readFile(page, "utf8")).replace(/<meta charset="utf-8" ?\/?>/i, (charset) => `${charset}\n    ${policy}`));
  await writeFile(path.join(out, "config.json"), JSON.stringify({ ...config, contracts }));
  for (const [name, content] of keys) {
    await mkdir(path.dirname(path.join(out, name)), { recursive: true });
    await writeFile(path.join(out, name), content);
  }
}

async function readConfig(file: string): Promise<{ readonly config: object; readonly chains: readonly Chain[] }> {
  let content: unknown;
  try {
    content = JSON.parse(await readFile(file, "utf8"));
  } catch (cause) {
    throw new SiteConfigError(file, "it cannot be read as JSON", cause);
  }
  const { chains, sandbox } = (content ?? {}) as { chains?: unknown; sandbox?: unknown };
  if (!Array.isArray(chains) || chains.length === 0) throw new SiteConfigError(file, "it names no chains");
  if (sandbox !== undefined) throw new SiteConfigError(file, "a sandbox has no place on a site for others");
  for (const { id, name, rpc, fromBlock } of chains as Record<string, unknown>[]) {
    if (!Number.isSafeInteger(id) || typeof name !== "string") throw new SiteConfigError(file, "a chain needs a number as id, and a name");
    if (!Array.isArray(rpc) || rpc.length === 0 || !rpc.every((url) => typeof url === "string")) throw new SiteConfigError(file, `chain ${String(id)} needs a list of rpc addresses`);
    if (!Number.isSafeInteger(fromBlock)) throw new SiteConfigError(file, `chain ${String(id)} needs fromBlock, a block before the factory was deployed`);
  }
  return { config: content as object, chains: chains as readonly Chain[] };
}
