import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { foldHistory } from "../../src/chain/history.ts";
import { readEvents } from "../../src/chain/logs.ts";
import { readProgress } from "../../src/chain/round.ts";
import { devnetAddress } from "../../src/devnet/chain.ts";
import type { Devnet } from "../../src/devnet/devnet.ts";
import { parseTable } from "../../src/readers/table.ts";
import type { ProjectResult } from "../../src/round/semantics.ts";
import { decodeResult } from "../../src/transcript/results.ts";
import { honest, serveHostile, type HostileRpc } from "../coordinator/hostile_rpc.ts";
import { startSmallRound } from "../coordinator/small_round.ts";
import { coordinatorArguments, startTacit, type TacitProcess } from "./coordinator_process.ts";

let devnet: Devnet;
let expected: readonly ProjectResult[];
let rpc: HostileRpc;
const folder = mkdtempSync(path.join(tmpdir(), "tacit-kill-test-"));

beforeAll(async () => {
  ({ devnet, expected } = await startSmallRound(12));
  rpc = await serveHostile(devnet.chain.provider, 18_680);
});
afterAll(async () => {
  await rpc.close();
  await devnet.chain.close();
  rmSync(folder, { recursive: true });
});

/** Kills the process when it makes its `count`-th call of a method: before the node has heard of it, or after. */
function killAt(
  started: TacitProcess,
  method: string,
  count: number,
  when: "before" | "after",
): void {
  let calls = 0;
  rpc.tamper = async (called, _params, forward) => {
    if (called !== method || ++calls < count) return forward();
    const answer = when === "after" ? await forward() : undefined;
    started.child.kill("SIGKILL");
    return answer ?? null;
  };
}

async function killed(args: string[], plan: (started: TacitProcess) => void): Promise<string> {
  const started = startTacit(args);
  plan(started);
  expect(await started.ended, started.output()).toBe("SIGKILL");
  rpc.tamper = honest;
  return started.output();
}

test(
  "a coordinator that is killed again and again comes to the same result, and pays no step twice",
  async () => {
    const { args } = await coordinatorArguments(
      devnet,
      folder,
      [rpc.url],
      "--database",
      path.join(folder, "tacit.sqlite"),
      "--no-http",
    );
    // While it follows: the round is still open.
    await killed(args, (started) => killAt(started, "eth_getLogs", 1, "after"));
    await killed(args, (started) => killAt(started, "eth_getLogs", 1, "before"));
    await killed(args, (started) => setTimeout(() => started.child.kill("SIGKILL"), 4_000));
    const stopped = startTacit(args);
    await expect.poll(() => stopped.output(), { timeout: 60_000 }).toContain("coordinator started");
    stopped.child.kill("SIGTERM");
    expect(await stopped.ended, stopped.output()).toBe(0);
    await devnet.chain.warpTo(devnet.config.end);
    // From here on every sent transaction is a place to die: signed and not sent, sent and not known to be.
    await killed(args, (started) => killAt(started, "eth_sendRawTransaction", 1, "before")); // the commit
    await killed(args, (started) => killAt(started, "eth_sendRawTransaction", 1, "after"));
    await killed(args, (started) => {
      setTimeout(() => started.child.kill("SIGKILL"), 3_000); // while it proves
      killAt(started, "eth_sendRawTransaction", 1, "before"); // a fast machine has proved by then
    });
    await killed(args, (started) => killAt(started, "eth_sendRawTransaction", 1, "before")); // a fold
    await killed(args, (started) => killAt(started, "eth_sendRawTransaction", 2, "after")); // two folds, the second unseen
    await killed(args, (started) => killAt(started, "eth_sendRawTransaction", 1, "after")); // the results
    await killed(args, (started) => killAt(started, "eth_sendRawTransaction", 1, "before")); // the close
    const last = startTacit(args);
    expect(await last.ended, last.output()).toBe(0);

    const events = await readEvents(devnet.chain.read, devnet.round, {
      from: 0n,
      to: await devnet.chain.read.getBlockNumber(),
    });
    const { tally } = foldHistory(events);
    expect(tally?.entries.map(decodeResult)).toEqual(expected);
    expect((await readProgress(devnet.chain.read, devnet.round)).phase).toBe("finalized");
    expect(events.filter(({ eventName }) => eventName === "Committed")).toHaveLength(1);
    expect(tally?.folds).toHaveLength(2);
    // commit, two folds with their replay, results, close: not one transaction more.
    expect(
      await devnet.chain.read.getTransactionCount({ address: devnetAddress("coordinator") }),
    ).toBe(5);

    const archive = path.join(folder, "archive", `31337-${devnet.round.toLowerCase()}`);
    const { lines } = parseTable(
      readFileSync(path.join(archive, "results.csv"), "utf8"),
      "results.csv",
    );
    expect(lines.map(({ fields }) => [fields[0], ...fields.slice(3, 5)])).toEqual(
      expected.map(({ project, votes, credits }) => [`${project}`, `${votes}`, `${credits}`]),
    );
    expect(readFileSync(path.join(archive, "items.csv"), "utf8").trim().split("\n")).toHaveLength(
      25,
    );
    expect(JSON.parse(readFileSync(path.join(archive, "proofs.json"), "utf8"))).toMatchObject({
      folds: [{}, {}],
    });
  },
  10 * 60_000,
);
