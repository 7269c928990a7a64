import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { isAddressEqual, type Address } from "viem";
import { afterAll, beforeAll, expect, test } from "vitest";
import { foldHistory } from "../../src/chain/history.ts";
import { readEvents } from "../../src/chain/logs.ts";
import { devnetAddress, devnetAccount } from "../../src/devnet/chain.ts";
import { openDatabase, type Database } from "../../src/coordinator/store/database.ts";
import { fromRoot } from "../../scripts/pipeline/paths.ts";
import { openArtifacts } from "../../src/proofs/artifacts.ts";
import { ProverPool } from "../../src/proofs/pool.ts";
import { startService, type Service } from "../../src/service/coordinator_service.ts";
import { createLogger } from "../../src/service/logger.ts";
import { PHONE, shoot } from "./support/browser.ts";
import { at, changed, fillAmounts, makeKey, openSealed, planChange } from "./support/donor.ts";
import { openStage } from "./support/stage.ts";
import { sealedRecords } from "./support/traces.ts";
import { localCoordinatorKey } from "../../src/protocol/coordinator_key.ts";

const stage = openStage({ relayUrl: () => service.url as string });
let round: Address;
let service: Service;
let database: Database;
let folder: string;

beforeAll(async () => {
  const { site } = stage;
  folder = await mkdtemp(path.join(os.tmpdir(), "tacit-page-relay-"));
  round = await site.newRound({ salt: "relay" });
  database = await openDatabase(path.join(folder, "tacit.sqlite"));
  await site.chain.as("coordinator");
  service = await startService({
    rpcs: [site.rpcUrl],
    account: devnetAccount("coordinator"),
    rounds: [{ round, key: localCoordinatorKey(site.coordinator.secret) }],
    database,
    artifacts: await openArtifacts(fromRoot("build")),
    prover: new ProverPool({ workers: 1 }),
    finality: 0,
    archiveFolder: path.join(folder, "archive"),
    pollSeconds: 0.5,
    logger: createLogger("silent"),
    relay: {
      batchSize: 20,
      batchSeconds: 2,
      coverPerHour: 3600,
      coverFloor: 2,
      messagesPerHour: 20_000,
    },
    http: { host: "127.0.0.1", port: 0, requestsPerMinute: 100, trustProxy: false },
  });
});
afterAll(async () => {
  await service?.stop();
  await database?.close();
  await rm(folder, { recursive: true, force: true });
});

test("with a relay a donor needs one account and pays once: the sealed ballot goes out among cover messages", async () => {
  const started = performance.now();
  const { chain, url } = stage.site;
  const { page, wallet, leave } = await stage.visit("Aiko", at(url, round), PHONE);
  await fillAmounts(page, { "Seed Library": "4" });
  await page.getByRole("button", { name: "Continue" }).click();
  await makeKey(page, "a bridge at night", { first: true });
  await page.getByRole("button", { name: "Seal my ballot" }).click();
  await page.getByRole("button", { name: "Send through the relay" }).click();
  await page.getByText("The relay has it").waitFor();
  await page.getByRole("button", { name: /^Give from 0x/ }).click({ timeout: 30_000 });
  await page.getByRole("heading", { name: "Thank you. Your gift is in." }).waitFor();
  await shoot(page, "give-done-relay", false);
  const seconds = (performance.now() - started) / 1000;
  expect(seconds).toBeLessThan(60); // the whole gift, by a machine that types at once
  expect(wallet.asked.filter((method) => method === "personal_sign")).toHaveLength(2); // the same both times
  expect(wallet.asked.filter((method) => method === "eth_sendTransaction")).toHaveLength(2); // allowance and gift

  const events = await readEvents(chain.read, round, {
    from: 0n,
    to: await chain.read.getBlockNumber(),
  });
  const { links } = foldHistory(events);
  expect(links.filter(({ kind }) => kind === "message").length).toBeGreaterThan(1);
  const senders = await Promise.all(
    events
      .filter(({ eventName }) => eventName === "MessagePublished")
      .map(
        async ({ transactionHash }) =>
          (await chain.read.getTransaction({ hash: transactionHash })).from,
      ),
  );
  expect(senders.every((sender) => isAddressEqual(sender, devnetAddress("coordinator")))).toBe(
    true,
  );
  await leave();
});

test("a relay that takes a changed ballot and loses it is not believed: the page keeps it over a reload, and sends it again", async () => {
  const { page, leave } = await stage.visit("Aiko", at(stage.site.url, round, "gift"), PHONE);
  let lost = 0;
  await page.route(
    "**/messages",
    (route) => (lost++, route.fulfill({ status: 202, json: { accepted: 1 } })),
  );
  await planChange(page, { "Village Radio": "4" });
  await makeKey(page, "a bridge at night", { first: false });
  await page.getByRole("button", { name: "Seal my ballot" }).click();
  await page.getByRole("button", { name: "Send through the relay" }).click();
  await page.getByText("The relay has it").waitFor();
  expect(lost).toBe(1);
  await page.waitForTimeout(5_000); // two looks at the chain
  expect(await page.getByText("Your new ballot is on the chain.").count()).toBe(0);
  expect(await sealedRecords(page)).toBe(1);
  await page.unroute("**/messages");
  await page.reload();
  await openSealed(page);
  await page.getByRole("button", { name: "Send through the relay" }).click();
  await changed(page);
  expect(await sealedRecords(page)).toBe(0);
  await leave();
});
