// An anonymous round as whoever wants to know who is who sees it: the chain, the coordinator's key, the group's list, the relay's
// database. None of it tells which member holds which tag; the same attempts do tell where members pay themselves.
import { hash } from "../../src/crypto/poseidon.ts";
import { numberToHex, zeroAddress, type Address, type Hex } from "viem";
import { describe, expect, it } from "vitest";
import type { ReadClient, WriteClient } from "../../src/chain/client.ts";
import { readAdmitted } from "../../src/chain/admitted.ts";
import { readClauses } from "../../src/chain/gate.ts";
import { plainSender } from "../../src/coordinator/sending/sender.ts";
import { openDatabase } from "../../src/coordinator/store/database.ts";
import { encodeGateData } from "../../src/gates/index.ts";
import { multiplyBase } from "../../src/crypto/curve.ts";
import { deriveTag } from "../../src/protocol/context.ts";
import { groupRoot, makeGroup } from "../../src/protocol/group.ts";
import { membershipScope, semaphoreHash } from "../../src/protocol/membership.ts";
import { nullifierOf } from "../../src/proofs/membership.ts";
import { ContributionRelay } from "../../src/service/contribution_relay.ts";
import { ContributionRefusedError, RelayClosedError } from "../../src/service/relay_errors.ts";
import { roundFixture, type Setup, type Wallet } from "../contracts/support/round.ts";
import { atTime } from "../contracts/support/steps.ts";
import { memberEvidence, testMember } from "../helpers/membership.ts";

const NAMES = ["ana", "ben", "cleo"] as const;
const MEMBERS = NAMES.map(testMember);
const GROUP = MEMBERS.map(({ commitment }) => commitment);
const CREDITS = 100n;
const keys = NAMES.map((_, i) => multiplyBase(BigInt(900 + i)));

const load = roundFixture({
  token: "none",
  settings: { unit: 1n },
  gate: {
    plan: async () => ({
      exactCredits: CREDITS,
      clauses: [
        [{ id: "semaphore", settings: [groupRoot(GROUP), CREDITS] }],
        [{ id: "plain-account", settings: [] }],
      ],
    }),
  },
});

/** Into the round's time: a relay goes by the latest block. */
async function begin(setup: Setup): Promise<void> {
  await atTime(setup, setup.start);
  await setup.helpers.mine();
}

const read = ({ publicClient }: Setup) => publicClient as unknown as ReadClient;

async function openRelay(setup: Setup, finality = 0) {
  const client = {
    read: setup.publicClient,
    wallet: setup.coordinator,
    chainId: 31337,
  } as unknown as WriteClient;
  const database = await openDatabase(":memory:");
  const refusals: string[] = [];
  const options = {
    client: read(setup),
    database,
    sender: plainSender(client),
    account: setup.coordinator.account.address,
    chainId: 31337,
    round: setup.round.address,
    finality,
    unit: 1n,
    end: setup.end,
    batchSeconds: 60,
    clauses: (await readClauses(read(setup), setup.gate.address)) ?? [],
    onRefused: (why: string) => refusals.push(why),
  };
  return { relay: new ContributionRelay(options), options, database, refusals };
}

/** A member's contribution under one of the keys, for a payer. */
async function make(setup: Setup, member: number, key: number, payer: Address) {
  const point = keys[key] as (typeof keys)[0];
  const round = setup.round.address;
  const tag = deriveTag(payer, point);
  const evidence = await memberEvidence(MEMBERS[member] as (typeof MEMBERS)[0], MEMBERS, {
    round,
    tag,
    credits: CREDITS,
  });
  return { key: point, credits: CREDITS, gateData: encodeGateData(0, [evidence]), tag };
}

type Shown = { readonly from: Address; readonly input: Hex; readonly tag: bigint };

/** What the chain has of the round's contributions, in its order. */
async function shown({ publicClient, round }: Setup): Promise<Shown[]> {
  const events = await round.getEvents.Contributed({}, { fromBlock: 0n });
  return Promise.all(
    events.map(async ({ transactionHash, args }) => {
      const { from, input } = await publicClient.getTransaction({ hash: transactionHash });
      return { from, input, tag: args.tag as bigint };
    }),
  );
}

