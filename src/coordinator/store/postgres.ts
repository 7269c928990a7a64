import { randomUUID } from "node:crypto";
import { Kysely, PostgresDialect } from "kysely";
import pg from "pg";
import { BaseError, withoutSecrets } from "../../errors.ts";
import { sleep } from "../sending/sleep.ts";
import {
  DatabaseAwayError,
  DatabaseInUseError,
  DatabaseUnavailableError,
} from "./database_errors.ts";
import type { Schema } from "./schema.ts";

/** Key of the advisory lock by which one process owns a PostgreSQL database: "tacit" in ASCII. */
const OWNER_LOCK = 0x7461636974;
const LOCK_TRIES = 5;
/** Key in `meta` under which the last owner's name stands. */
const OWNER_KEY = "owner";

const CONNECT_SECONDS = 10;
/** A query that takes longer has no server any more. */
const QUERY_SECONDS = 120;
/** Looks whether the owner's connection lives: a server that vanishes without a word is noticed in twice that. */
const HEARTBEAT_SECONDS = 15;
/** Seconds before another try to reach the server, the first and at most. */
const [FIRST_RETRY, LAST_RETRY] = [0.5, 15];

export type Postgres = {
  readonly query: Kysely<Schema>;
  /** Settles when another process has owned the database since: then stop. While the server is away nothing settles. */
  readonly lost: Promise<Error>;
  /** Writes down that this process owns the database; called once, when the schema is there. */
  readonly own: () => Promise<void>;
  readonly close: () => Promise<void>;
};

/**
 * A PostgreSQL database that one process owns by a lock. When the server goes away, every query is refused at once until it is back and the lock
 * held anew: without the lock nothing is read or written, for another process may have it.
 * @throws DatabaseUnavailableError, DatabaseInUseError
 */
export async function openPostgres(url: string): Promise<Postgres> {
  const shown = withoutSecrets(url);
  const settings = {
    connectionString: url,
    connectionTimeoutMillis: 1000 * CONNECT_SECONDS,
    query_timeout: 1000 * QUERY_SECONDS,
    keepAlive: true,
  };
  // int8 as a number: block numbers and milliseconds are far below 2^53.
  const types = {
    getTypeParser: ((oid: number, format?: string) =>
      oid === pg.types.builtins.INT8
        ? Number
        : pg.types.getTypeParser(oid, format as "text")) as typeof pg.types.getTypeParser,
  };
  const pool = new pg.Pool({ ...settings, types, max: 8 });
  pool.on("error", () => undefined); // an idle connection broke: the pool opens another
  pool.on("connect", (client) => client.on("error", () => undefined)); // one in use: its query fails
  const name = randomUUID();
  const closing = new AbortController();
  let owner: pg.Client | undefined;
  let isNamed = false;
  let tellLost: (error: Error) => void = () => undefined;
  const lost = new Promise<Error>((resolve) => (tellLost = resolve));

  /** Connects and takes the lock. @throws what connecting throws; DatabaseInUseError */
  const take = async (): Promise<void> => {
    const client = new pg.Client(settings);
    client.on("error", () => undefined);
    const end = () => void client.end().catch(() => undefined);
    try {
      await client.connect();
      if (!(await tryLock(client))) throw new DatabaseInUseError(shown);
      if (isNamed && (await readOwner(client)) !== name) throw new DatabaseInUseError(shown);
    } catch (error) {
      end();
      throw error;
    }
    let isGone = false;
    const gone = () => {
      if (isGone) return;
      isGone = true;
      clearInterval(heartbeat);
      if (owner === client) owner = undefined;
      end();
      if (!closing.signal.aborted) void retake();
    };
    const heartbeat = setInterval(() => {
      const silent = setTimeout(gone, 1000 * HEARTBEAT_SECONDS).unref();
      client.query("select 1").then(() => clearTimeout(silent), gone);
    }, 1000 * HEARTBEAT_SECONDS).unref();
    client.on("error", gone);
    client.on("end", gone);
    owner = client;
  };

  const retake = async (): Promise<void> => {
    for (let retry = FIRST_RETRY; ; retry = Math.min(2 * retry, LAST_RETRY)) {
      await sleep(retry, closing.signal);
      if (closing.signal.aborted) return;
      try {
        return await take();
      } catch (error) {
        if (error instanceof BaseError) return tellLost(error);
      }
    }
  };

  const query = new Kysely<Schema>({
    dialect: new PostgresDialect({
      pool: {
        options: pool.options,
        connect: () => {
          if (owner === undefined) return Promise.reject(new DatabaseAwayError());
          return pool.connect();
        },
        end: () => pool.end(),
      },
    }),
  });
  const close = async () => {
    closing.abort();
    const last = owner;
    owner = undefined;
    await last?.end().catch(() => undefined); // with it the lock
    await query.destroy();
    if (!pool.ended) await pool.end();
  };
  try {
    await take();
  } catch (cause) {
    await close();
    throw cause instanceof BaseError ? cause : new DatabaseUnavailableError(shown, cause);
  }
  const own = async () => {
    await query
      .insertInto("meta")
      .values({ key: OWNER_KEY, value: name })
      .onConflict((c) => c.column("key").doUpdateSet({ value: name }))
      .execute();
    isNamed = true;
  };
  return { query, lost, own, close };
}

/** The server may take a moment to notice that a killed owner's connection is gone. */
async function tryLock(client: pg.Client): Promise<boolean> {
  for (let tries = 0; tries < LOCK_TRIES; tries++) {
    const { rows } = await client.query<{ locked: boolean }>(
      "select pg_try_advisory_lock($1) as locked",
      [OWNER_LOCK],
    );
    if (rows[0]?.locked === true) return true;
    await sleep(0.3);
  }
  return false;
}

async function readOwner(client: pg.Client): Promise<string | undefined> {
  const { rows } = await client.query<{ value: string }>("select value from meta where key = $1", [
    OWNER_KEY,
  ]);
  return rows[0]?.value;
}
