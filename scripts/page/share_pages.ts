import { getAddress, type Address, type Hex } from "viem";
import { firstWords, plainMarkdown } from "../../frontend/src/markdown.ts";
import { openNodes } from "../../src/chain/client.ts";
import { readRoundDocument } from "../../src/chain/documents.ts";
import { MissingLogsError } from "../../src/chain/logs.ts";
import { readProjectSteps, type NamedProject } from "../../src/chain/project_steps.ts";
import { readConfig, type Contracts } from "../../src/chain/provenance.ts";
import { readPicture } from "../../src/metadata/picture.ts";
import { readReference } from "../../src/metadata/reference.ts";
import { plainText } from "../../src/readers/text.ts";

/** The folder of the pages below a site's. */
export const SHARE = "share";

/** Their policy: nothing runs in them, and nothing is fetched. */
export const SHARE_POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'";

const [MAX_NAME, MAX_SUMMARY] = [120, 200];

/** A round that has pages to be shared, with so many of its projects, the first ones. */
export type SharedRound = {
  readonly chain: number;
  readonly round: Address;
  readonly projects: number;
};

type Place = {
  readonly id: number;
  readonly rpc: readonly string[];
  readonly fromBlock: number;
};

type Card = {
  /** Where the page lies, below the site. */
  readonly file: string;
  /** What it leads to, below the site. */
  readonly leadsTo: string;
  readonly title: string;
  readonly summary: string;
  readonly image: Hex | undefined;
};

/**
 * Pages that name a round and each of its projects to those that show an address with a picture and a few words: they fetch it without what stands
 * behind its `#`, and run nothing. Who opens one is at the round at once. Texts are as the chain has them now, in the language in which they were written.
 * @returns the files by their names, and the round as the site's configuration names it
 * @throws ForeignRoundError, ProjectCountError, RpcUnreachableError, WrongChainError, LogRangeError, MissingLogsError
 */
export async function makeSharePages({
  chain,
  shared,
  contracts,
  site,
  pictures,
}: {
  readonly chain: Place;
  readonly shared: { readonly round: Address; readonly projects?: number | undefined };
  readonly contracts: Omit<Contracts, "creationCode">;
  /** The site's own address: what shows a page to others wants whole ones. */
  readonly site: string;
  /** By their digests: others' pictures are not shown (META-5). */
  readonly pictures: ReadonlyMap<Hex, Uint8Array>;
}): Promise<{
  readonly files: ReadonlyMap<string, string | Uint8Array>;
  readonly entry: SharedRound;
  /** How many of the pages have words, and how many a picture. */
  readonly described: number;
  readonly pictured: number;
}> {
  const nodes = chain.rpc.filter((url) => /^https?:\/\//.test(url));
  const { read } = await openNodes(nodes, { chain: chain.id });
  const round = getAddress(shared.round);
  const fromBlock = BigInt(chain.fromBlock);
  const { salt, registry } = await readConfig(read, round, contracts);
  const document = await readRoundDocument(read, contracts.documents, { salt, fromBlock });
  let projects: readonly NamedProject[] = [];
  const steps = readProjectSteps(
    read,
    { registry, documents: contracts.documents, fromBlock },
    { arrange: (count) => Array.from({ length: count }, (_, i) => i) },
  );
  for await (const step of steps) {
    if (step.nameless) throw new MissingLogsError("names of projects");
    projects = step.projects;
  }
  projects = projects.slice(0, shared.projects ?? projects.length);
  const name = plainText(document?.name ?? "", MAX_NAME) || `Round ${round.slice(0, 10)}…`;
  const place = `${chain.id}/${round}`;
  const cards: readonly Card[] = [
    {
      file: `${SHARE}/${place}.html`,
      leadsTo: `#/${place}`,
      title: name,
      summary: summarize(document?.description),
      image: digestOf(document?.image),
    },
    ...projects.map((project) => ({
      file: `${SHARE}/${place}/${project.index}.html`,
      leadsTo: `#/${place}/projects/${project.index}`,
      title: `${plainText(project.name, MAX_NAME) || `Project ${project.index}`} · ${name}`,
      summary: summarize(project.document?.description),
      image: digestOf(project.document?.image),
    })),
  ];
  const files = new Map<string, string | Uint8Array>();
  for (const card of cards) {
    const bytes = card.image && pictures.get(card.image);
    // Who shows a page's picture goes by its name.
    const picture =
      bytes && `${SHARE}/${card.image?.slice(2)}.${readPicture(bytes).type.slice("image/".length)}`;
    if (bytes && picture) files.set(picture, bytes);
    files.set(card.file, writePage(card, site, picture));
  }
  const all = [document, ...projects.map((project) => project.document)];
  return {
    files,
    entry: { chain: chain.id, round, projects: projects.length },
    described: all.filter((one) => one !== undefined).length,
    pictured: cards.filter(({ image }) => image !== undefined && pictures.has(image)).length,
  };
}

const summarize = (description = ""): string => firstWords(plainMarkdown(description), MAX_SUMMARY);

const digestOf = (image: string | undefined): Hex | undefined =>
  image === undefined ? undefined : readReference(image);

function writePage(
  { file, leadsTo, title, summary }: Card,
  site: string,
  picture: string | undefined,
): string {
  const home = `${"../".repeat(file.split("/").length - 1)}${leadsTo}`;
  const meta = (attribute: string, name: string, content: string) =>
    content === "" ? [] : [`<meta ${attribute}="${name}" content="${escapeHtml(content)}" />`];
  return `<!doctype html>
<html>
  <head>
    <meta charset="utf-8" />
    <meta http-equiv="content-security-policy" content="${SHARE_POLICY}" />
    <meta http-equiv="refresh" content="0; url=${home}" />
    ${[
      '<meta name="viewport" content="width=device-width, initial-scale=1" />',
      '<meta name="referrer" content="no-referrer" />',
      ...meta("name", "description", summary),
      ...meta("property", "og:site_name", "Tacit"),
      ...meta("property", "og:type", "website"),
      ...meta("property", "og:url", `${site}${file}`),
      ...meta("property", "og:title", title),
      ...meta("property", "og:description", summary),
      ...meta("property", "og:image", picture === undefined ? "" : `${site}${picture}`),
      ...meta("name", "twitter:card", picture === undefined ? "summary" : "summary_large_image"),
      `<title>${escapeHtml(title)}</title>`,
    ].join("\n    ")}
  </head>
  <body>
    <h1><a href="${home}">${escapeHtml(title)}</a></h1>
    <p>${escapeHtml(summary)}</p>
  </body>
</html>
`;
}

/** Anybody may have written it. */
const escapeHtml = (text: string): string =>
  text.replace(/[&<>"']/g, (sign) => `&#${sign.codePointAt(0)};`);
