import { readFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { normalize } from "viem/ens";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { zeroAddress, type Address, type EIP1193Provider } from "viem";
import { filesBelow } from "../../scripts/pipeline/imports.ts";
import { fromRoot, toRelative } from "../../scripts/pipeline/paths.ts";
import { connectRead } from "../../src/chain/client.ts";
import {
  lookUpName,
  NameFormError,
  NameServiceError,
  OutsideNameError,
  readPrimaryNames,
  spellName,
  UnknownNameError,
  type NameService,
} from "../../src/chain/ens.ts";
import { hasNames } from "../../src/chain/name_resolver.ts";
import { devnetAddress, startDevnetChain, type DevnetChain } from "../../src/devnet/chain.ts";
import { deployNames, type TestNames } from "../helpers/name_service.ts";

let chain: DevnetChain;
let names: TestNames;
let service: NameService;
/** A server that a name's owner would have asked. */
let outside: Server;
let visits = 0;
const [ana, ben, eve] = ["ana", "ben", "eve"].map(devnetAddress) as [Address, Address, Address];

beforeAll(async () => {
  chain = await startDevnetChain();
  names = await deployNames(await chain.as("organiser"));
  service = {
    read: chain.read,
    chainId: 31337,
    universalResolver: names.universalResolver,
  };
  outside = createServer((_, response) => {
    visits++;
    response.end(JSON.stringify({ data: "0x" }));
  });
  await new Promise<void>((done) => void outside.listen(0, "127.0.0.1", done));
  await names.setAddress("ana.eth", ana);
  await names.setAddress("pay.ana.eth", ben);
  await names.setAddress("👨‍🎤.eth", eve);
  await names.setAddress("nobody.eth", zeroAddress);
});
afterAll(async () => {
  outside.close();
  await chain.close();
});

describe("a name, asked of ENS's own registry and resolver", () => {
  test.each([
    ["ana.eth", ana],
    ["Ana.ETH", ana],
    ["ａｎａ.eth", ana],
    ["pay.Ana.eth", ben],
    ["👨\u200d🎤.eth", eve],
  ])("%s stands for its account", async (typed, account) => {
    expect(await lookUpName(service, typed)).toBe(account);
  });

  test("one that nobody registered, that has no address, or whose parent alone is registered stands for none", async () => {
    await names.setResolver("account.eth", ana); // an account where a resolver should be
    for (const name of ["ben.eth", "ana.xyz", "nobody.eth", "sub.ana.eth", "account.eth"])
      await expect(lookUpName(service, name)).rejects.toThrow(UnknownNameError);
  });

  test("one that imitates another is refused, and the node hears nothing of it", async () => {
    let asked = 0;
    const read = connectRead({
      request: async (request: never) => {
        asked++;
        return chain.provider.request(request);
      },
    } as unknown as EIP1193Provider);
    for (const name of ["\u0430na.eth", "a\u200dna.eth", "ana\u202e.eth", "a..eth", "ab--c.eth"])
      await expect(lookUpName({ ...service, read }, name)).rejects.toThrow(NameFormError);
    await expect(lookUpName(service, "ana\u202e.eth")).rejects.toThrow(
      /"ana\\u\{202E\}\.eth" is a name that nobody can have/,
    );
    expect(asked).toBe(0);
  });

  test("a name's owner makes nobody ask a server of the owner's choice", async () => {
    const { port } = outside.address() as AddressInfo;
    const resolver = await names.deployOffchain(`http://127.0.0.1:${port}/{sender}/{data}`);
    await names.setResolver("far.eth", resolver);
    const failure = await lookUpName(service, "far.eth").catch((error: unknown) => error);
    await names.setPrimary(await chain.as("eve"), "far.eth");
    expect(await readPrimaryNames(service, [eve])).toEqual(new Map());
    expect(visits).toBe(0);
    expect(failure).toBeInstanceOf(OutsideNameError);
  });

  test("a chain without a name service says so, and so does one where nothing answers at that address", async () => {
    const { read } = service;
    for (const chainId of [1, 17_000, 11_155_111]) expect(hasNames({ chainId })).toBe(true);
    expect(hasNames({ chainId: 31337 })).toBe(false);
    expect(hasNames(service)).toBe(true);
    await expect(lookUpName({ read, chainId: 10 }, "ana.eth")).rejects.toThrow(NameServiceError);
    await expect(lookUpName({ ...service, universalResolver: ana }, "ana.eth")).rejects.toThrow(
      NameServiceError,
    );
    expect(await readPrimaryNames({ read, chainId: 10 }, [ana])).toEqual(new Map());
    expect(await readPrimaryNames({ ...service, universalResolver: ana }, [ana])).toEqual(
      new Map(),
    );
  });

  test("a node that does not answer, or is asked too often, is not taken for one that knows no such name", async () => {
    for (const [code, message] of [
      [-32005, "rate limit exceeded"],
      [-32603, "HTTP request failed"],
    ] as const) {
      const read = connectRead({
        request: async () => {
          throw Object.assign(new Error(message), { code });
        },
      } as unknown as EIP1193Provider);
      const failing = { ...service, read };
      const failure = await lookUpName(failing, "ana.eth").catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(Error);
      expect(failure).not.toBeInstanceOf(UnknownNameError);
      await expect(readPrimaryNames(failing, [ana])).rejects.toThrow();
    }
  });
});

describe("the names that accounts go by", () => {
  test("are those that stand for them, spelt as names are; all others are as if there were none", async () => {
    const [asAna, asBen, asEve] = await Promise.all(
      ["ana", "ben", "eve"].map((name) => chain.as(name)),
    );
    await names.setPrimary(asAna!, "ana.eth");
    await names.setPrimary(asBen!, "ana.eth"); // somebody else's
    expect(await readPrimaryNames(service, [ana, ben, ana, devnetAddress("nameless")])).toEqual(
      new Map([[ana, "ana.eth"]]),
    );
    // Each stands for eve, and would be shown as something that it is not.
    for (const hostile of [
      "Eve.eth",
      "\u0430na.eth",
      "ana\u202e.eth",
      "a\u200dna.eth",
      `${"e".repeat(300)}.eth`,
      "<b>eve</b>.eth",
      "eve.eth\n",
      "eve",
    ]) {
      if (hostile.length < 255) await names.setAddress(hostile, eve);
      await names.setPrimary(asEve!, hostile);
      expect([hostile, ...(await readPrimaryNames(service, [eve])).values()]).toEqual([
        hostile,
        ...(hostile === "eve" ? ["eve"] : []),
      ]);
    }
    await names.setPrimary(asEve!, "👨‍🎤.eth");
    expect(await readPrimaryNames(service, [eve])).toEqual(new Map([[eve, "👨‍🎤.eth"]]));
    // A name moves on: what it was called is not told any more.
    await names.setAddress("ana.eth", eve);
    expect(await readPrimaryNames(service, [ana])).toEqual(new Map());
    await names.setAddress("ana.eth", ana);
  });
});

test("what needs no normaliser is spelt as the normaliser spells it", async () => {
  const words = ["a", "ab", "Ana", "x-y", "-a-", "ab--c", "xn--a", "a--", "--", "0", "K", "a1-2-3"];
  for (const one of words)
    for (const other of words) {
      const name = `${one}.${other}`;
      let spelt: string | undefined;
      try {
        spelt = normalize(name);
      } catch {
        spelt = undefined;
      }
      expect([name, await spellName(name).catch(() => undefined)]).toEqual([name, spelt]);
    }
});

test("no client that reads lets a contract send its reader to a server, on the page or elsewhere", async () => {
  const files = [
    ...(await filesBelow(fromRoot("src"), ".ts")),
    ...(await filesBelow(fromRoot("frontend", "src"), ".ts", ".tsx")),
  ].filter((file) => !file.includes("/generated/"));
  const made: string[] = [];
  for (const file of files)
    for (const [call] of (await readFile(file, "utf8")).matchAll(
      /\b(?:createPublicClient|createClient|createConfig)\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)/g,
    ))
      made.push(`${toRelative(file)}: ${/ccipRead: false/.test(call) ? "closed" : "open"}`);
  expect(made.length).toBeGreaterThan(3);
  expect(made.filter((one) => one.endsWith("open"))).toEqual([]);
});
