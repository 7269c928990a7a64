import { randomBytes } from "node:crypto";
import { mkdir } from "node:fs/promises";
import path from "node:path";
import { Kysely, SqliteDialect } from "kysely";
import { Migrator } from "kysely/migration";
import { withoutSecrets } from "../../errors.ts";
import {
  DatabaseAwayError,
  DatabaseFullError,
  DatabaseInUseError,
  DatabaseUnavailableError,
} from "./database_errors.ts";
import { migrations, type Dialect } from "./migrations.ts";
import { openNodeSqlite } from "./node_sqlite.ts";
import { openPostgres } from "./postgres.ts";
import type { Schema } from "./schema.ts";

export { DatabaseAwayError, DatabaseFullError, DatabaseInUseError, DatabaseUnavailableError };

/** A coordinator's database, owned by this process alone until it is closed. */
export type Database = {
  readonly query: Kysely<Schema>;
  readonly dialect: Dialect;
  /** Settles when another process has taken the database over (PostgreSQL): then stop. A server that is away for a while settles nothing. */
  readonly lost: Promise<Error>;
  readonly close: () => Promise<void>;
};

/**
 * Opens a database and brings its schema up to date. `where` is a file (SQLite) or a postgres:// URL.
 * @throws DatabaseUnavailableError, DatabaseInUseError
 */
export async function openDatabase(where: string): Promise<Database> {
  const opened: Opened = /^postgres(ql)?:\/\//.test(where)
    ? { dialect: "postgres", ...(await openPostgres(where)) }
    : await openSqlite(where);
  try {
    const migrator = new Migrator({
      db: opened.query,
      provider: { getMigrations: async () => migrations(opened.dialect) },
    });
    const { error } = await migrator.migrateToLatest();
    if (error !== undefined) throw error;
    await opened.own?.();
    return opened;
  } catch (cause) {
    await opened.close();
    throw new DatabaseUnavailableError(withoutPassword(where), cause);
  }
}

type Opened = Database & { readonly own?: () => Promise<void> };

async function openSqlite(file: string): Promise<Opened> {
  try {
    if (file !== ":memory:") await mkdir(path.dirname(path.resolve(file)), { recursive: true });
    const database = openNodeSqlite(file);
    const query = new Kysely<Schema>({ dialect: new SqliteDialect({ database }) });
    return {
      query,
      dialect: "sqlite",
      lost: new Promise(() => undefined),
      close: () => query.destroy(),
    };
  } catch (cause) {
    throw /locked|busy/i.test(String(cause))
      ? new DatabaseInUseError(file, cause)
      : new DatabaseUnavailableError(file, cause);
  }
}

/** Key in `meta` of what health checks write, and its size: more than one page, so that it needs room. */
const [PROBE_KEY, PROBE_BYTES] = ["probe", 32 << 10];

/** Whether the database answers and takes what is written to it, as one on a full disk does not: for health checks. */
export async function probeDatabase({ query }: Database): Promise<boolean> {
  const write = (value: string) =>
    query
      .insertInto("meta")
      .values({ key: PROBE_KEY, value })
      .onConflict((c) => c.column("key").doUpdateSet({ value }))
      .execute();
  try {
    await write(randomBytes(PROBE_BYTES).toString("base64")); // random, as a server may compress it
    await write("");
    return true;
  } catch {
    return false;
  }
}

/** How a database is named in messages: a file by its path, a server without user, password and settings. */
export const withoutPassword = (where: string): string => withoutSecrets(where);
