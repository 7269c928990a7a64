import type { RoundConfig } from "../../src/chain/provenance.ts";
import { add, multiplyBase } from "../../src/crypto/curve.ts";
import { randomBelow, randomScalar } from "../../src/crypto/random.ts";
import { BASE, P } from "../../src/params.ts";
import { encodeHeader } from "../../src/protocol/command.ts";
import { generateKeyPair, type KeyPair } from "../../src/protocol/key.ts";
import { createMessages, encrypt } from "../../src/protocol/message.ts";

/** A hostile message and what its sender hopes for. */
export type Attack = { readonly name: string; readonly words: readonly bigint[] };

const randomWords = (): bigint[] => Array.from({ length: 9 }, () => randomBelow(P));

/** Messages that the contract turns away: their point would give away or block the decryption. */
export function attacksAtTheDoor(): Attack[] {
  const R = multiplyBase(randomScalar());
  return [
    {
      name: "the neutral point (0, 1): every key would give the same shared secret",
      words: [0n, 1n, ...randomWords()],
    },
    { name: "the point of order two (0, -1)", words: [0n, P - 1n, ...randomWords()] },
    { name: "a point that is not on the curve", words: [R.x, (R.y + 1n) % P, ...randomWords()] },
    {
      name: "a number as large as the field, which reads as two different ones",
      words: [R.x, R.y, P, ...randomWords().slice(1)],
    },
  ];
}

/**
 * Messages that the contract cannot tell from others. Each has exactly one provable outcome: none.
 * `victim`: the public tag of somebody else; `copied`: somebody's earlier message.
 */
export function attacksInside(
  config: RoundConfig,
  coordinator: KeyPair["publicKey"],
  victim: bigint,
  copied: readonly bigint[],
): Attack[] {
  const R = multiplyBase(randomScalar());
  const torsion = add(multiplyBase(randomScalar()), { x: 0n, y: P - 1n });
  const header = encodeHeader({ tag: victim, append: false, nonce: 1n });
  const forged = [header, BASE.x, BASE.y, 0n, 0n, 0n, 0n, 5n, UNPROVABLE_SCALAR];
  return [
    { name: "eleven random numbers", words: [R.x, R.y, ...randomWords()] },
    {
      name: "random numbers on a point with a hidden small-order part",
      words: [torsion.x, torsion.y, ...randomWords()],
    },
    { name: "a copy of somebody's earlier message, to bring an old ballot back", words: copied },
    {
      name: "a forged order with a number for which a well-known circuit has no proof, to freeze the tally",
      words: encrypt(forged, randomScalar(), coordinator, config.context),
    },
  ];
}

/** circomlib's fixed-base multiplication has no witness for this scalar: one such message would freeze a round that used it. */
const UNPROVABLE_SCALAR =
  797546722194482024037982888770643071568945925300745316575367714387401675944n;

/** A message that looks like every other and says nothing: relayers send some all the time, so that nobody knows whose is whose. */
export function coverMessage(
  config: RoundConfig,
  coordinatorKey: KeyPair["publicKey"],
  itemsSeen: number,
): bigint[] {
  const nobody = generateKeyPair();
  const [message] = createMessages({
    ctx: config.context,
    coordinatorKey,
    tag: randomBelow(1n << 64n),
    signer: nobody,
    newKey: nobody.publicKey,
    ballot: new Map(),
    itemsSeen,
  });
  return message as bigint[];
}
