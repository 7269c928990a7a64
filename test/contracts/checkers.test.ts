import {
  concatHex,
  getAddress,
  hashTypedData,
  numberToHex,
  size,
  slice,
  toHex,
  zeroAddress,
  type Address,
  type Hex,
} from "viem";
import { mnemonicToAccount } from "viem/accounts";
import { describe, expect, it } from "vitest";
import type { ReadClient, WriteClient } from "../../src/chain/client.ts";
import type { GatePlan } from "../../src/chain/deploy_parts.ts";
import { draw } from "../../src/chain/draw.ts";
import { readClauses, readGateData } from "../../src/chain/gate.ts";
import { readHeader } from "../../src/chain/header.ts";
import { askGate } from "../../src/donor/gate.ts";
import type { AllowListEntry, DonorContext } from "../../src/gates/checker.ts";
import { encodeGateData } from "../../src/gates/index.ts";
import { allowListRoot, merkle } from "../../src/gates/merkle.ts";
import { exclusionRoot, listGaps } from "../../src/gates/not_listed.ts";
import { isDrawn, sortition, sortitionRoot } from "../../src/gates/sortition.ts";
import {
  parseVoucher,
  showVoucher,
  voucherEvidence,
  voucherTypedData,
  type Voucher,
} from "../../src/gates/voucher.ts";
import { deriveTag } from "./support/reference.ts";
import { awaitOutcome, expectRevert } from "./support/reverts.ts";
import { roundFixture, UNIT, type Setup, type Wallet } from "./support/round.ts";
import { atTime, makeKey } from "./support/steps.ts";

// Accounts 6 to 10 of the devnet.
const [ALICE, BOB, CAROL, STRANGER, GUARDIAN] = [
  "0x976EA74026E726554dB657fA54763abd0C3a0aa9",
  "0x14dC79964da2C08b23698B3D3cc7Ca32193d9955",
  "0x23618e81E3f5cdF7f54C3d65f7FBc0aBf5B21E8f",
  "0xa0Ee7A142d267C1f36714E4a8F75612F20a79720",
  "0xBcd4042DE499D14e55001CcbB24a551F3b954096",
] as const;
const list = (...accounts: readonly Address[]): AllowListEntry[] =>
  accounts.map((account) => ({ account, credits: 10n }));
const MEMBERS = list(ALICE, BOB, CAROL);
const membership = { id: "merkle", settings: [allowListRoot(MEMBERS)] };
const word = (value: bigint): Hex => numberToHex(value, { size: 32 });
const read = ({ publicClient }: Setup) => publicClient as unknown as ReadClient;
const tagOf = (account: Address, key: number) => deriveTag(account, makeKey(key).x, makeKey(key).y);

const send = ({ round }: Setup, { account }: Wallet, key: number, data: Hex, credits = 2n) =>
  round.write.contribute([makeKey(key).x, makeKey(key).y, credits * UNIT, data], { account });
const topUp = ({ round }: Setup, { account }: Wallet, tag: bigint, data: Hex, credits = 2n) =>
  round.write.topUp([tag, credits * UNIT, data], { account });

/** What a donor's software gives the gate. */
const dataOf = (setup: Setup, payer: Address, more: Partial<DonorContext>) =>
  readGateData(read(setup), setup.gate.address, {
    round: setup.round.address,
    payer,
    tag: 0n,
    credits: 2n,
    ...more,
  });

async function checkerOf(setup: Setup, id: string): Promise<Address> {
  const clauses = await readClauses(read(setup), setup.gate.address);
  const found = clauses?.flat().find((one) => one.id === id);
  if (found === undefined) throw new Error(`no ${id}`);
  return found.checker;
}

const plan = (clauses: GatePlan["clauses"]) => ({ gate: { plan: async () => ({ clauses }) } });

