import { encodeAbiParameters, numberToHex, slice, zeroHash, type Address, type Hex } from "viem";
import { describe, expect, it } from "vitest";
import {
  deployAttestations,
  type AttestationService,
} from "../../scripts/snapshots/attestations.ts";
import type { ReadClient } from "../../src/chain/client.ts";
import { readGateData } from "../../src/chain/gate.ts";
import { encodeGateData } from "../../src/gates/index.ts";
import { deriveTag } from "./support/reference.ts";
import { awaitOutcome, expectRevert } from "./support/reverts.ts";
import { roundFixture, UNIT, type Setup, type Wallet } from "./support/round.ts";
import { atTime, makeKey } from "./support/steps.ts";

const EACH = 5n;
const PERSON = numberToHex(4711n, { size: 32 });
const [ALICE, BOB] = [
  "0x976EA74026E726554dB657fA54763abd0C3a0aa9",
  "0x14dC79964da2C08b23698B3D3cc7Ca32193d9955",
] as const;

describe("GATE-13 attestations", () => {
  let service: AttestationService;
  let schema: Hex;
  let otherSchema: Hex;
  const GUARDIAN = "0xBcd4042DE499D14e55001CcbB24a551F3b954096";
  const load = roundFixture({
    gate: {
      plan: async (viem) => {
        service = await deployAttestations(viem);
        schema = await service.register("bytes32 person");
        otherSchema = await service.register("string name");
        const settings = (byPerson: boolean) => [service.address, schema, GUARDIAN, byPerson, EACH];
        return {
          clauses: [
            [{ id: "eas", settings: settings(false) }],
            [{ id: "eas", settings: settings(true) }],
          ],
        };
      },
    },
  });
  const prepare = async () => {
    const setup = await load();
    await atTime(setup, setup.start);
    const attest = (
      recipient: Address,
      {
        by = setup.guardian,
        ...more
      }: Partial<Parameters<typeof service.attest>[1]> & { by?: Wallet } = {},
    ) => service.attest(by, { recipient, schema, data: PERSON, ...more });
    return { setup, attest };
  };
  const send = ({ round }: Setup, { account }: Wallet, key: number, data: Hex, credits = 2n) =>
    round.write.contribute([makeKey(key).x, makeKey(key).y, credits * UNIT, data], { account });
  const show = (uid: Hex, clause = 0) => encodeGateData(clause, [uid]);

  it("GATE-13 admits whom the attester attested the schema, up to the credits, once; a top-up needs no attestation any more", async () => {
    const { setup, attest } = await prepare();
    const uid = await attest(ALICE);
    const data = await readGateData(
      setup.publicClient as unknown as ReadClient,
      setup.gate.address,
      {
        round: setup.round.address,
        payer: ALICE,
        tag: 0n,
        credits: 2n,
        given: { eas: ` ${uid}\n` },
      },
    );
    expect(data).toBe(show(uid));
    await expectRevert(send(setup, setup.alice, 1, data, 6n), "AboveLimit", [6, 5]);
    await send(setup, setup.alice, 1, data);
    await expectRevert(send(setup, setup.alice, 2, data), "AlreadyAdmitted");
    // Not even with a second attestation for the account.
    await expectRevert(send(setup, setup.alice, 2, show(await attest(ALICE))), "AlreadyAdmitted");
    await service.revoke(setup.guardian, schema, uid);
    const tag = deriveTag(ALICE, makeKey(1).x, makeKey(1).y);
    const known = await readGateData(
      setup.publicClient as unknown as ReadClient,
      setup.gate.address,
      { round: setup.round.address, payer: ALICE, tag, credits: 4n },
    );
    await setup.round.write.topUp([tag, 2n * UNIT, known], { account: setup.alice.account });
  });

  it("GATE-13 another schema, attester, account or number, nothing at all, or no longer: refused by name", async () => {
    const { setup, attest } = await prepare();
    const refused = async (uid: Hex, error = "NotAttested") =>
      expectRevert(send(setup, setup.alice, 1, show(uid)), error);
    await refused(await attest(ALICE, { schema: otherSchema }));
    await refused(await attest(ALICE, { by: setup.stranger }));
    await refused(await attest(BOB));
    await refused(zeroHash);
    await refused("0x");
    const uid = await attest(ALICE);
    await refused(slice(uid, 0, 31));
    await refused(numberToHex(BigInt(uid) ^ 1n, { size: 32 }));
    const now = BigInt(await setup.helpers.time.latest());
    const expiring = await attest(ALICE, { expirationTime: now + 1_000n });
    await setup.helpers.time.increaseTo(now + 998n);
    const gate = await setup.viem.getContractAt("Gate", setup.gate.address);
    const ask = (wallet: Wallet) =>
      gate.write.admit([ALICE, 5n, 2n, show(expiring)], { account: wallet.account });
    await setup.helpers.time.setNextBlockTimestamp(now + 999n);
    await ask(setup.stranger);
    await setup.helpers.time.increaseTo(now + 1_000n);
    expect(await awaitOutcome(ask(setup.bob))).toContain(`AttestationExpired(${now + 1_000n},`);
    const revoked = await attest(ALICE);
    await service.revoke(setup.guardian, schema, revoked);
    await refused(revoked, "AttestationRevoked");
    await expect(
      readGateData(setup.publicClient as unknown as ReadClient, setup.gate.address, {
        round: setup.round.address,
        payer: ALICE,
        tag: 0n,
        credits: 2n,
        given: { eas: "0x12" },
      }),
    ).rejects.toThrow("not the number of an attestation");
  });

  it("GATE-13 a person with two accounts is one where the attestation tells persons, and two where it tells accounts", async () => {
    const { setup, attest } = await prepare();
    const [first, second] = [await attest(ALICE), await attest(BOB)];
    await send(setup, setup.alice, 1, show(first, 1));
    await expectRevert(send(setup, setup.bob, 1, show(second, 1)), "AlreadyAdmitted");
    await send(setup, setup.bob, 1, show(second, 0));
    for (const data of ["0x", slice(PERSON, 0, 31), zeroHash] as const) {
      const uid = await attest(BOB, { data });
      await expectRevert(send(setup, setup.bob, 2, show(uid, 1)), "NoPersonAttested", [uid]);
    }
    const long = await attest(BOB, {
      data: encodeAbiParameters([{ type: "bytes32" }, { type: "string" }], [PERSON, "more"]),
    });
    await expectRevert(send(setup, setup.bob, 2, show(long, 1)), "AlreadyAdmitted");
  });
});
