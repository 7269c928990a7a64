/**
 * What D and PM read of one row (ROW-2, ROW-5, ROW-12), without arithmetic: values are small numbers, a hash is the list of what it hashes.
 * The order of things is the protocol's: rows are fixed by D, then the challenges are drawn, then the prover makes its last choice, which is
 * any assignment with that D. The shared point is a relation here, not a function: one R may have several, and the prover takes one.
 */
const WORDS = [
  "header",
  "newKey.x",
  "newKey.y",
  "ballot[0]",
  "ballot[1]",
  "ballot[2]",
  "ballot[3]",
  "e",
  "s",
] as const;
const CONTRIBUTION = ["tag'", "credits'", "key'.x", "key'.y"] as const;
/** What a prover puts into a row. S is which of R's shared points, R' what h was computed with, bits those of a command that is not well formed. */
const CHOSEN = ["t", "t'", "R", "S", "R'", "bits", ...CONTRIBUTION, ...WORDS] as const;
type Chosen = (typeof CHOSEN)[number];
type Row = Readonly<Record<Chosen, number>>;

/** What the relation says, so that each part can be taken out. */
export type RowReading = {
  /** How many shared points an R has (ROW-5). R = 2 stands for the words off the curve and of small order, which have no S now. */
  readonly sharedPoints: (R: number) => number;
  /** What D absorbs, in h or beside it (ROW-12). */
  readonly absorbed: readonly Chosen[];
};
export const PROVED: RowReading = {
  sharedPoints: (R) => (R === 2 ? 0 : 1),
  absorbed: ["t", "t'", ...CONTRIBUTION, "R'", "R", ...WORDS],
};
/** As it was while only the contract saw to R: (0, -1) had two. */
export const TWO_READINGS: RowReading = { ...PROVED, sharedPoints: (R) => (R === 2 ? 2 : 1) };

const VALUES = [0, 1, 2];
const BASE = Object.fromEntries(CHOSEN.map((name) => [name, 1])) as Row;

/** The row, and all that differ from it in one or two of the prover's choices: every value of each. */
function* rowsNear(row: Row, changes = 2, from = 0): Generator<Row> {
  yield row;
  if (changes === 0) return;
  for (const [i, name] of CHOSEN.entries()) {
    if (i < from) continue;
    for (const value of VALUES)
      if (value !== row[name]) yield* rowsNear({ ...row, [name]: value }, changes - 1, i + 1);
  }
}

/** Fingerprints of the lanes that are on: PM at random challenges is as good as this set (TALLY-3). */
function describeItems(row: Row): string {
  const ciphertext = WORDS.map((name, i) => row[name] + 100 * row.R + 10 * row.S + i); // + keystream of the shared point
  const message = ["message", row.t, row.R, ...ciphertext];
  const contribution = ["contribution", row["t'"], ...CONTRIBUTION.map((name) => row[name])];
  return JSON.stringify([row.t === 0 ? [] : message, row["t'"] === 0 ? [] : contribution]);
}

/**
 * The prover's last choices: what tells apart two rows with the same D that PM reads differently. With none, PM is fixed before the
 * challenges are drawn; with any, rows of that kind turn PM into whatever the prover needs.
 */
export function lastChoices({ sharedPoints, absorbed }: RowReading): ReadonlySet<Chosen> {
  const byD = new Map<string, Row[]>();
  const found = new Set<Chosen>();
  for (const R of VALUES) {
    for (const row of rowsNear({ ...BASE, R, S: 0 })) {
      if (row.S >= sharedPoints(row.R)) continue; // no witness
      const D = JSON.stringify(absorbed.map((name) => row[name]));
      const same = byD.get(D) ?? [];
      for (const other of same)
        if (describeItems(other) !== describeItems(row))
          for (const name of CHOSEN) if (other[name] !== row[name]) found.add(name);
      byD.set(D, [...same, row]);
    }
  }
  return found;
}
