import type { MembershipProof, MembershipRequest } from "../../../src/index.ts";

export type MemberRequest =
  | ({ readonly ask: "prove" } & MembershipRequest)
  | { readonly ask: "nullifier"; readonly secret: string; readonly scope: bigint }
  | { readonly ask: "commitment"; readonly secret: string }
  | { readonly ask: "new" };

/** A new identity: the secret is the member's alone. */
export type NewMember = { readonly secret: string; readonly commitment: bigint };

/** `failed` is the error's name. */
export type MemberAnswer =
  | { readonly answer: MembershipProof | bigint | NewMember }
  | { readonly failed: string };
