import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { formatEther, type Address, type Hex } from "viem";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readPictureDigests } from "../../src/chain/pictures.ts";
import { BUILT, locateContracts } from "../../src/chain/contracts.ts";
import { readConfig } from "../../src/chain/provenance.ts";
import { devnetAddress } from "../../src/devnet/chain.ts";
import { digestDocument, toReference } from "../../src/metadata/reference.ts";
import { createApi, type Api } from "../../src/service/api.ts";
import { Content } from "../../src/service/content.ts";
import { createLogger } from "../../src/service/logger.ts";
import { tacit, tacitJson } from "../helpers/cli.ts";
import { makePng } from "../helpers/pictures.ts";
import { by, startStage, type Stage } from "./support/stage.ts";

let stage: Stage;
let api: Api;
let relay: string;
/** The rounds whose pictures the relay keeps. */
const served: Address[] = [];
const file = (name: string) => stage.file(name);
const rpc = () => ["--rpc", stage.url];

beforeAll(async () => {
  stage = await startStage("sponsor", "coordinator", "guardian");
  const { chain } = stage;
  const contracts = locateContracts(BUILT);
  const readWanted = async (): Promise<ReadonlySet<Hex>> => {
    const places = { documents: contracts.documents, fromBlock: 0n };
    const each = await Promise.all(
      served.map(async (round) =>
        readPictureDigests(chain.read, await readConfig(chain.read, round, contracts), places),
      ),
    );
    return new Set(each.flatMap((digests) => [...digests]));
  };
  api = await createApi({
    views: () => [],
    findRelay: () => undefined,
    isDatabaseUp: async () => true,
    content: new Content({ folder: file("kept"), mostBytes: 1_000, lookAgain: 0, readWanted }),
    logger: createLogger("silent"),
    requestsPerMinute: 30,
    trustProxy: false,
  });
  await api.app.listen({ host: "127.0.0.1", port: 0 });
  relay = api.app.listeningOrigin;
});
afterAll(async () => {
  await api.app.close();
  await stage.close();
});

const createRound = async (...more: string[]): Promise<Address> => {
  const { round } = await tacitJson<{ round: Address }>(
    stage.create("--end", "+20d", "--size", "small", "--again", ...more),
    by("organiser"),
  );
  served.push(round);
  return round;
};

