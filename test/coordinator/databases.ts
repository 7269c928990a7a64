import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe } from "vitest";
import { describeUnless } from "../helpers/unless.ts";
import { NO_POSTGRES, POSTGRES_BIN, startPostgres, type TestPostgres } from "./postgres.ts";

/** Runs the same tests on SQLite and on PostgreSQL. `newDatabase` gives what --database takes, for an empty database. */
export function onBothDatabases(
  title: string,
  tests: (newDatabase: () => Promise<string>) => void,
): void {
  describe(`${title}, on SQLite`, () => {
    const folder = mkdtempSync(path.join(tmpdir(), "tacit-sqlite-"));
    let count = 0;
    afterAll(() => rmSync(folder, { recursive: true }));
    tests(async () => path.join(folder, `${++count}.sqlite`));
  });
  describeUnless(
    POSTGRES_BIN === undefined ? NO_POSTGRES : undefined,
    `${title}, on PostgreSQL`,
    () => {
      let server: TestPostgres;
      beforeAll(async () => {
        server = await startPostgres();
      });
      afterAll(() => server.stop());
      tests(() => server.newDatabase());
    },
  );
}
