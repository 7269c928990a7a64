import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { Command } from "commander";
import { formatUnits, zeroAddress, type Address } from "viem";
import { submitApplication } from "../../chain/applications.ts";
import { publishDocuments, readDocuments } from "../../chain/documents.ts";
import {
  addProjects,
  applyProject,
  approveProjects,
  delistProject,
  listProjects,
  type Project,
} from "../../chain/projects.ts";
import { iProjectRegistryAbi } from "../../chain/generated/abis.ts";
import { readProgress } from "../../chain/round.ts";
import { BaseError } from "../../errors.ts";
import { encodeProjectDocument, writeProjectDocument } from "../../metadata/documents.ts";
import { toGrantFiles } from "../../metadata/daoip5.ts";
import { digestDocument } from "../../metadata/reference.ts";
import { visibleText } from "../../readers/text.ts";
import { readObject } from "../input/about_file.ts";
import { putPicture, readPictureFile, type PictureFile } from "../input/picture_file.ts";
import {
  NAME_LENGTH,
  PROJECT_ROLES,
  readProjectFile,
  toProjectLine,
  type ProjectLine,
} from "../input/project_file.ts";
import { openRegistry, registrySince, showCoin } from "../input/registry.ts";
import { review, withReview, type ReviewValues } from "../input/review.ts";
import { withTableOptions, type TableValues } from "../input/table_file.ts";
import { readWithNames } from "../../readers/address.ts";
import { lookUpFor } from "../input/ens_name.ts";
import type { Io } from "../output/io.ts";
import {
  collect,
  examples,
  parseAddress,
  parseInteger,
  withOptions,
  type SharedValues,
} from "../input/options.ts";
import { answer, count, table, toJson } from "../output/output.ts";
import { stepByStep } from "../partly_done.ts";
import { openRound, openRoundToSend, requireProject, type RoundSession } from "../session.ts";

type PictureValues = { readonly to?: readonly string[] };
type ApplyValues = SharedValues &
  PictureValues & {
    readonly name?: string;
    readonly about?: string;
    readonly picture?: string;
    readonly recipient: Address;
  };
type AddValues = SharedValues & TableValues & PictureValues & { readonly pictures?: string };

export class NoNameError extends BaseError {
  constructor() {
    super("The project has no name.", {
      fix: "Give --name, or a name in the file of --about. Nothing was sent.",
    });
  }
}

export function projectsCommand(io: Io): Command {
  const command = new Command("projects").description(
    "list a round's projects, apply with one, approve, add or delist (before the registry freezes)",
  );
  command.addCommand(
    withOptions(
      new Command("list")
        .description("list projects with index, name, payout address and eligibility")
        .action(async (values: SharedValues) => list(io, values)),
      "rpc",
      "chain",
      "round",
    ),
  );
  command.addCommand(
    withOptions(
      new Command("apply")
        .description(
          "apply with a project; the registry's owner and editors decide, or silence does (see `tacit applications`)",
        )
        .option("--name <text>", "its name")
        .option(
          "--about <file>",
          "JSON file with what its document says: description, sdgs, category, milestones, links, answers, translations",
        )
        .option("--picture <file>", "PNG, JPEG, WebP or AVIF, up to 262,144 bytes")
        .option("--to <folder or URL>", PICTURES_TO, collect)
        .requiredOption("--recipient <address>", "payout address, fixed from then on", parseAddress)
        .addHelpText(
          "after",
          examples(
            'tacit projects apply --round 0x... --name "Bird atlas" --recipient 0x... --account-key me.key',
            "tacit projects apply --round 0x... --about atlas.json --picture atlas.webp --to https://relay.example --recipient 0x... --account-key me.key",
          ),
        )
        .action(async (values: ApplyValues) => apply(io, values)),
      "rpc",
      "chain",
      "round",
      "account",
    ),
  );
  command.addCommand(
    withOptions(
      new Command("approve")
        .description("make applications projects (owner, editor)")
        .argument("<application...>", "numbers of applications")
        .action(async (ids: string[], values: SharedValues) => approve(io, ids, values)),
      "rpc",
      "chain",
      "round",
      "account",
    ),
  );
  command.addCommand(
    withOptions(
      withTableOptions(
        new Command("add")
          .description(
            "add projects from CSV, or JSON of one object a line (.jsonl): name and recipient, and as there are description, category, sdgs, website, picture, alt, license, language, name_ja, ... (owner, editor)",
          )
          .argument("<projects.csv or .jsonl>")
          .option(
            "--pictures <folder>",
            "where the files of the column picture are (default: beside the file)",
          )
          .option("--to <folder or URL>", PICTURES_TO, collect),
        PROJECT_ROLES,
      ).action(async (file: string, values: AddValues) => add(io, file, values)),
      "rpc",
      "chain",
      "round",
      "account",
    ),
  );
  command.addCommand(
    withOptions(
      new Command("export")
        .description(
          "write the round, its projects and their applications in the form of DAOIP-5, with Allo's pointers, for other platforms",
        )
        .requiredOption(
          "--out <folder>",
          "where grant_pools.json, projects.json and applications.json go",
        )
        .action(async (values: SharedValues & { readonly out: string }) => exportFiles(io, values)),
      "rpc",
      "chain",
      "round",
    ),
  );
  command.addCommand(
    withOptions(
      withReview(new Command("delist"))
        .description("take a project's eligibility; its index stays (owner, editor)")
        .argument("<project>", "index", parseInteger)
        .action(async (project: bigint, values: SharedValues & ReviewValues) =>
          delist(io, project, values),
        ),
      "rpc",
      "chain",
      "round",
      "account",
    ),
  );
  return command;
}

