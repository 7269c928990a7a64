import { concatHex, keccak256, pad, size, slice, type Address, type Hex } from "viem";
import { afterAll, expect, it } from "vitest";
import type { ReadClient } from "../../src/chain/client.ts";
import { releaseProver } from "../../src/proofs/prove.ts";
import { readConfig } from "../../src/chain/provenance.ts";
import { CONTRACTS, roundFixture } from "../contracts/support/round.ts";
import { finalize, funded, RESULTS } from "../contracts/support/steps.ts";
import { counterfeit, verified } from "./support/preseeded.ts";

/*
 * The attack: a contract that is not this project's round, but shows the same views and events, honest proofs included. Everything that
 * can be recomputed from logs is right, and the money goes where its author likes.
 */
const load = roundFixture();
afterAll(releaseProver);

it("PROV-2 P6 an honest round is verified", async () => {
  const setup = await load();
  await funded(setup, 60_000n, 40_000n);
  await finalize(setup, RESULTS);
  expect(await verified(setup)).toMatchObject({
    ok: true,
    developmentKeys: true,
    parts: {
      gate: { kind: "open" },
      registry: { kind: "owned" },
      payoutRule: { kind: "known", id: "quadratic", args: [false] },
    },
  });
});

it("PROV-1 PROV-2 P6 a factory with the same code at another address makes no rounds of this version", async () => {
  const setup = await load();
  const { viem, settings } = setup;
  const factory = await viem.deployContract("RoundFactory", [
    CONTRACTS.implementation,
    CONTRACTS.closeVerifier,
    CONTRACTS.foldVerifiers,
  ]);
  const salt = keccak256("0x01");
  await factory.write.createRound([settings, salt]);
  const made = {
    ...setup,
    round: await viem.getContractAt("IRound", await factory.read.predictRound([settings, salt])),
  };
  expect(await verified(made)).toMatchObject({
    ok: false,
    checks: [{ id: "PROV-2", ok: false, detail: expect.stringContaining("another factory") }],
  });
});

it.each<[string, (code: Hex) => Hex]>([
  [
    "another implementation",
    (code) => concatHex([slice(code, 0, 10), pad("0x15e0", { size: 20 }), slice(code, 30)]),
  ],
  [
    "another coordinator's key",
    (code) =>
      concatHex([slice(code, 0, 45 + 2 * 32), pad("0x07", { size: 32 }), slice(code, 45 + 3 * 32)]),
  ],
  [
    "another salt",
    (code) => concatHex([slice(code, 0, size(code) - 32), pad("0x07", { size: 32 })]),
  ],
  ["one byte more", (code) => concatHex([code, "0x00"])],
  [
    "code of another kind before the arguments",
    (code) => concatHex([slice(code, 0, 44), "0x00", slice(code, 45)]),
  ],
  [
    "an address that is none",
    (code) =>
      concatHex([slice(code, 0, 45), pad("0xff", { size: 32, dir: "right" }), slice(code, 77)]),
  ],
])("PROV-2 P6 a node or contract that shows the code of a round with %s", async (_name, change) => {
  const setup = await load();
  const client = setup.publicClient as unknown as ReadClient;
  const code = change((await client.getCode({ address: setup.round.address })) as Hex);
  const made = await counterfeit(setup, {}, code);
  await expect(readConfig(client, made.round.address, CONTRACTS)).rejects.toMatchObject({
    name: "ForeignRoundError",
  });
  const lying = {
    ...client,
    getCode: async ({ address }: { address: Address }) =>
      address === setup.round.address ? code : client.getCode({ address }),
  } as unknown as ReadClient;
  await expect(readConfig(lying, setup.round.address, CONTRACTS)).rejects.toMatchObject({
    name: "ForeignRoundError",
  });
});
