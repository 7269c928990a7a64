import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { sql } from "kysely";
import { expect, test } from "vitest";
import {
  withoutPassword,
  DatabaseFullError,
  DatabaseInUseError,
  openDatabase,
  probeDatabase,
  type Database,
} from "../../src/coordinator/store/database.ts";
import { journal, type JournalEntry } from "../../src/coordinator/store/journal.ts";
import { proofKey, proofStore } from "../../src/coordinator/store/proofs.ts";
import { openSecrets, WrongPassphraseError } from "../../src/coordinator/store/secrets.ts";
import { onBothDatabases } from "./databases.ts";

const PROVED = {
  proof: {
    a: [1n, 2n],
    b: [
      [3n, 4n],
      [5n, 1n << 253n],
    ],
    c: [7n, 8n],
  },
  signals: [0n, 9n],
} as const;
const SENDER = { chainId: 31337, account: "0xAbCdEf0000000000000000000000000000000001" } as const;
const entry = (hash: string, step: string, nonce: number, sentAt: number): JournalEntry => ({
  ...SENDER,
  hash: `0x${hash}`,
  step,
  nonce,
  sentAt,
  raw: "0x02",
  maxFee: 1n << 70n,
  priorityFee: 1n,
  state: "open",
  mac: "00",
});

async function withDatabase<T>(
  where: string,
  work: (database: Database) => Promise<T>,
): Promise<T> {
  const database = await openDatabase(where);
  try {
    return await work(database);
  } finally {
    await database.close();
  }
}

onBothDatabases("a coordinator's database", (newDatabase) => {
  test("keeps proofs by content, over openings", async () => {
    const where = await newDatabase();
    const key = proofKey({ vkey: { IC: [["1"]] } as never }, PROVED.signals);
    expect(proofKey({ vkey: { IC: [["2"]] } as never }, PROVED.signals)).not.toBe(key);
    await withDatabase(where, async (database) => {
      expect(await probeDatabase(database)).toBe(true);
      expect(await proofStore(database).get(key)).toBeUndefined();
      await proofStore(database).put(key, "fold_small", PROVED, { witness: 0.5, prove: 4 });
      await proofStore(database).put(key, "fold_small", PROVED);
    });
    await withDatabase(where, async (database) =>
      expect(await proofStore(database).get(key)).toEqual(PROVED),
    );
  });

  test("belongs to one process at a time", async () => {
    const where = await newDatabase();
    await withDatabase(where, async () => {
      await expect(openDatabase(where)).rejects.toThrow(DatabaseInUseError);
    });
    await withDatabase(where, async (database) => expect(await probeDatabase(database)).toBe(true));
  });

  test("keeps what was signed: by step, replacements after what they replace", async () => {
    await withDatabase(await newDatabase(), async (database) => {
      const book = journal(database);
      await book.add(entry("02", "fold 0", 5, 200));
      await book.add(entry("01", "fold 0", 5, 100));
      await book.add(entry("03", "fold 1", 6, 300));
      const lower = { ...SENDER, account: SENDER.account.toLowerCase() as `0x${string}` };
      expect(await book.ofStep(SENDER, "fold 0", ["open"])).toEqual([
        { ...entry("01", "fold 0", 5, 100), ...lower },
        { ...entry("02", "fold 0", 5, 200), ...lower },
      ]);
      expect(await book.ofStep({ ...SENDER, chainId: 1 }, "fold 0", ["open"])).toEqual([]);
      await book.settle(SENDER, 5, { from: "open", to: "mined" }, 17);
      expect((await book.allOpen(lower)).map(({ nonce }) => nonce)).toEqual([6]);
      expect(await book.ofStep(SENDER, "fold 0", ["open", "mined"])).toHaveLength(2);
    });
  });

  test("keeps secrets encrypted, each bound to its name", async () => {
    const where = await newDatabase();
    await withDatabase(where, async (database) => {
      const secrets = await openSecrets(database, "correct horse");
      await secrets.put("coordinator 0x01", "123456789");
      expect(await secrets.get("coordinator 0x01")).toBe("123456789");
      expect(await secrets.get("coordinator 0x02")).toBeUndefined();
      const { ciphertext } = await database.query
        .selectFrom("secrets")
        .select("ciphertext")
        .where("name", "=", "coordinator 0x01")
        .executeTakeFirstOrThrow();
      expect(Buffer.from(ciphertext, "base64").toString("latin1")).not.toContain("123456789");
      await database.query
        .insertInto("secrets")
        .values({ name: "coordinator 0x02", ciphertext })
        .execute();
      await expect(secrets.get("coordinator 0x02")).rejects.toThrow(WrongPassphraseError);
    });
    await withDatabase(where, async (database) => {
      await expect(openSecrets(database, "another horse")).rejects.toThrow(WrongPassphraseError);
      expect(await (await openSecrets(database, "correct horse")).get("coordinator 0x01")).toBe(
        "123456789",
      );
    });
  });
});

test("a full disk is told by its name, by health checks too, and work goes on when there is room", async () => {
  const folder = mkdtempSync(path.join(tmpdir(), "tacit-full-"));
  await withDatabase(path.join(folder, "full.sqlite"), async (database) => {
    const { query } = database;
    const pages = async (most: number) => sql.raw(`pragma max_page_count = ${most}`).execute(query);
    const fill = () =>
      query.transaction().execute(async (t) => {
        await t
          .insertInto("meta")
          .values({ key: "a", value: "x".repeat(100_000) })
          .execute();
      });
    expect(await probeDatabase(database)).toBe(true);
    await sql.raw("vacuum").execute(query);
    await pages(1); // no more than there are
    await expect(fill()).rejects.toThrow(DatabaseFullError);
    await expect(
      query
        .insertInto("meta")
        .values({ key: "b", value: "x".repeat(100_000) })
        .returning("key")
        .execute(),
    ).rejects.toThrow("The disk under the coordinator's database is full.");
    expect(await probeDatabase(database)).toBe(false);
    expect(await query.selectFrom("meta").select("key").execute()).toEqual([{ key: "probe" }]);
    await pages(1_000_000);
    await fill();
    expect(await probeDatabase(database)).toBe(true);
  });
  rmSync(folder, { recursive: true });
});

test("a database URL is shown without its password", () => {
  for (const url of [
    "tacit:hunter2@db.example/tacit",
    "tacit:hun/ter2@db.example/tacit",
    "tacit:hun@ter2@db.example/tacit",
    "db.example/tacit?password=hunter2",
    "tacit:hun?ter2@db.example/x",
    "h%2Funter2@db.example/tacit",
  ]) {
    expect(withoutPassword(`postgres://${url}`), url).toMatch(/^postgres:\/\/(db\.example\/)?…$/);
  }
  expect(withoutPassword("/var/lib/tacit/tacit.sqlite")).toBe("/var/lib/tacit/tacit.sqlite");
});

test("SQLite's files are their owner's alone, whatever the umask", async () => {
  const folder = mkdtempSync(path.join(tmpdir(), "tacit-mode-"));
  const before = process.umask(0o000);
  try {
    await withDatabase(path.join(folder, "tacit.sqlite"), async (database) => {
      await proofStore(database).put("key", "fold_small", PROVED);
      expect(
        readdirSync(folder)
          .map((file) => [file, statSync(path.join(folder, file)).mode & 0o777])
          .filter(([, mode]) => mode !== 0o600),
      ).toEqual([]);
    });
  } finally {
    process.umask(before);
    rmSync(folder, { recursive: true });
  }
});
