import { afterAll, beforeAll, expect, test } from "vitest";
import { bytesToHex, sha256, toHex } from "viem";
import type { ReadClient, WriteClient } from "../../src/chain/client.ts";
import { BUILT, locateContracts } from "../../src/chain/contracts.ts";
import { deployAll } from "../../src/chain/deploy.ts";
import {
  publishDocuments,
  readDocuments,
  readProjectDocuments,
  readRoundDocument,
} from "../../src/chain/documents.ts";
import { createRegistry } from "../../src/chain/create_round.ts";
import { LogRangeError } from "../../src/chain/logs.ts";
import { addProjects, listProjects } from "../../src/chain/projects.ts";
import { ContractRefusedError } from "../../src/chain/send.ts";
import { devnetAddress, startDevnetChain, type DevnetChain } from "../../src/devnet/chain.ts";
import { encodeDocument } from "../../src/metadata/canonical.ts";
import { digestDocument, toReference } from "../../src/metadata/reference.ts";

const { documents: board } = locateContracts(BUILT);
let chain: DevnetChain;
let client: WriteClient;
beforeAll(async () => {
  chain = await startDevnetChain();
  client = await chain.as("organiser");
  await deployAll(client);
});
afterAll(() => chain.close());

const project = (name: string) =>
  encodeDocument({ "@context": "http://www.daostar.org/schemas", type: "Project", name });

test("META-1 documents are found by their digests, hundreds at once, and hashed as the contract does", async () => {
  const documents = Array.from({ length: 310 }, (_, i) =>
    project(`Project ${i} ${"é".repeat(300)}`),
  );
  const before = await client.read.getBlockNumber();
  await publishDocuments(client, board, documents);
  expect((await client.read.getBlockNumber()) - before).toBe(4n); // 310 documents of about 690 bytes in four calls
  const digests = documents.map(digestDocument);
  expect(digests[0]).toBe(sha256(bytesToHex(documents[0]!)));
  // A hundred in a question: one alone, then the other three together.
  let under = 0;
  const together: number[] = [];
  const counting = {
    ...client.read,
    getLogs: async (args: Parameters<ReadClient["getLogs"]>[0]) => {
      together.push(++under);
      return client.read.getLogs(args).finally(() => under--);
    },
  } as unknown as ReadClient;
  const found = await readDocuments(counting, board, {
    digests: [...digests, digests[0]!],
    fromBlock: 0n,
  });
  expect(digests.map((digest) => found.get(digest))).toEqual(documents);
  expect(together).toEqual([1, 1, 2, 3]);
});

test("META-1 a document without bytes, or with one too many, is refused, and says which", async () => {
  const longest = new Uint8Array(16_384);
  await publishDocuments(client, board, [longest]);
  await expect(publishDocuments(client, board, [longest, new Uint8Array(16_385)])).rejects.toThrow(
    /DocumentLength\(1, 16385, 16384\)/,
  );
  await expect(publishDocuments(client, board, [new Uint8Array()])).rejects.toThrow(
    ContractRefusedError,
  );
});

test("META-1 META-4 a node can hold a document back, not change it", async () => {
  const [honest, forged] = [project("Beehives"), project("Give it all to me")];
  await publishDocuments(client, board, [honest]);
  const lying = {
    ...client.read,
    getLogs: async (args: Parameters<ReadClient["getLogs"]>[0]) =>
      (await client.read.getLogs(args)).map((log) => ({
        ...log,
        args: { ...(log as unknown as { args: object }).args, document: toHex(forged) },
      })),
  } as unknown as ReadClient;
  const reference = toReference(digestDocument(honest));
  const ask = { references: [reference], fromBlock: 0n };
  expect((await readProjectDocuments(client.read, board, ask)).get(reference)?.name).toBe(
    "Beehives",
  );
  expect((await readProjectDocuments(lying, board, ask)).size).toBe(0);
});

test("META-2 META-4 what is no document describes nothing, and harms no neighbour", async () => {
  const [good, bad] = [
    project("Beehives"),
    encodeDocument({ type: "Project", name: "<script>", x: 1 }),
  ];
  await publishDocuments(client, board, [bad, good]);
  const references = [
    "A bare name",
    toReference(digestDocument(bad)),
    toReference(digestDocument(good)),
    toReference(digestDocument(project("never published"))),
  ];
  const found = await readProjectDocuments(client.read, board, { references, fromBlock: 0n });
  expect([...found].map(([reference, { name }]) => [references.indexOf(reference), name])).toEqual([
    [2, "Beehives"],
  ]);
  expect(
    await readRoundDocument(client.read, board, { salt: digestDocument(bad), fromBlock: 0n }),
  ).toBeUndefined();
});

test("META-2 projects are listed with what their documents say, and without it where the node refuses the documents alone", async () => {
  const document = project("Beehives");
  await publishDocuments(client, board, [document]);
  const { registry } = await createRegistry(client, {
    factory: locateContracts(BUILT).factory,
    owner: client.wallet.account.address,
    freezeTime: (await chain.now()) + 3_600n,
  });
  const reference = toReference(digestDocument(document));
  await addProjects(client, {
    registry,
    projects: [reference, "A bare name"].map((metadataURI) => ({
      recipient: devnetAddress(metadataURI),
      metadataURI,
    })),
  });
  const refused: unknown[] = [];
  const list = async (read: ReadClient) => {
    const projects = await listProjects(read, {
      registry,
      documents: board,
      fromBlock: 0n,
      onNameless: (error) => refused.push(error),
    });
    return projects.map(({ name, metadataURI }) => [name, metadataURI]);
  };
  expect(await list(client.read)).toEqual([
    ["Beehives", reference],
    ["A bare name", "A bare name"],
  ]);
  expect(refused).toEqual([]);
  const withoutBoard = {
    ...client.read,
    getLogs: async (args: { readonly address?: unknown }) => {
      if (args.address === board) throw new Error("no logs of that contract");
      return client.read.getLogs(args as Parameters<ReadClient["getLogs"]>[0]);
    },
  } as unknown as ReadClient;
  expect(await list(withoutBoard)).toEqual([
    ["", reference],
    ["A bare name", "A bare name"],
  ]);
  expect(refused).toEqual([expect.any(LogRangeError)]);
});
