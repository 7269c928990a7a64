import {
  readResults,
  roundForReading,
  type ReadableAccounts,
  type ReadableLine,
  type ReadClient,
  type ResultLine,
  type RoundHistory,
  type RoundResults,
} from "../../../../src/index.ts";
import { describeProject } from "../../chain/metadata.ts";
import type { ListedProject, RoundFacts } from "../../chain/reads.ts";

/** One project of a finished round, with its amounts as they are shown. */
export type ResultRow = ResultLine & { readonly name: string; readonly shown: ReadableLine };

export type Results = Omit<RoundResults, "lines"> & {
  readonly rows: readonly ResultRow[];
  readonly shown: ReadableAccounts;
};

type Given = Pick<ResultLine, "contributed" | "shared" | "matched">;

/** Those with most money first. Amounts of two tokens have no sum: then the match counts, and what was given where matches are equal. */
export function mostFirst<T extends Given>(rows: readonly T[], isOneToken: boolean): readonly T[] {
  const given = ({ contributed, shared }: Given) => contributed + shared;
  const difference = (a: Given, b: Given) =>
    isOneToken
      ? given(b) + b.matched - given(a) - a.matched
      : b.matched - a.matched || given(b) - given(a);
  return rows.toSorted((a, b) => Math.sign(Number(difference(a, b))));
}

/** Where nothing is paid the round notes no project that could be (MONEY-2): what stands on the list, which is final, counts. */
export const asVoted = (results: Results, isListed: (project: number) => boolean): Results => ({
  ...results,
  rows: results.rows.map((row) => ({ ...row, eligible: isListed(row.project) })),
});

/** The result as the contract holds it, with names, in the order and with the amounts in which it is shown. @throws as readResults */
export async function nameResults(
  read: ReadClient,
  facts: Pick<RoundFacts, "address" | "settings" | "token" | "poolToken">,
  projects: readonly Pick<ListedProject, "name" | "document">[],
  history: RoundHistory,
): Promise<Results> {
  const { address: round, settings: config } = facts;
  const { lines, ...results } = await readResults(read, { round, config, history });
  const shown = roundForReading(lines, results.accounts, facts);
  const rows = lines.map((line, i): ResultRow => {
    const listed = projects[line.project];
    return {
      ...line,
      name: listed === undefined ? "" : describeProject(listed).name,
      shown: shown.lines[i] as ReadableLine,
    };
  });
  return {
    ...results,
    rows: mostFirst(rows, config.token === config.poolToken),
    shown: shown.accounts,
  };
}