/** Who a contribution can be shown to be of: members whose account sent it, or who left anything of theirs in it or in what is kept of it. */
async function suspects(setup: Setup, { from, input, tag }: Shown, more = "") {
  const { gate, round } = setup;
  const wallets: readonly Wallet[] = [setup.alice, setup.bob, setup.carol];
  const admitted = (
    await readAdmitted(read(setup), { gate: gate.address, round: round.address, from: 0n })
  ).find((one) => one.tag === tag);
  const text = `${from}${input}${admitted?.identity ?? ""}${more}`.toLowerCase();
  const scope = membershipScope(31337, round.address);
  const group = makeGroup(GROUP);
  const hex = (value: bigint) => numberToHex(value, { size: 32 }).slice(2);
  return NAMES.filter((_, i) => {
    const account = wallets[i]?.account.address.slice(2).toLowerCase() as string;
    const commitment = GROUP[i] as bigint;
    const { siblings } = group.generateMerkleProof(i);
    const traces = [
      account,
      hex(commitment),
      String(commitment),
      hex(hash(0n, [semaphoreHash(scope), commitment])),
      hex(hash(0n, [scope, commitment])),
      hex(hash(0n, [semaphoreHash(scope), BigInt(`0x${account}`)])),
      ...siblings.map(hex),
    ];
    return traces.some((trace) => text.includes(trace));
  });
}

/** A transaction without the nine words that only its proof decides. */
const withoutProof = ({ from, input }: Shown) => {
  const at = input.length - 2 * 32 * 10; // the proof's 288 bytes lie within its last ten words
  return `${from} ${input.slice(0, at)}`;
};

