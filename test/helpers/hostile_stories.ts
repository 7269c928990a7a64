import { packPage, type BallotPage } from "../../src/protocol/ballot.ts";
import { createMessages, encrypt } from "../../src/protocol/message.ts";
import { keyPairFromSecret } from "../../src/protocol/key.ts";
import { MAX_VOTES } from "../../src/params.ts";
import type { Actor, RoundBuilder } from "./round_builder.ts";

const page = (...entries: (readonly [gap: number, votes: bigint])[]): BallotPage =>
  packPage(
    entries.map(([gap, votes]) => ({
      gap,
      sign: votes < 0n,
      magnitude: votes < 0n ? -votes : votes,
    })),
  );

/** Keys that change hands (SEM-1, SEM-3, SEM-4). The answer publishes what comes last in the round. */
export function rotations(round: RoundBuilder): () => void {
  const ada = round.actor("Ada", 10_000n);
  const sold = ada.key;
  round.send(ada, "rotates before her contribution", "accepted", {
    newKey: round.keyPair(),
    ballot: new Map(),
  });
  round.contribute(ada);
  round.send(ada, "a buyer's vote with the sold key", "signature (SEM-4)", {
    signer: sold,
    ballot: new Map([[66, 66n]]),
  });
  round.send(ada, "votes with the key that nobody knows", "accepted", {
    ballot: new Map([
      [2, 50n],
      [9, 60n],
    ]),
  });

  const rolf = round.actor("Rolf", 10_000n);
  round.contribute(rolf);
  const old = rolf.key;
  round.send(rolf, "rotates with a first page", "accepted", {
    newKey: round.keyPair(),
    ballot: new Map([[4, 40n]]),
  });
  round.send(rolf, "appends with the old key", "signature (SEM-4)", {
    append: true,
    signer: old,
    ballot: page([10, 10n]),
  });
  round.send(rolf, "appends with the new key after the rotation", "accepted", {
    append: true,
    ballot: page([10, 10n]),
  });
  round.send(rolf, "the old key again", "signature (SEM-4)", { signer: old });
  round.send(rolf, "rotates in the page that it appends", "accepted", {
    append: true,
    newKey: round.keyPair(),
    ballot: page([0, 11n]),
  });

  const lea = round.actor("Lea", 10_000n);
  round.send(lea, "votes long before her contribution", "accepted", {
    ballot: new Map([[5, 55n]]),
  });
  round.send(lea, "changes her mind before her contribution", "accepted", {
    ballot: new Map([[6, 44n]]),
  });
  return () => {
    round.send(ada, "the sold key used last", "signature (SEM-4)", {
      signer: sold,
      ballot: new Map([[66, 99n]]),
    });
    round.send(ada, "the sold key with a huge nonce", "signature (SEM-4)", {
      signer: sold,
      nonce: (1n << 48n) - 1n,
    });
    round.contribute(lea); // the last item of all
  };
}

/** Nonces at their bounds (SEM-6, SEM-7). */
export function nonceAttacks(round: RoundBuilder): void {
  const nia = round.actor("Nia", 10_000n);
  round.contribute(nia);
  const at = (offset: number) => BigInt(round.nextT + offset) << 16n;
  round.send(nia, "nonce 0", "nonce (SEM-6)", { nonce: 0n });
  round.send(nia, "nonce 2^48 - 1", "nonce beyond its time (SEM-7)", { nonce: (1n << 48n) - 1n });
  round.send(nia, "nonce >> 16 = t", "nonce beyond its time (SEM-7)", { nonce: at(0) });
  round.send(nia, "nonce >> 16 = t + 1", "nonce beyond its time (SEM-7)", { nonce: at(1) });
  round.send(nia, "nonce >> 16 = t - 1, the largest", "accepted", { nonce: at(0) - 1n });
  round.send(nia, "the same nonce", "nonce (SEM-6)", { nonce: nia.nonce });
  round.send(nia, "one nonce less", "nonce (SEM-6)", { nonce: nia.nonce - 1n });
  round.send(nia, "append with the same nonce", "nonce (SEM-6)", {
    append: true,
    nonce: nia.nonce,
    ballot: page([0, 1n]),
  });
  round.send(nia, "append two nonces on", "nonce (SEM-6)", {
    append: true,
    nonce: nia.nonce + 2n,
    ballot: page([0, 1n]),
  });
  round.send(nia, "append with the next nonce", "accepted", {
    append: true,
    ballot: page([0, 1n]),
  });

  const noor = round.actor("Noor", 10_000n);
  round.contribute(noor);
  round.send(noor, "append as a first message with nonce 2", "nonce (SEM-6)", {
    append: true,
    nonce: 2n,
    ballot: page([1, 2n]),
  });
  round.send(noor, "append as a first message with nonce 1: a page from position 0", "accepted", {
    append: true,
    ballot: page([1, 2n]),
  });
  round.send(noor, "append with nonce 2", "accepted", { append: true, ballot: page([1, 3n]) });
}

