import { afterAll, beforeAll, expect, test } from "vitest";
import type { Address } from "viem";
import { devnetAddress } from "../../src/devnet/chain.ts";
import { tacit, tacitJson } from "../helpers/cli.ts";
import { by, startStage, type Stage } from "./support/stage.ts";

let stage: Stage;
const mei = devnetAddress("Mei");

beforeAll(async () => {
  stage = await startStage("Mei", "stranger");
});
afterAll(() => stage.close());

const makeRound = async (...more: string[]): Promise<readonly string[]> => {
  const { round } = await tacitJson<{ round: Address }>(
    stage.create("--again", "--end", "+20d", "--size", "small", ...more),
    by("organiser"),
  );
  return ["--rpc", stage.url, "--round", round];
};

test("REG-4 REG-5 a co-organiser asks, is added by her request, works on the list, and is removed", async () => {
  const round = await makeRound();
  const asked = await tacit(
    [
      "editors",
      "ask",
      ...round,
      "--note",
      "Mei from the library",
      "--site",
      "https://rounds.example/",
    ],
    by("Mei"),
  );
  expect(asked.code, asked.err).toBe(0);
  const link = asked.out.trim().split("\n").at(-1) as string;
  expect(link).toMatch(/^https:\/\/rounds\.example\/#\/31337\/0x[0-9a-fA-F]{40}\/join\/[\w-]+$/);

  const add = ["editors", "add", ...round];
  expect((await tacit([...add, "--request", link], by("stranger"))).err).toContain(
    `Only the owner of the registry, ${devnetAddress("organiser")}, names editors.`,
  );
  const project = ["projects", "apply", ...round, "--name", "Bees", "--recipient", mei];
  await tacitJson(project, by("stranger"));
  const approve = () => tacit(["projects", "approve", "0", ...round], by("Mei"));
  expect((await approve()).err).toContain("`tacit editors list`");
  const shown = await tacit([...add, "--request", link, "--dry-run"], by("organiser"));
  expect(shown.out).toMatch(new RegExp(`account +${mei}[^]*says of itself +Mei from the library`));
  expect(shown.out).toContain("Nothing was sent (--dry-run).");
  const added = await tacitJson([...add, "--request", link], by("organiser"));
  expect(added).toEqual({ editor: mei, already: false });
  expect(await tacitJson([...add, "--editor", mei], by("organiser"))).toEqual({
    editor: mei,
    already: true,
  });
  expect((await approve()).code).toBe(0);
  expect((await tacit(["projects", "delist", "0", ...round], by("Mei"))).code).toBe(0);
  const status = await tacit(["status", ...round]);
  expect(status.out).toContain(`${devnetAddress("organiser")}, ${mei} decide until the freeze`);

  const list = async () => (await tacit(["editors", "list", ...round])).out;
  expect(await list()).toMatch(new RegExp(`${mei} +editor`));
  const remove = () => tacitJson(["editors", "remove", ...round, "--editor", mei], by("organiser"));
  expect(await remove()).toEqual({ editor: mei, already: false });
  expect(await remove()).toEqual({ editor: mei, already: true });
  expect(await list()).toMatch(new RegExp(`${mei} +could before`));
  expect((await approve()).err).toContain("`tacit editors list`");
});

test("REG-5 a request for another round, a changed one and half a one are refused with a clear word", async () => {
  const [one, other] = [await makeRound(), await makeRound()];
  const { request } = await tacitJson<{ request: string }>(["editors", "ask", ...one], by("Mei"));
  const add = async (round: readonly string[], ...more: string[]) => {
    const { code, err } = await tacit(["editors", "add", ...round, ...more], by("organiser"));
    return [code, err.split("\n")[0]];
  };
  expect(await add(other, "--request", request)).toEqual([
    1,
    expect.stringContaining("The request is for another round"),
  ]);
  for (const text of [request.slice(0, -3), `${request}AAAA`, "https://rounds.example/", mei])
    expect(await add(one, "--request", text)).toEqual([
      1,
      expect.stringContaining("This is not a whole request"),
    ]);
  expect(await add(one)).toEqual([1, expect.stringContaining("The command needs one account")]);
  expect(await add(one, "--editor", devnetAddress("organiser"))).toEqual([
    1,
    expect.stringContaining("owns the registry: it may do all that an editor may"),
  ]);
  const { editors } = await tacitJson<{ editors: Address[] }>(["editors", "list", ...one]);
  expect(editors).toEqual([]);
});

test("REG-3 where silence accepts there are no editors", async () => {
  const { registry } = await tacitJson<{ registry: Address }>(
    [
      ...["applications", "make-registry", "--rpc", stage.url, "--freeze", "+14d"],
      ...["--bond", "0.5", "--arbiter", mei],
    ],
    by("organiser"),
  );
  const round = await makeRound("--registry", registry);
  expect((await tacit(["editors", "list", ...round])).err).toContain(
    "In the round's registry silence accepts: it has no owner, and no editors.",
  );
});