describe("who holds which tag, in an anonymous round", () => {
  it("GATE-12 neither sender, nor calldata, events, database or order tell a member from another; two who swap look the same", async () => {
    const runs: Shown[][] = [];
    for (const [order, who] of [
      [
        [0, 1, 2],
        [0, 1, 2],
      ],
      [
        [2, 1, 0],
        [1, 0, 2],
      ],
    ] as const) {
      const setup = await load();
      await begin(setup);
      const { relay, database } = await openRelay(setup);
      for (const key of order)
        await relay.accept(await make(setup, who[key] as number, key, relay.account));
      const kept = JSON.stringify(
        await database.query.selectFrom("contribution_queue").selectAll().execute(),
      );
      await relay.flush();
      const all = await shown(setup);
      expect(all).toHaveLength(3);
      for (const one of all) expect(await suspects(setup, one, kept)).toEqual([]);
      expect(all.map(({ tag }) => tag)).toEqual(
        all.map(({ tag }) => tag).toSorted((a, b) => (a < b ? -1 : 1)),
      );
      await setup.helpers.mine();
      await relay.flush(); // final now: nothing is kept of it
      expect(await database.query.selectFrom("contribution_queue").selectAll().execute()).toEqual(
        [],
      );
      runs.push(all);
    }
    // Handed in in another order, two of them by each other's member: all but the proofs is the same, byte for byte.
    expect(runs[1]?.map(withoutProof)).toEqual(runs[0]?.map(withoutProof));
    expect(runs[1]?.map(({ input }) => input)).not.toEqual(runs[0]?.map(({ input }) => input));
  });

  it("GATE-12 the same attempts find a member who pays herself, and her own secret finds her tag; in another round she is another", async () => {
    const setup = await load();
    await begin(setup);
    const payer = setup.bob.account.address;
    const { key, gateData, tag } = await make(setup, 1, 0, payer);
    await setup.round.write.contribute([key.x, key.y, CREDITS, gateData], {
      account: setup.bob.account,
    });
    const [own] = await shown(setup);
    expect(await suspects(setup, own as Shown)).toEqual(["ben"]);
    const admitted = await readAdmitted(read(setup), {
      gate: setup.gate.address,
      round: setup.round.address,
      from: 0n,
    });
    const find = (member: number, round: Address) =>
      admitted.find(
        ({ identity }) =>
          BigInt(identity) ===
          nullifierOf(
            (MEMBERS[member] as (typeof MEMBERS)[0]).export(),
            membershipScope(31337, round),
          ),
      )?.tag;
    expect(find(1, setup.round.address)).toBe(tag);
    expect(find(0, setup.round.address)).toBeUndefined();
    expect(find(1, zeroAddress)).toBeUndefined();
  });

  it("GATE-12 a contribution's moment tells who connected in its interval, and no more: among several nobody, alone the one; how many there were is public", async () => {
    const setup = await load();
    await begin(setup);
    const { relay } = await openRelay(setup);
    const newest = async () => Number(await setup.publicClient.getBlockNumber());
    const intervals: { connected: readonly string[]; from: number; to: number }[] = [];
    // Cleo and Ana within one interval, nobody in the next, Ben alone in the third.
    for (const members of [[2, 0], [], [1]]) {
      for (const i of members) await relay.accept(await make(setup, i, i, relay.account));
      const from = await newest();
      await relay.flush();
      const to = await newest();
      intervals.push({ connected: members.map((i) => NAMES[i] as string).sort(), from, to });
    }
    const events = await setup.round.getEvents.Contributed({}, { fromBlock: 0n });
    /** By a network's log and the chain, which is all that an onlooker has. */
    const candidates = (block: number) =>
      intervals.find(({ from, to }) => from < block && block <= to)?.connected;
    const found = new Map(
      events.map(({ args, blockNumber }) => [args.tag, candidates(Number(blockNumber))]),
    );
    const tagOf = (i: number) => deriveTag(relay.account, keys[i] as (typeof keys)[0]);
    expect([0, 1, 2].map((i) => found.get(tagOf(i)))).toEqual([
      ["ana", "cleo"],
      ["ben"],
      ["ana", "cleo"],
    ]);
    // What is public of intervals is their number of contributions, which is that of the members in them.
    const counts = intervals.map(
      ({ from, to }) =>
        events.filter(({ blockNumber }) => from < Number(blockNumber) && Number(blockNumber) <= to)
          .length,
    );
    expect(counts).toEqual([2, 0, 1]);
  });

  it("GATE-12 nobody can send contributions as cover: each takes a member's one proof, and the chain takes no other", async () => {
    const setup = await load();
    await begin(setup);
    const { relay } = await openRelay(setup);
    const account = setup.coordinator.account;
    expect(account.address).toBe(relay.account);
    const send = ({ key, gateData }: Pick<Awaited<ReturnType<typeof make>>, "key" | "gateData">) =>
      setup.round.write.contribute([key.x, key.y, CREDITS, gateData], { account });
    // Of somebody who is not in the group, by a group of the relay's own.
    const dora = testMember("dora");
    const key = keys[2] as (typeof keys)[0];
    const evidence = await memberEvidence(dora, [...MEMBERS, dora], {
      round: setup.round.address,
      tag: deriveTag(relay.account, key),
      credits: CREDITS,
    });
    await expect(send({ key, gateData: encodeGateData(0, [evidence]) })).rejects.toThrow();
    // A member's again: under the same tag, under another, and by another proof of the same member.
    const own = await make(setup, 0, 0, relay.account);
    await send(own);
    await expect(send(own)).rejects.toThrow("TagTaken");
    await expect(send({ ...own, key })).rejects.toThrow();
    await expect(send(await make(setup, 0, 2, relay.account))).rejects.toThrow("AlreadyAdmitted");
    expect(await shown(setup)).toHaveLength(1);
  });

  it("GATE-12 the relay sends what a proof binds to its own account, and nothing else; what it took survives it", async () => {
    const setup = await load();
    await begin(setup);
    const { relay, options, refusals } = await openRelay(setup);
    const good = await make(setup, 0, 0, relay.account);
    const refused = (change: Partial<typeof good>) =>
      expect(relay.accept({ ...good, ...change })).rejects.toThrow(ContributionRefusedError);
    await refused({ key: keys[1] as (typeof keys)[0] }); // a key of the relay's own
    await refused({ credits: 99n });
    await refused({ gateData: "0x" });
    await refused({ gateData: encodeGateData(1, ["0x"]) }); // a clause that would admit the relay without end
    await refused({ gateData: encodeGateData(7, ["0x"]) });
    await refused({ gateData: (await make(setup, 0, 0, setup.bob.account.address)).gateData });
    expect(await relay.accept(good)).toBe(good.tag);
    expect(await relay.accept(good)).toBe(good.tag);
    // Another process over the same database goes on.
    await new ContributionRelay(options).flush();
    expect((await shown(setup)).map(({ tag }) => tag)).toEqual([good.tag]);
    await relay.flush();
    expect(await relay.accept(good)).toBe(good.tag); // on the chain already
    // Who contributes herself meanwhile is refused then, and told.
    const late = await make(setup, 1, 1, relay.account);
    await relay.accept(late);
    const own = await make(setup, 1, 2, setup.bob.account.address);
    await setup.round.write.contribute([own.key.x, own.key.y, CREDITS, own.gateData], {
      account: setup.bob.account,
    });
    await relay.flush();
    expect(refusals).toEqual(["AlreadyAdmitted"]);
    await relay.flush();
    expect(refusals).toHaveLength(1);
    await setup.helpers.time.increaseTo(setup.end - 100n);
    await expect(relay.accept(await make(setup, 2, 2, relay.account))).rejects.toThrow(
      RelayClosedError,
    );
  });

  it("GATE-12 one member's proofs, each for another key, fill no queue: one waits at a time, also in the next process, and is forgotten with it", async () => {
    const setup = await load();
    await begin(setup);
    const { relay, options, database, refusals } = await openRelay(setup);
    const kept = async () =>
      (await database.query.selectFrom("contribution_queue").selectAll().execute()).length;
    const [first, second] = [
      await make(setup, 0, 0, relay.account),
      await make(setup, 0, 1, relay.account),
    ];
    const taken = await Promise.allSettled([relay.accept(first), relay.accept(second)]);
    expect(taken.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
    const [waits, other] = taken[0]?.status === "fulfilled" ? [first, second] : [second, first];
    expect(await kept()).toBe(1);
    const next = new ContributionRelay(options);
    await expect(next.accept(other)).rejects.toThrow("waits already");
    expect(await next.accept(waits)).toBe(waits.tag);
    await next.accept(await make(setup, 1, 2, relay.account)); // another member's
    expect(await kept()).toBe(2);
    // She contributes herself meanwhile: what waited is refused and dropped, and stands in nobody's way.
    const own = await make(setup, 0, 2, setup.bob.account.address);
    const before = await setup.helpers.takeSnapshot();
    await setup.round.write.contribute([own.key.x, own.key.y, CREDITS, own.gateData], {
      account: setup.bob.account,
    });
    await next.flush();
    expect([refusals, await kept()]).toEqual([["AlreadyAdmitted"], 1]);
    await before.restore();
    expect(await next.accept(other)).toBe(other.tag);
  });

  it("GATE-12 what the relay took is kept until its block is final, through a reorganisation, and while the round only waits; never beyond its end", async () => {
    const setup = await load();
    await begin(setup);
    const { relay, database, refusals } = await openRelay(setup, 2);
    const kept = async () =>
      (await database.query.selectFrom("contribution_queue").selectAll().execute()).length;
    await relay.accept(await make(setup, 0, 0, relay.account));
    const before = await setup.helpers.takeSnapshot();
    await relay.flush();
    await relay.flush(); // mined, and not final
    expect([(await shown(setup)).length, await kept()]).toEqual([1, 1]);
    await before.restore(); // the block is none of the chain's any more
    expect(await shown(setup)).toEqual([]);
    await relay.flush();
    expect([(await shown(setup)).length, await kept()]).toEqual([1, 1]);
    await setup.helpers.mine(2);
    await relay.flush();
    expect(await kept()).toBe(0);

    await relay.accept(await make(setup, 1, 1, relay.account));
    const running = await setup.helpers.takeSnapshot();
    const by = { account: setup.organiser.account };
    await setup.round.write.announceCancel(by);
    await setup.helpers.time.increaseTo(await setup.round.read.cancelFrom());
    await setup.round.write.cancel(by);
    await relay.flush(); // that block may be taken back, too
    expect([refusals, await kept()]).toEqual([[], 1]);
    await running.restore();
    await setup.helpers.time.increaseTo(setup.end);
    await setup.helpers.mine(1);
    await relay.flush(); // over, and not yet for good
    expect([refusals, await kept()]).toEqual([[], 1]);
    await setup.helpers.mine(1);
    await relay.flush();
    expect([refusals, await kept(), (await shown(setup)).length]).toEqual([[], 0, 1]);
  });
});
