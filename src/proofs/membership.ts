import { Identity } from "@semaphore-protocol/identity";
import { groth16 } from "snarkjs";
import { hash } from "../crypto/poseidon.ts";
import { BaseError } from "../errors.ts";
import { makeGroup } from "../protocol/group.ts";
import {
  GROUP_DEPTH,
  semaphoreHash,
  type MembershipProof,
  type MembershipRequest,
} from "../protocol/membership.ts";
import { fromSnarkjs } from "./proof.ts";

/** Says nothing of what was given: it may be most of a secret. */
export class MemberSecretError extends BaseError {
  constructor() {
    super("This is not a member's identity.", {
      fix: "Give what `tacit member new`, or another Semaphore program, exported: one line in base64.",
    });
  }
}

export class WrongGroupError extends BaseError {
  constructor(root: bigint) {
    super(`No list that was given is the round's group, with the root ${root}.`, {
      fix: "Ask the organiser for the group's commitments, in their order. Nothing was sent.",
    });
  }
}

export class NotInGroupError extends BaseError {
  constructor() {
    super("The identity is not in the round's group.", {
      fix: "Check that it is the one whose commitment the organiser has: `tacit member show`. Nothing was sent.",
    });
  }
}

/** The circuit's files of `GROUP_DEPTH` levels: paths, or their bytes. */
export type MembershipFiles = {
  readonly wasm: string | Uint8Array;
  readonly zkey: string | Uint8Array;
};

/** @throws MemberSecretError */
function openIdentity(secret: string): Identity {
  const text = secret.trim();
  const isBase64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text);
  if (!isBase64 || text === "") throw new MemberSecretError();
  return Identity.import(text);
}

/** A new identity: `secret` is the member's alone, `commitment` is for the organiser. */
export function newMember(): { readonly secret: string; readonly commitment: bigint } {
  const identity = new Identity();
  return { secret: identity.export(), commitment: identity.commitment };
}

/** @throws MemberSecretError */
export const commitmentOf = (secret: string): bigint => openIdentity(secret).commitment;

/** What a member is known by in a scope, and by nobody who lacks the secret. @throws MemberSecretError */
export const nullifierOf = (secret: string, scope: bigint): bigint =>
  hash(0n, [semaphoreHash(scope), openIdentity(secret).secretScalar]);

/**
 * Proves that the owner of a secret is a member of the group (GATE-12). `singleThread`: stay on the calling thread, as a page's policy asks.
 * @throws MemberSecretError, WrongGroupError, NotInGroupError
 */
export async function proveMembership(
  { wasm, zkey }: MembershipFiles,
  { secret, groups, root, message, scope }: MembershipRequest,
  singleThread = false,
): Promise<MembershipProof> {
  const { secretScalar, commitment } = openIdentity(secret);
  const group = groups.map(makeGroup).find((one) => one.root === root);
  if (group === undefined) throw new WrongGroupError(root);
  const place = group.indexOf(commitment);
  if (place < 0) throw new NotInGroupError();
  const { index, siblings } = group.generateMerkleProof(place);
  const levels = Array.from({ length: GROUP_DEPTH }, (_, i) => i);
  const { proof, publicSignals } = await groth16.fullProve(
    {
      secret: secretScalar,
      merkleProofLength: siblings.length,
      merkleProofIndex: index,
      merkleProofSiblings: levels.map((i) => siblings[i] ?? 0n),
      message: semaphoreHash(message),
      scope: semaphoreHash(scope),
    },
    wasm,
    zkey,
    undefined,
    undefined,
    { singleThread },
  );
  const { a, b, c } = fromSnarkjs(proof);
  return { nullifier: BigInt(publicSignals[1] as string), points: [...a, ...b.flat(), ...c] };
}
