import { numberToHex, zeroAddress, type Address, type Hex } from "viem";
import { describe, expect, it } from "vitest";
import { encodeGateData, encodeKnownIdentity } from "../../src/gates/index.ts";
import { awaitOutcome } from "./support/reverts.ts";
import { roundFixture, type Setup } from "./support/round.ts";

const ALICE: Address = "0x976EA74026E726554dB657fA54763abd0C3a0aa9";
const word = (value: bigint): Hex => numberToHex(value, { size: 32 });
const MOST = 2n ** 64n - 1n;

/** A checker that knows badge `badge` of Alice only; the badges before it are nobody's. */
const deployHolder = async ({ viem }: Setup, badge: number): Promise<Address> =>
  (
    await viem.deployContract("ToyChecker", [
      [...Array.from({ length: badge }, () => zeroAddress), ALICE],
    ])
  ).address;

/** A checker that answers these bytes, whatever it is asked: its code is CODECOPY, RETURN, and the bytes behind. */
async function answering({ deployer, publicClient }: Setup, answer: Hex): Promise<Address> {
  const size = (answer.length - 2) / 2;
  const returning = (length: number, from: number) =>
    `61${length.toString(16).padStart(4, "0")}8060${from.toString(16).padStart(2, "0")}5f395ff3`;
  const runtime = `${returning(size, 10)}${answer.slice(2)}`;
  const hash = await deployer.deployContract({
    abi: [],
    bytecode: `0x${returning(size + 10, 10)}${runtime}`,
  });
  return (await publicClient.getTransactionReceipt({ hash })).contractAddress as Address;
}

async function deployGate(setup: Setup, clauses: Address[][], exactCredits = 0n) {
  const gate = await setup.viem.deployContract("Gate", [clauses, exactCredits]);
  const by = { account: setup.stranger.account };
  const admit = (tag: bigint, clause: number, badges: readonly number[], credits = 1n) =>
    gate.write.admit(
      [
        ALICE,
        tag,
        credits,
        encodeGateData(
          clause,
          badges.map((badge) => word(BigInt(badge))),
        ),
      ],
      by,
    );
  const topUp = (tag: bigint, clause: number, badges: readonly number[], credits = 2n) =>
    gate.read.admitTopUp(
      [
        ALICE,
        tag,
        credits,
        encodeGateData(
          clause,
          badges.map((badge) => word(BigInt(badge))),
        ),
      ],
      by,
    );
  const known = (tag: bigint, data: Hex, credits = 2n) =>
    gate.read.admitTopUp([ALICE, tag, credits, data], by);
  const tagAt = async (checker: Address, identity: Hex) =>
    (await gate.read.admissions([setup.stranger.account.address, checker, identity]))[0];
  return { gate, admit, topUp, known, tagAt };
}

