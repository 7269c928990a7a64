/** What a check has compared: numbers, and texts that are the same in every language; amounts by token. */
export type CheckValues = Readonly<
  Record<string, number | string | readonly Readonly<Record<string, string>>[]>
>;

/** One thing that was rechecked; `detail` says what was compared, or what is wrong, and `values` what stands in it. */
export type Check = {
  readonly id: string;
  readonly title: string;
  readonly ok: boolean;
  readonly detail: string;
  readonly values: CheckValues;
};

/** What a check says where all is in order. */
export type Found = Pick<Check, "detail" | "values">;

/** Checks in the order in which they were made; a check that throws has failed with the error's message. */
export class Checklist {
  readonly checks: Check[] = [];
  readonly #onCheck: ((check: Check) => void) | undefined;

  constructor(onCheck?: (check: Check) => void) {
    this.#onCheck = onCheck;
  }

  /** Records whether `work` finds all in order: it returns what it has compared, and throws Mismatch where something differs. */
  async check(id: string, title: string, work: () => Found | Promise<Found>): Promise<void> {
    let check: Check;
    try {
      check = { id, title, ok: true, ...(await work()) };
    } catch (error) {
      if (!(error instanceof Mismatch)) throw error;
      check = { id, title, ok: false, detail: error.message, values: error.values };
    }
    this.checks.push(check);
    this.#onCheck?.(check);
  }

  get ok(): boolean {
    return this.checks.every((check) => check.ok);
  }
}

/** A finding: what the chain says is not what follows from its data. */
export class Mismatch extends Error {
  readonly values: CheckValues;

  constructor(message: string, values: CheckValues = {}) {
    super(message);
    this.values = values;
  }
}

/** @throws Mismatch naming both values unless they are equal */
export function expectEqual<T extends bigint | string | number | boolean>(
  what: string,
  found: T,
  expected: T,
): void {
  if (found !== expected)
    throw new Mismatch(
      `${what} is ${String(found)}, but ${String(expected)} follows from the data`,
    );
}

/** @throws Mismatch */
export function expectTrue(condition: boolean, otherwise: string): asserts condition {
  if (!condition) throw new Mismatch(otherwise);
}
