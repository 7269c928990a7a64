import { parseEventLogs, type Address } from "viem";
import { BOUNDED } from "./bounded.ts";
import type { ReadClient, WriteClient } from "./client.ts";
import { iOwnedRegistryAbi, iProjectRegistryAbi } from "./generated/abis.ts";
import type { ProjectDocument } from "../metadata/documents.ts";
import { readReference } from "../metadata/reference.ts";
import { readProjectDocuments } from "./documents.ts";
import { anyEditor, readEditors } from "./editors.ts";
import { LogRangeError, readAllLogs } from "./logs.ts";
import { readEligibility, readProjectCount } from "./round.ts";
import { send, simulate } from "./send.ts";

/** A project as it was added: `metadataURI` is its name, or the reference of its document (META-2). */
export type Project = {
  readonly index: number;
  readonly recipient: Address;
  readonly metadataURI: string;
};

/** Projects to add in one transaction; each takes about 100,000 gas. */
const PROJECTS_PER_CALL = 100;

/** Applies with a payout address and a description (REG-2). Anyone may send it. */
export async function applyProject(
  client: WriteClient,
  {
    registry,
    recipient,
    metadataURI,
  }: { readonly registry: Address; readonly recipient: Address; readonly metadataURI: string },
) {
  const receipt = await send(client, {
    address: registry,
    abi: iOwnedRegistryAbi,
    functionName: "submit",
    args: [recipient, metadataURI],
  });
  const [event] = parseEventLogs({
    abi: iOwnedRegistryAbi,
    eventName: "ApplicationSubmitted",
    logs: receipt.logs,
  });
  return { receipt, application: event?.args.application as bigint };
}

/** The owner or an editor makes applications projects, in the given order (REG-2, REG-4). */
export async function approveProjects(
  client: WriteClient,
  {
    registry,
    applications,
  }: { readonly registry: Address; readonly applications: readonly bigint[] },
) {
  return send(client, {
    address: registry,
    abi: iOwnedRegistryAbi,
    functionName: "approve",
    args: [applications],
  });
}

/**
 * The owner or an editor adds projects without application (REG-2, REG-4), a hundred a transaction. All of them are simulated before the first is sent, so that one
 * that the registry refuses keeps out the others too; `onAdded` hears how many are added after each transaction.
 * @throws ContractRefusedError before anything is sent, and as `send`
 */
export async function addProjects(
  client: WriteClient,
  {
    registry,
    projects,
    onAdded,
  }: {
    readonly registry: Address;
    readonly projects: readonly Omit<Project, "index">[];
    readonly onAdded?: (added: number) => void;
  },
) {
  const calls = Array.from({ length: Math.ceil(projects.length / PROJECTS_PER_CALL) }, (_, i) => {
    const some = projects.slice(i * PROJECTS_PER_CALL, (i + 1) * PROJECTS_PER_CALL);
    return {
      address: registry,
      abi: iOwnedRegistryAbi,
      functionName: "addProjects",
      args: [some.map(({ recipient }) => recipient), some.map(({ metadataURI }) => metadataURI)],
    } as const;
  });
  for (const call of calls) await simulate(client, call);
  for (const [i, call] of calls.entries()) {
    await send(client, call);
    onAdded?.(Math.min((i + 1) * PROJECTS_PER_CALL, projects.length));
  }
}

/** The owner or an editor takes a project's eligibility (REG-2, REG-4). */
export async function delistProject(
  client: WriteClient,
  { registry, project }: { readonly registry: Address; readonly project: bigint },
) {
  return send(client, {
    address: registry,
    abi: iOwnedRegistryAbi,
    functionName: "delist",
    args: [project],
  });
}

/** Views asked at once: a client that batches makes a few requests of them, and one that does not is not thrown out for a flood. */
const VIEWS_AT_ONCE = 500;

