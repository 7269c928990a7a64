// npm start: a whole round as a story, on a chain inside this process. With --from it plays a list of donations instead.
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { startDevnetChain } from "../src/devnet/chain.ts";
import { serveRpc } from "../src/devnet/rpc_server.ts";
import { createDevnet } from "../src/devnet/devnet.ts";
import { EXIT } from "../src/cli/output/exit_codes.ts";
import { duration } from "../src/cli/output/output.ts";
import { runCli, showError } from "../src/cli/program.ts";
import { openTallyStore } from "../src/coordinator/store/tally_store.ts";
import { developmentNotice, openArtifacts } from "../src/proofs/artifacts.ts";
import { PROJECTS } from "./demo/cast.ts";
import { tellResult, tellTally, tellVerification } from "./demo/ending.ts";
import { playStory } from "./demo/story.ts";
import { io, list, scene, tell } from "./demo/tell.ts";
import { offerPage } from "./page/offer.ts";
import { BUILD } from "./pipeline/paths.ts";
import { quadraticChoice } from "../src/payouts/quadratic.ts";

const USAGE = `npm start                                       a round as a story
npm start -- --keep                             the same; chain and page stay up afterwards, until Ctrl-C
npm start -- --from donations.csv [--projects projects.csv] [more options of \`tacit run\`]
npm start -- --from votes.csv --votes           the same with votes, for and against, in place of amounts
`;

/** Token units of a voice credit in the story: one hundredth of a token, so that 25 tokens are 50 votes. */
const UNIT = 10n ** 16n;
const FIRST_PORT = 8545;

async function main(args: readonly string[]): Promise<number> {
  const from = args.indexOf("--from");
  if (from >= 0)
    return runCli(
      ["run", ...args.slice(from + 1, from + 2), ...args.slice(0, from), ...args.slice(from + 2)],
      io,
    );
  let keep: boolean;
  try {
    const { values } = parseArgs({
      args: [...args],
      options: { keep: { type: "boolean" }, help: { type: "boolean", short: "h" } },
    });
    if (values.help === true) {
      io.out(USAGE);
      return EXIT.ok;
    }
    keep = values.keep === true || io.isInteractive;
  } catch (error) {
    io.err(`${(error as Error).message}\n\n${USAGE}`);
    return EXIT.usage;
  }
  return tellAll(keep);
}

async function tellAll(keep: boolean): Promise<number> {
  const started = performance.now();
  const artifacts = await openArtifacts(BUILD);
  const chain = await startDevnetChain();
  const proofs = await mkdtemp(path.join(os.tmpdir(), "tacit-start-"));
  const server = await serveRpc(chain.provider, FIRST_PORT);
  try {
    scene("Tacit: quadratic funding with secret ballots");
    tell(
      `A chain inside this process, with the real contracts, a test token and ${PROJECTS.length} projects.`,
    );
    const notice = developmentNotice(artifacts);
    if (notice !== undefined) tell(notice);
    const devnet = await createDevnet(chain, {
      projects: PROJECTS,
      unit: UNIT,
      size: "small",
      rule: quadraticChoice("pay"),
    });
    const played = await playStory(devnet);
    const store = await openTallyStore(proofs);
    const results = await tellTally(devnet, artifacts, store);
    const holds = await tellResult(devnet, played, results);
    const verified = await tellVerification(devnet, artifacts, server.url);
    tell("To repeat the verification yourself:");
    list([io.colours.bold(`bin/tacit verify --rpc ${server.url} --round ${devnet.round}`)]);
    const spent = duration((performance.now() - started) / 1000);
    tell(
      holds && verified
        ? `All of it took ${spent}.`
        : `Something does not hold, see above. All of it took ${spent}.`,
    );
    if (keep) {
      const page = await offerPage({
        devnet,
        artifacts,
        store,
        rpcUrl: server.url,
        onError: (error) => io.err(`${showError(error, false)}\n`),
      });
      tell(
        "The same in your browser: look at this round and check it there, and play donor, briber and organiser in one that is open.",
      );
      list([io.colours.bold(page.url)]);
      await untilInterrupted(server.url).finally(page.close);
    } else
      tell(
        "The chain ends now, for nobody is at the terminal: `npm start -- --keep` keeps it up for that command and for the page.",
      );
    return holds && verified ? EXIT.ok : EXIT.negative;
  } finally {
    await server.close();
    await chain.close();
    await rm(proofs, { recursive: true, force: true });
  }
}

async function untilInterrupted(url: string): Promise<void> {
  tell(`The chain stays up at ${url} (only on this machine). Ctrl-C ends it.`);
  await new Promise<void>((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, resolve);
    setInterval(() => undefined, 60_000); // an open server alone would do, but only as long as it is open
  });
}

try {
  process.exit(await main(process.argv.slice(2)));
} catch (error) {
  io.err(`${showError(error, process.argv.includes("--verbose"))}\n`);
  process.exit(EXIT.failed);
}
