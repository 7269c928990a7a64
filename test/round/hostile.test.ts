import { describe, expect, test } from "vitest";
import { isAcceptable } from "../../src/crypto/curve.ts";
import { isPublishable } from "../../src/protocol/message.ts";
import { computeOutcome } from "../../src/round/semantics.ts";
import { hostileRound, unpublishableMessages } from "../helpers/hostile.ts";
import { openBySecret } from "../helpers/open.ts";

const round = hostileRound();

describe("the hostile round", () => {
  test("MSG-1, KEY-1: every message and key in it is one that the contract accepts", () => {
    expect(round.messages.filter(({ words }) => !isPublishable(words))).toEqual([]);
    expect(round.actors.filter(({ firstKey }) => !isAcceptable(firstKey))).toEqual([]);
    expect(new Set(round.actors.map(({ tag }) => tag)).size).toBe(round.actors.length);
  });

  test("MSG-1: what the contract must refuse is refused", () => {
    expect(
      unpublishableMessages()
        .filter(({ words }) => isPublishable(words))
        .map(({ name }) => name),
    ).toEqual([]);
  });

  test.each([false, true])(
    "SEM-1 to SEM-10: each message gets the verdict written down for it (signs: %s)",
    (signs) => {
      const { items, rules, coordinator, messages } = signs ? hostileRound({ signs }) : round;
      const { verdicts } = computeOutcome(
        items,
        openBySecret(items, coordinator.secret, rules.ctx),
        rules,
      );
      const found = messages.map(({ t, label }) => [label, verdicts.get(t)]);
      expect(found).toEqual(messages.map(({ label, expected }) => [label, expected]));
    },
  );

  test("the same options give the same round", () => {
    expect(hostileRound().statement).toEqual(round.statement);
  });
});
