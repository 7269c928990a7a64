import { bytesToHex, concatHex, numberToHex, zeroHash, type Address, type Hex } from "viem";
import { deriveContext } from "../../../src/protocol/context.ts";
import { encodeLink } from "../../../src/protocol/link.ts";
import { closeInputs, foldInputs } from "../../../src/proofs/inputs.ts";
import type { Proof } from "../../../src/proofs/proof.ts";
import {
  completeTranscript,
  prepareTally,
  type CommittedTally,
  type FoldStep,
  type Transcript,
} from "../../../src/transcript/transcript.ts";
import { FOLD_SIZES } from "../../../src/params.ts";
import { RoundBuilder, seededCoordinator, type BuiltRound } from "../../helpers/round_builder.ts";
import { seeded } from "../../helpers/seeded.ts";
import { atTime, type MessageWords } from "../../contracts/support/steps.ts";
import { roundFixture, type Setup } from "../../contracts/support/round.ts";
import { cachedProof } from "./cached_proof.ts";
import { localCoordinatorKey } from "../../../src/protocol/coordinator_key.ts";

/** Far enough in the future for any machine, and fixed, so that the round's address, context and proofs are always the same. */
const START = 4_000_000_000n;
const END = 4_000_010_000n;
const coordinatorKey = seededCoordinator(seeded("attacked coordinator"));

/** A round in which everything is real: contract, messages, witnesses, and both kinds of proofs. */
export type ProvedRound = {
  readonly setup: Setup;
  readonly built: BuiltRound;
  readonly tally: CommittedTally;
  readonly transcript: Transcript;
  readonly fold: { readonly proof: Proof; readonly after: bigint };
  readonly close: { readonly proof: Proof; readonly signals: readonly bigint[] };
  /** All links in one replay chunk. */
  readonly links: Hex;
};

export const attackedRound = roundFixture({
  projects: 8,
  settings: {
    start: START,
    end: END,
    coordinatorKeyX: coordinatorKey.publicKey.x,
    coordinatorKeyY: coordinatorKey.publicKey.y,
  },
});

/** The messages and contributions that all attacks share: a rotation, a change of mind, a page, a decoy, junk. Eleven rows or fewer. */
export function buildStory(
  setup: Setup,
  address: Address = setup.round.address,
  seed = "attacked round",
): BuiltRound {
  const payers = [setup.alice, setup.bob, setup.carol].map(({ account }) => account.address);
  const roundId = { chainId: 31337, address };
  const builder = new RoundBuilder({
    seed,
    projects: 8,
    roundId,
    payers,
    coordinator: coordinatorKey,
  });
  const alice = builder.actor("Alice", 500n);
  const bob = builder.actor("Bob", 200n);
  const carol = builder.actor("Carol", 50n);
  builder.send(alice, "rotates and votes before she contributes", "accepted", {
    newKey: builder.keyPair(),
    ballot: new Map([
      [1, 12n],
      [4, 6n],
    ]),
  });
  for (const donor of [alice, bob, carol]) builder.contribute(donor);
  builder.send(bob, "votes", "accepted", { ballot: new Map([[1, 7n]]) });
  builder.send(bob, "changes his mind", "accepted", { ballot: new Map([[2, 10n]]) });
  builder.send(alice, "adds a page", "accepted", {
    append: true,
    ballot: [5n + (1n << 13n) * 3n, 0n, 0n, 0n],
  });
  builder.send(carol, "overspends", "over budget (SEM-9)", { ballot: new Map([[0, 8n]]) });
  builder.publish("junk", "malformed (CMD-3)", [
    builder.coordinator.publicKey.x,
    builder.coordinator.publicKey.y,
    ...Array.from({ length: 9 }, (_, i) => BigInt(i)),
  ]);
  return builder.finish();
}

/** Sends a built round's steps to its contract; ends at `end`. */
export async function play(setup: Setup, built: BuiltRound, round = setup.round): Promise<void> {
  await atTime(setup, START);
  const accounts = [setup.alice, setup.bob, setup.carol];
  for (const step of built.steps) {
    const payer =
      step.kind === "message"
        ? undefined
        : accounts.find(({ account }) => account.address === step.payer);
    if (step.kind === "message") await round.write.publish([step.words as unknown as MessageWords]);
    else if (step.kind === "contribution")
      await round.write.contribute(
        [step.key.x, step.key.y, step.credits * setup.settings.unit, "0x"],
        { account: payer!.account },
      );
    else
      await round.write.topUp([step.tag, step.added * setup.settings.unit, "0x"], {
        account: payer!.account,
      });
  }
  await atTime(setup, END);
}

/** The attacked round, played to its end, with real proofs that are ready to be sent. */
export async function provedRound(): Promise<ProvedRound> {
  const setup = await attackedRound();
  if (
    (await setup.round.read.context()) !==
    deriveContext({ chainId: 31337, address: setup.round.address })
  )
    throw new Error("another chain than expected");
  const built = buildStory(setup);
  await play(setup, built);
  return { setup, built, ...(await makeProofs(built)) };
}

async function makeProofs(built: BuiltRound): Promise<Omit<ProvedRound, "setup" | "built">> {
  const { secret, publicKey } = built.coordinator;
  const tally = await prepareTally(
    built.items,
    built.statement,
    localCoordinatorKey(secret),
    FOLD_SIZES[0].rows,
  );
  const transcript = await completeTranscript(tally, localCoordinatorKey(secret));
  const only = transcript.folds[0] as FoldStep;
  if (transcript.folds.length !== 1) throw new Error("the story does not fit one fold");
  const { g, beta, theta, delta, ctx, projects, signs } = transcript.constants;
  const signals = [
    g,
    beta,
    theta,
    delta,
    publicKey.x,
    publicKey.y,
    ctx,
    BigInt(projects),
    BigInt(signs),
    only.end.D,
    only.end.PM,
    transcript.acc,
    only.after,
  ];
  return {
    tally,
    transcript,
    fold: {
      after: only.after,
      proof: await cachedProof("fold_small", [0n, only.after], () =>
        foldInputs(only, transcript.constants, tally.rowsSalt),
      ),
    },
    close: {
      signals,
      proof: await cachedProof("close", signals, () => closeInputs(transcript, publicKey)),
    },
    links: concatHex(built.links.map((link) => bytesToHex(encodeLink(link)))),
  };
}

export const asHash = (x: bigint): Hex => numberToHex(x, { size: 32 });

/** The calls of the honest tally, for attacks to come between. */
export function honestTally({ setup, tally, transcript, fold, close, links }: ProvedRound) {
  const { round } = setup;
  const coordinator = { account: setup.coordinator.account };
  return {
    commit: () =>
      round.write.commit([tally.commitment.D, asHash(tally.commitment.resultsHash)], coordinator),
    fold: () => round.write.fold([fold.proof, fold.after], coordinator),
    replay: () => round.write.replay([zeroHash, 0n, links]),
    addResults: () => round.write.addResults([tally.entries, "0x"], coordinator),
    close: () => round.write.close([close.proof, transcript.acc, asHash(tally.resultsSalt)]),
  };
}

/** Everything but the close. */
export async function readyToClose(proved: ProvedRound): Promise<ReturnType<typeof honestTally>> {
  const calls = honestTally(proved);
  await calls.commit();
  await calls.fold();
  await calls.replay();
  await calls.addResults();
  return calls;
}
