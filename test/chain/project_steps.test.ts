import { afterAll, beforeAll, expect, test } from "vitest";
import type { Address } from "viem";
import type { ReadClient, WriteClient } from "../../src/chain/client.ts";
import { BUILT, locateContracts } from "../../src/chain/contracts.ts";
import { createRegistry } from "../../src/chain/create_round.ts";
import { deployAll } from "../../src/chain/deploy.ts";
import { publishDocuments } from "../../src/chain/documents.ts";
import {
  addProjects,
  delistProject,
  listProjects,
  readRecipients,
} from "../../src/chain/projects.ts";
import { FIRST_STEP, readProjectSteps, type ProjectSteps } from "../../src/chain/project_steps.ts";
import { devnetAddress, startDevnetChain, type DevnetChain } from "../../src/devnet/chain.ts";
import { encodeProjectDocument, writeProjectDocument } from "../../src/metadata/documents.ts";
import { digestDocument, toReference } from "../../src/metadata/reference.ts";

const COUNT = 130;
const { documents, factory } = locateContracts(BUILT);
let chain: DevnetChain;
let client: WriteClient;
let registry: Address;

const documentOf = (name: string) => encodeProjectDocument(writeProjectDocument({ name }));
const added = (metadataURI: string) => ({ recipient: devnetAddress(metadataURI), metadataURI });
const referenceTo = (name: string) => toReference(digestDocument(documentOf(name)));

beforeAll(async () => {
  chain = await startDevnetChain();
  client = await chain.as("organiser");
  await deployAll(client);
  const names = Array.from({ length: COUNT }, (_, i) => `Project ${i}`);
  await publishDocuments(client, documents, names.map(documentOf));
  ({ registry } = await createRegistry(client, {
    factory,
    owner: client.wallet.account.address,
    freezeTime: (await chain.now()) + 86_400n,
  }));
  await addProjects(client, { registry, projects: names.map((name) => added(referenceTo(name))) });
});
afterAll(() => chain.close());

/** Projects backwards. */
const arrange = (count: number) => Array.from({ length: count }, (_, i) => count - 1 - i);

async function read(reader: ReadClient, before?: ProjectSteps): Promise<ProjectSteps[]> {
  const source = { registry, documents, fromBlock: 0n };
  const steps: ProjectSteps[] = [];
  for await (const step of readProjectSteps(reader, source, { arrange, before })) steps.push(step);
  return steps;
}

/** Counts what is asked, and whether two questions were asked one after the other or together. */
function counting(reader: ReadClient) {
  const asked: string[] = [];
  const count =
    <Q extends object, A>(ask: (question: Q) => Promise<A>) =>
    (question: Q) => {
      asked.push("functionName" in question ? String(question.functionName) : "logs");
      return ask(question);
    };
  const counted = {
    ...reader,
    getLogs: count(reader.getLogs as never),
    readContract: count(reader.readContract as never),
  } as unknown as ReadClient;
  return { counted, asked };
}

const indicesRead = ({ projects }: ProjectSteps) =>
  projects.filter(({ step }) => step !== undefined).map(({ index }) => index);

test("a list comes in steps: the first is as small as a short list, and no payout address is asked for", async () => {
  const { counted, asked } = counting(client.read);
  const steps = await read(counted);
  expect(steps.map((step) => indicesRead(step).length)).toEqual([
    FIRST_STEP,
    FIRST_STEP + 50,
    COUNT,
  ]);
  expect(steps.map(({ isWhole }) => isWhole)).toEqual([false, false, true]);
  // The first ones in the order that was asked for, all others in their places without a name.
  expect(indicesRead(steps[0]!).at(0)).toBe(COUNT - FIRST_STEP);
  expect(steps[0]!.projects.map(({ index }) => index)).toEqual(Array.from(Array(COUNT).keys()));
  expect(steps[0]!.projects.every(({ eligible }) => eligible)).toBe(true);
  expect(steps[0]!.projects[0]).toMatchObject({ name: "", document: undefined, step: undefined });
  // A guess at the first references, those of three steps, of which the last are known by the guess, and the documents of three.
  expect(asked.sort()).toEqual(["eligibility", ...Array(6).fill("logs"), "projectCount"]);

  const whole = steps.at(-1)!.projects;
  const listed = await listProjects(client.read, { registry, documents, fromBlock: 0n });
  expect(whole).toEqual(
    listed.map(({ recipient: _, ...project }) => ({ ...project, step: expect.any(Number) })),
  );
  expect(await readRecipients(client.read, registry, COUNT)).toEqual(
    listed.map(({ recipient }) => recipient),
  );
  // What has been read is the same object in every later step.
  for (const index of indicesRead(steps[0]!)) expect(whole[index]).toBe(steps[0]!.projects[index]);
});