describe("clauses of many checkers", () => {
  const load = roundFixture();

  it("GATE-3 each of sixteen places is its own checker's, and there is no seventeenth", async () => {
    const setup = await load();
    const badges = Array.from({ length: 16 }, (_, i) => i + 1);
    const checkers: Address[] = [];
    for (const badge of badges) checkers.push(await deployHolder(setup, badge));
    const cut = <T>(all: readonly T[]): T[][] =>
      [0, 4, 8, 12].map((from) => all.slice(from, from + 4));
    const { gate, admit, topUp, tagAt } = await deployGate(setup, cut(checkers));
    const lower = (all: readonly (readonly Address[])[]) =>
      all.map((clause) => clause.map((address) => address.toLowerCase()));
    expect(lower(await gate.read.clauses())).toEqual(lower(cut(checkers)));
    for (const [clause, own] of cut(badges).entries()) {
      await admit(BigInt(clause + 1), clause, own);
      await topUp(BigInt(clause + 1), clause, own);
    }
    for (const [i, badge] of badges.entries())
      expect(await tagAt(checkers[i] as Address, word(BigInt(badge)))).toBe(BigInt((i >> 2) + 1));
    for (const clause of [4, 5, 255]) {
      expect(await awaitOutcome(admit(9n, clause, badges.slice(12)))).toBe(
        `UnknownClause(${clause})`,
      );
      expect(await awaitOutcome(topUp(4n, clause, badges.slice(12)))).toBe(
        `UnknownClause(${clause})`,
      );
    }
  });

  it("GATE-5 evidence as long as a known identity is evidence all the same", async () => {
    const setup = await load();
    const { admit, known } = await deployGate(setup, [[await deployHolder(setup, 1)]]);
    await admit(5n, 0, [1]);
    for (const first of ["00", "01", "7f"])
      expect(await awaitOutcome(known(5n, `0x${first}${"01".repeat(32)}`))).not.toBe("success");
  });

  it("GATE-3 every identity of a clause is used up, also by two checkers or twice by one; a top-up shows all of them again", async () => {
    const setup = await load();
    const [a, b] = [await deployHolder(setup, 1), await deployHolder(setup, 2)];
    const { admit, topUp, tagAt } = await deployGate(setup, [[a, b], [a], [b], [a, a]]);
    expect(await awaitOutcome(admit(5n, 3, [1, 1]))).toContain("AlreadyAdmitted(");
    await admit(6n, 2, [2]);
    expect(await awaitOutcome(admit(5n, 0, [1, 2]))).toContain("AlreadyAdmitted(");
    await admit(5n, 1, [1]);
    for (const tag of [5n, 6n])
      expect(await awaitOutcome(topUp(tag, 0, [1, 2]))).toContain("NotAdmitted(");
    expect([await tagAt(a, word(1n)), await tagAt(b, word(2n))]).toEqual([5n, 6n]);
    const other = await deployGate(setup, [[a, b], [a], [b]]);
    await other.admit(7n, 0, [1, 2]);
    for (const [clause, badge] of [
      [1, 1],
      [2, 2],
    ] as const)
      expect(await awaitOutcome(other.admit(8n, clause, [badge]))).toContain("AlreadyAdmitted(");
    await other.topUp(7n, 0, [1, 2]);
  });

  it("GATE-3 what a checker answers is two words, the second below 2^64; anything else admits nobody", async () => {
    const setup = await load();
    const identity = word(77n).slice(2);
    for (const [name, answer, credits] of [
      ["nothing", "0x", 0n],
      ["one word", `0x${identity}`, 0n],
      ["a byte too few", `0x${identity}${"0".repeat(62)}`, 0n],
      ["a limit of 2^64", `0x${identity}${word(2n ** 64n).slice(2)}`, 0n],
      ["a limit of 2^255", `0x${identity}${word(2n ** 255n).slice(2)}`, 1n],
    ] as const) {
      const checker = await answering(setup, answer);
      const { admit, topUp, tagAt } = await deployGate(setup, [[checker]]);
      await expect(admit(5n, 0, [1], credits), name).rejects.toThrow(/revert/);
      await expect(topUp(5n, 0, [1], credits), name).rejects.toThrow(/revert/);
      expect(await tagAt(checker, `0x${identity}`), name).toBe(0n);
    }
    const checker = await answering(setup, `0x${identity}${word(MOST).slice(2)}`);
    const { admit, topUp, tagAt } = await deployGate(setup, [[checker]]);
    await admit(5n, 0, [1], MOST);
    await topUp(5n, 0, [1], MOST);
    expect(await tagAt(checker, `0x${identity}`)).toBe(5n);
  });

  it("GATE-3 the least limit of a clause counts, whichever checker sets it", async () => {
    const setup = await load();
    const [holder, condition] = [
      await deployHolder(setup, 1),
      await answering(setup, `0x${"0".repeat(64)}${word(3n).slice(2)}`),
    ];
    for (const clause of [
      [holder, condition],
      [condition, holder],
    ]) {
      const { admit, topUp, known } = await deployGate(setup, [clause]);
      const badges = clause.map((checker) => (checker === holder ? 1 : 0));
      const data = encodeKnownIdentity(0, clause.indexOf(holder), word(1n));
      expect(await awaitOutcome(admit(5n, 0, badges, 4n))).toBe("AboveLimit(4,3)");
      await admit(5n, 0, badges, 3n);
      expect(await awaitOutcome(topUp(5n, 0, badges, 4n))).toBe("AboveLimit(4,3)");
      // GATE-5: what is kept is the clause's limit, not its holder's own.
      expect(await awaitOutcome(known(5n, data, 4n))).toBe("AboveLimit(4,3)");
      await known(5n, data, 3n);
    }
  });

  it("GATE-5 what is known is known of a checker's place, of a tag and of a round; a mere condition says nothing", async () => {
    const setup = await load();
    const [a, b] = [await deployHolder(setup, 1), await deployHolder(setup, 2)];
    const { gate, admit, known } = await deployGate(setup, [[a, b], [b], [a, a]]);
    await admit(5n, 0, [1, 2]);
    await admit(6n, 1, [2]).then(
      () => expect.unreachable("badge 2 is used up"),
      () => undefined,
    );
    await known(5n, encodeKnownIdentity(0, 0, word(1n)));
    await known(5n, encodeKnownIdentity(0, 1, word(2n)));
    await known(5n, encodeKnownIdentity(1, 0, word(2n))); // the same checker in another clause
    for (const [clause, place, identity] of [
      [0, 0, 2n],
      [0, 1, 1n],
      [1, 0, 1n],
      [0, 0, 0n],
      [3, 3, 1n],
    ] as const)
      expect(
        await awaitOutcome(known(5n, encodeKnownIdentity(clause, place, word(identity)))),
      ).toContain("NotAdmitted(");
    expect(await awaitOutcome(known(6n, encodeKnownIdentity(0, 0, word(1n))))).toContain(
      "NotAdmitted(",
    );
    await expect(
      gate.read.admitTopUp([ALICE, 5n, 2n, encodeKnownIdentity(0, 0, word(1n))], {
        account: setup.carol.account,
      }),
    ).rejects.toThrow("NotAdmitted");
  });

  it("GATE-5 equal credits stay equal for who is known", async () => {
    const setup = await load();
    const { admit, topUp, known } = await deployGate(setup, [[await deployHolder(setup, 1)]], 2n);
    await admit(5n, 0, [1], 2n);
    const data = encodeKnownIdentity(0, 0, word(1n));
    await known(5n, data, 2n);
    for (const credits of [1n, 3n]) {
      expect(await awaitOutcome(known(5n, data, credits))).toBe(`NotExactCredits(${credits},2)`);
      expect(await awaitOutcome(topUp(5n, 0, [1], credits))).toBe(`NotExactCredits(${credits},2)`);
    }
  });

  it("GATE-5 a checker that answers the credits it was asked for is asked for each top-up", async () => {
    const setup = await load();
    // Answers identity 77 and the credits of the question: CALLDATALOAD(100) behind PUSH1 77.
    const hash = await setup.deployer.deployContract({
      abi: [],
      bytecode: "0x61000e80600a5f395ff3604d5f5260643560205260405ff3",
    });
    const checker = (await setup.publicClient.getTransactionReceipt({ hash }))
      .contractAddress as Address;
    const { admit, topUp, known } = await deployGate(setup, [[checker]]);
    await admit(5n, 0, [1], 4n);
    const data = encodeKnownIdentity(0, 0, word(77n));
    await known(5n, data, 4n);
    expect(await awaitOutcome(known(5n, data, 5n))).toBe("AboveLimit(5,4)");
    await topUp(5n, 0, [1], 5n);
  });
});