test("REG-3 META-5 a registry in which silence accepts, from its making to its projects, with documents and pictures", async () => {
  const { registry } = await tacitJson<{ registry: Address }>(
    [
      ...["applications", "make-registry", ...rpc(), "--freeze", "+14d", "--bond", "0.5"],
      ...["--arbiter", devnetAddress("guardian"), "--most-open", "3"],
    ],
    by("organiser"),
  );
  const round = await createRound("--registry", registry);
  const inRound = [...rpc(), "--round", round];
  const recipient = devnetAddress("organiser");
  const picture = makePng({ width: 8, height: 5 });
  await writeFile(file("bees.png"), picture);
  await writeFile(
    file("bees.json"),
    JSON.stringify({
      name: "Beehives",
      description: "**Honey**",
      sdgs: [15, 2],
      milestones: [{ title: "First honey", shareBps: 5_000 }],
      translations: { ja: { name: "蜂箱" } },
    }),
  );
  const apply = (...more: string[]) =>
    tacit(["projects", "apply", ...inRound, "--recipient", recipient, ...more], by("sponsor"));
  expect((await apply()).err).toContain("The project has no name");
  const applied = await apply(
    ...["--about", file("bees.json"), "--picture", file("bees.png"), "--to", relay],
    ...["--to", file("site")],
  );
  expect([applied.code, applied.err]).toEqual([0, ""]);
  expect(applied.out).toContain("Your bond of 0.5 coin comes back when it is accepted");
  // Both have it by its digest, and nothing else.
  const digest = digestDocument(picture);
  for (const place of ["kept", "site"]) {
    expect(await readdir(file(place))).toEqual([digest.slice(2)]);
    expect(new Uint8Array(await readFile(path.join(file(place), digest.slice(2))))).toEqual(
      picture,
    );
  }
  const given = await fetch(`${relay}/content/${digest.slice(2)}`);
  expect(new Uint8Array(await given.arrayBuffer())).toEqual(picture);
  expect(Object.fromEntries(given.headers)).toMatchObject({
    "content-type": "image/png",
    "cache-control": "public, max-age=31536000, immutable",
    "x-content-type-options": "nosniff",
    "content-security-policy": "default-src 'none'; sandbox; frame-ancestors 'none'",
    "access-control-allow-origin": "*",
  });
  // A second of the same document is refused by the registry; a bare name makes a document of it.
  expect((await apply("--about", file("bees.json"), "--picture", file("bees.png"))).err).toContain(
    "DuplicateDigest",
  );
  for (const name of ["Trees", "Spam"]) expect((await apply("--name", name)).code).toBe(0);
  expect((await apply("--name", "More")).err).toContain("TooManyOpen(3)");
  const list = () =>
    tacitJson<{ name: string; state: string; sdgs: number[]; reason?: string; project?: number }[]>(
      ["applications", "list", ...inRound],
    );
  expect((await list()).map(({ name, state }) => [name, state])).toEqual([
    ["Beehives", "challengeable"],
    ["Trees", "challengeable"],
    ["Spam", "challengeable"],
  ]);
  expect((await list())[0]?.sdgs).toEqual([2, 15]);
  expect((await tacit(["status", ...inRound])).out).toMatch(
    /projects +0; applications until .*, 3 undecided/,
  );

  const applications = (who: string, what: string, ...more: string[]) =>
    tacit(["applications", what, ...inRound, ...more], by(who));
  expect((await applications("organiser", "challenge", "2", "--reason", "")).err).toContain(
    "it must have 1 to 1024",
  );
  expect((await applications("organiser", "challenge", "3", "--reason", "a")).err).toContain(
    "There is no application 3",
  );
  expect(
    (await applications("organiser", "challenge", "2", "--reason", "an\u202eadvert")).out,
  ).toContain("if it is silent, the application is accepted");
  expect(
    (await applications("organiser", "challenge", "1", "--reason", "no trees there")).code,
  ).toBe(0);
  expect((await applications("organiser", "rule", "2", "--reject")).err).toContain(
    "Only the arbiter",
  );
  expect((await applications("guardian", "rule", "2")).err).toContain("--accept or --reject");
  expect((await applications("guardian", "rule", "0", "--reject")).err).toContain(
    "it is open to challenges",
  );
  expect((await applications("guardian", "rule", "2", "--reject")).out).toContain(
    "both bonds are the challenger's",
  );
  expect((await applications("sponsor", "accept", "0")).err).toContain("cannot be accepted");
  expect((await applications("sponsor", "accept")).out).toContain("nothing to accept now");
  const now = async () => (await stage.chain.read.getBlock()).timestamp;
  await stage.chain.warpTo((await now()) + 3n * 86_400n + 60n);
  // One was left alone; about the other the arbiter was silent.
  expect((await applications("sponsor", "accept")).out).toContain("Accepted 2 applications");
  const shown = await tacit(["applications", "list", ...inRound]);
  expect(shown.out).toMatch(/0 +Beehives +0x\w+ +project 0/);
  expect(shown.out).toMatch(/1 +Trees +0x\w+ +project 1/);
  expect(shown.out).toMatch(/2 +Spam +0x\w+ +rejected/);
  expect(shown.out).toContain(`2 was challenged by ${recipient}: an\\u{202E}advert`);
  expect(
    (await tacitJson<{ name: string }[]>(["projects", "list", ...inRound])).map(({ name }) => name),
  ).toEqual(["Beehives", "Trees"]);
  // The applicant has three bonds: of two projects, and of who challenged one of them in vain.
  const paid = await tacitJson<{ paid: string }>(
    ["applications", "withdraw", ...inRound],
    by("sponsor"),
  );
  expect(formatEther(BigInt(paid.paid))).toBe("1.5");
  expect((await applications("sponsor", "withdraw")).out).toContain("No bond of this account's");
  expect(
    formatEther(
      BigInt(
        (
          await tacitJson<{ paid: string }>(
            ["applications", "withdraw", ...inRound],
            by("organiser"),
          )
        ).paid,
      ),
    ),
  ).toBe("1");
  // What nobody accepted by the freeze is closed, and its bond comes back.
  expect((await apply("--name", "Late")).code).toBe(0);
  await stage.chain.warpTo((await now()) + 12n * 86_400n);
  expect((await list())[3]?.state).toBe("expired");
  expect(
    (await tacitJson<{ paid: string }>(["applications", "withdraw", ...inRound], by("sponsor")))
      .paid,
  ).toBe(String(5n * 10n ** 17n));
  expect((await list())[3]?.state).toBe("lapsed");

  const pool = await tacitJson<{ projects: number }>([
    ...["projects", "export", ...inRound, "--out", file("daoip5")],
  ]);
  expect(pool.projects).toBe(2);
  const read = async (name: string) =>
    JSON.parse(await readFile(path.join(file("daoip5"), name), "utf8")) as Record<string, never>;
  expect(await read("projects.json")).toMatchObject({
    "@context": "http://www.daostar.org/schemas",
    projects: [
      {
        type: "Project",
        id: `eip155:31337:${registry}?proposalId=0`,
        name: "Beehives",
        description: "**Honey**",
        image: toReference(digest),
        extensions: { "org.tacit": { sdgs: [15, 2], allo: { protocol: 1 } } },
      },
      { name: "Trees" },
    ],
  });
  expect(await read("applications.json")).toMatchObject({
    grantPools: [
      {
        applications: [
          {
            type: "GrantApplication",
            projectId: `eip155:31337:${registry}?proposalId=0`,
            status: "approved",
            payoutAddress: { type: "CAIP10Address", value: `eip155:31337:${recipient}` },
          },
          {},
        ],
      },
    ],
  });
  expect(await read("grant_pools.json")).toMatchObject({
    grantPools: [{ type: "GrantPool", grantFundingMechanism: "Quadratic Funding", isOpen: false }],
  });
});

