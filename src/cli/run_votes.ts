import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { deployOutcome } from "../chain/deploy.ts";
import { readOutcome } from "../chain/outcome.ts";
import { readBalance } from "../chain/token.ts";
import { openTallyStore } from "../coordinator/store/tally_store.ts";
import { startDevnetChain } from "../devnet/chain.ts";
import type { RunCheck } from "../devnet/checks.ts";
import { createDevnet, fundAs } from "../devnet/devnet.ts";
import { playPlans, sumBallots } from "../devnet/donors.ts";
import { claimAll, holdings, tallyDevnet } from "../devnet/finish.ts";
import { BaseError } from "../errors.ts";
import { sum } from "../matching/quadratic.ts";
import { openPayoutRule } from "../payouts/index.ts";
import { divideBy } from "../payouts/rule.ts";
import { ballotCost } from "../protocol/ballot.ts";
import { developmentNotice, openArtifacts } from "../proofs/artifacts.ts";
import type { Prover } from "../proofs/prover.ts";
import { trustedVerifiers } from "../proofs/trusted_contracts.ts";
import type { ProjectResult } from "../round/semantics.ts";
import { encodeResult } from "../transcript/results.ts";
import { decideVote, differsIn, type VoteAnswer, type VoteQuestion } from "../votes/outcome.ts";
import { parseAmount } from "./input/amounts.ts";
import { parseProjects } from "./input/donations.ts";
import { chosenPayoutRule } from "./input/payout_rule.ts";
import { readTable } from "./input/table_file.ts";
import { CreditsExceededError, parseVotes } from "./input/vote_list.ts";
import type { Io } from "./output/io.ts";
import { count } from "./output/output.ts";
import { showPayoutRule } from "./output/payout_rule.ts";
import { withProgress } from "./output/progress.ts";
import type { VoteReport } from "./output/vote_report.ts";
import { LARGE_FROM, type RunValues } from "./run_donations.ts";

/** What `--votes` adds to the options of `tacit run`. */
export type VoteRunValues = { readonly votes?: boolean; readonly credits?: bigint };

/** TestToken's. */
const DECIMALS = 18;

export class RuleWithoutPoolError extends BaseError {
  constructor() {
    super("A payout rule divides a pool, and this vote has none.", {
      fix: "Give --pool with the tokens to be divided, or leave out --rule.",
    });
  }
}

/**
 * Plays a vote from a CSV file on a devnet: everybody has the same credits, and none pays. Checks the result against the ballots as meant, the
 * decision on the chain against the software's, and payments from a pool against the rule's arithmetic.
 * @throws CsvError and the like before anything is started
 */
export async function runVotes(
  io: Io,
  file: string,
  values: RunValues & VoteRunValues,
  { isRuleGiven, prover }: { readonly isRuleGiven: boolean; readonly prover?: Prover },
): Promise<VoteReport> {
  if (isRuleGiven && values.pool === undefined) throw new RuleWithoutPoolError();
  const encoding = values.encoding === undefined ? {} : { encoding: values.encoding };
  const names =
    values.projects === undefined
      ? undefined
      : parseProjects(await readTable(values.projects, encoding));
  const list = parseVotes(await readTable(file, values), { projects: names, map: values.map });
  const { projects, voters } = list;
  const credits = values.credits ?? list.dearest;
  for (const { name, ballot } of voters)
    if (ballotCost(ballot) > credits)
      throw new CreditsExceededError(name, ballotCost(ballot), credits);
  const unit =
    values.unit === "auto" ? 10n ** BigInt(DECIMALS) : parseAmount(values.unit, DECIMALS);
  const pool = values.pool === undefined ? 0n : parseAmount(values.pool, DECIMALS);
  const rule =
    values.pool === undefined ? undefined : chosenPayoutRule(values, DECIMALS, { surplus: "pay" });
  const size = values.size ?? (voters.length >= LARGE_FROM ? "large" : "small");
  const artifacts = await openArtifacts(values.artifacts);
  const verifiers = await trustedVerifiers(artifacts);

  for (const line of list.told) io.err(`${line}\n`);
  const notice = developmentNotice(artifacts);
  if (notice !== undefined) io.err(`${notice}\n`);
  io.err(
    `${count(voters.length)} voters with ${count(credits)} credits each; ${count(projects.length)} projects; ${size} fold circuit\n`,
  );
  const chain = await startDevnetChain();
  const folder = await mkdtemp(path.join(os.tmpdir(), "tacit-run-"));
  try {
    const devnet = await createDevnet(chain, {
      ...{ projects, unit, size, rule, verifiers },
      isVote: true,
    });
    if (pool > 0n) await fundAs(devnet, "sponsor", pool);
    const contribution = credits * unit;
    await playPlans(
      devnet,
      voters.map((voter) => ({ ...voter, contribution })),
      () => undefined,
    );
    const store = await openTallyStore(folder);
    const { results, folds } = await withProgress(io, (onProgress) =>
      tallyDevnet(devnet, { artifacts, store, prover, onProgress }),
    );
    const question: VoteQuestion = { kind: "choice", title: "", options: [] };
    const [answer] = decideVote([question], results, () => true) as [VoteAnswer];
    const contract = await deployOutcome(await chain.as("organiser"), [question]);
    const entries = results.map(encodeResult);
    const [told] =
      (await readOutcome(chain.read, { contract, round: devnet.round, entries })) ?? [];
    const payments = rule === undefined ? [] : await claimAll(devnet, results, ["sponsor"]);
    const show = ({ project, votes, credits: cost }: ProjectResult) =>
      `${project}:${votes}:${cost}`;
    const expected = sumBallots(voters.map(({ ballot }) => ballot));
    const checks: RunCheck[] = [
      {
        title: "result = sum of the ballots as meant",
        ok: results.map(show).join() === expected.map(show).join(),
        detail: `${results.length} projects with votes`,
      },
      {
        title: "decision on the chain = the software's",
        ok: told !== undefined && differsIn(answer, told) === undefined,
        detail: contract,
      },
    ];
    if (rule !== undefined) {
      const matches = divideBy(openPayoutRule(rule))({ unit, available: pool, projects: results });
      const paid = sum(payments.map(({ matched }) => matched));
      const out =
        paid +
        (await holdings(devnet, "sponsor")) +
        (await holdings(devnet, "remainder")) +
        (await readBalance(chain.read, devnet.token.address, devnet.round));
      checks.push(
        {
          title: "payments = the payout rule's arithmetic on it",
          ok: payments.every(
            ({ matched }, i) =>
              // What rounding leaves goes with the last claim (MONEY-5).
              matched - (matches.matches[i] as bigint) < BigInt(results.length) &&
              matched >= (matches.matches[i] as bigint),
          ),
          detail: `${payments.length} payments`,
        },
        { title: "money in = money out, to the unit", ok: out === pool, detail: `${pool} units` },
      );
    }
    return {
      ok: checks.every(({ ok }) => ok === true),
      developmentKeys: notice !== undefined,
      round: devnet.round,
      token: devnet.token,
      rule: rule?.id ?? null,
      ruleAsRead: rule === undefined ? null : showPayoutRule(rule, devnet.token),
      pool,
      voters: voters.length,
      credits,
      folds,
      checks,
      chosen: answer.isDecided ? answer.option : null,
      options: results.map((result) => ({
        ...result,
        name: projects[result.project] as string,
        matched: payments.find(({ project }) => project === result.project)?.matched ?? 0n,
      })),
    };
  } finally {
    await chain.close();
    await rm(folder, { recursive: true, force: true });
  }
}