describe("GATE-6 the exclusion list", () => {
  const BANNED = list(CAROL, STRANGER);
  const load = roundFixture(
    plan([[membership, { id: "not-listed", settings: [exclusionRoot(BANNED)] }]]),
  );

  it("GATE-6 admits who lies in a gap of the list, whatever its order; nobody on it, and nobody by another's gap", async () => {
    const setup = await load();
    await atTime(setup, setup.start);
    expect(exclusionRoot(BANNED.toReversed())).toBe(exclusionRoot(BANNED));
    const lists = [MEMBERS, BANNED];
    const own = await dataOf(setup, ALICE, { lists });
    await send(setup, setup.alice, 1, own);
    await send(setup, setup.bob, 2, await dataOf(setup, BOB, { lists }));
    await expectRevert(
      send(setup, setup.carol, 3, await dataOf(setup, CAROL, { lists })),
      "NotShownUnlisted",
    );
    const member = await evidenceOf(CAROL);
    for (const [low, high] of [
      [0n, BigInt(CAROL)],
      [BigInt(CAROL), BigInt(STRANGER)],
      [0n, BigInt(ALICE)],
      [BigInt(CAROL) - 1n, BigInt(CAROL) + 1n],
      [0n, 1n << 160n],
    ] as const)
      await expectRevert(
        send(
          setup,
          setup.carol,
          3,
          encodeGateData(0, [member, concatHex([word(low), word(high)])]),
        ),
        "NotShownUnlisted",
        [CAROL, low, high],
      );
  });

  it("GATE-6 evidence that is too short, or has a wrong path, is as good as none", async () => {
    const setup = await load();
    await atTime(setup, setup.start);
    const gaps = listGaps(BANNED);
    const gap = gaps.find(({ low, high }) => low < BigInt(ALICE) && BigInt(ALICE) < high);
    const member = await evidenceOf(ALICE);
    const full = concatHex([word(gap?.low ?? 0n), word(gap?.high ?? 0n), word(7n)]);
    for (const length of [0, 1, 31, 32, 63, 64, 65, 95, 96]) {
      const cut: Hex = length === 0 ? "0x" : slice(full, 0, length);
      await expectRevert(
        send(setup, setup.alice, 1, encodeGateData(0, [member, cut])),
        "NotShownUnlisted",
      );
    }
  });

  /** Alice's or Carol's evidence for the members' list. */
  async function evidenceOf(account: Address): Promise<Hex> {
    return (await merkle.dataFor({
      round: account,
      payer: account,
      tag: 0n,
      credits: 2n,
      lists: [MEMBERS],
      checker: account,
      settings: membership.settings,
    })) as Hex;
  }
});