test("META-3 META-5 many projects with documents and pictures are added at once, and the rest of them after a stop", async () => {
  const round = await createRound();
  const inRound = [...rpc(), "--round", round];
  const [a, b, c] = ["organiser", "sponsor", "coordinator"].map((name) => devnetAddress(name));
  await writeFile(file("logo.png"), makePng({ width: 2, height: 2 }));
  await writeFile(
    file("some.csv"),
    [
      "Title;Wallet;about;SDGs;image;name_ja;description_ja;email",
      `Birds;${a};"Counts birds.\r\n\r\n- every year";"SDG 15, 4, 15";logo.png;鳥;毎年数える;x@example.org`,
      `Trees;${b};;;;;;`,
      "",
    ].join("\n"),
  );
  const add = (name: string, ...more: string[]) =>
    tacit(["projects", "add", file(name), ...inRound, ...more], by("organiser"));
  const first = await add("some.csv", "--map", "recipient=Wallet", "--to", relay);
  expect(first.err).toBe(
    `Read ${file("some.csv")}: 2 projects, 1 with a document, 1 pictures.\nLeft out: the columns "email".\n`,
  );
  expect([first.code, first.out]).toEqual([0, "Added 2 projects, published 1 documents.\n"]);
  // The same again, in the other form, with one more: only that is added.
  await writeFile(
    file("some.jsonl"),
    [
      {
        name: "Birds",
        recipient: a,
        description: "Counts birds.\n\n- every year",
        sdgs: [15, 4],
        picture: "logo.png",
        translations: { ja: { name: "鳥", description: "毎年数える" } },
      },
      { name: "Trees", recipient: b },
      { name: "Crows", recipient: c, answers: [{ question: "Why?", answer: "They remember." }] },
    ]
      .map((line) => JSON.stringify(line))
      .join("\n"),
  );
  const second = await add("some.jsonl");
  expect(second.out).toContain(
    "Added 1 projects, published 1 documents.\n2 of the file's projects",
  );
  expect(second.err).toContain("No page has the pictures yet");
  const projects = await tacitJson<{ name: string; document?: Record<string, never> }[]>([
    ...["projects", "list", ...inRound],
  ]);
  expect(projects.map(({ name }) => name)).toEqual(["Birds", "Trees", "Crows"]);
  expect(projects[0]?.document).toMatchObject({
    description: "Counts birds.\n\n- every year",
    image: toReference(digestDocument(makePng({ width: 2, height: 2 }))),
    extensions: { "org.tacit": { sdgs: [15, 4], translations: { ja: { name: "鳥" } } } },
  });
  for (const [content, why] of [
    [{ name: "A", recipient: a, html: "<b>" }, /Line 1 .*org\.tacit\/html/],
    [{ name: "A", recipient: a, sdgs: [18] }, /Line 1 .*sdgs/],
    [{ name: "A", recipient: a, picture: "some.csv" }, /Line 1 .*no PNG, JPEG, WebP or AVIF/],
    [{ name: "A", recipient: a, picture: "none.png" }, /Line 1 .*cannot be read/],
    [{ name: "A", recipient: a, contentURI: "javascript:alert(1)" }, /Line 1 .*contentURI/],
    [{ name: "A", recipient: a, description: "a".repeat(8_001) }, /Line 1 .*description/],
    [{ recipient: a }, /Line 1 .*no text as name/],
    [["A"], /Line 1 .*no JSON object/],
  ] as const) {
    await writeFile(file("bad.jsonl"), JSON.stringify(content));
    const { code, err } = await add("bad.jsonl");
    expect([code, err]).toEqual([1, expect.stringMatching(why)]);
  }
  // Of the owner's registry, those who wait for the owner.
  const applied = await tacit(
    ["projects", "apply", ...inRound, "--name", "Moss", "--recipient", b as string],
    by("sponsor"),
  );
  expect(applied.out).toBe("Applied: this is application 0.\n");
  expect((await tacit(["applications", "list", ...inRound])).out).toMatch(/0 +Moss +0x/);
  expect((await tacit(["applications", "accept", ...inRound], by("sponsor"))).err).toContain(
    "not one in which silence accepts",
  );
  await tacit(["projects", "approve", "0", ...inRound], by("organiser"));
  expect((await tacit(["status", ...inRound])).out).toMatch(
    /projects +4; 0x\w+ decides until the freeze/,
  );
  expect(await tacitJson(["applications", "list", ...inRound])).toEqual([]);
});