/** Which projects to list: those of a registry; events and documents (META-1) are looked for from `fromBlock` on. */
export type ProjectSource = {
  readonly registry: Address;
  readonly documents: Address;
  readonly fromBlock: bigint;
  readonly onNameless?: ((error: unknown) => void) | undefined;
};

/** Payout addresses of a registry's first `count` projects. */
export async function readRecipients(
  client: ReadClient,
  registry: Address,
  count: number,
): Promise<readonly Address[]> {
  const recipients: Address[] = [];
  while (recipients.length < count) {
    const some = await Promise.all(
      Array.from({ length: Math.min(VIEWS_AT_ONCE, count - recipients.length) }, (_, i) =>
        client.readContract({
          address: registry,
          abi: iProjectRegistryAbi,
          functionName: "recipientOf",
          args: [BigInt(recipients.length + i)],
          ...BOUNDED,
        }),
      ),
    );
    for (const recipient of some) recipients.push(recipient);
  }
  return recipients;
}

/** A project's name: its document's, or the bare one in its registry; empty where a reference has no readable document. */
export const nameOf = (metadataURI: string, document: ProjectDocument | undefined): string =>
  document?.name ?? (readReference(metadataURI) === undefined ? metadataURI : "");

/**
 * All projects with payout address and eligibility; names and documents where the registry has events for them. Where the node gives no
 * logs the projects stand without: `onNameless` hears why.
 */
export async function listProjects(
  client: ReadClient,
  { registry, documents, fromBlock, onNameless }: ProjectSource,
) {
  // Asked at once what can be, for each wait is one way to the node and back.
  const unlessRefused =
    <T>(otherwise: T) =>
    (error: unknown): T => {
      if (!(error instanceof LogRangeError)) throw error;
      onNameless?.(error);
      return otherwise;
    };
  const readNames = async () => {
    const logs = await readAllLogs(client, registry, fromBlock).catch(unlessRefused([]));
    const added = parseEventLogs({ abi: iOwnedRegistryAbi, eventName: "ProjectAdded", logs });
    const names = new Map(added.map(({ args }) => [Number(args.project), args.metadataURI]));
    const described = await readProjectDocuments(client, documents, {
      references: [...names.values()],
      fromBlock,
    }).catch(unlessRefused(new Map<string, ProjectDocument>()));
    return { names, described };
  };
  const naming = readNames();
  const count = await readProjectCount(client, registry);
  const [recipients, isEligible, { names, described }] = await Promise.all([
    readRecipients(client, registry, count),
    readEligibility(client, registry, count),
    naming,
  ]);
  return recipients.map((recipient, index) => {
    const metadataURI = names.get(index) ?? "";
    const document = described.get(metadataURI);
    return {
      index,
      recipient,
      metadataURI,
      name: nameOf(metadataURI, document),
      document,
      eligible: isEligible(index),
    };
  });
}

/** Applications that could still be approved (REG-2), with their documents: the registry itself is asked, one simulated approval each. */
export async function readPendingApplications(
  client: ReadClient,
  { registry, documents, fromBlock }: ProjectSource,
) {
  const account = anyEditor(await readEditors(client, registry));
  if (account === undefined) return []; // nobody is left who approves
  const logs = parseEventLogs({
    abi: iOwnedRegistryAbi,
    eventName: "ApplicationSubmitted",
    logs: await readAllLogs(client, registry, fromBlock),
  });
  const open = await Promise.all(
    logs.map(({ args }) =>
      client
        .simulateContract({
          address: registry,
          abi: iOwnedRegistryAbi,
          functionName: "approve",
          args: [[args.application]],
          account,
        })
        .then(
          () => true,
          () => false,
        ),
    ),
  );
  const waiting = logs.filter((_, i) => open[i]).map(({ args }) => args);
  const references = waiting.map(({ metadataURI }) => metadataURI);
  const described = await readProjectDocuments(client, documents, { references, fromBlock });
  return waiting.map((args) => ({ ...args, document: described.get(args.metadataURI) }));
}
