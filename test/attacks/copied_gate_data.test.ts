import {
  concatHex,
  encodeAbiParameters,
  hexToBytes,
  keccak256,
  type Address,
  type Hex,
} from "viem";
import { expect, it } from "vitest";
import { encodeGateData } from "../../src/gates/index.ts";
import { allowListEvidence } from "../../src/gates/merkle.ts";
import { expectRevert } from "../contracts/support/reverts.ts";
import { roundFixture, UNIT } from "../contracts/support/round.ts";
import { atTime, makeKey } from "../contracts/support/steps.ts";

// Accounts 6 and 7 of the devnet.
const [ALICE, BOB] = [
  "0x976EA74026E726554dB657fA54763abd0C3a0aa9",
  "0x14dC79964da2C08b23698B3D3cc7Ca32193d9955",
] as const;
const hashLeaf = (account: Address): Hex =>
  keccak256(
    keccak256(encodeAbiParameters([{ type: "address" }, { type: "uint64" }], [account, 10n])),
  );
const [a, b] = [hashLeaf(ALICE), hashLeaf(BOB)];
const root = keccak256(concatHex(BigInt(a) < BigInt(b) ? [a, b] : [b, a]));
const encodeData = (sibling: Hex): Hex =>
  encodeGateData(0, [allowListEvidence(10n, [hexToBytes(sibling)])]);

/*
 * The attack: a thief copies a pending contribution with its gate data, from his own account or with his own key, to use up the
 * donor's identity, or to have the donor's tag.
 */
it("GATE-1 KEY-7 a copied contribution captures neither identity nor tag", async () => {
  const setup = await roundFixture({ gate: { allowList: root } })();
  const { round, alice, bob, stranger } = setup;
  await atTime(setup, setup.start);
  const { x, y } = makeKey(1);
  const copied = [x, y, 3n * UNIT, encodeData(b)] as const;
  await expectRevert(round.write.contribute(copied, { account: stranger.account }), "NotOnList");
  await expectRevert(round.write.contribute(copied, { account: bob.account }), "NotOnList");
  // Another donor of the list with the same key gets another tag.
  await round.write.contribute([x, y, 3n * UNIT, encodeData(a)], { account: bob.account });
  await round.write.contribute(copied, { account: alice.account });
  expect(await round.read.contributions()).toBe(2);
});