/** Projects, signs and costs at their bounds (SEM-8, SEM-9), over several pages (SEM-10). */
export function ballotAttacks(round: RoundBuilder): void {
  const J = round.rules.projects;
  const signed = round.rules.signs ? "accepted" : "project or sign (SEM-8)";
  const opal = round.actor("Opal", 10_000n);
  round.contribute(opal);
  const sendPage = (
    label: string,
    expected: Parameters<RoundBuilder["send"]>[2],
    ballot: BallotPage,
    append = false,
  ) => round.send(opal, label, expected, { ballot, append });
  sendPage("the last project", "accepted", page([J - 1, 3n]));
  sendPage("one project further", "project or sign (SEM-8)", page([J, 3n]));
  sendPage("an unused entry that skips to J", "accepted", page([J, 0n]));
  sendPage("an unused entry that skips to J + 1", "project or sign (SEM-8)", page([J + 1, 0n]));
  sendPage("votes, then skips past J", "project or sign (SEM-8)", page([3, 1n], [J, 0n]));
  sendPage(
    "largest gaps and votes everywhere",
    "project or sign (SEM-8)",
    [0, 1, 2, 3].map(() => (1n << 252n) - 1n),
  );
  sendPage("a negative vote", signed, page([4, -5n]));
  sendPage("a sign without a vote", signed, [1n << 12n, 0n, 0n, 0n]);
  sendPage("a sign without a vote in the last entry", signed, [0n, 0n, 0n, 1n << 222n]);
  sendPage("a first page", "accepted", page([59, 1n]));
  sendPage("appends up to J", "accepted", page([J - 61, 1n]), true);
  sendPage("appends one project too many", "project or sign (SEM-8)", page([0, 1n]), true);
  sendPage("appends nothing at J", "accepted", page(), true);

  const bea = round.actor("Bea", 10_001n);
  round.contribute(bea);
  round.send(bea, "one credit over her budget", "over budget (SEM-9)", {
    ballot: new Map([
      [5, 100n],
      [9, 1n],
      [10, 1n],
    ]),
  });
  round.send(bea, "exactly her budget", "accepted", {
    ballot: new Map([
      [5, 100n],
      [9, 1n],
    ]),
  });
  round.send(bea, "appends one vote too many", "over budget (SEM-9)", {
    append: true,
    ballot: page([0, 1n]),
  });
  round.send(bea, "a smaller page, to be continued", "accepted", { ballot: new Map([[5, 80n]]) });
  round.send(bea, "appends one credit too many", "over budget (SEM-9)", {
    append: true,
    ballot: page([0, 60n], [0, 1n], [0, 1n]),
  });
  round.send(bea, "appends exactly the rest", "accepted", {
    append: true,
    ballot: page([0, 60n], [0, 1n]),
  });

  const walt = round.actor("Walt", 24n * MAX_VOTES * MAX_VOTES);
  round.contribute(walt);
  round.send(walt, "24 of the largest votes", "accepted", {
    ballot: page(...Array.from({ length: 24 }, () => [0, MAX_VOTES] as const)),
  });
  round.send(walt, "appends one vote", "over budget (SEM-9)", {
    append: true,
    ballot: page([0, 1n]),
  });

  const thea = round.actor("Thea", 9_455n);
  round.contribute(thea);
  publishBallot(round, thea, new Map(Array.from({ length: 30 }, (_, i) => [3 * i, BigInt(i + 1)]))); // 1² + ... + 30² = 9,455;

  const dora = round.actor("Dora", 50n);
  round.contribute(dora);
  round.send(dora, "a decoy over her budget until she tops up", "accepted", {
    ballot: new Map([[20, 10n]]),
  });
  round.topUp(dora, 50n);
  round.send(dora, "one credit over the topped-up budget, until she tops up again", "accepted", {
    ballot: new Map([
      [21, 10n],
      [22, 1n],
    ]),
  });
  round.topUp(dora, 1n);
  round.send(dora, "over the last top-up", "over budget (SEM-9)", {
    ballot: new Map([
      [21, 10n],
      [22, 1n],
      [23, 1n],
    ]),
  });

  const gus = round.actor("Gus", 1n);
  round.contribute(gus);
  round.send(gus, "votes with his only credit", "accepted", { ballot: new Map([[0, 1n]]) });
  round.send(gus, "withdraws all", "accepted", { ballot: new Map() });
  round.send(gus, "appends to the empty ballot", "accepted", {
    append: true,
    ballot: page([1, 1n]),
  });
}

