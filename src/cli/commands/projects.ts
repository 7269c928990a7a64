import { Command } from "commander";
import { zeroAddress, type Address } from "viem";
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
import { readAddress } from "../../readers/address.ts";
import { findColumn, CsvError, type Table } from "../../readers/table.ts";
import { cutText, hiddenIn, plainName, visibleText } from "../../readers/text.ts";
import { requireNewName, requireProjectCount, twinsIn } from "../input/donations.ts";
import { readTable, withTableOptions, type TableValues } from "../input/table_file.ts";
import type { Io } from "../output/io.ts";
import {
  examples,
  addressProblem,
  parseAddress,
  parseInteger,
  withOptions,
  type SharedValues,
} from "../input/options.ts";
import { answer, table } from "../output/output.ts";
import { stepByStep } from "../partly_done.ts";
import { openRound, openRoundToSend } from "../session.ts";

export class ProjectNameError extends BaseError {
  constructor(name: string, why: string) {
    super(`"${visibleText(name, 60)}" cannot be a project's name: ${why}.`, {
      fix: "Nothing was sent. Type the name anew, in one line and without hidden characters.",
    });
  }
}

/** What the page shows of a name. */
const NAME_LENGTH = 120;

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
      withTableOptions(
        new Command("add")
          .description("add projects from a CSV file with the columns name and recipient (owner)")
          .argument("<projects.csv>"),
        ["name", "recipient"],
      ).action(async (file: string, values: SharedValues & TableValues) => add(io, file, values)),
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
  const { read, config, documents } = await openRound(io, values);
  const { registry, factory } = config;
  const projects = await listProjects(read, {
    registry,
    documents,
    fromBlock: values.fromBlock ?? (await creationBlock(read, registry, { factory })),
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

async function apply(
  io: Io,
  values: SharedValues & { name: string; recipient: Address },
): Promise<void> {
  const metadataURI = nameOrUri(values.name);
  const { client, config } = await openRoundToSend(io, values);
  const { application } = await applyProject(client, {
    registry: config.registry,
    recipient: values.recipient,
    metadataURI,
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

async function add(io: Io, file: string, values: SharedValues & TableValues): Promise<void> {
  const projects = projectsIn(await readTable(file, values), values.map);
  for (const line of twinsIn(
    "project",
    projects.map(({ metadataURI }) => metadataURI),
  ))
    io.err(`${line}\n`);
  const { client, config, documents, read } = await openRoundToSend(io, values);
  const { registry, factory } = config;
  const since = values.fromBlock ?? (await creationBlock(read, registry, { factory }));
  const missing = withoutThose(
    projects,
    await listProjects(read, { registry, documents, fromBlock: since, onNameless: fail }),
  );
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

/** Names and payout addresses, all of them checked before anything is sent. @throws CsvError with the line */
function projectsIn(
  table: Table,
  map: TableValues["map"],
): readonly { readonly recipient: Address; readonly metadataURI: string }[] {
  const { file, lines } = table;
  const [nameAt, recipientAt] = [
    findColumn(table, { role: "name", names: ["name", "project", "project_name", "title"] }, map),
    findColumn(
      table,
      { role: "recipient", names: ["recipient", "address", "payout_address", "wallet"] },
      map,
    ),
  ];
  requireProjectCount(file, lines.length);
  const seen = new Map<string, number>();
  return lines.map(({ line, fields }) => {
    try {
      const metadataURI = requireNewName(file, line, nameOrUri(fields[nameAt] as string), seen);
      return { recipient: payoutAddress(fields[recipientAt] as string), metadataURI };
    } catch (error) {
      if (error instanceof CsvError || !(error instanceof BaseError)) throw error;
      throw new CsvError(file, line, error.shortMessage.replace(/\.$/, ""), error.fix);
    }
  });
}

class RecipientError extends BaseError {
  constructor(text: string, why: string) {
    super(`"${visibleText(text)}" is not a payout address: ${why}.`, {
      fix: "Write 0x and 40 hexadecimal digits; nothing was sent.",
    });
  }
}

function payoutAddress(text: string): Address {
  const reading = readAddress(text);
  if ("problem" in reading) throw new RecipientError(text, addressProblem(reading.problem));
  if (reading.address === zeroAddress) throw new RecipientError(text, "money sent there is lost");
  return reading.address;
}

/** A name as it is kept, or a description's URI as it is. @throws ProjectNameError */
function nameOrUri(text: string): string {
  if (/^(data|https?|ipfs|ar):/i.test(text.trim())) return text.trim();
  const name = plainName(text);
  const [hidden] = hiddenIn(name);
  if (name === "") throw new ProjectNameError(text, "it is empty");
  if (hidden !== undefined)
    throw new ProjectNameError(name, `it has the hidden character ${visibleText(hidden.char)}`);
  if (cutText(name, NAME_LENGTH) !== name)
    throw new ProjectNameError(name, `it has more than ${NAME_LENGTH} letters`);
  return name;
}

async function delist(io: Io, project: bigint, values: SharedValues): Promise<void> {
  const { client, config } = await openRoundToSend(io, values);
  await delistProject(client, { registry: config.registry, project });
  answer(io, values, { delisted: project }, [`Project ${project} is no longer eligible.`]);
}
