import { numberToHex, slice, concatHex, type Address, type Hex } from "viem";
import { describe, expect, it } from "vitest";
import type { ReadClient } from "../../src/chain/client.ts";
import { readGateData } from "../../src/chain/gate.ts";
import { encodeGateData, encodeKnownIdentity } from "../../src/gates/index.ts";
import { groupRoot } from "../../src/protocol/group.ts";
import { membershipScope } from "../../src/protocol/membership.ts";
import { nullifierOf } from "../../src/proofs/membership.ts";
import { P } from "../../src/params.ts";
import { memberEvidence, proveForReal, testMember } from "../helpers/membership.ts";
import { deriveTag } from "./support/reference.ts";
import { expectRevert } from "./support/reverts.ts";
import { roundFixture, UNIT, type Setup, type Wallet } from "./support/round.ts";
import { atTime, makeKey } from "./support/steps.ts";

const MEMBERS = Array.from({ length: 5 }, (_, i) => testMember(String(i)));
const GROUP = MEMBERS.map(({ commitment }) => commitment);
const [ANA, BEN] = MEMBERS as [(typeof MEMBERS)[0], (typeof MEMBERS)[0]];
const EACH = 10n;
/** The order of the curve's base field. */
const Q = 21888242871839275222246405745257275088696311157297823662689037894645226208583n;

const tagOf = ({ account }: Wallet, key: number) =>
  deriveTag(account.address, makeKey(key).x, makeKey(key).y);
const send = (round: Setup["round"], { account }: Wallet, key: number, data: Hex, credits = 2n) =>
  round.write.contribute([makeKey(key).x, makeKey(key).y, credits * UNIT, data], { account });
const topUp = ({ round }: Setup, { account }: Wallet, tag: bigint, data: Hex, credits: bigint) =>
  round.write.topUp([tag, credits * UNIT, data], { account });

describe("GATE-12 anonymous members of a group", () => {
  const load = roundFixture({
    gate: {
      plan: async () => ({ clauses: [[{ id: "semaphore", settings: [groupRoot(GROUP), EACH] }]] }),
    },
  });
  const prepare = async () => {
    const setup = await load();
    await atTime(setup, setup.start);
    const round = setup.round.address;
    const show = async (
      member: typeof ANA,
      what: { tag: bigint; credits?: bigint; round?: Address; chainId?: number },
      members = MEMBERS,
    ) =>
      encodeGateData(0, [await memberEvidence(member, members, { round, credits: 2n, ...what })]);
    return { setup, show };
  };

  it("GATE-12 GATE-1 admits a member once a round, whatever the account and the key; a top-up takes a proof of its own", async () => {
    const { setup, show } = await prepare();
    const tag = tagOf(setup.alice, 1);
    // As a donor's software makes it, from the exported secret and the group's list among others.
    const data = await readGateData(
      setup.publicClient as unknown as ReadClient,
      setup.gate.address,
      {
        round: setup.round.address,
        payer: setup.alice.account.address,
        tag,
        credits: 2n,
        groups: [GROUP.slice(1), GROUP],
        given: { semaphore: ANA.export() },
        proveMembership: proveForReal,
      },
    );
    await send(setup.round, setup.alice, 1, data);
    const nullifier = numberToHex(
      nullifierOf(ANA.export(), membershipScope(31337, setup.round.address)),
      { size: 32 },
    );
    for (const [wallet, key] of [
      [setup.alice, 2],
      [setup.bob, 1],
    ] as const)
      await expectRevert(
        send(setup.round, wallet, key, await show(ANA, { tag: tagOf(wallet, key) })),
        "AlreadyAdmitted",
      );
    await send(setup.round, setup.bob, 1, await show(BEN, { tag: tagOf(setup.bob, 1) }));
    // Whoever paid for the member has her nullifier, and can add nothing with it.
    await expectRevert(
      topUp(setup, setup.alice, tag, encodeKnownIdentity(0, 0, nullifier), 1n),
      "AboveLimit",
      [3, 2],
    );
    await expectRevert(topUp(setup, setup.alice, tag, data, 1n), "NotProvenMember", [tag, 3]);
    await topUp(setup, setup.alice, tag, await show(ANA, { tag, credits: EACH }), 8n);
    await expectRevert(
      topUp(setup, setup.alice, tag, await show(ANA, { tag, credits: 11n }), 1n),
      "AboveLimit",
      [11, 10],
    );
  });

  it("GATE-12 another tag, payer, number of credits, round, chain, group, or nullifier is no proof", async () => {
    const { setup, show } = await prepare();
    const tag = tagOf(setup.alice, 1);
    const good = await show(ANA, { tag });
    const refused = async (data: Hex, wallet = setup.alice, key = 1, credits = 2n) =>
      expectRevert(send(setup.round, wallet, key, data, credits), "NotProvenMember");
    await refused(good, setup.bob); // copied from the mempool
    await refused(good, setup.alice, 2);
    await refused(good, setup.alice, 1, 1n); // a sender who gives the member less
    await refused(good, setup.alice, 1, 3n);
    await refused(await show(ANA, { tag, round: setup.gate.address }));
    await refused(await show(ANA, { tag, chainId: 1 }));
    const stranger = testMember("stranger");
    await refused(await show(stranger, { tag }, [stranger, ...MEMBERS]));
    const words = (slice(good, 3).slice(2).match(/.{64}/g) ?? []).map((word) =>
      BigInt(`0x${word}`),
    );
    const changed = (place: number, value: bigint) =>
      encodeGateData(0, [
        concatHex(words.map((word, i) => numberToHex(i === place ? value : word, { size: 32 }))),
      ]);
    const [nullifier = 0n, ax = 0n, ay = 0n] = words;
    // The same nullifier in another form would be a second vote.
    for (const alias of [nullifier + P, nullifier + 2n * P, nullifier + 1n, 0n])
      await refused(changed(0, alias));
    await refused(changed(1, ax + Q));
    await refused(changed(2, Q - ay));
    for (let place = 1; place < 9; place++) await refused(changed(place, 0n));
    for (const length of [0, 1, 32, 256, 287])
      await refused(encodeGateData(0, [length === 0 ? "0x" : slice(good, 3, 3 + length)]));
    await refused(encodeGateData(0, [concatHex([slice(good, 3), "0x00"])]));
    await send(setup.round, setup.alice, 1, good);
  });

  it("GATE-12 a member has another nullifier in another round", async () => {
    const { setup, show } = await prepare();
    const scopes = [setup.round.address, setup.gate.address].map((round) =>
      membershipScope(31337, round),
    );
    const [here, there] = scopes.map((scope) => nullifierOf(ANA.export(), scope));
    expect(here).not.toBe(there);
    const other = await show(ANA, { tag: 5n, round: setup.gate.address });
    expect(BigInt(slice(other, 3, 35))).toBe(there);
  });
});
