import { createClient, fallback, http, zeroAddress, type Address } from "viem";
import {
  creationBlock,
  listProjects,
  readConfig,
  readHistory,
  readProgress,
  readRoundDocument,
  type RoundConfig,
} from "../../../../src/index.ts";
import { describeRound } from "../../chain/metadata.ts";
import { findStage, type Stage } from "../../chain/phase.ts";
import { readPlainToken } from "../../chain/plain_token.ts";
import { withActions } from "../../chain/read_client.ts";
import type { SiteChain } from "../../config/site.ts";
import { dateText } from "../../format.ts";
import { addWordsOf } from "../../i18n/index.ts";
import { makeOutcome, type Outcome } from "./outcome.ts";
import { asVoted, nameResults } from "./read_results.ts";

/** `start` is its first second; it stands for the name of a round that has none. */
export type Finished = {
  readonly name: string | undefined;
  readonly start: string;
  readonly stage: Stage;
  readonly settings: RoundConfig;
  /** Undefined where there is no result, or none yet. */
  readonly outcome: Outcome | undefined;
};

/** A round and its result, read once, by the same rules as on its page (PROV-2). @throws ForeignRoundError, and what the RPC throws */
export async function readFinished(
  { rpc, contracts, fromBlock: since }: SiteChain,
  address: Address,
): Promise<Finished> {
  const nodes = rpc.map((url) => http(new URL(url, location.href).href, { batch: true }));
  const read = withActions(createClient({ transport: fallback(nodes), ccipRead: false }));
  const settings = await readConfig(read, address, contracts);
  const fromBlock = BigInt(since);
  await addWordsOf(settings);
  const [progress, block, document] = await Promise.all([
    readProgress(read, address),
    read.getBlock(),
    readRoundDocument(read, contracts.documents, { salt: settings.salt, fromBlock }),
  ]);
  const stage = findStage({ settings }, progress, Number(block.timestamp));
  const named = {
    name: document === undefined ? undefined : describeRound(document).name,
    start: dateText(settings.start),
    stage,
    settings,
  };
  if (stage !== "finalized" && stage !== "disputable") return { ...named, outcome: undefined };
  const [token, poolToken, projects, from] = await Promise.all([
    readPlainToken(read, settings.token),
    readPlainToken(read, settings.poolToken),
    listProjects(read, { registry: settings.registry, documents: contracts.documents, fromBlock }),
    creationBlock(read, address, { factory: settings.factory, since: fromBlock }),
  ]);
  const { history } = await readHistory(read, address, { from });
  const facts = { address, settings, token, poolToken };
  const results = await nameResults(read, facts, projects, history);
  const isVote = settings.token === zeroAddress && settings.poolToken === zeroAddress;
  const counted = isVote
    ? asVoted(results, (project) => projects[project]?.eligible === true)
    : results;
  return { ...named, outcome: makeOutcome(facts, progress, counted) };
}
