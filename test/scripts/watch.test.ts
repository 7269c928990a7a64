import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { afterAll, expect, it } from "vitest";
import { Watch } from "../../scripts/bench/memory.ts";

/** Works for so many seconds of the processor, says so, and waits. */
const WORK = `
  const taken = () => { const { user, system } = process.cpuUsage(); return (user + system) / 1e6; };
  const spend = (seconds) => { for (const end = taken() + seconds; taken() < end; ); process.send("done"); };
  process.on("message", spend);
`;
/** Has a program of its own work for a second of the processor with 200 MB, as an external prover does. */
const RUN = `
  const PROGRAM = 'const held = Buffer.alloc(200 << 20, 1); for (const end = process.cpuUsage().user + 1e6; process.cpuUsage().user < end; ); process.exit(held.length === 0 ? 1 : 0);';
  process.on("message", () =>
    require("node:child_process").spawn(process.execPath, ["-e", PROGRAM]).once("close", () => process.send("done")));
`;
const started: ChildProcess[] = [];
const startWorker = (work = WORK) => {
  const child = fork("data:text/javascript,", [], { execArgv: ["-e", work] });
  started.push(child);
  return async (seconds: number) => {
    child.send(seconds);
    await once(child, "message");
  };
};
afterAll(() => started.forEach((child) => child.kill()));

it("counts a worker's processor time from the watch's start, not from the worker's", async () => {
  const work = startWorker();
  await work(2);
  const watch = new Watch();
  await work(0.5);
  const { workersCpu } = watch.stop();
  expect(workersCpu).toBeGreaterThan(0.4);
  expect(workersCpu).toBeLessThan(1.5);
});

it("counts the memory and the time of a program that a worker runs", async () => {
  const work = startWorker(RUN);
  const watch = new Watch();
  await work(0);
  const { workersCpu, worker } = watch.stop();
  expect(workersCpu).toBeGreaterThan(0.9);
  expect(worker).toBeGreaterThan(200);
});