async function list(io: Io, values: SharedValues): Promise<void> {
  const session = await openRound(io, values);
  const { read, config, documents } = session;
  const { registry } = config;
  const projects = await listProjects(read, {
    registry,
    documents,
    fromBlock: await registrySince(session, values.fromBlock),
    onNameless: () =>
      io.err("The RPC gives no logs of the registry: projects are listed without names.\n"),
  });
  answer(io, values, projects, () => [
    table(
      ["index", "name", "payout address", "eligible"],
      projects.map(({ index, name, metadataURI, recipient, eligible }) => [
        String(index),
        visibleText(name || metadataURI, NAME_LENGTH),
        recipient,
        eligible ? "yes" : "no",
      ]),
      ["right", "left", "left", "left"],
    ),
  ]);
}

async function exportFiles(io: Io, values: SharedValues & { readonly out: string }): Promise<void> {
  const session = await openRound(io, values);
  const { read, config, documents, chainId, round, poolToken } = session;
  const { registry, factory, salt } = config;
  const fromBlock = await registrySince(session, values.fromBlock);
  const [projects, document, { timestamp }, { pool }, freezeTime] = await Promise.all([
    listProjects(read, { registry, documents, fromBlock, onNameless: fail }),
    session.about(),
    read.getBlock(),
    readProgress(read, round),
    read.readContract({ address: registry, abi: iProjectRegistryAbi, functionName: "freezeTime" }),
  ]);
  const files = toGrantFiles({
    ...{ chainId, round, factory, registry, salt, document, freezeTime, now: timestamp, projects },
    poolSize:
      poolToken.address === zeroAddress
        ? undefined
        : { amount: formatUnits(pool, poolToken.decimals), denomination: poolToken.symbol },
  });
  try {
    await mkdir(values.out, { recursive: true });
    for (const [name, content] of Object.entries(files))
      await writeFile(path.join(values.out, name), `${toJson(content)}\n`);
  } catch (error) {
    throw new ExportFolderError(values.out, error);
  }
  answer(io, values, { projects: projects.length, files: Object.keys(files) }, [
    `Wrote ${count(projects.length)} projects to ${Object.keys(files).join(", ")} in ${values.out}. Serve all three from one folder.`,
  ]);
}

export class ExportFolderError extends BaseError {
  constructor(folder: string, cause: unknown) {
    super(`${folder} cannot be written to.`, {
      fix: "Give a folder of yours with --out.",
      cause,
    });
  }
}

async function apply(io: Io, values: ApplyValues): Promise<void> {
  const about = values.about === undefined ? {} : await readObject(values.about, "a project");
  const { name: named, recipient } = values;
  const name = named ?? about["name"];
  if (typeof name !== "string") throw new NoNameError();
  const picture = values.picture === undefined ? undefined : await readPictureFile(values.picture);
  const { name: _, ...rest } = about;
  const line = toProjectLine({ name, recipient, about: rest }, picture);
  const session = await openRoundToSend(io, values);
  const { client, config } = session;
  const { registry } = config;
  const opened = await openRegistry(session);
  const application = await stepByStep(async (done) => {
    if (opened.kind === "owned") {
      await publishMissing(session, [line], values, done);
      const { metadataURI } = line;
      return (await applyProject(client, { registry, recipient, metadataURI })).application;
    }
    // There it is the document that is applied with: one of the name alone, at least.
    const bytes = line.document?.bytes ?? encodeProjectDocument(writeProjectDocument({ name }));
    const document = { bytes, digest: digestDocument(bytes) };
    await publishMissing(session, [{ ...line, document }], values, done);
    const { digest } = document;
    const { bond } = opened.settings;
    const asked = { registry, recipient, digest, sdgs: line.sdgs, bond };
    return (await submitApplication(client, asked)).application;
  });
  await putPictures(io, picture === undefined ? [] : [picture], values);
  answer(io, values, { application }, [
    `Applied: this is application ${application}.`,
    ...(opened.kind === "owned"
      ? []
      : [
          `Your bond of ${showCoin(opened.settings.bond)} comes back when it is accepted: see \`tacit applications list\`.`,
        ]),
  ]);
}

