import { createMessages, deriveKeyPair, generateKeyPair, contextOf, tagOf, type KeyPair } from "../../../src/index.ts";
import type { Answers, KeysRequest } from "./keys_protocol.ts";

/**
 * The donor's secrets live here and nowhere else: the page sends a passphrase in and gets public keys and sealed messages out.
 * Ending the worker forgets everything. `current` signs; `next`, where there is one, is the key afterwards.
 */
const held: { current?: KeyPair; next?: KeyPair } = {};

const answers: { [K in KeysRequest["ask"]]: (request: Extract<KeysRequest, { ask: K }>) => Promise<Answers[K]> | Answers[K] } = {
  async derive({ slot, passphrase, salt }) {
    const pair = await deriveKeyPair(passphrase, salt);
    held[slot] = pair;
    return pair.publicKey;
  },

  forgetNext() {
    delete held.next;
    return undefined;
  },

  /** First messages: a throw-away key signs the ballot and the rotation to the lasting key, and is forgotten at once. */
  first({ round, payer, coordinatorKey, ballot, itemsSeen }) {
    const lasting = held.current as KeyPair;
    const ctx = contextOf(round);
    for (;;) {
      const throwAway = generateKeyPair();
      const tag = tagOf(payer, throwAway.publicKey);
      if (tag === 0n) continue; // the contract refuses it; one key in 2^64
      const messages = createMessages({ ctx, coordinatorKey, tag, signer: throwAway, newKey: lasting.publicKey, ballot: new Map(ballot), itemsSeen });
      return { key: throwAway.publicKey, tag, messages };
    }
  },

  change({ round, tag, coordinatorKey, ballot, itemsSeen }) {
    const signer = held.current as KeyPair;
    const newKey = (held.next ?? signer).publicKey;
    return createMessages({ ctx: contextOf(round), coordinatorKey, tag, signer, newKey, ballot: new Map(ballot), itemsSeen });
  },
};

addEventListener("message", ({ data }: MessageEvent<{ id: number; request: KeysRequest }>) => {
  const answer = answers[data.request.ask] as (request: KeysRequest) => unknown;
  // An error's text could hold what was asked: the page is told that it failed, not why.
  Promise.resolve()
    .then(() => answer(data.request))
    .then((result) => postMessage({ id: data.id, result }), () => postMessage({ id: data.id, failed: true }));
});