describe("GATE-7 plain accounts", () => {
  const load = roundFixture(plan([[membership, { id: "plain-account", settings: [] }]]));
  const lists = [MEMBERS];

  it("GATE-7 an account without code that sends by itself is admitted; one with code, or for which somebody else sends, is not", async () => {
    const setup = await load();
    await atTime(setup, setup.start);
    const data = await dataOf(setup, ALICE, { lists });
    const gate = await setup.viem.getContractAt("Gate", setup.gate.address);
    await expectRevert(
      gate.write.admit([ALICE, 5n, 2n, data], { account: setup.stranger.account }),
      "NotPlainAccount",
      [ALICE],
    );
    await gate.write.admit([ALICE, 5n, 2n, data], { account: setup.alice.account });
    await send(setup, setup.alice, 1, data);
  });

  it("GATE-7 an EIP-7702 delegation is code; taken back it is none", async () => {
    const setup = await load();
    await atTime(setup, setup.start);
    const data = await dataOf(setup, ALICE, { lists });
    const { publicClient, deployer } = setup;
    const alice = mnemonicToAccount(`${"test ".repeat(11)}junk`, {
      addressIndex: 6,
    });
    expect(alice.address).toBe(ALICE);
    const delegate = async (to: Address) => {
      const authorization = await alice.signAuthorization?.({
        chainId: 31337,
        nonce: await publicClient.getTransactionCount({ address: ALICE }),
        contractAddress: to,
      });
      await deployer.sendTransaction({
        to: STRANGER,
        authorizationList: [authorization as NonNullable<typeof authorization>],
      });
    };
    await delegate(setup.token.address);
    expect(size((await publicClient.getCode({ address: ALICE })) ?? "0x")).toBe(23);
    await expectRevert(send(setup, setup.alice, 1, data), "NotPlainAccount", [ALICE]);
    const question = {
      round: setup.round.address,
      gate: setup.gate.address,
      payer: ALICE,
      credits: 2n,
      data,
    } as const;
    await expect(askGate(read(setup), question)).rejects.toThrow("NotPlainAccount");
    await delegate(zeroAddress);
    expect(await publicClient.getCode({ address: ALICE })).toBeUndefined();
    await askGate(read(setup), question);
    await expect(askGate(read(setup), { ...question, payer: STRANGER })).rejects.toThrow(
      "NotOnList",
    );
    await expect(askGate(read(setup), { ...question, credits: 11n })).rejects.toThrow("AboveLimit");
    await send(setup, setup.alice, 1, data);
    await askGate(read(setup), { ...question, tag: tagOf(ALICE, 1) });
    await expect(askGate(read(setup), { ...question, tag: 5n })).rejects.toThrow("NotAdmitted");
  });
});

