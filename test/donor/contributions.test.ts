import { getAddress, type Address } from "viem";
import { describe, expect, test } from "vitest";
import { foldHistory } from "../../src/chain/history.ts";
import type { RoundEvent } from "../../src/chain/logs.ts";
import { multiplyBase } from "../../src/crypto/curve.ts";
import {
  contributionForMessage,
  listContributions,
  NoContributionError,
  oneContribution,
  SeveralContributionsError,
} from "../../src/donor/contributions.ts";
import { findContribution, findLastFunding, findLastTopUp } from "../../src/donor/earlier.ts";
import { deriveTag } from "../../src/protocol/context.ts";

const address = (byte: string): Address => getAddress(`0x${byte.repeat(20)}`);
const [once, twice, never] = [address("0a"), address("0b"), address("0c")];
const KEYS = [1n, 2n, 3n].map((secret) => multiplyBase(secret));
const [ofOnce, firstOfTwice, secondOfTwice] = [
  deriveTag(once, KEYS[0] as never),
  deriveTag(twice, KEYS[1] as never),
  deriveTag(twice, KEYS[2] as never),
];

/** Events in the order in which they are given, one a block from 1. */
const chain = (...events: readonly (readonly [RoundEvent["eventName"], object])[]): RoundEvent[] =>
  events.map(
    ([eventName, args], i) =>
      ({
        eventName,
        args,
        blockNumber: BigInt(i + 1),
        transactionHash: `0x${String(i + 1)}`,
      }) as unknown as RoundEvent,
  );
const contributed = (payer: Address, key: number, credits: bigint) =>
  [
    "Contributed",
    {
      payer,
      tag: deriveTag(payer, KEYS[key] as never),
      keyX: KEYS[key]?.x,
      keyY: KEYS[key]?.y,
      credits,
    },
  ] as const;
const toppedUp = (tag: bigint, credits: bigint) => ["ToppedUp", { tag, credits }] as const;
const funded = (sponsor: Address, amount: bigint) => ["Funded", { sponsor, amount }] as const;

const events = chain(
  contributed(once, 0, 5n),
  contributed(twice, 1, 7n),
  toppedUp(ofOnce, 9n),
  contributed(twice, 2, 11n),
);

describe("an account's contribution", () => {
  const history = foldHistory(events);
  const one = { tag: ofOnce, payer: once, credits: 9n };
  const second = { tag: secondOfTwice, payer: twice, credits: 11n };

  test("LINK-3: is found by the account where it has one alone, by the tag always, with its credits as of the last top-up", () => {
    expect(oneContribution(history, { payer: once })).toEqual(one);
    expect(oneContribution(history, { payer: never, tag: secondOfTwice })).toEqual(second);
    expect(listContributions(history, twice).map(({ tag }) => tag)).toEqual([
      firstOfTwice,
      secondOfTwice,
    ]);
  });

  test("is never guessed: of several the tag is asked for, and of none it is said", () => {
    expect(() => oneContribution(history, { payer: twice })).toThrow(SeveralContributionsError);
    expect(() => oneContribution(history, { payer: never })).toThrow(NoContributionError);
    expect(() => oneContribution(history, { payer: once, tag: 1n })).toThrow(NoContributionError);
  });

  test("KEY-7: a message is for the tag that is given, the key's own contribution, the account's only one, or the one to come", () => {
    const [key0, , key2] = KEYS as [never, never, never];
    expect(contributionForMessage(history, { tag: secondOfTwice }).contribution).toEqual(second);
    expect(contributionForMessage(history, { payer: twice, key: key2 })).toEqual({
      tag: secondOfTwice,
      contribution: second,
    });
    expect(contributionForMessage(history, { payer: once, key: key2 })).toEqual({
      tag: ofOnce,
      contribution: one,
    });
    expect(() => contributionForMessage(history, { payer: twice, key: key0 })).toThrow(
      SeveralContributionsError,
    );
    expect(contributionForMessage(history, { payer: never, key: key0 })).toEqual({
      tag: deriveTag(never, key0),
      contribution: undefined,
    });
    // A relay's other contributions are other people's.
    expect(contributionForMessage(history, { payer: once, key: key2, isShared: true })).toEqual({
      tag: deriveTag(once, key2),
      contribution: undefined,
    });
  });
});

describe("what a command that is given twice did before", () => {
  const paid = chain(
    funded(once, 3n),
    funded(twice, 4n),
    contributed(once, 0, 5n),
    toppedUp(ofOnce, 9n),
    contributed(twice, 1, 7n),
  );

  test("is the same account's last payment into the pool, if it was of the same amount", () => {
    const last = (sponsor: Address, amount: bigint) =>
      findLastFunding(paid, { sponsor, amount })?.block;
    expect([last(once, 3n), last(twice, 4n)]).toEqual([1n, 2n]);
    expect([last(once, 4n), last(twice, 3n), last(never, 3n)]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    const more = [...paid, ...chain(funded(once, 8n))];
    expect(findLastFunding(more, { sponsor: once, amount: 3n })).toBeUndefined();
    expect(findLastFunding(more, { sponsor: once, amount: 8n })).toBeDefined();
  });

  test("is the tag's last top-up, if it added as much, and no other contribution", () => {
    const last = (tag: bigint, credits: bigint) => findLastTopUp(paid, { tag, credits })?.block;
    expect([last(ofOnce, 4n), last(ofOnce, 9n), last(ofOnce, 5n)]).toEqual([
      4n,
      undefined,
      undefined,
    ]);
    expect([last(firstOfTwice, 7n), last(firstOfTwice, 0n)]).toEqual([undefined, undefined]);
    expect(findContribution(paid, ofOnce)).toEqual({
      transactionHash: "0x3",
      block: 3n,
      credits: 5n,
      payer: once,
    });
    expect(findContribution(paid, secondOfTwice)).toBeUndefined();
  });
});
