import { multiplyBase, type Point } from "../../src/crypto/curve.ts";
import { halfSizePair } from "../../src/crypto/half_size.ts";
import { deriveContext, deriveTag } from "../../src/protocol/context.ts";
import { listItems } from "../../src/protocol/item.ts";
import { keyPairFromSecret, type KeyPair } from "../../src/protocol/key.ts";
import { chainValues, encodeLink, type Link } from "../../src/protocol/link.ts";
import { createMessages, encrypt } from "../../src/protocol/message.ts";
import { fingerprint, grandProduct } from "../../src/transcript/fingerprint.ts";
import { resultsFraction } from "../../src/transcript/results.ts";
import { resultsTree } from "../../src/transcript/results_tree.ts";
import { completeTranscript, prepareTally } from "../../src/transcript/transcript.ts";
import { fixedScalar, fixedScalars, fixedWord } from "./fixed.ts";
import { localCoordinatorKey } from "../../src/protocol/coordinator_key.ts";

const roundId = { chainId: 31337, address: "0x5FbDB2315678afecb367f032d93F642f64180aa3" } as const;
const ctx = deriveContext(roundId);
const coordinator = keyPairFromSecret(coordinatorSecret());
const ROWS_PER_FOLD = 4;

function coordinatorSecret(): bigint {
  for (let n = 300; ; n++) if (halfSizePair(fixedScalar(n)) !== undefined) return fixedScalar(n);
}

/** A small round: rotation before the contribution, two pages, a sold key, a top-up, a silent donor, junk. */
function links(): Link[] {
  const draw = fixedScalars(400);
  const [ann, bob, cyd] = [1, 2, 3].map((n) => keyPairFromSecret(fixedScalar(310 + n))) as [
    KeyPair,
    KeyPair,
    KeyPair,
  ];
  const annLater = keyPairFromSecret(fixedScalar(320));
  const payers = [1, 2, 3].map((n) => `0x${String(n).repeat(40)}` as const);
  const tagOfDonor = (i: number, { publicKey }: KeyPair) =>
    deriveTag(payers[i] as `0x${string}`, publicKey);
  const [annTag, bobTag, cydTag] = [tagOfDonor(0, ann), tagOfDonor(1, bob), tagOfDonor(2, cyd)];
  const chain: Link[] = [];
  const items = () => chain.filter(({ kind }) => kind !== "topUp").length;
  const say = (
    tag: bigint,
    signer: KeyPair,
    ballot: readonly (readonly [number, bigint])[],
    newKey: Point = signer.publicKey,
  ) => {
    for (const words of createMessages({
      ctx,
      coordinatorKey: coordinator.publicKey,
      tag,
      signer,
      newKey,
      ballot: new Map(ballot),
      itemsSeen: items(),
      drawScalar: draw,
      drawNonceBase: () => 1000n,
    }))
      chain.push({ kind: "message", words });
  };
  const join = (tag: bigint, { publicKey }: KeyPair, credits: bigint) =>
    chain.push({ kind: "contribution", tag, key: publicKey, credits });
  say(annTag, ann, [], annLater.publicKey);
  join(annTag, ann, 100n);
  say(annTag, ann, [[0, 9n]]); // the key she could have sold
  say(annTag, annLater, [
    [1, 6n],
    [5, 8n],
  ]);
  join(bobTag, bob, 30n);
  say(
    bobTag,
    bob,
    Array.from({ length: 26 }, (_, i) => [i, 1n] as const),
  );
  say(bobTag, bob, [
    [1, 6n],
    [2, 2n],
  ]); // 40 credits: over budget until the top-up
  chain.push({ kind: "topUp", tag: bobTag, credits: 40n });
  join(cydTag, cyd, 7n);
  chain.push({
    kind: "message",
    words: encrypt(
      Array.from({ length: 9 }, (_, i) => fixedWord(330 + i)),
      fixedScalar(340),
      coordinator.publicKey,
      ctx,
    ),
  });
  say(cydTag + 1n, cyd, [[3, 2n]]);
  return chain;
}

/** LINK-1 to LINK-3, SEM, TALLY, ROW-12, FOLD-1 to FOLD-3, MONEY-10: a whole round to its last commitment. */
export async function roundVectors() {
  const chain = links();
  const values = chainValues(chain);
  const items = listItems(chain);
  const statement = {
    chainHead: values.at(-1) as Uint8Array,
    items: items.length,
    projects: 30,
    coordinatorKey: coordinator.publicKey,
    signs: false,
    ctx,
  };
  const tally = await prepareTally(
    items,
    statement,
    localCoordinatorKey(coordinator.secret),
    ROWS_PER_FOLD,
  );
  const transcript = await completeTranscript(tally, localCoordinatorKey(coordinator.secret));
  const { challenges, constants } = transcript;
  const tree = resultsTree(tally.outcome.results);
  return {
    round: { ...roundId, chainId: BigInt(roundId.chainId) },
    coordinator,
    statement,
    links: chain.map((link, i) => ({
      ...link,
      bytes: encodeLink(link),
      chainAfter: values[i + 1],
    })),
    items: items.map((item) => ({
      t: item.t,
      kind: item.kind,
      ...(item.kind === "contribution"
        ? { tag: item.tag, credits: item.credits }
        : { verdict: tally.outcome.verdicts.get(item.t) }),
      fingerprint: fingerprint(item, challenges.g),
    })),
    results: tally.outcome.results.map((result, i) => ({
      ...result,
      entry: tally.entries[i],
      merkleProof: tree.pathTo(i),
    })),
    merkleRoot: tree.root,
    commitment: {
      ...tally.commitment,
      rowsPerFold: ROWS_PER_FOLD,
      rowsSalt: tally.rowsSalt,
      resultsSalt: tally.resultsSalt,
    },
    base: transcript.base,
    challenges,
    halfSizePair: { c1: constants.c1, c2: constants.c2 },
    PM: grandProduct(items, challenges),
    acc: transcript.acc,
    fraction: resultsFraction(tally.outcome.results, challenges),
    rows: tally.rows.map(({ row, h, D, after }) => ({
      t: row.message?.t ?? 0,
      contributionT: row.contribution?.t ?? 0,
      owner: after.owner,
      h,
      D,
    })),
    folds: transcript.folds.map(({ before, after, saltAfter, end }) => ({
      before,
      after,
      saltAfter,
      end,
    })),
    basePoint: multiplyBase(1n),
  };
}