test("read again it asks for what is new alone, and for what was missing", async () => {
  const before = (await read(client.read)).at(-1)!;
  const still = counting(client.read);
  const [same, ...none] = await read(still.counted, before);
  expect(none).toEqual([]);
  expect(still.asked.sort()).toEqual(["eligibility", "logs", "projectCount"]);
  expect(same!.projects.every((project, i) => project === before.projects[i])).toBe(true);

  await addProjects(client, { registry, projects: [added(referenceTo("Late")), added("Bare")] });
  await delistProject(client, { registry, project: 5n });
  const [unread, ...more] = await read(client.read, same);
  expect(more).toEqual([]);
  expect(unread!.order.slice(COUNT)).toEqual([COUNT, COUNT + 1]); // behind those that somebody reads
  expect(unread!.projects.slice(COUNT).map(({ name }) => name)).toEqual(["", "Bare"]);
  expect(unread!.projects[5]).toEqual({ ...before.projects[5], eligible: false });
  expect(unread!.projects[6]).toBe(before.projects[6]);

  await publishDocuments(client, documents, [documentOf("Late")]);
  const [late] = await read(client.read, unread);
  expect(late!.projects[COUNT]!.name).toBe("Late");
});

test("a reading that broke off goes on where it was", async () => {
  let answers = 0;
  const failing = {
    ...client.read,
    getLogs: async (question: never) => {
      if (++answers > 4) throw new Error("HTTP request failed.");
      return client.read.getLogs(question);
    },
    getChainId: async () => {
      throw new Error("HTTP request failed.");
    },
  } as unknown as ReadClient;
  let first: ProjectSteps | undefined;
  const source = { registry, documents, fromBlock: 0n };
  await expect(async () => {
    for await (const step of readProjectSteps(failing, source, { arrange })) first ??= step;
  }).rejects.toThrow(/does not answer/);
  expect(indicesRead(first!).length).toBe(FIRST_STEP);
  const steps = await read(client.read, first);
  expect(indicesRead(steps[0]!).length).toBe(FIRST_STEP + 50);
  expect(steps.at(-1)!.isWhole).toBe(true);
  expect(steps.at(-1)!.order).toEqual(first!.order);
});

test("a node that gives logs in ranges alone is asked for the registry's ranges once, and one that gives none leaves the projects nameless", async () => {
  const ranges: string[] = [];
  const narrow = {
    ...client.read,
    getLogs: async (question: { toBlock: bigint | "latest"; address: Address; args?: object }) => {
      if (question.toBlock === "latest") throw new Error("range too wide");
      ranges.push(
        question.address === documents ? "documents" : JSON.stringify(question.args ?? null),
      );
      return client.read.getLogs(question as never);
    },
  } as unknown as ReadClient;
  const steps = await read(narrow);
  expect(steps.length).toBe(1);
  expect(steps[0]!.isWhole).toBe(true);
  expect(steps[0]!.projects[7]!.name).toBe("Project 7");
  expect(ranges.filter((range) => range !== "documents")).toEqual(["null"]);

  const silent = {
    ...client.read,
    getLogs: async () => {
      throw new Error("no logs kept");
    },
  } as unknown as ReadClient;
  const nameless = await read(silent);
  expect(nameless.map(({ isWhole, nameless }) => [isWhole, nameless])).toEqual([[true, true]]);
  expect(nameless[0]!.projects.every(({ name, step }) => name === "" && step === 0)).toBe(true);
  const named = await read(client.read, nameless[0]);
  expect(named.at(-1)).toMatchObject({ nameless: false, isWhole: true });
  expect(named.at(-1)!.projects[7]!.name).toBe("Project 7");
});

test("a registry without projects is whole at once", async () => {
  const empty = await createRegistry(client, {
    factory,
    owner: client.wallet.account.address,
    freezeTime: (await chain.now()) + 90_000n,
  });
  const source = { registry: empty.registry, documents, fromBlock: 0n };
  const steps: ProjectSteps[] = [];
  for await (const step of readProjectSteps(client.read, source, { arrange })) steps.push(step);
  expect(steps).toEqual([
    expect.objectContaining({ projects: [], isWhole: true, nameless: false }),
  ]);
});