/** Groups that a row order could tear apart or smuggle in (ROW-4 to ROW-8). The answer adds a second part at the end. */
export function groupAttacks(round: RoundBuilder): () => void {
  const unregistered = "unregistered tag (SEM-1)";
  const mona = round.actor("Mona", 10_000n);
  round.send(mona, "a malformed message that names her", "malformed (CMD-3)", {
    ballot: [1n << 252n, 0n, 0n, 0n],
  });
  round.contribute(mona);
  round.contribute(round.actor("Silas, who stays silent,", 10_000n));
  round.contribute(round.actor("Sia, who stays silent,", 10_000n));
  const tess = round.actor("Tess", 10_000n);
  round.contribute(tess);
  round.send(tess, "votes", "accepted", { ballot: new Map([[40, 12n]]) });
  round.send(tess, "names the donor who stays silent", "signature (SEM-4)", {
    tag: (round.actors.at(-2) as Actor).tag,
  });
  const stranger = (label: string, options: Parameters<RoundBuilder["send"]>[3]) =>
    round.send(tess, label, unregistered, options);
  stranger("tag 0", { tag: 0n });
  stranger("tag 0 without votes", { tag: 0n, ballot: new Map() });
  stranger("tag 0 signed by B's secret 1, without votes", {
    tag: 0n,
    signer: keyPairFromSecret(1n),
    ballot: new Map(),
  });
  stranger("tag 0 signed by B's secret 1", { tag: 0n, signer: keyPairFromSecret(1n) });
  stranger("tag 2^64 - 1", { tag: (1n << 64n) - 1n });
  stranger("the tag after hers, signed by her key", { tag: tess.tag + 1n });
  stranger("the tag after hers, signed by her key, no votes", {
    tag: tess.tag + 1n,
    ballot: new Map(),
    newKey: round.keyPair(),
  });
  stranger("the tag before hers", { tag: tess.tag - 1n });
  return () => {
    const late = round.actor("Lars", 10_000n);
    round.send(late, "only a malformed message", "malformed (CMD-3)", {
      alter: (command) => command.map(() => 1n << 253n),
    });
    round.contribute(late);
    const never = round.actor("Nemo, who never contributes", 10_000n);
    round.send(never, "votes all the same", unregistered);
    round.actors.pop();
    round.publish(
      "an all-zero command",
      unregistered,
      encrypt(
        Array.from({ length: 9 }, () => 0n),
        round.random.scalar(),
        round.coordinator.publicKey,
        round.rules.ctx,
      ),
    );
  };
}

/** A whole ballot as the client sends it, pages and all (CMD-4). */
export function publishBallot(
  round: RoundBuilder,
  actor: Actor,
  ballot: ReadonlyMap<number, bigint>,
): void {
  const itemsSeen = round.nextT - 1;
  const nonceBase = 1n + round.random.below(60_000n);
  const messages = createMessages({
    ctx: round.rules.ctx,
    coordinatorKey: round.coordinator.publicKey,
    tag: actor.tag,
    signer: actor.key,
    newKey: actor.key.publicKey,
    ballot,
    itemsSeen,
    drawScalar: round.random.scalar,
    drawNonceBase: () => nonceBase,
  });
  messages.forEach((words, i) =>
    round.publish(`${actor.name}: page ${i + 1} of ${messages.length}`, "accepted", words),
  );
  actor.nonce = (BigInt(itemsSeen) << 16n) + nonceBase + BigInt(messages.length - 1);
}
