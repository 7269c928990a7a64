import { useQuery } from "@tanstack/react-query";
import { useConfig } from "wagmi";
import { zeroAddress } from "viem";
import {
  decodeResult,
  encodeResult,
  iPayoutRuleAbi,
  iRoundAbi,
  wasEligible,
  type ProjectResult,
  type RoundHistory,
} from "../../../../src/index.ts";
import { describeProject } from "../../chain/metadata.ts";
import { readClient } from "../../chain/read_client.ts";
import { useHistory, type ListedProject, type RoundFacts } from "../../chain/reads.ts";

/** One project of a finished round; money in token units. */
export type ResultRow = {
  readonly project: number;
  /** Its place in the result list, which its claim needs. */
  readonly place: number;
  readonly name: string;
  readonly votes: bigint;
  readonly credits: bigint;
  readonly eligible: boolean;
  readonly contributed: bigint;
  readonly matched: bigint;
  /** Its share of what donors left unspent (MONEY-5); until it is paid, within a unit. */
  readonly shared: bigint;
  readonly claimed: boolean;
};

export type Results = {
  readonly rows: readonly ResultRow[];
  readonly list: readonly ProjectResult[];
  readonly budget: bigint;
  readonly available: bigint;
  readonly fee: bigint;
  readonly surplus: bigint;
  /** W, where the rule is the quadratic one (MONEY-3). */
  readonly totalWeight: bigint;
};

/** Those with most money first. Amounts of two tokens have no sum: then the match counts, and what was given where matches are equal. */
export function mostFirst(rows: readonly ResultRow[], isOneToken: boolean): readonly ResultRow[] {
  const given = ({ contributed, shared }: ResultRow) => contributed + shared;
  const difference = (a: ResultRow, b: ResultRow) =>
    isOneToken
      ? given(b) + b.matched - given(a) - a.matched
      : b.matched - a.matched || given(b) - given(a);
  return rows.toSorted((a, b) => Math.sign(Number(difference(a, b))));
}

/** The result as the contract holds it: entries from the logs, each match from the round's own payout rule. */
export function useResults(facts: RoundFacts, projects: readonly ListedProject[]) {
  const config = useConfig();
  const history = useHistory(facts, 10_000);
  const data = history.data?.history;
  return useQuery({
    queryKey: ["results", facts.chainId, facts.address, data?.claims.length ?? -1],
    enabled: data?.tally?.finalized !== undefined,
    staleTime: Infinity,
    placeholderData: (previous) => previous,
    queryFn: () => readResults(config, facts, projects, data as RoundHistory),
  });
}

async function readResults(
  config: Parameters<typeof readClient>[0],
  { chainId, address, settings }: RoundFacts,
  projects: readonly ListedProject[],
  { tally, claims }: RoundHistory,
): Promise<Results> {
  const read = readClient(config, chainId);
  const at = { address, abi: iRoundAbi } as const;
  const list = (tally?.entries ?? []).map(decodeResult);
  const [settlement, state] = await Promise.all([
    read.readContract({ ...at, functionName: "settlement" }),
    read.readContract({ ...at, functionName: "payoutState" }),
  ]);
  const claimed = new Map(
    claims.map(({ project, matched, shared }) => [Number(project), { matched, shared }]),
  );
  const rows = await Promise.all(
    list.map(async ({ project, votes, credits }, place): Promise<ResultRow> => {
      const eligible = tally !== undefined && wasEligible(tally, project);
      const pays = eligible && settings.payoutRule !== zeroAddress;
      const matched = !pays
        ? 0n
        : (claimed.get(project)?.matched ??
          (await read.readContract({
            address: settings.payoutRule,
            abi: iPayoutRuleAbi,
            functionName: "matchOf",
            args: [
              state,
              settlement.available,
              settings.unit,
              encodeResult({ project, votes, credits }),
            ],
          })));
      return {
        project,
        place,
        votes,
        credits,
        eligible,
        matched,
        shared:
          claimed.get(project)?.shared ??
          (settlement.budget === 0n ? 0n : (settlement.leftovers * matched) / settlement.budget),
        name: projects[project] === undefined ? "" : describeProject(projects[project]).name,
        contributed: eligible && settings.token !== zeroAddress ? credits * settings.unit : 0n,
        claimed: claimed.has(project),
      };
    }),
  );
  return {
    list,
    budget: settlement.budget,
    available: settlement.available,
    fee: settlement.fee,
    surplus: settlement.available - settlement.budget,
    totalWeight: state[0],
    rows: mostFirst(rows, settings.token === settings.poolToken),
  };
}
