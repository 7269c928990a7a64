import { parseEventLogs, type Address } from "viem";
import type { ReadClient, WriteClient } from "./client.ts";
import { iOwnedRegistryAbi, iProjectRegistryAbi } from "./generated/abis.ts";
import { readAllLogs } from "./logs.ts";
import { readProjects } from "./round.ts";
import { send } from "./send.ts";

/** A project as it was added: `metadataURI` is its name, or where its description lies. */
export type Project = {
  readonly index: number;
  readonly recipient: Address;
  readonly metadataURI: string;
};

/** Projects an owner may add in one transaction; each takes about 100,000 gas. */
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

/** The owner makes applications projects, in the given order (REG-2). */
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

/** The owner adds projects without application (REG-2). */
export async function addProjects(
  client: WriteClient,
  {
    registry,
    projects,
  }: { readonly registry: Address; readonly projects: readonly Omit<Project, "index">[] },
) {
  for (let done = 0; done < projects.length; done += PROJECTS_PER_CALL) {
    const some = projects.slice(done, done + PROJECTS_PER_CALL);
    await send(client, {
      address: registry,
      abi: iOwnedRegistryAbi,
      functionName: "addProjects",
      args: [some.map(({ recipient }) => recipient), some.map(({ metadataURI }) => metadataURI)],
    });
  }
}

/** The owner takes a project's eligibility (REG-2). */
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

/** All projects with payout address and eligibility; descriptions where the registry has events for them. */
export async function listProjects(client: ReadClient, registry: Address, fromBlock: bigint) {
  const at = { address: registry, abi: iProjectRegistryAbi } as const;
  // Asked at once what can be, for each wait is one way to the node and back.
  const [reading, searching] = [
    readProjects(client, registry),
    readAllLogs(client, registry, fromBlock),
  ];
  const readRecipients = async (count: bigint) =>
    Promise.all(
      Array.from({ length: Number(count) }, (_, index) =>
        client.readContract({ ...at, functionName: "recipientOf", args: [BigInt(index)] }),
      ),
    );
  const [recipients, { isEligible }, logs] = await Promise.all([
    client.readContract({ ...at, functionName: "projectCount" }).then(readRecipients),
    reading,
    searching,
  ]);
  const names = new Map(
    parseEventLogs({ abi: iOwnedRegistryAbi, eventName: "ProjectAdded", logs }).map(({ args }) => [
      Number(args.project),
      args.metadataURI,
    ]),
  );
  return recipients.map((recipient, index) => ({
    index,
    recipient,
    metadataURI: names.get(index) ?? "",
    eligible: isEligible(index),
  }));
}
