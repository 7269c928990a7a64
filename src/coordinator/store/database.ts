import { mkdir } from "node:fs/promises";
import path from "node:path";
import { Kysely, PostgresDialect, sql, SqliteDialect } from "kysely";
import { Migrator } from "kysely/migration";
import pg from "pg";
import { BaseError, withoutSecrets } from "../../errors.ts";
import { sleep } from "../sending/sleep.ts";
import { migrations, type Dialect } from "./migrations.ts";
import { openNodeSqlite } from "./node_sqlite.ts";
import type { Schema } from "./schema.ts";

export class DatabaseUnavailableError extends BaseError {
  constructor(where: string, cause: unknown) {
    super(`The database ${where} cannot be opened.`, {
      fix: "Give --database a file, or a postgres:// URL of a server that runs.",
      cause,
    });
  }
}

export class DatabaseInUseError extends BaseError {
  constructor(where: string, cause?: unknown) {
    super(`Another process works with the database ${where}.`, {
      fix: "One coordinator a database: stop the other one, or use another database.",
      cause,
    });
  }
}

/** A coordinator's database, owned by this process alone until it is closed. */
export type Database = {
  readonly query: Kysely<Schema>;
  readonly dialect: Dialect;
  /** Settles when the database is lost to this process (PostgreSQL's connection broke): then stop, for another may take over. */
  readonly lost: Promise<Error>;
  readonly close: () => Promise<void>;
};

/** Key of the advisory lock by which one process owns a PostgreSQL database: "tacit" in ASCII. */
const OWNER_LOCK = 0x7461636974;
const LOCK_TRIES = 5;

/**
 * Opens a database and brings its schema up to date. `where` is a file (SQLite) or a postgres:// URL.
 * @throws DatabaseUnavailableError, DatabaseInUseError
 */
export async function openDatabase(where: string): Promise<Database> {
  const opened = /^postgres(ql)?:\/\//.test(where)
    ? await openPostgres(where)
    : await openSqlite(where);
  try {
    const migrator = new Migrator({
      db: opened.query,
      provider: { getMigrations: async () => migrations(opened.dialect) },
    });
    const { error } = await migrator.migrateToLatest();
    if (error !== undefined) throw error;
    return opened;
  } catch (cause) {
    await opened.close();
    throw new DatabaseUnavailableError(withoutPassword(where), cause);
  }
}

async function openSqlite(file: string): Promise<Database> {
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

async function openPostgres(url: string): Promise<Database> {
  const shown = withoutPassword(url);
  // int8 as a number: block numbers and milliseconds are far below 2^53.
  const types = {
    getTypeParser: ((oid: number, format?: string) =>
      oid === pg.types.builtins.INT8
        ? Number
        : pg.types.getTypeParser(oid, format as "text")) as typeof pg.types.getTypeParser,
  };
  const pool = new pg.Pool({
    connectionString: url,
    types,
    max: 8,
    connectionTimeoutMillis: 10_000,
  });
  pool.on("error", () => undefined); // an idle connection broke: the pool opens another
  let owner: pg.PoolClient;
  try {
    owner = await pool.connect();
  } catch (cause) {
    await pool.end();
    throw new DatabaseUnavailableError(shown, cause);
  }
  const lost = new Promise<Error>((resolve) => owner.on("error", resolve));
  const locked = await tryLock(owner);
  const close = async () => {
    owner.release(true); // closes this connection, and with it gives the lock back
    await query.destroy();
  };
  const query = new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) });
  if (!locked) {
    await close();
    throw new DatabaseInUseError(shown);
  }
  return { query, dialect: "postgres", lost, close };
}

/** The server may take a moment to notice that a killed owner's connection is gone. */
async function tryLock(owner: pg.PoolClient): Promise<boolean> {
  for (let tries = 0; tries < LOCK_TRIES; tries++) {
    const { rows } = await owner.query<{ locked: boolean }>(
      "select pg_try_advisory_lock($1) as locked",
      [OWNER_LOCK],
    );
    if (rows[0]?.locked === true) return true;
    await sleep(0.3);
  }
  return false;
}

/** Whether the database answers: for health checks. */
export async function pingDatabase({ query }: Database): Promise<boolean> {
  return sql`select 1`.execute(query).then(
    () => true,
    () => false,
  );
}

/** How a database is named in messages: a file by its path, a server without user, password and settings. */
export const withoutPassword = (where: string): string => withoutSecrets(where);
