import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { BaseError } from "../errors.ts";
import { openTallyStore } from "../coordinator/store/tally_store.ts";
import { onePersonOneVote, oneDollarOneVote } from "../matching/compare.ts";
import { sum } from "../matching/quadratic.ts";
import type { FoldSize } from "../params.ts";
import { developmentNotice, openArtifacts } from "../proofs/artifacts.ts";
import { trustedVerifiers } from "../proofs/trusted_contracts.ts";
import { parseAmount } from "./input/amounts.ts";
import { showUnits } from "../readers/show.ts";
import { readTable, type TableValues } from "./input/table_file.ts";
import { parseDonations, parseProjects } from "./input/donations.ts";
import { chosenPayoutRule, type PayoutRuleValues } from "./input/payout_rule.ts";
import { groupByDonor, finestUnit, planBallot, playDonors, sumBallots } from "../devnet/donors.ts";
import { startDevnetChain } from "../devnet/chain.ts";
import {
  checkRun,
  compareWithDirect,
  type DirectComparison,
  type RunCheck,
} from "../devnet/checks.ts";
import { claimAll, tallyDevnet } from "../devnet/finish.ts";
import { createDevnet, fundAs } from "../devnet/devnet.ts";
import type { Io } from "./output/io.ts";
import { startMemoryMeter } from "./memory.ts";
import type { SharedValues } from "./input/options.ts";
import { count, duration } from "./output/output.ts";
import { withProgress } from "./output/progress.ts";
import { showPayoutRule } from "./output/payout_rule.ts";
import type { RunReport } from "./output/run_report.ts";

/** Options of `tacit run`; amounts in whole tokens. */
export type RunValues = SharedValues &
  TableValues &
  PayoutRuleValues & {
    readonly amountDecimals?: number;
    readonly projects?: string;
    readonly unit: string;
    readonly pool?: string;
    readonly size?: FoldSize;
  };

/** TestToken's. */
const DECIMALS = 18;
/** From this many messages on, the large fold circuit is the faster one. */
export const LARGE_FROM = 100;

export class UnitTooFineError extends BaseError {
  constructor(unit: bigint, finest: bigint) {
    const shown = (units: bigint) => showUnits(units, DECIMALS).replaceAll(",", "");
    super(
      `A unit of ${shown(unit)} tokens is too fine for these donations: votes would not fit a ballot.`,
      { fix: `Use --unit ${shown(finest)} or more, or --unit auto.` },
    );
  }
}

/**
 * Plays a whole round from a CSV file on a devnet, and checks what came of it against the ballots as meant, against the
 * settlement's arithmetic, and, with the quadratic rule, against quadratic funding computed straight from the donations.
 * @throws CsvError and the like before anything is started
 */
