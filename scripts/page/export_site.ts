import { cp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { isAddress, type Address } from "viem";
import { BaseError } from "../../src/errors.ts";
import { readPictureFile, type PictureFile } from "../../src/cli/input/picture_file.ts";
import { MAX_PROJECTS } from "../../src/params.ts";
import { readReference, toReference } from "../../src/metadata/reference.ts";
import { requireKeysFor, type Artifacts } from "../../src/proofs/artifacts.ts";
import { FileReadError } from "../../src/cli/input/text_file.ts";
import { readAddress } from "../../src/readers/address.ts";
import { PAGE_FOLDER } from "./build_page.ts";
import { filesBelow } from "../pipeline/imports.ts";
import { contentSecurityPolicy, DOCUMENTS, headersFile } from "./policy.ts";
import { makeSharePages, SHARE, SHARE_POLICY, type SharedRound } from "./share_pages.ts";
import { writeSums } from "./site_hash.ts";
import { siteContracts } from "./site_contracts.ts";
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

/** Pictures among the site's files, by their digests (META-5). */
const CONTENT = "content";

/** Lies in every folder that was made here. */
const MARK = ".tacit-site";

/** The relay that wallets know, unless the configuration names another. */
const WALLET_RELAY = "wss://relay.walletconnect.org";

type WalletConnect = { readonly projectId: string; readonly relay: string };
type Logo = { readonly token: string; readonly image: string };
type Chain = {
  readonly id: number;
  readonly rpc: readonly string[];
  readonly fromBlock: number;
  readonly relay?: string;
  readonly logos?: readonly Logo[];
};
type Shared = {
  readonly chain: Chain;
  readonly round: Address;
  readonly projects: number | undefined;
};

/**
 * Writes the page as a folder for any static file server: its files, `config.json` with the contracts that it trusts, its verifying keys, and in
 * each document its policy: the page's allows the configured nodes and relays, that for wallets if there is one, and nothing else. Rounds that it is to
 * share have pages of their own. Returns the hash of all its files, the same wherever the same sources, keys and configuration are exported. Nothing is
 * written where it throws.
 * @throws SiteConfigError, DevelopmentKeysError, ForeignFolderError, MissingArtifactsError, ForeignArtifactsError, and what `makeSharePages` throws
 */
export async function exportSite({
  configFile,
  out,
  artifacts,
  content,
  onShared = () => undefined,
}: {
  readonly configFile: string;
  readonly out: string;
  readonly artifacts: Artifacts;
  /** A folder with pictures, whatever their names. */
  readonly content?: string | undefined;
  /** Hears what the pages of a shared round hold. */
  readonly onShared?: (told: string) => void;
}): Promise<string> {
  const {
    config,
    chains,
    content: elsewhere,
    walletConnect,
    address,
    shared,
  } = await readConfig(configFile);
  const pictures = content === undefined ? [] : await readPictures(content);
  for (const { id } of chains) requireKeysFor(artifacts, id);
  const named = chains.map((chain) => withLogos(configFile, chain, pictures));
  const [contracts, keys] = [await siteContracts(artifacts), await trustedKeyFiles(artifacts)];
  const byDigest = new Map(pictures.map(({ digest, bytes }) => [digest, bytes]));
  const sharing: { entry: SharedRound; files: ReadonlyMap<string, string | Uint8Array> }[] = [];
  for (const { chain, ...one } of shared) {
    const made = await makeSharePages({
      ...{ chain, shared: one, contracts: contracts.config.contracts },
      ...{ site: address, pictures: byDigest },
    });
    const { entry, described, pictured } = made;
    onShared(
      `Round ${entry.round}: ${entry.projects + 1} pages to be shared, ${described} with words, ${pictured} with a picture.`,
    );
    sharing.push(made);
  }
  await requireOwn(out);
  await rm(out, { recursive: true, force: true });
  await cp(PAGE_FOLDER, out, { recursive: true });
  await writeFile(
    path.join(out, MARK),
    "Made by npm run site, which replaces this whole folder.\n",
  );
  const connect = [
    ...chains.flatMap(({ rpc, relay }) => [...rpc, ...(relay === undefined ? [] : [relay])]),
    ...elsewhere,
  ];
  const connections = { connect, walletRelay: walletConnect?.relay };
  const files = (await filesBelow(out, "")).map((file) =>
    path.relative(out, file).split(path.sep).join("/"),
  );
  // For servers that read such a file; others are to be told (docs/PAGE.md). Framing can be forbidden by a header only.
  await writeFile(
    path.join(out, "_headers"),
    `${headersFile(files, connections)}/${CONTENT}/*\n  content-security-policy: ${contentSecurityPolicy("")}\n  cache-control: public, max-age=31536000, immutable\n${sharing.length === 0 ? "" : `/${SHARE}/*\n  content-security-policy: ${SHARE_POLICY}; frame-ancestors 'none'\n`}`,
  );
  for (const name of DOCUMENTS) {
    const file = path.join(out, name);
    const policy = `<meta http-equiv="content-security-policy" content="${contentSecurityPolicy(name, connections)}" />`;
    await writeFile(
      file,
      (await readFile(file, "utf8")).replace(
        /<meta charset="utf-8" ?\/?>/i,
        (charset) => `${charset}\n    ${policy}`,
      ),
    );
  }
  // What this site serves as its configuration may be the configuration: its own folder is in it once.
  const folders = [
    ...(pictures.length === 0 ? [] : [`./${CONTENT}`]),
    ...elsewhere.filter((folder) => folder !== `./${CONTENT}`),
  ];
  await writeFile(
    path.join(out, "config.json"),
    JSON.stringify({
      ...config,
      chains: named,
      ...(folders.length === 0 ? {} : { content: folders }),
      ...(walletConnect === undefined ? {} : { walletConnect }),
      ...(sharing.length === 0 ? {} : { shared: sharing.map(({ entry }) => entry) }),
      ...contracts.config,
    }),
  );
  await writeFile(path.join(out, contracts.config.creationCode), contracts.text);
  if (pictures.length > 0) await mkdir(path.join(out, CONTENT));
  for (const { bytes, digest } of pictures)
    await writeFile(path.join(out, CONTENT, digest.slice(2)), bytes);
  for (const [name, content] of [...keys, ...sharing.flatMap(({ files }) => [...files])]) {
    await mkdir(path.dirname(path.join(out, name)), { recursive: true });
    await writeFile(path.join(out, name), content);
  }
  return writeSums(out);
}

/** @throws ForeignFolderError where something lies there that this did not make */
async function requireOwn(out: string): Promise<void> {
  const found: readonly string[] = await readdir(out).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw new ForeignFolderError(out, error);
  });
  if (found.length > 0 && !found.includes(MARK)) throw new ForeignFolderError(out);
}

/** Logos by what the page knows pictures by: those that are named by their file stand among the site's own. @throws SiteConfigError */
function withLogos(file: string, chain: Chain, pictures: readonly PictureFile[]): Chain {
  if (chain.logos === undefined) return chain;
  const logos = chain.logos.map(({ token, image }) => {
    if (readReference(image) !== undefined) return { token, image };
    const picture = pictures.find((one) => path.basename(one.file) === image);
    if (picture === undefined)
      throw new SiteConfigError(
        file,
        `chain ${chain.id} names ${JSON.stringify(image)} for a token, which is no picture in the folder of --content and no reference to one`,
      );
    return { token, image: toReference(picture.digest) };
  });
  return { ...chain, logos };
}

/** @throws FileReadError, PictureFileError */
async function readPictures(folder: string) {
  const names = await readdir(folder).catch((cause: unknown) => {
    throw new FileReadError(folder, cause);
  });
  return Promise.all(
    names
      .filter((name) => !name.startsWith("."))
      .map((name) => readPictureFile(path.join(folder, name))),
  );
}

async function readConfig(file: string): Promise<{
  readonly config: object;
  readonly chains: readonly Chain[];
  readonly content: readonly string[];
  readonly walletConnect: WalletConnect | undefined;
  readonly address: string;
  readonly shared: readonly Shared[];
}> {
  let content: unknown;
  try {
    content = JSON.parse(await readFile(file, "utf8"));
  } catch (cause) {
    throw new SiteConfigError(file, "it cannot be read as JSON", cause);
  }
  const {
    chains,
    sandbox,
    content: folders = [],
    walletConnect,
    address = "",
    shared = [],
  } = (content ?? {}) as Readonly<Record<string, unknown>>;
  if (!Array.isArray(chains) || chains.length === 0)
    throw new SiteConfigError(file, "it names no chains");
  if (sandbox !== undefined)
    throw new SiteConfigError(file, "a sandbox has no place on a site for others");
  if (!Array.isArray(folders) || !folders.every((folder) => typeof folder === "string"))
    throw new SiteConfigError(file, "content is a list of folders with pictures");
  for (const { id, name, rpc, fromBlock, logos = [], universalResolver } of chains as Record<
    string,
    unknown
  >[]) {
    if (universalResolver !== undefined && !isAddress(String(universalResolver)))
      throw new SiteConfigError(
        file,
        `universalResolver of chain ${String(id)} is the address of the contract that names are asked of`,
      );
    if (
      !Array.isArray(logos) ||
      !logos.every(({ token, image }) => isAddress(String(token)) && typeof image === "string")
    )
      throw new SiteConfigError(
        file,
        `logos of chain ${String(id)} are a list, each with token, its address, and image`,
      );
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
  return {
    config: content as object,
    chains: chains as readonly Chain[],
    content: folders as readonly string[],
    walletConnect: readWalletConnect(file, walletConnect),
    address: String(address),
    shared: readShared(file, shared, address, chains as readonly Chain[]),
  };
}

function readShared(
  file: string,
  shared: unknown,
  address: unknown,
  chains: readonly Chain[],
): readonly Shared[] {
  if (!Array.isArray(shared)) throw new SiteConfigError(file, "shared is a list of rounds");
  if (shared.length > 0 && !/^https?:\/\/[^?#]+\/$/.test(String(address)))
    throw new SiteConfigError(
      file,
      "who shares rounds needs address, where the site is going to be, with https:// before and / after it",
    );
  return shared.map((one: unknown) => {
    const { chain: id, round, projects } = (one ?? {}) as Readonly<Record<string, unknown>>;
    const chain = chains.find((known) => known.id === id);
    if (chain === undefined)
      throw new SiteConfigError(file, `shared names chain ${String(id)}, which it has not`);
    if (!chain.rpc.some((url) => /^https?:\/\//.test(url)))
      throw new SiteConfigError(
        file,
        `the names of shared rounds are asked of a node: chain ${chain.id} has none with a whole address`,
      );
    const reading = readAddress(String(round));
    if (!("address" in reading))
      throw new SiteConfigError(file, `shared names ${JSON.stringify(round)}, which is no address`);
    if (
      projects !== undefined &&
      !(Number.isSafeInteger(projects) && Number(projects) >= 0 && Number(projects) <= MAX_PROJECTS)
    )
      throw new SiteConfigError(file, "projects, of a shared round, is how many have pages");
    return { chain, round: reading.address, projects: projects as number | undefined };
  });
}

function readWalletConnect(file: string, value: unknown): WalletConnect | undefined {
  if (value === undefined) return undefined;
  const { projectId, relay = WALLET_RELAY } = (value ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof projectId !== "string" || !/^[0-9a-f]{32}$/.test(projectId))
    throw new SiteConfigError(
      file,
      "walletConnect needs projectId, the 32 hexadecimal digits under which the relay knows this site",
    );
  if (
    typeof relay !== "string" ||
    !/^(wss:\/\/[^/]|ws:\/\/(127\.0\.0\.1|localhost)[:/])/.test(relay) ||
    !URL.canParse(relay)
  )
    throw new SiteConfigError(file, "the relay of walletConnect is an address with wss://");
  return { projectId, relay };
}
