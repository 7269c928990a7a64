import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import type { Address } from "viem";
import { afterAll, beforeAll, expect, test } from "vitest";
import { devnetAddress, devnetKey } from "../../src/devnet/chain.ts";
import { tacitJson } from "../helpers/cli.ts";
import { readBallot } from "./support/ballots.ts";
import { DESKTOP, PHONE } from "./support/browser.ts";
import { at, fillAmounts, planChange, sealChange, sendAndGive } from "./support/donor.ts";
import { openStage } from "./support/stage.ts";

const PASSPHRASE = "a lantern in the reeds";

const stage = openStage();
let round: Address;
let folder: string;
const file = (name: string) => path.join(folder, name);
const shared = () => ["--rpc", stage.site.rpcUrl, "--round", round];

beforeAll(async () => {
  round = await stage.site.newRound({ salt: "portable keys" });
  folder = await mkdtemp(path.join(os.tmpdir(), "tacit-portable-"));
  for (const name of ["Aiko", "Ben", "Emil"])
    await writeFile(file(`${name}.key`), devnetKey(name), { mode: 0o600 });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const ballotOf = (name: string) => readBallot(stage.site, round, name);

const splitWords = (text: string): string => text.trim().split(/\s+/).join(" ");

test("KEY-8: a key made on the page with a backup code changes its ballot from the command line, and both draw the same picture", async () => {
  const { page, wallet, leave } = await stage.visit("Aiko", at(stage.site.url, round), PHONE);
  await fillAmounts(page, { "Seed Library": "9" });
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByLabel("Passphrase", { exact: true }).fill(PASSPHRASE);
  await page.getByLabel("Passphrase once more").fill(PASSPHRASE);
  await page.getByRole("tab", { name: "Backup code" }).click();
  await page.getByRole("button", { name: "Make a code" }).click();
  const code = await page.getByLabel("Backup code", { exact: true }).last().inputValue();
  await page.getByRole("button", { name: "Make my key" }).click();
  const words = splitWords(
    await page
      .locator("figure", { has: page.getByRole("img", { name: "The picture of your key" }) })
      .locator("figcaption")
      .innerText(),
  );
  await page.getByRole("button", { name: "Seal my ballot" }).click();
  await page.getByText("Switch away from").waitFor();
  await sendAndGive(page, wallet, { donor: "Aiko", other: "Emil" });
  await leave();
  const first = await ballotOf("Aiko");
  expect([...first.values()]).toEqual([30n]); // 9 tokens of 0.01: 900 credits

  await writeFile(file("passphrase"), `${PASSPHRASE}\n`);
  await writeFile(file("code"), code.toUpperCase());
  const made = await tacitJson<{ words: string[] }>([
    "keygen",
    "--passphrase-file",
    file("passphrase"),
    "--backup-code",
    file("code"),
    "--out",
    file("aiko.json"),
  ]);
  expect(made.words.join(" ")).toBe(words);
  await tacitJson([
    "publish",
    ...shared(),
    "--account-key",
    file("Emil.key"),
    "--payer",
    devnetAddress("Aiko"),
    "--key-file",
    file("aiko.json"),
    "--vote",
    "0=7",
    "--vote",
    "2=11",
    "--finality",
    "0",
  ]);
  expect(await ballotOf("Aiko")).toEqual(
    new Map([
      [0, 7n],
      [2, 11n],
    ]),
  );
});

test("KEY-8: and the reverse: a key and code from the command line change their ballot on the page", async () => {
  await writeFile(file("passphrase"), `${PASSPHRASE}\n`);
  await tacitJson(["keygen", "--out", file("ben0.json")]);
  const { words } = await tacitJson<{ words: string[] }>([
    "keygen",
    "--passphrase-file",
    file("passphrase"),
    "--backup-code",
    file("ben.code"),
    "--out",
    file("ben1.json"),
  ]);
  await tacitJson([
    "publish",
    ...shared(),
    "--account-key",
    file("Emil.key"),
    "--payer",
    devnetAddress("Ben"),
    "--key-file",
    file("ben0.json"),
    "--rotate",
    file("ben1.json"),
    "--credits",
    "900",
    "--vote",
    "0=30",
    "--finality",
    "0",
  ]);
  await stage.site.chain.as("Ben");
  await tacitJson([
    "contribute",
    ...shared(),
    "--account-key",
    file("Ben.key"),
    "--key-file",
    file("ben0.json"),
    "--amount",
    "9",
  ]);
  expect(await ballotOf("Ben")).toEqual(new Map([[0, 30n]]));

  const { page, wallet, leave } = await stage.visit(
    "Ben",
    at(stage.site.url, round, "gift"),
    DESKTOP,
  );
  await planChange(page, { "Seed Library": "4" });
  await page.getByRole("tab", { name: "Backup code" }).click();
  await page
    .getByLabel("Backup code", { exact: true })
    .last()
    .fill(
      (await readFile(file("ben.code"), "utf8"))
        .trim()
        .split(" ")
        .map((word, i) => `${i + 1}. ${word}`)
        .join(" "),
    );
  await sealChange(page, wallet, {
    passphrase: PASSPHRASE,
    other: "Emil",
    picture: words.join(" "),
  });
  await leave();
  const ballot = await ballotOf("Ben");
  expect([...ballot.values()]).toEqual([20n]);
  expect(ballot.has(0)).toBe(false);
});
