/** One thing that was rechecked; `detail` says what was compared, or what is wrong. */
export type Check = {
  readonly id: string;
  readonly title: string;
  readonly ok: boolean;
  readonly detail: string;
};

/** Checks in the order in which they were made; a check that throws has failed with the error's message. */
export class Checklist {
  readonly checks: Check[] = [];
  readonly #onCheck: ((check: Check) => void) | undefined;

  constructor(onCheck?: (check: Check) => void) {
    this.#onCheck = onCheck;
  }

  /** Records whether `work` finds all in order: it returns what it has compared, and throws Mismatch where something differs. */
  async check(id: string, title: string, work: () => string | Promise<string>): Promise<void> {
    let check: Check;
    try {
      check = { id, title, ok: true, detail: await work() };
    } catch (error) {
      if (!(error instanceof Mismatch)) throw error;
      check = { id, title, ok: false, detail: error.message };
    }
    this.checks.push(check);
    this.#onCheck?.(check);
  }

  get ok(): boolean {
    return this.checks.every((check) => check.ok);
  }
}

/** A finding: what the chain says is not what follows from its data. */
export class Mismatch extends Error {}

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
