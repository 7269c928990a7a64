/**
 * `tacit/verify`, for Node: rechecking a finalized round with the verifying keys that came with this version, or with those of a ceremony.
 * @module tacit/verify
 */
export {
  NotFinalizedError,
  verifyRound,
  type Decision,
  type TrustedKeys,
  type VerificationReport,
  type VerifyOptions,
} from "../verify/verify_round.ts";
export { type VoteAnswer, type VoteQuestion } from "../votes/outcome.ts";
export { type Check, type CheckValues } from "../verify/report.ts";
export { keyHash, type HeldAgainst } from "../verify/held_against.ts";
export { RpcUnreachableError } from "../chain/client.ts";
export {
  ForeignRoundError,
  readConfig,
  type Contracts,
  type ForeignReason,
  type RoundConfig,
} from "../chain/provenance.ts";
export { type Parts } from "../chain/parts.ts";
export { trustedContracts } from "../proofs/trusted_contracts.ts";
export { packagedArtifacts, trustedKeys } from "../verify/trusted_keys.ts";
export {
  ForeignArtifactsError,
  IncompleteArtifactsError,
  MissingArtifactsError,
  openArtifacts,
  requireKeysFor,
  UnsafeKeyError,
  verificationKey,
  type Artifact,
  type Artifacts,
  type CircuitManifest,
  type Manifest,
} from "../proofs/artifacts.ts";
export { DevelopmentKeysError } from "../chain/development.ts";
export { verifyProof, type VerificationKey } from "../proofs/verify.ts";
export { type Proof } from "../proofs/proof.ts";