describe("GATE-8 vouchers", () => {
  const load = roundFixture(plan([[{ id: "voucher", settings: [GUARDIAN] }]]));
  const sign = async (wallet: Wallet, voucher: Voucher): Promise<Hex> =>
    wallet.signTypedData({ ...voucherTypedData(voucher), account: wallet.account });

  async function prepare() {
    const setup = await load();
    await atTime(setup, setup.start);
    const checker = await checkerOf(setup, "voucher");
    const base: Voucher = {
      chainId: 31337,
      checker,
      round: setup.round.address,
      nullifier: word(77n),
      tag: tagOf(ALICE, 1),
      maxCredits: 5n,
      notAfter: setup.end,
    };
    const issue = async (change: Partial<Voucher> = {}, by = setup.guardian) => {
      const voucher = { ...base, ...change };
      return encodeGateData(0, [voucherEvidence(voucher, await sign(by, voucher))]);
    };
    return { setup, base, issue };
  }

  it("GATE-8 GATE-1 admits with its tag, up to its credits, once a nullifier; a top-up shows the same person again", async () => {
    const { setup, base, issue } = await prepare();
    const text = showVoucher(base, await sign(setup.guardian, base));
    const data = await dataOf(setup, ALICE, { tag: base.tag, given: { voucher: text } });
    expect(data).toBe(await issue());
    await expectRevert(send(setup, setup.alice, 1, data, 6n), "AboveLimit", [6, 5]);
    await send(setup, setup.alice, 1, data);
    // The same person with a second key, and a second voucher.
    await expectRevert(
      send(setup, setup.alice, 2, await issue({ tag: tagOf(ALICE, 2) })),
      "AlreadyAdmitted",
    );
    await expectRevert(
      send(setup, setup.bob, 2, await issue({ tag: tagOf(BOB, 2) })),
      "AlreadyAdmitted",
    );
    await expectRevert(topUp(setup, setup.alice, base.tag, data, 4n), "AboveLimit", [6, 5]);
    await expectRevert(
      topUp(setup, setup.alice, base.tag, await issue({ nullifier: word(78n) })),
      "NotAdmitted",
    );
    await topUp(setup, setup.alice, base.tag, data);
    await topUp(setup, setup.alice, base.tag, await issue({ maxCredits: 9n }), 4n);
    await send(setup, setup.bob, 2, await issue({ tag: tagOf(BOB, 2), nullifier: word(78n) }));
  });

  it("GATE-8 another round, chain, checker, tag, payer, person, limit, time or signer is no voucher", async () => {
    const { setup, base, issue } = await prepare();
    const good = await issue();
    const refused = async (data: Hex, wallet = setup.alice, key = 1) =>
      expectRevert(send(setup, wallet, key, data), "NotIssued");
    for (const change of [
      { round: setup.token.address },
      { chainId: 1 },
      { checker: setup.token.address },
      { tag: tagOf(ALICE, 2) },
      { nullifier: word(0n) },
    ])
      await refused(await issue(change));
    await refused(await issue({}, setup.stranger));
    await refused(good, setup.alice, 2);
    await refused(good, setup.bob, 1);
    const signature = await sign(setup.guardian, base);
    for (const change of [
      { nullifier: word(78n) },
      { maxCredits: 6n },
      { maxCredits: 2n ** 64n + 5n },
      { notAfter: base.notAfter + 1n },
    ])
      await refused(encodeGateData(0, [voucherEvidence({ ...base, ...change }, signature)]));
    await send(setup, setup.alice, 1, good);
  });

  it("GATE-8 a voucher holds until its last second", async () => {
    const { setup, issue } = await prepare();
    await setup.helpers.mine();
    const now = BigInt(await setup.helpers.time.latest());
    const data = await issue({ notAfter: now + 10n });
    await setup.helpers.time.setNextBlockTimestamp(now + 11n);
    await expect(send(setup, setup.alice, 1, data)).rejects.toThrow();
    await setup.helpers.time.setNextBlockTimestamp(now + 12n);
    await setup.helpers.mine();
    expect(await awaitOutcome(send(setup, setup.alice, 1, data))).toContain("VoucherExpired(");
    const later = BigInt(await setup.helpers.time.latest()) + 5n;
    const last = await issue({ notAfter: later });
    await setup.helpers.time.setNextBlockTimestamp(later);
    await send(setup, setup.alice, 1, last);
  });

  it("GATE-8 a signature has one form: neither its mirror image, nor a short or a long one passes", async () => {
    const { setup, base, issue } = await prepare();
    const signature = await sign(setup.guardian, base);
    const N = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
    const s = BigInt(slice(signature, 32, 64));
    const v = BigInt(slice(signature, 64));
    const mirrored = concatHex([slice(signature, 0, 32), word(N - s), toHex(Number(55n - v))]);
    const compact = concatHex([slice(signature, 0, 32), word(s + ((v - 27n) << 255n))]);
    for (const one of [
      mirrored,
      compact,
      "0x",
      slice(signature, 0, 64),
      concatHex([signature, "0x00"]),
    ] as const)
      await expectRevert(
        send(setup, setup.alice, 1, encodeGateData(0, [voucherEvidence(base, one)])),
        "NotIssued",
      );
    const evidence = voucherEvidence(base, signature);
    for (const length of [1, 32, 95, 96])
      await expectRevert(
        send(setup, setup.alice, 1, encodeGateData(0, [slice(evidence, 0, length)])),
        "NotIssued",
      );
    await send(setup, setup.alice, 1, await issue());
  });

  it("GATE-8 an issuer that is a contract says itself what it signed (ERC-1271)", async () => {
    const { setup, base } = await prepare();
    const issuer = await setup.viem.deployContract("TestIssuer");
    const checker = await setup.viem.deployContract("VoucherChecker", [issuer.address]);
    const voucher = { ...base, checker: checker.address };
    const ask = () =>
      checker.read.identify([base.round, ALICE, base.tag, 1n, voucherEvidence(voucher, "0x01")]);
    await expectRevert(ask(), "NotIssued");
    await issuer.write.sign([hashTypedData(voucherTypedData(voucher))]);
    expect(await ask()).toEqual([base.nullifier, 5n]);
  });

  it("GATE-8 a voucher's text for another round or tag, or that is none, is refused before anything is sent", async () => {
    const { setup, base } = await prepare();
    const signature = await sign(setup.guardian, base);
    const text = showVoucher(base, signature);
    expect(parseVoucher(text)).toEqual({ ...base, signature });
    const fields = JSON.parse(text) as Record<string, unknown>;
    for (const [change, said] of [
      [{ kind: "x" }, "kind or version"],
      [{ checker: "0x12" }, "checker is not an address"],
      [{ nullifier: "0x12" }, "nullifier is not 32 bytes"],
      [{ signature: "yes" }, "signature is not hexadecimal"],
      [{ chainId: "1" }, "chainId is not a number"],
      [{ tag: 5 }, "tag is not a whole number"],
      [{ maxCredits: String(2n ** 64n) }, "maxCredits is not a whole number"],
      [{ round: setup.token.address }, "for another round"],
      [{ tag: "5" }, "for the tag 5"],
    ] as const)
      await expect(
        dataOf(setup, ALICE, {
          tag: base.tag,
          given: { voucher: JSON.stringify({ ...fields, ...change }) },
        }),
      ).rejects.toThrow(said);
    await expect(dataOf(setup, ALICE, { given: { voucher: "{" } })).rejects.toThrow("not JSON");
    const foreign = JSON.stringify({ ...fields, checker: setup.token.address });
    for (const given of [{}, { voucher: foreign }] as readonly Record<string, string>[])
      await expectRevert(
        send(setup, setup.alice, 1, await dataOf(setup, ALICE, { given })),
        "NotIssued",
      );
  });
});

