import {
  concatHex,
  encodeAbiParameters,
  encodeEventTopics,
  keccak256,
  numberToHex,
  type Address,
  type Hex,
} from "viem";
import { expect, it } from "vitest";
import { encodeGateData } from "../../src/gates/index.ts";
import { allowListEvidence, allowListLeaf } from "../../src/gates/merkle.ts";
import { iRoundAbi } from "../../src/chain/generated/abis.ts";
import { bytesToHex, hexToBytes } from "viem";
import { makeRecipient, roundFixture, UNIT } from "../contracts/support/round.ts";
import { hashChain, deriveTag, type Link } from "../contracts/support/reference.ts";
import { atTime, balance, claim, finalize, makeKey } from "../contracts/support/steps.ts";
import { counterfeit, findSlot, verified, word } from "./support/preseeded.ts";

const ALICE = "0x976EA74026E726554dB657fA54763abd0C3a0aa9",
  BOB = "0x14dC79964da2C08b23698B3D3cc7Ca32193d9955";
const [aliceLeaf, bobLeaf] = [ALICE, BOB].map((account) =>
  bytesToHex(allowListLeaf({ account: account as Address, credits: 10n })),
) as [Hex, Hex];
const root = keccak256(
  concatHex(BigInt(aliceLeaf) < BigInt(bobLeaf) ? [aliceLeaf, bobLeaf] : [bobLeaf, aliceLeaf]),
);
const SYBILS = 20;

/*
 * The attack: init code that emits `Contributed` for twenty accounts which the round's allow-list never admitted, before the start, and
 * writes the storage that goes with it. Everything else is genuine, and the tally of what is there is true.
 */
it("PROV-2 GATE-1 P6 twenty made-up donors take the matching pool of a counterfeit, and it is not verified", async () => {
  const honest = await roundFixture({ gate: { allowList: root }, payout: { paySurplus: true } })();
  const sybils = Array.from({ length: SYBILS }, (_, i) => {
    const payer = numberToHex(0x5e1f00n + BigInt(i), { size: 20 }) as Address,
      { x, y } = makeKey(500 + i);
    return { payer, x, y, tag: deriveTag(payer, x, y), credits: 1n };
  });
  const links: Link[] = sybils.map(({ tag, x, y, credits }) => ({
    kind: "contribution",
    tag,
    keyX: x,
    keyY: y,
    credits,
  }));
  const count = BigInt(SYBILS);
  const setup = await counterfeit(honest, {
    storage: [
      [word(0n), hashChain(links).at(-1) as Hex],
      [word(1n), word((count << 8n) | (count << 40n) | (count << 72n) | (count << 104n))], // items, links, contributions, total credits
      ...sybils.map(
        ({ tag, payer, credits }) =>
          [findSlot("uint64", tag, "_donors"), word((credits << 160n) | BigInt(payer))] as const,
      ),
    ],
    logs: sybils.map(({ tag, payer, x, y, credits }, i) => ({
      topics: encodeEventTopics({
        abi: iRoundAbi,
        eventName: "Contributed",
        args: { tag, payer },
      }) as Hex[],
      data: encodeAbiParameters(
        [{ type: "uint256" }, { type: "uint256" }, { type: "uint256" }, { type: "uint64" }],
        [BigInt(i + 1), x, y, credits],
      ),
    })),
  });
  await setup.token.write.mint([setup.round.address, count * UNIT]); // what they "gave"; it comes back with the payout
  await setup.round.write.fund([1_000_000n], { account: setup.sponsor.account });
  await atTime(setup, setup.start);
  const dataFor = (leaf: Hex) => encodeGateData(0, [allowListEvidence(10n, [hexToBytes(leaf)])]);
  await setup.round.write.contribute([makeKey(1).x, makeKey(1).y, 4n * UNIT, dataFor(bobLeaf)], {
    account: setup.alice.account,
  });
  await setup.round.write.contribute([makeKey(2).x, makeKey(2).y, 4n * UNIT, dataFor(aliceLeaf)], {
    account: setup.bob.account,
  });
  const results = [
    { project: 0, votes: 4n, credits: 8n },
    { project: 3, votes: count, credits: count },
  ];
  await finalize(setup, results);
  for (const place of [1, 0]) await claim(setup, results, place);
  expect(await balance(setup, makeRecipient(3))).toBeGreaterThan(970_000n); // of a million, for a project that nobody admitted voted for

  expect(await verified(setup)).toMatchObject({
    ok: false,
    results: [],
    checks: [{ id: "PROV-2", ok: false }],
  });
});
