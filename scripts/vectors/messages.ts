import { multiplyBase } from "../../src/crypto/curve.ts";
import { keystream, sharedPoint, sharedRoot } from "../../src/crypto/keystream.ts";
import { challengeScalar } from "../../src/crypto/signature.ts";
import { L, MAX_VOTES, P } from "../../src/params.ts";
import { packBallot } from "../../src/protocol/ballot.ts";
import {
  encodeHeader,
  isWellFormed,
  recomputeSignatureHash,
  signCommand,
} from "../../src/protocol/command.ts";
import { keyPairFromSecret } from "../../src/protocol/key.ts";
import { createMessages, encrypt } from "../../src/protocol/message.ts";
import { fixedScalar, fixedScalars, fixedWord } from "./fixed.ts";

const ctx = fixedWord(200);
const donor = keyPairFromSecret(fixedScalar(201));
const coordinator = keyPairFromSecret(fixedScalar(3));

/** BAL-1 to BAL-3. */
export function ballotVectors() {
  const ballots: Record<string, readonly (readonly [number, bigint])[]> = {
    empty: [],
    "one vote": [[0, 1n]],
    "negative and largest votes": [
      [3, -5n],
      [4, MAX_VOTES],
      [90, -MAX_VOTES],
    ],
    "gaps of 4,095 and 4,096": [
      [4095, 1n],
      [8192, 2n],
    ],
    "the last project": [[65_535, 7n]],
    "two pages": Array.from({ length: 30 }, (_, i) => [3 * i, BigInt(i + 1)] as const),
  };
  return Object.entries(ballots).map(([name, ballot]) => ({
    name,
    ballot: ballot.map(([project, votes]) => ({ project, votes })),
    pages: packBallot(new Map(ballot)),
  }));
}

/** CMD-1 to CMD-3, SIG-1 to SIG-3. */
export function commandVectors() {
  const headers = [
    { tag: 0n, append: false, nonce: 0n },
    { tag: 0x1234_5678_9abc_def0n, append: true, nonce: 65_537n },
    { tag: (1n << 64n) - 1n, append: true, nonce: (1n << 48n) - 1n },
  ];
  const ephemeral = fixedScalar(202);
  const R = multiplyBase(ephemeral);
  const command = signCommand(
    {
      header: encodeHeader({ tag: 77n, append: false, nonce: 65_999n }),
      newKey: multiplyBase(fixedScalar(203)),
      ballot: packBallot(
        new Map([
          [1, 2n],
          [8, 3n],
        ]),
      )[0] as bigint[],
    },
    { secret: donor.secret, key: donor.publicKey },
    { R, ctx, drawScalar: fixedScalars(210) },
  );
  const changed = (index: number, word: bigint) =>
    command.map((old, i) => (i === index ? word : old));
  const [e, s] = command.slice(7) as [bigint, bigint];
  const cases = {
    signed: command,
    "s + l": changed(8, s + L),
    "s + 1": changed(8, s + 1n),
    "another e": changed(7, e ^ 1n),
    "another nonce": changed(0, (command[0] as bigint) + (1n << 65n)),
    "header = 2^113": changed(0, 1n << 113n),
    "s = 2^252": changed(8, 1n << 252n),
    "ballot word = p - 1": changed(3, P - 1n),
  };
  return {
    headers: headers.map((fields) => ({ ...fields, header: encodeHeader(fields) })),
    key: donor,
    ctx,
    R,
    challengeScalar: challengeScalar(e),
    /** `valid`: the signature hash equals e (SIG-2), whether or not the command is well formed. */
    commands: Object.entries(cases).map(([name, words]) => {
      const h = recomputeSignatureHash(words, donor.publicKey, R, ctx);
      return { name, words, wellFormed: isWellFormed(words), h, valid: h === words[7] };
    }),
  };
}

/** MSG-1 to MSG-3, CMD-4. */
export function messageVectors() {
  const ephemeral = fixedScalar(202);
  const shared = sharedPoint(sharedRoot(ephemeral, coordinator.publicKey));
  const command = Array.from({ length: 9 }, (_, i) => fixedWord(220 + i));
  const ballot = new Map(Array.from({ length: 25 }, (_, i) => [i, BigInt(i + 1)] as const));
  const request = {
    ctx,
    coordinatorKey: coordinator.publicKey,
    tag: 77n,
    signer: donor,
    newKey: multiplyBase(fixedScalar(203)),
    ballot,
    itemsSeen: 5,
  };
  return {
    ctx,
    coordinator,
    encryptions: [
      {
        ephemeral,
        shared,
        keystream: keystream(shared, ctx),
        command,
        message: encrypt(command, ephemeral, coordinator.publicKey, ctx),
      },
    ],
    ballots: [
      {
        tag: request.tag,
        signer: donor,
        newKey: request.newKey,
        itemsSeen: request.itemsSeen,
        nonceBase: 4321n,
        scalars:
          "1 + keccak256(abi.encode(n)) mod (l - 1) for n = 230, 231, …: for each page first r, then k until it fits",
        ballot: [...ballot].map(([project, votes]) => ({ project, votes })),
        messages: createMessages({
          ...request,
          drawScalar: fixedScalars(230),
          drawNonceBase: () => 4321n,
        }),
      },
    ],
  };
}
