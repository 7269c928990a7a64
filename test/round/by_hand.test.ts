import { expect, test } from "vitest";
import { computeOutcome } from "../../src/round/semantics.ts";
import { RoundBuilder } from "../helpers/round_builder.ts";
import { openBySecret } from "../helpers/open.ts";

/** Results as (project, T, S), worked out by hand from the story in each test. */
function listResults(builder: RoundBuilder): (readonly [number, bigint, bigint])[] {
  const round = builder.finish();
  const { results, verdicts } = computeOutcome(
    round.items,
    openBySecret(round.items, round.coordinator.secret, round.rules.ctx),
    round.rules,
  );
  expect(round.messages.map(({ label, t }) => [label, verdicts.get(t)])).toEqual(
    round.messages.map(({ label, expected }) => [label, expected]),
  );
  return results.map(({ project, votes, credits }) => [project, votes, credits]);
}

const round = (projects = 10, signs = false) =>
  new RoundBuilder({ seed: "by hand", projects, signs });

test("SEM-11: three donors add up; a project without votes is left out", () => {
  const builder = round();
  for (const [name, ballot] of [
    [
      "Ann",
      [
        [0, 3n],
        [2, 4n],
      ],
    ],
    ["Bob", [[2, 5n]]],
    [
      "Cyd",
      [
        [2, 1n],
        [9, 2n],
      ],
    ],
  ] as const) {
    const donor = builder.actor(name, 25n);
    builder.contribute(donor);
    builder.send(donor, "votes", "accepted", { ballot: new Map(ballot) });
  }
  expect(listResults(builder)).toEqual([
    [0, 3n, 9n],
    [2, 10n, 42n],
    [9, 2n, 4n],
  ]); // 4 + 5 + 1; 16 + 25 + 1
});

test("SEM-3, SEM-10: the last valid ballot counts, appended pages add to it, an invalid one changes nothing", () => {
  const builder = round();
  const ann = builder.actor("Ann", 30n);
  builder.contribute(ann);
  builder.send(ann, "first", "accepted", { ballot: new Map([[0, 5n]]) });
  builder.send(ann, "second", "accepted", {
    ballot: new Map([
      [1, 3n],
      [2, 2n],
    ]),
  });
  builder.send(ann, "too dear", "over budget (SEM-9)", { ballot: new Map([[3, 6n]]) });
  builder.send(ann, "third page-wise", "accepted", { append: true, ballot: new Map([[1, 4n]]) }); // from pos 3: gap 1, project 4
  expect(listResults(builder)).toEqual([
    [1, 3n, 9n],
    [2, 2n, 4n],
    [4, 4n, 16n],
  ]);
});

test("SEM-1, SEM-3: a key rotated before the contribution makes the sold key worthless", () => {
  const builder = round();
  const ann = builder.actor("Ann", 30n);
  const sold = ann.key;
  builder.send(ann, "rotates", "accepted", { newKey: builder.keyPair(), ballot: new Map() });
  builder.contribute(ann);
  builder.send(ann, "the buyer's vote", "signature (SEM-4)", {
    signer: sold,
    ballot: new Map([[6, 5n]]),
  });
  builder.send(ann, "her vote", "accepted", { ballot: new Map([[7, 5n]]) });
  builder.send(ann, "the buyer's last vote", "signature (SEM-4)", {
    signer: sold,
    ballot: new Map([[6, 5n]]),
  });
  expect(listResults(builder)).toEqual([[7, 5n, 25n]]);
});

test("SEM-9, LINK-3: a later top-up revives what was over budget", () => {
  const builder = round();
  const ann = builder.actor("Ann", 10n);
  builder.contribute(ann);
  builder.send(ann, "small", "accepted", { ballot: new Map([[0, 3n]]) });
  builder.send(ann, "needs the top-up", "accepted", {
    ballot: new Map([
      [0, 4n],
      [1, 1n],
    ]),
  });
  builder.topUp(ann, 7n);
  builder.send(ann, "one credit more", "over budget (SEM-9)", {
    ballot: new Map([
      [0, 4n],
      [1, 1n],
      [2, 1n],
    ]),
  });
  expect(listResults(builder)).toEqual([
    [0, 4n, 16n],
    [1, 1n, 1n],
  ]);
});

test("SEM-8, SEM-11: where signs are allowed votes cancel and credits do not", () => {
  const builder = round(4, true);
  for (const [name, votes] of [
    ["Ann", 3n],
    ["Bob", -3n],
    ["Cyd", -1n],
  ] as const) {
    const donor = builder.actor(name, 9n);
    builder.contribute(donor);
    builder.send(donor, "votes", "accepted", { ballot: new Map([[3, votes]]) });
  }
  expect(listResults(builder)).toEqual([[3, -1n, 19n]]);
});

test("SEM-2, SEM-7: nonces start at 0 and are bounded by the item's number", () => {
  const builder = round();
  const ann = builder.actor("Ann", 9n);
  builder.send(ann, "item 1, nonce 2^16", "nonce beyond its time (SEM-7)", { nonce: 65_536n });
  builder.send(ann, "item 2, nonce 2^16", "accepted", {
    nonce: 65_536n,
    ballot: new Map([[0, 1n]]),
  });
  builder.send(ann, "item 3, nonce 0", "nonce (SEM-6)", { nonce: 0n });
  builder.contribute(ann);
  expect(listResults(builder)).toEqual([[0, 1n, 1n]]);
});

test("SEM-11: nobody, nothing", () => {
  expect(listResults(round())).toEqual([]);
});

test("SEM-10: a page appended to nothing begins at the first project", () => {
  const builder = round();
  const ann = builder.actor("Ann", 30n);
  builder.contribute(ann);
  builder.send(ann, "first page", "accepted", {
    append: true,
    ballot: new Map([
      [0, 2n],
      [3, 1n],
    ]),
  });
  builder.send(ann, "second page", "accepted", { append: true, ballot: new Map([[0, 4n]]) }); // from pos 4: project 4
  expect(listResults(builder)).toEqual([
    [0, 2n, 4n],
    [3, 1n, 1n],
    [4, 4n, 16n],
  ]);
});
