import { chmodSync, closeSync, openSync } from "node:fs";
import { DatabaseSync, type SQLInputValue } from "node:sqlite";
import type { SqliteDatabase, SqliteStatement } from "kysely";
import { DatabaseFullError } from "./database_errors.ts";

/** SQLite's result code for a disk without room: SQLITE_FULL, https://www.sqlite.org/rescode.html#full. */
const FULL = 13;

/** SQLite as it comes with Node, in the shape that Kysely's dialect asks for. @throws what node:sqlite throws */
export function openNodeSqlite(file: string): SqliteDatabase {
  // Its owner's alone, whatever umask says; SQLite gives the files beside it the same mode.
  if (file !== ":memory:") {
    closeSync(openSync(file, "a", 0o600));
    chmodSync(file, 0o600);
  }
  const database = new DatabaseSync(file);
  try {
    // A second process is refused at once instead of writing beside the first; the lock ends with the process, however it ends.
    database.exec("PRAGMA locking_mode = EXCLUSIVE");
    database.exec("PRAGMA journal_mode = WAL");
    // What was written stays written, power cut included: a transaction is in here before it is sent.
    database.exec("PRAGMA synchronous = FULL");
    database.exec("BEGIN IMMEDIATE; COMMIT");
  } catch (error) {
    database.close();
    throw error;
  }
  return {
    close: () => database.close(),
    prepare: (sql) => prepareStatement(database, sql),
  };
}

function prepareStatement(database: DatabaseSync, sql: string): SqliteStatement {
  const statement = database.prepare(sql);
  const values = (parameters: readonly unknown[]) => parameters as SQLInputValue[];
  const isRollback = /^\s*rollback\s*$/i.test(sql);
  const told = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      if ((error as { errcode?: number }).errcode === FULL) throw new DatabaseFullError(error);
      throw error;
    }
  };
  return {
    // Whether it gives rows; `columns()` would say so, but Node has it only since 22.16.
    reader: /^\s*(select|with|pragma|explain)\b|\breturning\b/i.test(sql),
    all: (parameters) => told(() => statement.all(...values(parameters))),
    run(parameters) {
      try {
        return told(() => statement.run(...values(parameters)));
      } catch (error) {
        // On a full disk SQLite rolls back by itself: that there is nothing left to undo must not hide why.
        if (isRollback && /no transaction is active/.test(String(error)))
          return { changes: 0, lastInsertRowid: 0 };
        throw error;
      }
    },
    iterate: (parameters) => statement.iterate(...values(parameters)),
  };
}