export async function runDonations(io: Io, file: string, values: RunValues): Promise<RunReport> {
  const names =
    values.projects === undefined
      ? undefined
      : parseProjects(
          await readTable(
            values.projects,
            values.encoding === undefined ? {} : { encoding: values.encoding },
          ),
        );
  const { projects, donations, told } = parseDonations(await readTable(file, values), {
    ...values,
    projects: names,
    decimals: DECIMALS,
  });
  const artifacts = await openArtifacts(values.artifacts);
  const verifiers = await trustedVerifiers(artifacts);
  const donors = groupByDonor(donations);
  const finest = finestUnit(donations);
  const unit = values.unit === "auto" ? finest : parseAmount(values.unit, DECIMALS);
  if (unit < finest) throw new UnitTooFineError(unit, finest);
  const contributed = sum(donors.map((donor) => planBallot(donor, unit).contribution));
  const pool = values.pool === undefined ? contributed : parseAmount(values.pool, DECIMALS);
  const rule = chosenPayoutRule(values, DECIMALS, { surplus: "pay" });
  const size = values.size ?? (donors.length >= LARGE_FROM ? "large" : "small");

  const say = (line: string) => io.err(`${line}\n`);
  for (const line of told) say(line);
  const started = performance.now();
  const memory = startMemoryMeter();
  const seconds: Record<string, number> = {};
  const timed = async <T>(stage: string, work: () => Promise<T>): Promise<T> => {
    const from = performance.now();
    const result = await work();
    seconds[stage] = (performance.now() - from) / 1000;
    say(`${stage}: ${duration(seconds[stage])}`);
    return result;
  };
  const notice = developmentNotice(artifacts);
  if (notice !== undefined) say(notice);
  say(
    `${count(donations.length)} donations of ${count(donors.length)} donors to ${count(projects.length)} projects; ${size} fold circuit`,
  );
  const chain = await startDevnetChain();
  const folder = await mkdtemp(path.join(os.tmpdir(), "tacit-run-"));
  try {
    const devnet = await timed("chain, contracts, projects", () =>
      createDevnet(chain, { projects, unit, size, rule, verifiers }),
    );
    if (pool > 0n) await fundAs(devnet, "sponsor", pool);
    const ballots = await timed("ballots and contributions", () =>
      playDonors(devnet, donors, everyTenth(io, donors.length)),
    );
    const store = await openTallyStore(folder);
    const { results, folds } = await timed("tally with proofs", () =>
      withProgress(io, (onProgress) => tallyDevnet(devnet, { artifacts, store, onProgress })),
    );
    const payments = await timed("claims", () => claimAll(devnet, results, ["sponsor"]));
    const played = {
      projects,
      expected: sumBallots(ballots),
      results,
      payments,
      contributed,
      pool,
      rule,
      sponsor: "sponsor",
    };
    const { checks, settlement } = await checkRun(devnet, played);
    const matched = sum(payments.map((payment) => payment.matched));
    const supporters = projects.map(
      (_, i) => ballots.filter((ballot) => (ballot.get(i) ?? 0n) > 0n).length,
    );
    const contributions = projects.map(
      (_, i) => unit * (results.find(({ project }) => project === i)?.credits ?? 0n),
    );
    const [byPerson, byMoney] = [
      onePersonOneVote(supporters, matched),
      oneDollarOneVote(contributions, matched),
    ];
    const all = [...checks, ...(rule.id === "quadratic" ? [directCheck()] : [])];
    function directCheck(): RunCheck {
      const direct = compareWithDirect(played, donations, unit);
      return {
        title: "matches = direct quadratic funding",
        ok: direct.ok,
        detail: directDetail(direct),
      };
    }
    return {
      ok: all.every(({ ok }) => ok !== false),
      developmentKeys: notice !== undefined,
      rule: rule.id,
      ruleAsRead: showPayoutRule(rule, devnet.token),
      round: devnet.round,
      token: devnet.token,
      unit,
      pool,
      contributed,
      size,
      folds,
      checks: all,
      donors: donors.length,
      donations: donations.length,
      projects: payments.map(({ project, payout, matched: match }) => ({
        index: project,
        name: projects[project] as string,
        supporters: supporters[project] as number,
        contributions: contributions[project] as bigint,
        match,
        total: payout,
        onePersonOneVote: byPerson[project] as bigint,
        oneDollarOneVote: byMoney[project] as bigint,
      })),
      money: {
        unspent: contributed - sum(contributions),
        surplus: sum(settlement.refunds),
        dust: pool - matched - sum(settlement.refunds),
      },
      remainder: settlement.remainder,
      gas: [...devnet.gas.kinds].map(([kind, { calls, gas }]) => ({
        kind,
        calls,
        gas,
        perCall: gas / BigInt(calls),
      })),
      seconds: { ...seconds, all: (performance.now() - started) / 1000 },
      peakMemoryMB: memory.stop(),
    };
  } finally {
    memory.stop();
    await chain.close();
    await rm(folder, { recursive: true, force: true });
  }
}

function directDetail({ worst, bound, ok }: DirectComparison): string {
  const percent = (share: number) => `${Number((share * 100).toPrecision(2))} %`;
  return ok === undefined
    ? `nothing to say: at this unit rounding to whole votes alone may move ${percent(bound)} of the matches; use a finer --unit`
    : `largest difference ${percent(worst)} of the matches; rounding to whole votes may move ${percent(bound)}`;
}

/** A line at every tenth of the donors, for lists that take a while. */
function everyTenth(
  io: Io,
  total: number,
): (stage: "publish" | "contribute", done: number) => void {
  const step = Math.max(100, Math.ceil(total / 10));
  return (stage, done) => {
    if (done % step === 0 && done < total)
      io.err(
        `  ${stage === "publish" ? "ballots" : "contributions"}: ${count(done)} of ${count(total)}\n`,
      );
  };
}
