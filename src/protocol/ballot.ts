import { BALLOT, ENTRY_BITS, MAX_PROJECTS, MAX_VOTES } from "../params.ts";
import { BaseError } from "../errors.ts";

/** A ballot: votes by project, its number in the registry. A vote v costs v² voice credits; projects with 0 votes are left out. */
export type Ballot = ReadonlyMap<number, bigint>;

/** The 4 ballot words of one message (BAL-1). */
export type BallotPage = readonly bigint[];

/** One decoded entry (BAL-1); `project` is pos - 1 after the entry, and -1 only before the first used or skipping one. */
export type BallotEntry = {
  readonly gap: number;
  readonly sign: boolean;
  readonly magnitude: bigint;
  readonly project: number;
};

const MAX_GAP = (1 << BALLOT.gapBits) - 1;

export class BallotProjectError extends BaseError {
  constructor(project: number) {
    super(`Project index ${project} is not an integer from 0 to ${MAX_PROJECTS - 1}.`, {
      fix: "Use the index of a project in the round's registry.",
    });
  }
}

export class BallotVotesError extends BaseError {
  constructor(project: number, votes: bigint) {
    super(`${votes} votes for project ${project} are out of range.`, {
      fix: `Use at most ${MAX_VOTES} votes for one project.`,
    });
  }
}

export class BallotOrderError extends BaseError {
  constructor(project: number, pos: number) {
    super(`Project ${project} lies before the end of the pages already published (${pos}).`, {
      fix: "Pages can only add projects with higher indices: publish the whole ballot anew instead.",
    });
  }
}

/** What a ballot costs in voice credits (BAL-3). */
export function ballotCost(ballot: Ballot): bigint {
  let cost = 0n;
  for (const votes of ballot.values()) cost += votes * votes;
  return cost;
}

/**
 * The pages of a ballot, in the order in which they must be published: the first without, the others with the append flag (BAL-2).
 * Always at least one page; an empty ballot withdraws all votes. `start` is where earlier pages ended, for pages to append to them.
 * @throws BallotOptionError, BallotVotesError, BallotOrderError
 */
export function packBallot(ballot: Ballot, start = 0): BallotPage[] {
  const entries: { gap: number; sign: boolean; magnitude: bigint }[] = [];
  let pos = start;
  for (const [project, votes] of [...ballot]
    .filter(([, v]) => v !== 0n)
    .sort(([a], [b]) => a - b)) {
    if (!Number.isInteger(project) || project < 0 || project >= MAX_PROJECTS)
      throw new BallotProjectError(project);
    const magnitude = votes < 0n ? -votes : votes;
    if (magnitude > MAX_VOTES) throw new BallotVotesError(project, votes);
    if (project < pos) throw new BallotOrderError(project, pos);
    for (; project - pos > MAX_GAP; pos += MAX_GAP)
      entries.push({ gap: MAX_GAP, sign: false, magnitude: 0n });
    entries.push({ gap: project - pos, sign: votes < 0n, magnitude });
    pos = project + 1;
  }
  const pages: BallotPage[] = [];
  do pages.push(packPage(entries.splice(0, BALLOT.entries)));
  while (entries.length > 0);
  return pages;
}

/** Packs up to 24 raw entries; the rest stay unused (all bits 0). */
export function packPage(
  entries: readonly { gap: number; sign: boolean; magnitude: bigint }[],
): BallotPage {
  const words = Array.from({ length: BALLOT.words }, () => 0n);
  entries.forEach(({ gap, sign, magnitude }, k) => {
    const bits =
      BigInt(gap) |
      (BigInt(sign) << BigInt(BALLOT.gapBits)) |
      (magnitude << BigInt(BALLOT.gapBits + BALLOT.signBits));
    const word = Math.floor(k / BALLOT.entriesPerWord);
    words[word] =
      (words[word] as bigint) | (bits << BigInt((k % BALLOT.entriesPerWord) * ENTRY_BITS));
  });
  return words;
}

/** Decodes a page of words below 2^252 read from position `pos` (BAL-1, BAL-2). */
export function unpackPage(
  page: BallotPage,
  pos: number,
): { readonly entries: readonly BallotEntry[]; readonly pos: number } {
  const entries: BallotEntry[] = [];
  for (let k = 0; k < BALLOT.entries; k++) {
    const bits =
      (page[Math.floor(k / BALLOT.entriesPerWord)] as bigint) >>
      BigInt((k % BALLOT.entriesPerWord) * ENTRY_BITS);
    const gap = Number(bits & BigInt(MAX_GAP));
    const sign = ((bits >> BigInt(BALLOT.gapBits)) & 1n) === 1n;
    const magnitude = (bits >> BigInt(BALLOT.gapBits + BALLOT.signBits)) & MAX_VOTES;
    pos += gap + (magnitude > 0n ? 1 : 0);
    entries.push({ gap, sign, magnitude, project: pos - 1 });
  }
  return { entries, pos };
}
