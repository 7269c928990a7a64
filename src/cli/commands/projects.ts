import { Command } from "commander";
import type { Address } from "viem";
import { BaseError } from "../../errors.ts";
import {
  addProjects,
  applyProject,
  approveProjects,
  delistProject,
  listProjects,
  type Project,
} from "../../chain/projects.ts";
import { creationBlock } from "../../chain/creation_block.ts";
import { CsvError, findColumn, parseCsv } from "../../donor/csv.ts";
import { readText } from "../input/text_file.ts";
import type { Io } from "../output/io.ts";
import {
  examples,
  parseAddress,
  parseInteger,
  withOptions,
  type SharedValues,
} from "../input/options.ts";
import { answer, printable, table } from "../output/output.ts";
import { stepByStep } from "../partly_done.ts";
import { openRound, openRoundToSend } from "../session.ts";

export class RecipientError extends BaseError {
  constructor(file: string, line: number, text: string) {
    super(`Line ${line} of ${file}: "${text}" is not a payout address.`, {
      fix: "Write 0x and 40 hexadecimal digits.",
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
        .description("apply with a project; the registry's owner decides")
        .requiredOption("--name <text>", "name, or a URI of the description")
        .requiredOption("--recipient <address>", "payout address, fixed from then on", parseAddress)
        .addHelpText(
          "after",
          examples(
            'tacit projects apply --round 0x... --name "Bird atlas" --recipient 0x... --account-key me.key',
          ),
        )
        .action(async (values: SharedValues & { name: string; recipient: Address }) =>
          apply(io, values),
        ),
      "rpc",
      "chain",
      "round",
      "account",
    ),
  );
  command.addCommand(
    withOptions(
      new Command("approve")
        .description("make applications projects (owner)")
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
      new Command("add")
        .description("add projects from a CSV file with the columns name and recipient (owner)")
        .argument("<projects.csv>")
        .action(async (file: string, values: SharedValues) => add(io, file, values)),
      "rpc",
      "chain",
      "round",
      "account",
    ),
  );
  command.addCommand(
    withOptions(
      new Command("delist")
        .description("take a project's eligibility; its index stays (owner)")
        .argument("<project>", "index", parseInteger)
        .action(async (project: bigint, values: SharedValues) => delist(io, project, values)),
      "rpc",
      "chain",
      "round",
      "account",
    ),
  );
  return command;
}

async function list(io: Io, values: SharedValues): Promise<void> {
  const { read, config } = await openRound(io, values);
  const projects = await listProjects(
    read,
    config.registry,
    values.fromBlock ?? (await creationBlock(read, config.registry, { factory: config.factory })),
    () => io.err("The RPC gives no logs of the registry: projects are listed without names.\n"),
  );
  answer(io, values, projects, [
    table(
      ["index", "name", "payout address", "eligible"],
      projects.map(({ index, metadataURI, recipient, eligible }) => [
        String(index),
        printable(metadataURI),
        recipient,
        eligible ? "yes" : "no",
      ]),
      ["right", "left", "left", "left"],
    ),
  ]);
}

async function apply(
  io: Io,
  values: SharedValues & { name: string; recipient: Address },
): Promise<void> {
  const { client, config } = await openRoundToSend(io, values);
  const { application } = await applyProject(client, {
    registry: config.registry,
    recipient: values.recipient,
    metadataURI: values.name,
  });
  answer(io, values, { application }, [`Applied: this is application ${application}.`]);
}

async function approve(io: Io, ids: readonly string[], values: SharedValues): Promise<void> {
  const applications = ids.map((id) => parseInteger(id));
  const { client, config } = await openRoundToSend(io, values);
  await approveProjects(client, { registry: config.registry, applications });
  answer(io, values, { approved: applications }, [
    `Approved ${applications.length === 1 ? `application ${applications[0]}` : `${applications.length} applications`}.`,
  ]);
}

async function add(io: Io, file: string, values: SharedValues): Promise<void> {
  const [header, ...lines] = parseCsv(await readText(file), file);
  if (header === undefined) throw new CsvError(file, 1, "the file is empty");
  const [name, recipient] = [
    findColumn(header, file, ["name", "project", "project_name"]),
    findColumn(header, file, ["recipient", "address"]),
  ];
  const projects = lines.map(({ line, fields }) => {
    const text = fields[recipient] ?? "";
    if (!/^0x[0-9a-fA-F]{40}$/.test(text)) throw new RecipientError(file, line, text);
    return { recipient: parseAddress(text), metadataURI: fields[name] ?? "" };
  });
  const { client, config, read } = await openRoundToSend(io, values);
  const { registry, factory } = config;
  const since = values.fromBlock ?? (await creationBlock(read, registry, { factory }));
  const missing = withoutThose(projects, await listProjects(read, registry, since, fail));
  await stepByStep((done) =>
    addProjects(client, {
      registry,
      projects: missing,
      onAdded: (added) => done(`${added} of ${missing.length} projects are added`),
    }),
  );
  const already = projects.length - missing.length;
  answer(io, values, { added: missing.length, already }, [
    `Added ${missing.length} projects.`,
    ...(already === 0
      ? []
      : [`${already} of the file's projects were there already, with this name and address.`]),
  ]);
}

function fail(error: unknown): never {
  throw error;
}

type Line = Pick<Project, "recipient" | "metadataURI">;

/** Those of the file that are not in the registry, each of whose projects stands for one line. */
function withoutThose(lines: readonly Line[], there: readonly Line[]): Line[] {
  const keyOf = ({ recipient, metadataURI }: Line) => `${recipient} ${metadataURI}`;
  const left = new Map<string, number>();
  for (const project of there) left.set(keyOf(project), (left.get(keyOf(project)) ?? 0) + 1);
  return lines.filter((line) => {
    const count = left.get(keyOf(line)) ?? 0;
    left.set(keyOf(line), count - 1);
    return count <= 0;
  });
}

async function delist(io: Io, project: bigint, values: SharedValues): Promise<void> {
  const { client, config } = await openRoundToSend(io, values);
  await delistProject(client, { registry: config.registry, project });
  answer(io, values, { delisted: project }, [`Project ${project} is no longer eligible.`]);
}
