import {
  deriveKeyPair,
  encryptBallot,
  encryptFirstBallot,
  type KeyPair,
} from "../../../src/index.ts";
import type { Answers, KeysRequest } from "./keys_protocol.ts";

/**
 * The donor's secrets live here and nowhere else: the page sends a passphrase in and gets public keys and encrypted messages out.
 * Ending the worker forgets everything. `current` signs; `next`, where there is one, is the key afterwards.
 */
const held: { current?: KeyPair; next?: KeyPair } = {};

const answers: {
  [K in KeysRequest["ask"]]: (
    request: Extract<KeysRequest, { ask: K }>,
  ) => Promise<Answers[K]> | Answers[K];
} = {
  async derive({ slot, passphrase, salt }) {
    const pair = await deriveKeyPair(passphrase, salt);
    held[slot] = pair;
    return pair.publicKey;
  },

  forgetNext() {
    delete held.next;
    return undefined;
  },

  first({ ask: _, ballot, ...request }) {
    const { key, tag, messages } = encryptFirstBallot({
      ...request,
      ballot: new Map(ballot),
      lasting: (held.current as KeyPair).publicKey,
    });
    return { key, tag, messages };
  },

  change({ ask: _, ballot, ...request }) {
    const signer = held.current as KeyPair;
    const { messages } = encryptBallot({
      ...request,
      ballot: new Map(ballot),
      signer,
      newKey: (held.next ?? signer).publicKey,
    });
    return { messages };
  },
};

addEventListener("message", ({ data }: MessageEvent<{ id: number; request: KeysRequest }>) => {
  const answer = answers[data.request.ask] as (request: KeysRequest) => unknown;
  // An error's text could hold what was asked: the page is told that it failed, not why.
  Promise.resolve()
    .then(() => answer(data.request))
    .then(
      (result) => postMessage({ id: data.id, result }),
      () => postMessage({ id: data.id, failed: true }),
    );
});