test("META-5 a relay keeps what a served round's documents name, as it is named, as long as there is room", async () => {
  const put = (name: string, body: Uint8Array, type = "application/octet-stream") =>
    fetch(`${relay}/content/${name}`, {
      method: "PUT",
      headers: { "content-type": type },
      body: body as Uint8Array<ArrayBuffer>,
    });
  const named = (bytes: Uint8Array) => digestDocument(bytes).slice(2);
  const stranger = makePng({ width: 3, height: 3 });
  expect((await put(named(stranger), stranger)).status).toBe(403);
  const known = makePng({ width: 2, height: 2 });
  expect((await put(named(known), stranger)).status).toBe(400);
  expect((await put(named(known), new TextEncoder().encode("<svg/>"))).status).toBe(400);
  expect((await put(named(known), known, "image/png")).status).toBe(415);
  expect((await put(named(known), new Uint8Array(262_145))).status).toBe(413);
  expect((await put("../kept", known)).status).toBe(404);
  expect((await put(named(known), known)).status).toBe(204);
  for (const [name, status] of [
    [named(stranger), 404],
    [`0x${named(known)}`, 400],
    [named(known).toUpperCase(), 400],
    ["..%2f..%2fsome.csv", 400],
  ] as const)
    expect([name, (await fetch(`${relay}/content/${name}`)).status]).toEqual([name, status]);
  // What somebody else has put into the folder is not given out under another's name.
  await writeFile(path.join(file("kept"), named(stranger)), known);
  expect((await fetch(`${relay}/content/${named(stranger)}`)).status).toBe(404);
  await rm(path.join(file("kept"), named(stranger)));
  // 1,000 bytes are the most here.
  const large = makePng({ width: 400, height: 300 }, [1, 2, 3]);
  await writeFile(file("large.png"), large);
  expect(large.length).toBeGreaterThan(800);
  const round = served.at(-1) as Address;
  await writeFile(
    file("one.jsonl"),
    JSON.stringify({ name: "Large", recipient: devnetAddress("sponsor"), picture: "large.png" }),
  );
  const { err } = await tacit(
    ["projects", "add", file("one.jsonl"), ...rpc(), "--round", round, "--to", relay],
    by("organiser"),
  );
  expect(err).toContain("take all the room that they may");
  expect((await fetch(`${relay}/content/${named(large)}`)).status).toBe(404);
  expect((await tacit(["picture", file("large.png"), file("some.csv")])).err).toContain(
    `${file("some.csv")}: The picture cannot be used: it is no PNG`,
  );
  expect((await tacit(["picture", file("large.png")])).out).toMatch(/image\/png +400 x 300/);
});
