import { describe, expect, test } from "vitest";
import { toGrantFiles, type ExportedRound } from "../../src/metadata/daoip5.ts";
import { writeProjectDocument, writeRoundDocument } from "../../src/metadata/documents.ts";
import { toReference } from "../../src/metadata/reference.ts";

const address = (byte: string) => `0x${byte.repeat(20)}` as const;
const [ROUND, FACTORY, REGISTRY] = ["a1", "b2", "c3"].map(address) as [
  `0x${string}`,
  `0x${string}`,
  `0x${string}`,
];
const [SALT, DIGEST] = [`0x${"11".repeat(32)}`, `0x${"22".repeat(32)}`] as const;
const FREEZE = 1_800_000_000n;

const BARE: ExportedRound = {
  ...{ chainId: 10, round: ROUND, factory: FACTORY, registry: REGISTRY, salt: SALT },
  ...{ document: undefined, freezeTime: FREEZE, now: FREEZE, projects: [] },
};
const FULL: ExportedRound = {
  ...BARE,
  document: writeRoundDocument(
    {
      name: "Gardens",
      description: "Green places.",
      contentURI: "https://gardens.example",
      image: toReference(DIGEST),
      organiser: { name: "City" },
    },
    "00".repeat(16),
  ),
  now: FREEZE - 1n,
  poolSize: { amount: "12.5", denomination: "USDC" },
  projects: [
    {
      ...{ index: 0, name: "Bees", recipient: address("d4"), metadataURI: toReference(DIGEST) },
      eligible: true,
      document: writeProjectDocument({
        name: "Bees",
        description: "Honey.",
        contentURI: "https://bees.example",
        licenseURI: "https://license.example",
        socials: [{ name: "Forum", value: "https://forum.example" }],
        sdgs: [15],
      }),
    },
    {
      ...{ index: 1, name: "Trees", recipient: address("e5"), metadataURI: "Trees" },
      ...{ eligible: false, document: undefined },
    },
  ],
};
const cid = (digest: `0x${string}`) => toReference(digest).slice("ipfs://".length);
const POOL = `eip155:10:${FACTORY}?contractId=${ROUND}`;
const at = (contract: string, index: number) => `eip155:10:${contract}?proposalId=${index}`;

describe("META-3 META-4 a round in the form of DAOIP-5", () => {
  test("its pool: what the document says, open until the registry freezes, with its size", () => {
    const entity = {
      "@context": "http://www.daostar.org/schemas",
      ...{ name: "City", type: "Organization" },
    };
    expect(toGrantFiles(FULL)["grant_pools.json"]).toEqual({
      ...entity,
      grantPools: [
        {
          ...{ type: "GrantPool", id: POOL, name: "Gardens", description: "Green places." },
          grantFundingMechanism: "Quadratic Funding",
          ...{ isOpen: true, closeDate: "2027-01-15T08:00:00.000Z" },
          applicationsURI: "./applications.json",
          governanceURI: "https://gardens.example",
          totalGrantPoolSize: [{ amount: "12.5", denomination: "USDC" }],
          image: toReference(DIGEST),
          extensions: {
            "org.tacit": {
              nonce: "00".repeat(16),
              organiser: { name: "City" },
              allo: { protocol: 1, pointer: cid(SALT) },
            },
          },
        },
      ],
    });
  });

  test("its projects and applications: each under its own index, with where it is paid and whether it takes part", () => {
    const files = toGrantFiles(FULL);
    const pool = { relevantTo: [[POOL, "Gardens"]] };
    expect(files["projects.json"]).toMatchObject({
      projects: [
        {
          ...{ type: "Project", id: at(REGISTRY, 0), name: "Bees", description: "Honey.", ...pool },
          contentURI: "https://bees.example",
          licenseURI: "https://license.example",
          socials: [{ name: "Forum", value: "https://forum.example" }],
          extensions: {
            "org.tacit": { sdgs: [15], allo: { protocol: 1, pointer: cid(DIGEST) } },
          },
        },
        {
          ...{ type: "Project", id: at(REGISTRY, 1), name: "Trees", description: "Trees" },
          ...{ contentURI: "Trees", ...pool },
        },
      ],
    });
    // A bare name is no document, which Allo could point to.
    expect(JSON.stringify(files["projects.json"]).match(/"allo"/g)).toHaveLength(1);
    const application = (index: number, name: string) => ({
      ...{ type: "GrantApplication", id: at(ROUND, index), projectId: at(REGISTRY, index) },
      ...{ grantPoolsURI: "./grant_pools.json", projectsURI: "./projects.json" },
      ...{ grantPoolId: POOL, grantPoolName: "Gardens", projectName: name },
    });
    expect(files["applications.json"]).toMatchObject({
      grantPools: [
        {
          ...{ type: "GrantPool", id: POOL, name: "Gardens" },
          applications: [
            {
              ...application(0, "Bees"),
              contentURI: "https://bees.example",
              status: "approved",
              payoutAddress: { type: "CAIP10Address", value: `eip155:10:${address("d4")}` },
            },
            {
              ...application(1, "Trees"),
              contentURI: "Trees",
              status: "rejected",
              payoutAddress: { type: "CAIP10Address", value: `eip155:10:${address("e5")}` },
            },
          ],
        },
      ],
    });
  });

  test("without document, pool and projects it is called by its address; at the freeze it is closed", () => {
    const { "grant_pools.json": pools, "projects.json": projects } = toGrantFiles(BARE);
    expect(pools).toMatchObject({
      ...{ name: ROUND, type: "Organization" },
      grantPools: [{ name: ROUND, description: ROUND, isOpen: false }],
    });
    for (const field of ["extensions", "totalGrantPoolSize", "governanceURI", "image"])
      expect(JSON.stringify(pools)).not.toContain(`"${field}"`);
    expect(projects).toMatchObject({ projects: [] });
  });

  test("a registry that freezes later than any calendar goes has a date all the same", () => {
    for (const freezeTime of [(1n << 64n) - 1n, (1n << 256n) - 1n])
      expect(toGrantFiles({ ...BARE, freezeTime })["grant_pools.json"]).toMatchObject({
        grantPools: [{ isOpen: true, closeDate: "+275760-09-13T00:00:00.000Z" }],
      });
  });
});