describe("GATE-9 GATE-10 tokens", () => {
  const EACH = 5n;
  let membershipToken: Address;
  let votesToken: Address;
  const load = roundFixture({
    gate: {
      plan: async (viem, writer) => {
        membershipToken = (await viem.deployContract("TestMembership")).address;
        const votes = await viem.deployContract("TestVotesToken");
        votesToken = votes.address;
        const [, , , , , , alice, bob] = await viem.getWalletClients();
        await votes.write.mint([ALICE, 1_000n]);
        await votes.write.mint([CAROL, 1_000n]);
        await votes.write.mint([BOB, 2n ** 100n]);
        await votes.write.delegate([ALICE], { account: alice?.account as never });
        await votes.write.delegate([BOB], { account: bob?.account as never });
        const timepoint = await writer.read.getBlockNumber();
        await writer.wallet.sendTransaction({
          to: ALICE,
          account: writer.wallet.account,
          chain: null,
        } as never);
        return {
          clauses: [
            [{ id: "erc721", settings: [membershipToken, EACH] }],
            [{ id: "votes", settings: [votesToken, timepoint, 100n] }],
            [{ id: "votes", settings: [votesToken, timepoint, 1n] }],
            [{ id: "votes", settings: [votesToken, 10n ** 9n, 1n] }],
          ],
        };
      },
    },
  });

  it("GATE-9 who holds a token is admitted with it, once a token; who sold it can add nothing, who bought it neither", async () => {
    const setup = await load();
    await atTime(setup, setup.start);
    const token = await setup.viem.getContractAt("TestMembership", membershipToken);
    await token.write.mint([ALICE, 0n]);
    await token.write.mint([ALICE, 1n]);
    const show = (number: string) => dataOf(setup, ALICE, { given: { erc721: number } });
    await expectRevert(send(setup, setup.alice, 1, await show("0"), 6n), "AboveLimit", [6, 5]);
    await send(setup, setup.alice, 1, await show("0"));
    await expectRevert(send(setup, setup.alice, 2, await show("0")), "AlreadyAdmitted");
    await topUp(setup, setup.alice, tagOf(ALICE, 1), await show("0"), 1n);
    await expectRevert(
      topUp(setup, setup.alice, tagOf(ALICE, 1), await show("1"), 1n),
      "NotAdmitted",
    );
    await token.write.transferFrom([ALICE, BOB, 0n], { account: setup.alice.account });
    await expectRevert(
      topUp(setup, setup.alice, tagOf(ALICE, 1), await show("0"), 1n),
      "NotTokenHolder",
      [0, ALICE],
    );
    await expectRevert(send(setup, setup.bob, 1, await show("0")), "AlreadyAdmitted");
    for (const number of ["1", "2", String(2n ** 256n - 1n)])
      await expectRevert(send(setup, setup.bob, 1, await show(number)), "NotTokenHolder");
    await expect(show("two")).rejects.toThrow('"two" is not the number');
    await expect(show(String(2n ** 256n))).rejects.toThrow("is not the number");
    // A token that is none: the gate refuses, whatever is said.
    const none = await setup.viem.deployContract("TokenChecker", [STRANGER, 1n]);
    await expect(none.read.identify([ALICE, ALICE, 5n, 1n, word(0n)])).rejects.toThrow();
  });

  it("GATE-10 counts votes of the past: delegated ones only, none that came later, by the account", async () => {
    const setup = await load();
    await atTime(setup, setup.start);
    const token = await setup.viem.getContractAt("TestVotesToken", votesToken);
    const by = (clause: number) => encodeGateData(clause, ["0x"]);
    await expectRevert(send(setup, setup.alice, 1, by(1), 11n), "AboveLimit", [11, 10]);
    await token.write.transfer([CAROL, 1_000n], { account: setup.alice.account });
    await send(setup, setup.alice, 1, by(1), 10n);
    await expectRevert(send(setup, setup.alice, 2, by(1)), "AlreadyAdmitted");
    await token.write.delegate([CAROL], { account: setup.carol.account });
    await expectRevert(send(setup, setup.carol, 1, by(1)), "TooFewVotes", [CAROL, 0, 100]);
    await expectRevert(send(setup, setup.bob, 1, by(3)), "NoVotesToken");
    await send(setup, setup.bob, 1, by(2), 10n ** 15n);
    const none = await setup.viem.deployContract("VotesChecker", [votesToken, 1n, 0n]);
    await expectRevert(none.read.identify([ALICE, ALICE, 5n, 1n, "0x"]), "TooFewVotes", [
      ALICE,
      0,
      0,
    ]);
    expect(await dataOf(setup, BOB, {})).not.toBe("0x");
  });
});

