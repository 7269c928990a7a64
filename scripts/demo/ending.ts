import { listItems } from "../../src/protocol/item.ts";
import { foldHistory } from "../../src/chain/history.ts";
import { readEvents } from "../../src/chain/logs.ts";
import { connectRead } from "../../src/chain/client.ts";
import { plainAmount } from "../../src/cli/input/amounts.ts";
import { showReport } from "../../src/cli/commands/verify.ts";
import { sumBallots } from "../../src/devnet/donors.ts";
import { checkRun, type RunCheck } from "../../src/devnet/checks.ts";
import { claimAll, tallyDevnet } from "../../src/devnet/finish.ts";
import type { Devnet } from "../../src/devnet/devnet.ts";
import { duration } from "../../src/cli/output/output.ts";
import { withProgress } from "../../src/cli/output/progress.ts";
import { projectTable, showChecks } from "../../src/cli/output/run_report.ts";
import { trustedKeys } from "../../src/verify/trusted_keys.ts";
import type { TallyStore } from "../../src/coordinator/store/tally_store.ts";
import { onePersonOneVote, oneDollarOneVote } from "../../src/matching/compare.ts";
import { sum } from "../../src/matching/quadratic.ts";
import type { Artifacts } from "../../src/proofs/artifacts.ts";
import { trustedContracts } from "../../src/proofs/trusted_contracts.ts";
import { computeOutcome, type ProjectResult } from "../../src/round/semantics.ts";
import { verifyRound } from "../../src/verify/verify_round.ts";
import { POOL, PROJECTS, VICTORS_PROJECT } from "./cast.ts";
import type { Played } from "./story.ts";
import { io, list, scene, tell } from "./tell.ts";
import { localCoordinatorKey } from "../../src/protocol/coordinator_key.ts";
import { openItems } from "../../src/transcript/open_items.ts";
import { quadraticChoice } from "../../src/payouts/quadratic.ts";

/** Tally with proofs. */
export async function tellTally(
  devnet: Devnet,
  artifacts: Artifacts,
  store: TallyStore,
): Promise<readonly ProjectResult[]> {
  scene("The round is over: the coordinator tallies, and proves it");
  tell(
    "It commits to the result before it knows the challenges, then proves in zero knowledge that every message was processed by the rules: none dropped, none added, none changed.",
  );
  const started = performance.now();
  const { results, folds } = await withProgress(
    io,
    (onProgress) => tallyDevnet(devnet, { artifacts, store, onProgress }),
    "  ",
  );
  list([
    `${folds} folds and the close proved and checked by the contract in ${duration((performance.now() - started) / 1000)}: the round is final.`,
  ]);
  await tellVerdicts(devnet);
  return results;
}

/** What the coordinator alone can see: how many messages counted, and why the others did not. */
async function tellVerdicts(devnet: Devnet): Promise<void> {
  const { chain, round, config, coordinator } = devnet;
  const { links } = foldHistory(
    await readEvents(chain.read, round, { from: 0n, to: await chain.read.getBlockNumber() }),
  );
  const items = listItems(links);
  const { verdicts } = computeOutcome(
    items,
    (await openItems(items, localCoordinatorKey(coordinator.secret), config.context)).messages,
    { projects: PROJECTS.length, signs: config.allowSigns, ctx: config.context },
  );
  const counts = Map.groupBy(verdicts.values(), (verdict) => verdict);
  tell(`What only the coordinator can see, of ${verdicts.size} messages:`);
  list([...counts].map(([verdict, all]) => `${String(all.length).padStart(3)}  ${verdict}`));
}

/** Claims, the table, and the checks. @returns whether everything is as it must be */
export async function tellResult(
  devnet: Devnet,
  played: Played,
  results: readonly ProjectResult[],
): Promise<boolean> {
  scene("Projects claim their money");
  const oneToken = 10n ** BigInt(devnet.token.decimals);
  const pool = BigInt(POOL) * oneToken;
  const payments = await claimAll(devnet, results, ["sponsor"]);
  const ballots = [...played.ballots.values()];
  const supporters = PROJECTS.map(
    (_, i) => ballots.filter((ballot) => (ballot.get(i) ?? 0n) > 0n).length,
  );
  const contributions = PROJECTS.map(
    (_, i) => devnet.config.unit * (results.find(({ project }) => project === i)?.credits ?? 0n),
  );
  const matched = sum(payments.map((payment) => payment.matched));
  const [byPerson, byMoney] = [
    onePersonOneVote(supporters, matched),
    oneDollarOneVote(contributions, matched),
  ];
  const lines = payments.map(({ project, payout, matched: match }) => ({
    index: project,
    name: PROJECTS[project] as string,
    supporters: supporters[project] as number,
    contributions: contributions[project] as bigint,
    match,
    total: payout,
    onePersonOneVote: byPerson[project] as bigint,
    oneDollarOneVote: byMoney[project] as bigint,
  }));
  io.out(`\n${projectTable(lines, devnet.token)}\n\n`);
  const [rich, loved] = [
    lines.reduce((a, b) => (a.contributions > b.contributions ? a : b)),
    lines.reduce((a, b) => (a.match > b.match ? a : b)),
  ];
  const show = (units: bigint) => `${plainAmount(units, devnet.token, 0)} ${devnet.token.symbol}`;
  tell(
    `The last two columns are what the same pool would have given as match by other rules. ${rich.name} has nearly all its money from one donor: one dollar, one vote would have given it ${show(rich.oneDollarOneVote)} of the pool, quadratic funding gives it ${show(rich.match)}. ${loved.name}, with ${loved.supporters} supporters, gets the largest match, ${show(loved.match)}.`,
  );
  const bought = results.find(({ project }) => project === VICTORS_PROJECT);
  tell(
    bought === undefined
      ? "Villa Victor got nothing: the bought vote was void."
      : "Villa Victor got votes: the bought vote counted.",
  );
  const { checks } = await checkRun(devnet, {
    projects: PROJECTS,
    expected: sumBallots(ballots),
    results,
    payments,
    contributed: played.contributed,
    pool,
    rule: quadraticChoice("pay"),
    sponsor: "sponsor",
  });
  const all: RunCheck[] = [
    ...checks,
    {
      title: "the bought vote got nothing",
      ok: bought === undefined,
      detail: "Villa Victor is not in the result",
    },
  ];
  io.out(`${showChecks(io, all).join("\n")}\n`);
  return all.every(({ ok }) => ok);
}

/** Verification from chain data alone, over the RPC that everybody else would use. @returns its verdict */
export async function tellVerification(
  { round }: Devnet,
  artifacts: Artifacts,
  rpc: string,
): Promise<boolean> {
  scene("Anybody can recheck it, from the chain alone");
  const report = await verifyRound({
    client: connectRead(rpc),
    round,
    contracts: await trustedContracts(artifacts),
    keys: (size) => trustedKeys(artifacts, size),
  });
  io.out(`${showReport(io, report).join("\n")}\n\n`);
  return report.ok;
}