/** Publishes the documents that are not on the board yet. */
async function publishMissing(
  session: RoundSession & Awaited<ReturnType<typeof openRoundToSend>>,
  lines: readonly ProjectLine[],
  { fromBlock }: SharedValues,
  done: (what: string) => void,
): Promise<number> {
  const { client, read, documents } = session;
  const all = new Map(
    lines.flatMap(({ document: d }) => (d === undefined ? [] : [[d.digest, d.bytes]])),
  );
  if (all.size === 0) return 0;
  const there = await readDocuments(read, documents, {
    digests: [...all.keys()],
    fromBlock: await registrySince(session, fromBlock),
  });
  const missing = [...all].filter(([digest]) => !there.has(digest)).map(([, bytes]) => bytes);
  await publishDocuments(client, documents, missing, (published) =>
    done(`${published} of ${missing.length} documents are published`),
  );
  return missing.length;
}

const PICTURES_TO =
  "where pages look for pictures: a folder that a site is made with, or a relay that serves the round (repeatable)";

/** Last, as a relay takes what a published document names. */
async function putPictures(
  io: Io,
  pictures: readonly PictureFile[],
  { to = [] }: PictureValues,
): Promise<void> {
  for (const where of to) for (const picture of pictures) await putPicture(picture, where);
  if (pictures.length > 0 && to.length === 0)
    io.err(
      "No page has the pictures yet: put them where pages look with `tacit picture <files> --to <folder or URL>`.\n",
    );
}

async function approve(io: Io, ids: readonly string[], values: SharedValues): Promise<void> {
  const applications = ids.map((id) => parseInteger(id));
  const { client, config } = await openRoundToSend(io, values);
  await approveProjects(client, { registry: config.registry, applications });
  answer(io, values, { approved: applications }, [
    `Approved ${applications.length === 1 ? `application ${applications[0]}` : `${applications.length} applications`}.`,
  ]);
}

async function add(io: Io, file: string, values: AddValues): Promise<void> {
  const { lines, pictures, told } = await readWithNames(
    (readOne) => readProjectFile(file, values, readOne),
    lookUpFor(io, values),
  );
  for (const line of told) io.err(`${line}\n`);
  const session = await openRoundToSend(io, values);
  const { client, config, documents, read } = session;
  const { registry } = config;
  const fromBlock = await registrySince(session, values.fromBlock);
  const there = await listProjects(read, { registry, documents, fromBlock, onNameless: fail });
  const missing = withoutThose(lines, there);
  const published = await stepByStep(async (done) => {
    // Of those alone that are not there yet: the others' documents were published before them.
    const documentsSent = await publishMissing(session, missing, values, done);
    await addProjects(client, {
      registry,
      projects: missing,
      onAdded: (added) => done(`${added} of ${missing.length} projects are added`),
    });
    return documentsSent;
  });
  await putPictures(io, pictures, values);
  const already = lines.length - missing.length;
  answer(io, values, { added: missing.length, already, published, pictures: pictures.length }, [
    `Added ${count(missing.length)} projects${published === 0 ? "" : `, published ${count(published)} documents`}.`,
    ...(already === 0
      ? []
      : [
          `${count(already)} of the file's projects were there already, with this name or document and address.`,
        ]),
  ]);
}

function fail(error: unknown): never {
  throw error;
}

/** Those of the file that are not in the registry, each of whose projects stands for one line. */
function withoutThose(lines: readonly ProjectLine[], there: readonly Project[]): ProjectLine[] {
  const keyOf = ({ recipient, metadataURI }: Omit<Project, "index">) =>
    `${recipient} ${metadataURI}`;
  const left = new Map<string, number>();
  for (const project of there) left.set(keyOf(project), (left.get(keyOf(project)) ?? 0) + 1);
  return lines.filter((line) => {
    const count = left.get(keyOf(line)) ?? 0;
    left.set(keyOf(line), count - 1);
    return count <= 0;
  });
}

async function delist(io: Io, project: bigint, values: SharedValues & ReviewValues): Promise<void> {
  const session = await openRoundToSend(io, values);
  const { client, config, documents, read } = session;
  const all = await listProjects(read, {
    ...{ registry: config.registry, documents, onNameless: () => undefined },
    fromBlock: await registrySince(session, values.fromBlock),
  });
  const index = requireProject(String(project), all.length);
  const { name = "", metadataURI = "", recipient } = all[index] ?? {};
  const isMeant = await review(io, values, {
    title: `Delist project ${index}`,
    pairs: [
      ["name", visibleText(name || metadataURI, NAME_LENGTH)],
      ["payout address", String(recipient)],
      ["account that sends", client.wallet.account.address],
    ],
    forGood:
      "It gets nothing in this round: no match, and none of what donors give to it. This cannot be undone.",
  });
  if (!isMeant) return;
  await delistProject(client, { registry: config.registry, project });
  answer(io, values, { delisted: project }, [`Project ${project} is no longer eligible.`]);
}