describe("GATE-11 a jury by lot", () => {
  const CANDIDATES = list(
    ALICE,
    BOB,
    CAROL,
    ...Array.from({ length: 61 }, (_, i) => numberToHex(i + 1, { size: 20 })),
  );
  const settings = [sortitionRoot(CANDIDATES), 64n, 32n] as const;
  let drawTime = 0n;
  const load = roundFixture({
    gate: {
      plan: async (_viem, writer) => {
        drawTime = (await writer.read.getBlock()).timestamp + 5_000n;
        return { clauses: [[{ id: "sortition", settings: [...settings, drawTime] }]] };
      },
    },
  });
  const writer = ({ publicClient, deployer }: Setup) =>
    ({ read: publicClient, wallet: deployer, chainId: 31337 }) as unknown as WriteClient;
  const lists = [CANDIDATES];

  it("GATE-11 draws by the first block after the time, whoever pins it and however late; the lot decides", async () => {
    const setup = await load();
    const address = await checkerOf(setup, "sortition");
    const checker = await setup.viem.getContractAt("SortitionChecker", address);
    await expect(draw(writer(setup), address)).rejects.toThrow("no block later than");
    await setup.helpers.time.increaseTo(drawTime);
    await setup.helpers.time.increaseTo(drawTime + 7n);
    const first = await setup.publicClient.getBlock();
    // The devnet keeps 256 hashes only, and not the history of EIP-2935.
    await setup.helpers.mine(250);
    const seed = await draw(writer(setup), address);
    expect(seed).toBe(BigInt((first as unknown as { mixHash: Hex }).mixHash));
    expect(await checker.read.seed()).toBe(seed);
    const [drawn] = await checker.getEvents.Drawn();
    expect(drawn?.args).toEqual({ seed });
    expect(await draw(writer(setup), address)).toBe(seed);
    await atTime(setup, setup.start);
    const outcomes: string[] = [];
    for (const [i, { account }] of CANDIDATES.entries()) {
      const data = await dataOf(setup, account, { lists });
      const gate = await setup.viem.getContractAt("Gate", setup.gate.address);
      const outcome = await awaitOutcome(
        gate.simulate.admit([account, 5n, 10n, data], { account: setup.round.address }),
      );
      const lucky = isDrawn(i, { seed, jury: 32n, count: 64n });
      expect(outcome).toBe(lucky ? "success" : `NotDrawn(${i},${getAddress(account)})`);
      outcomes.push(outcome);
    }
    expect(new Set(outcomes.map((one) => one.startsWith("NotDrawn("))).size).toBe(2);
  });

  it("GATE-11 a block without randomness draws nothing", async () => {
    const setup = await load();
    const checker = await setup.viem.getContractAt(
      "SortitionChecker",
      await checkerOf(setup, "sortition"),
    );
    await setup.helpers.time.increaseTo(drawTime);
    const last = await setup.publicClient.getBlockNumber();
    await setup.helpers.setPrevRandao(0n);
    await setup.helpers.time.increaseTo(drawTime + 7n);
    const headers = await Promise.all(
      [last, last + 1n].map((number) => readHeader(read(setup), number)),
    );
    const [before, first] = headers as [Hex, Hex];
    await expectRevert(checker.write.pin([before, first]), "NotTheDraw");
    await setup.helpers.time.increaseTo(drawTime + 9n);
  });

  it("GATE-11 only the headers of just those two blocks draw", async () => {
    const setup = await load();
    const address = await checkerOf(setup, "sortition");
    const checker = await setup.viem.getContractAt("SortitionChecker", address);
    const at = async (time: bigint) => {
      await setup.helpers.time.increaseTo(time);
      return setup.publicClient.getBlockNumber();
    };
    const before = [await at(drawTime - 5n), await at(drawTime)] as const;
    const after = [await at(drawTime + 5n), await at(drawTime + 9n)] as const;
    const header = (number: bigint) => readHeader(read(setup), number);
    const pin = async (last: Hex, first: Hex) => awaitOutcome(checker.write.pin([last, first]));
    const [b0, b1, a0, a1] = await Promise.all([...before, ...after].map(header));
    if (!b0 || !b1 || !a0 || !a1) throw new Error("four headers");
    for (const [last, first] of [
      [b0, b1],
      [a0, a1],
      [b0, a0],
      [b1, a1],
      [a0, a0],
    ] as const)
      expect(await pin(last, first)).toBe("NotTheDraw()");
    // The right parent, and randomness of one's own.
    const changed = concatHex([slice(a0, 0, size(a0) - 100), "0x00", slice(a0, size(a0) - 99)]);
    expect(await pin(b1, changed)).not.toBe("");
    for (const bad of ["0x", "0xc0", slice(a0, 0, 100)] as const)
      await expect(checker.write.pin([b1, bad])).rejects.toThrow();
    expect(await checker.read.seed()).toBe(0n);
    await checker.write.pin([b1, a0], { account: setup.stranger.account });
    expect(await checker.read.seed()).not.toBe(0n);
  });

  it("GATE-11 no entry but one's own, at its place, with its credits; nothing before the draw", async () => {
    const setup = await load();
    await atTime(setup, setup.start);
    const own = await dataOf(setup, ALICE, { lists });
    await expectRevert(send(setup, setup.alice, 1, own), "NotDrawnYet", [drawTime]);
    await expectRevert(send(setup, setup.bob, 1, own), "NotOnDrawnList", [0, BOB, 10]);
    await expectRevert(
      send(setup, setup.stranger, 1, await dataOf(setup, STRANGER, { lists })),
      "NotOnDrawnList",
    );
    // Behind the clause and the evidence's length.
    const words = (slice(own, 3).slice(2).match(/.{64}/g) ?? []) as string[];
    for (const [place, value] of [
      [0, 1n],
      [0, 64n],
      [1, 11n],
      [1, 2n ** 64n + 10n],
      [2, 0n],
    ] as const) {
      const data = encodeGateData(0, [
        `0x${words.map((one, i) => (i === place ? word(value).slice(2) : one)).join("")}`,
      ]);
      await expectRevert(send(setup, setup.alice, 1, data), "NotOnDrawnList");
    }
  });

  it("GATE-11 what lies behind the count, or has more credits than there are, is not on the list whatever its root says", async () => {
    const setup = await load();
    const data = (i: number, entries: readonly AllowListEntry[]) =>
      sortition.dataFor({
        ...{ round: ALICE, payer: (entries[i] as AllowListEntry).account, tag: 0n, credits: 2n },
        ...{ lists: [entries], checker: ALICE, settings: [sortitionRoot(entries)] },
      });
    const three = MEMBERS;
    const rich = [{ account: ALICE, credits: 2n ** 64n + 10n }, ...MEMBERS.slice(1)];
    for (const [entries, count, place, why] of [
      [three, 3n, 2, "NotDrawnYet"],
      [three, 2n, 1, "NotDrawnYet"],
      [three, 2n, 2, "NotOnDrawnList"],
      [rich, 3n, 1, "NotDrawnYet"],
      [rich, 3n, 0, "NotOnDrawnList"],
    ] as const) {
      const checker = await setup.viem.deployContract("SortitionChecker", [
        sortitionRoot(entries),
        count,
        1n,
        drawTime,
      ]);
      const { account } = entries[place] as AllowListEntry;
      const asked = [ALICE, account, 5n, 2n, (await data(place, entries)) as Hex] as const;
      expect(await awaitOutcome(checker.read.identify(asked)), `${count} ${place}`).toContain(why);
    }
  });

  it("GATE-11 the time must lie ahead, and the jury be among the list", async () => {
    const setup = await load();
    const deploy = (count: bigint, jury: bigint, time: bigint) =>
      awaitOutcome(setup.viem.deployContract("SortitionChecker", [settings[0], count, jury, time]));
    for (const [count, jury] of [
      [64n, 0n],
      [64n, 65n],
      [0n, 0n],
    ] as const)
      expect(await deploy(count, jury, drawTime)).toContain("WrongJury");
    // Nor is it ahead in the second in which the checker is made.
    await setup.helpers.time.setNextBlockTimestamp(drawTime);
    expect(await deploy(64n, 64n, drawTime)).toContain("DrawNotAhead");
    expect(isDrawn(3, { seed: 5n, jury: 64n, count: 64n })).toBe(true);
  });
});

describe("a checker that eats gas", () => {
  it("GATE-3 costs its caller the transaction, and nobody an identity", async () => {
    const setup = await roundFixture()();
    // JUMPDEST, PUSH0, JUMP: round and round.
    const hash = await setup.deployer.deployContract({
      abi: [],
      bytecode: "0x625b5f565f526003601df3",
    });
    const address = (await setup.publicClient.getTransactionReceipt({ hash })).contractAddress;
    const gate = await setup.viem.deployContract("Gate", [[[address as Address]], 0n]);
    await expect(
      gate.write.admit([ALICE, 5n, 1n, encodeGateData(0, ["0x"])], {
        account: setup.stranger.account,
        gas: 500_000n,
      }),
    ).rejects.toThrow();
    expect(
      await gate.read.admissions([setup.stranger.account.address, address as Address, word(0n)]),
    ).toEqual([0n, 0n]);
  });
});
