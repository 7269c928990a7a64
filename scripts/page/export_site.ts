import { cp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { BaseError } from "../../src/errors.ts";
import { requireKeysFor, type Artifacts } from "../../src/proofs/artifacts.ts";
import { trustedContracts } from "../../src/proofs/trusted_contracts.ts";
import { PAGE_FOLDER } from "./build_page.ts";
import { contentSecurityPolicy, securityHeaders } from "./policy.ts";
import { trustedKeyFiles } from "./trusted_keys.ts";

export class SiteConfigError extends BaseError {
  constructor(file: string, why: string, cause?: unknown) {
    super(`${file} is not a site configuration: ${why}.`, {
      fix: "See docs/PAGE.md for its form.",
      cause,
    });
  }
}

export class ForeignFolderError extends BaseError {
  constructor(folder: string, cause?: unknown) {
    super(`${folder} holds something that was not made by this command. Nothing was changed.`, {
      fix: "Give a folder that is not there yet, is empty, or holds an earlier export: it is replaced as a whole.",
      cause,
    });
  }
}

/** Lies in every folder that was made here. */
const MARK = ".tacit-site";

type Chain = { readonly id: number; readonly rpc: readonly string[]; readonly relay?: string };

/**
 * Writes the page as a folder for any static file server: its files, `config.json` with the contracts that it trusts, its verifying keys, and in
 * `index.html` a policy that allows the configured nodes and relays and nothing else.
 * Nothing is written where it throws. @throws SiteConfigError, DevelopmentKeysError, ForeignFolderError, MissingArtifactsError, ForeignArtifactsError
 */
export async function exportSite({
  configFile,
  out,
  artifacts,
}: {
  readonly configFile: string;
  readonly out: string;
  readonly artifacts: Artifacts;
}): Promise<void> {
  const { config, chains } = await readConfig(configFile);
  for (const { id } of chains) requireKeysFor(artifacts, id);
  const [contracts, keys] = [await trustedContracts(artifacts), await trustedKeyFiles(artifacts)];
  await requireOwn(out);
  await rm(out, { recursive: true, force: true });
  await cp(PAGE_FOLDER, out, { recursive: true });
  await writeFile(
    path.join(out, MARK),
    "Made by npm run site, which replaces this whole folder.\n",
  );
  const addresses = chains.flatMap(({ rpc, relay }) => [
    ...rpc,
    ...(relay === undefined ? [] : [relay]),
  ]);
  const policy = `<meta http-equiv="content-security-policy" content="${contentSecurityPolicy(addresses)}" />`;
  // For servers that read such a file; others are to be told (docs/PAGE.md). Framing can be forbidden by a header only.
  await writeFile(
    path.join(out, "_headers"),
    `/*\n${Object.entries(securityHeaders(addresses))
      .map(([name, value]) => `  ${name}: ${value}\n`)
      .join("")}`,
  );
  const page = path.join(out, "index.html");
  await writeFile(
    page,
    (await readFile(page, "utf8")).replace(
      /<meta charset="utf-8" ?\/?>/i,
      (charset) => `${charset}\n    ${policy}`,
    ),
  );
  await writeFile(path.join(out, "config.json"), JSON.stringify({ ...config, contracts }));
  for (const [name, content] of keys) {
    await mkdir(path.dirname(path.join(out, name)), { recursive: true });
    await writeFile(path.join(out, name), content);
  }
}

/** @throws ForeignFolderError where something lies there that this did not make */
async function requireOwn(out: string): Promise<void> {
  const found: readonly string[] = await readdir(out).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw new ForeignFolderError(out, error);
  });
  if (found.length > 0 && !found.includes(MARK)) throw new ForeignFolderError(out);
}

async function readConfig(
  file: string,
): Promise<{ readonly config: object; readonly chains: readonly Chain[] }> {
  let content: unknown;
  try {
    content = JSON.parse(await readFile(file, "utf8"));
  } catch (cause) {
    throw new SiteConfigError(file, "it cannot be read as JSON", cause);
  }
  const { chains, sandbox } = (content ?? {}) as { chains?: unknown; sandbox?: unknown };
  if (!Array.isArray(chains) || chains.length === 0)
    throw new SiteConfigError(file, "it names no chains");
  if (sandbox !== undefined)
    throw new SiteConfigError(file, "a sandbox has no place on a site for others");
  for (const { id, name, rpc, fromBlock } of chains as Record<string, unknown>[]) {
    if (!Number.isSafeInteger(id) || typeof name !== "string")
      throw new SiteConfigError(file, "a chain needs a number as id, and a name");
    if (!Array.isArray(rpc) || rpc.length === 0 || !rpc.every((url) => typeof url === "string"))
      throw new SiteConfigError(file, `chain ${String(id)} needs a list of rpc addresses`);
    if (!Number.isSafeInteger(fromBlock))
      throw new SiteConfigError(
        file,
        `chain ${String(id)} needs fromBlock, a block before the factory was deployed`,
      );
  }
  return { config: content as object, chains: chains as readonly Chain[] };
}
