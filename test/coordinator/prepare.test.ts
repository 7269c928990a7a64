import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { LinkList } from "../../src/coordinator/planning/link_list.ts";
import { prepareInThreads, type Prepared } from "../../src/coordinator/planning/prepare.ts";
import { openDatabase, type Database } from "../../src/coordinator/store/database.ts";
import { openedStore, type OpenedStore } from "../../src/coordinator/store/opened.ts";
import { integerToBytes } from "../../src/crypto/field.ts";
import { foldInputs } from "../../src/proofs/inputs.ts";
import { localCoordinatorKey } from "../../src/protocol/coordinator_key.ts";
import { encodeLink } from "../../src/protocol/link.ts";
import { sealingKey } from "../../src/transcript/salts.ts";
import { completeTranscript, prepareTally } from "../../src/transcript/transcript.ts";
import { hostileRound } from "../helpers/hostile.ts";
import { openBySecret } from "../helpers/open.ts";

const ROWS = 4;
const round = hostileRound();
const key = localCoordinatorKey(round.coordinator.secret);
const tally = await prepareTally(round.items, round.statement, key, ROWS);
const transcript = await completeTranscript(tally, key);
const request = {
  links: LinkList.from(round.links),
  statement: round.statement,
  key,
  rowsPerFold: ROWS,
  threads: 2,
  jobSize: 9,
};

const folder = mkdtempSync(path.join(tmpdir(), "tacit-prepare-"));
afterAll(() => rmSync(folder, { recursive: true }));

function expectSame(prepared: Prepared): void {
  expect(prepared.commitment).toEqual(tally.commitment);
  expect(prepared.results).toEqual(tally.outcome.results);
  const { folds, ...rest } = transcript;
  const { folds: states, ...others } = prepared.transcript;
  expect(others).toEqual(rest);
  expect(states.length).toBe(folds.length);
  for (const [i, fold] of folds.entries())
    expect(
      foldInputs(prepared.withRows(states[i] as never), others.constants, prepared.rowsSalt),
    ).toEqual(foldInputs(fold, rest.constants, tally.rowsSalt));
}

describe("a list of links", () => {
  test("gives back what was put in, in LINK-1's bytes, and counts items; a thread reads the same", () => {
    const list = LinkList.from(round.links);
    expect([...list]).toEqual(round.links);
    expect(list.items).toBe(round.items.length);
    expect([...new LinkList(list.shared)]).toEqual(round.links);
    expect(list.bytes(0, list.length)).toEqual(
      new Uint8Array(Buffer.concat(round.links.map(encodeLink))),
    );
  });

  test("is not changed for a thread by what is added later", () => {
    const list = LinkList.from(round.links.slice(0, 300));
    const shared = new LinkList(list.shared);
    for (const link of round.links.slice(300)) list.push(link);
    expect([...shared]).toEqual(round.links.slice(0, 300));
    expect([...list]).toEqual(round.links);
  });
});

describe("preparing in threads", () => {
  test.each([
    [1, 1_000],
    [3, 9],
  ])(
    "%i threads, jobs of %i: the hostile round's commitment, results and every fold's inputs are those of the reference (TALLY-11)",
    async (threads, jobSize) => {
      expectSame(await prepareInThreads({ ...request, threads, jobSize }));
    },
  );

  test("of nothing gives the empty round's one fold", async () => {
    const statement = { ...round.statement, items: 0, chainHead: new Uint8Array(32) };
    const nothing = await prepareTally([], statement, key, ROWS);
    const prepared = await prepareInThreads({ ...request, links: new LinkList(), statement });
    expect(prepared.commitment).toEqual(nothing.commitment);
    expect(prepared.transcript.folds.length).toBe(1);
  });

  test("fails with what a thread fails with, and does not wait for it", async () => {
    const bad = { ...key, source: { kind: "local" as const, secret: 0n } };
    await expect(prepareInThreads({ ...request, key: bad })).rejects.toThrow();
  });
});

describe("what is kept of decrypted messages", () => {
  const file = path.join(folder, "kept.sqlite");
  let database: Database;
  let store: OpenedStore;
  beforeAll(async () => {
    database = await openDatabase(file);
    store = openedStore(database, "1:0x00", await sealingKey(key, round.statement));
  });
  afterAll(() => database.close());

  test("after a crash at any record nothing is done twice, and the same comes out", async () => {
    const written: string[] = [];
    const crashAfter = (puts: number): OpenedStore => ({
      ...store,
      put: async (name, content) => {
        if (puts-- <= 0) throw new Error("crash");
        written.push(name);
        await store.put(name, content);
      },
    });
    for (const puts of [3, 25])
      await expect(prepareInThreads({ ...request, opened: crashAfter(puts) })).rejects.toThrow(
        "crash",
      );
    expect(written.some((name) => name.startsWith("rows"))).toBe(true);
    for (let run = 0; run < 2; run++) {
      expectSame(await prepareInThreads({ ...request, opened: crashAfter(Infinity) }));
      const rows = await database.query.selectFrom("opened").select("name").execute();
      expect(written.toSorted()).toEqual(rows.map(({ name }) => name).sort());
    }
  });

  test("is sealed under a key of the coordinator's, in files of its owner's alone; another round's or key's opens none of it", async () => {
    const names = await database.query.selectFrom("opened").select("name").execute();
    const others = [
      await sealingKey(key, { ctx: round.statement.ctx + 1n }),
      await sealingKey(localCoordinatorKey(round.coordinator.secret + 1n), round.statement),
    ];
    for (const { name } of names) {
      expect(await store.get(name)).toBeDefined();
      for (const other of others)
        expect(await openedStore(database, "1:0x00", other).get(name)).toBeUndefined();
    }
    // Numbers such as 2^250 are in any file.
    const plaintexts = openBySecret(round.items, round.coordinator.secret, round.rules.ctx)
      .flatMap(({ command }) => command.map((word) => Buffer.from(integerToBytes(word, 32))))
      .filter((word) => new Set(word).size > 16);
    expect(plaintexts.length).toBeGreaterThan(100);
    for (const kept of [file, `${file}-wal`]) {
      expect(statSync(kept).mode & 0o777).toBe(0o600);
      const bytes = readFileSync(kept);
      expect(plaintexts.filter((word) => bytes.includes(word))).toEqual([]);
    }
  });

  test("is done again where it was changed", async () => {
    const rows = await database.query.selectFrom("opened").select(["name", "sealed"]).execute();
    for (const [i, { name, sealed }] of rows.entries()) {
      const changed = Uint8Array.from(sealed);
      changed[(i * 37) % changed.length] = (changed[(i * 37) % changed.length] as number) ^ 1;
      await database.query
        .updateTable("opened")
        .set({ sealed: i % 2 === 0 ? changed : changed.subarray(0, i % 30) })
        .where("name", "=", name)
        .execute();
      expect(await store.get(name)).toBeUndefined();
    }
    expectSame(await prepareInThreads({ ...request, opened: store }));
    await store.clear();
    expect(await database.query.selectFrom("opened").select("name").execute()).toEqual([]);
  });
});
