import { BaseError } from "../../errors.ts";

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

/** Nothing more can be written now; what was written stays. */
export class DatabaseFullError extends BaseError {
  constructor(cause: unknown) {
    super("The disk under the coordinator's database is full.", {
      fix: "Try again later; its operator makes room on the disk, and it goes on by itself.",
      cause,
    });
  }
}

/** The server does not answer now: it is asked again, and what was refused can be tried again. */
export class DatabaseAwayError extends BaseError {
  constructor() {
    super("The coordinator's database does not answer at the moment.", {
      fix: "Try again in some minutes; its operator sees to the database server.",
    });
  }
}
