/**
 * `tacit/coordinator`, for Node: tallying rounds, serving them unattended, deploying what they share.
 * @module tacit/coordinator
 */
export { runTally, TallyPhaseError, WrongCoordinatorKeyError } from "../coordinator/tally/tally.ts";
export {
  type TallyEvent,
  type TallyOptions,
  type TallyResult,
} from "../coordinator/tally/tally_options.ts";
export { FrontRunError } from "../coordinator/tally/tally_run.ts";
export { writeArchive, type ArchiveRequest } from "../coordinator/tally/archive.ts";
export {
  estimate,
  type Estimate,
  type GasRates,
  type Plan,
  type ProverKind,
  type Rates,
} from "../coordinator/planning/estimate.ts";
export { RATES } from "../coordinator/planning/rates.ts";
export { IncompleteLogsError } from "../coordinator/following/sync.ts";
export { type Finality } from "../chain/finality.ts";
export {
  localCoordinatorKey,
  type CoordinatorKey,
  type CoordinatorKeySource,
} from "../protocol/coordinator_key.ts";
export {
  DatabaseAwayError,
  DatabaseInUseError,
  DatabaseUnavailableError,
  openDatabase,
  type Database,
} from "../coordinator/store/database.ts";
export { openTallyStore, storeIn, type TallyStore } from "../coordinator/store/tally_store.ts";
export { type Dialect } from "../coordinator/store/migrations.ts";
export { type Schema, type TransactionState } from "../coordinator/store/schema.ts";
export { type Journal, type JournalEntry, type Sender } from "../coordinator/store/journal.ts";
export { LinkList, type SharedLinks } from "../coordinator/planning/link_list.ts";
export { type OpenedStore } from "../coordinator/store/opened.ts";
export { type ProofStore } from "../coordinator/store/proofs.ts";
export {
  DurableSender,
  OutOfCoinError,
  StoppedError,
  type SenderOptions,
} from "../coordinator/sending/durable_sender.ts";
export { type SendingBounds } from "../coordinator/sending/own_entries.ts";
export { type AnyCall, type Step, type StepSender } from "../coordinator/sending/sender.ts";
export { openQueueProver, type QueueProverOptions } from "../coordinator/proving/queue_prover.ts";
export { startWorker, type WorkerOptions } from "../coordinator/proving/worker.ts";

export {
  circuitArtifacts,
  ForeignArtifactsError,
  IncompleteArtifactsError,
  MissingArtifactsError,
  openArtifacts,
  requireKeysFor,
  UnsafeKeyError,
  type Artifact,
  type Artifacts,
  type CircuitArtifacts,
  type CircuitManifest,
  type Manifest,
} from "../proofs/artifacts.ts";
export { ForeignRoundError, type Contracts } from "../chain/provenance.ts";
export { ProverFailedError, ProverPool, type PoolOptions } from "../proofs/pool.ts";
export { type CircuitInputs, type InputValue } from "../proofs/inputs.ts";
export { type Proof } from "../proofs/proof.ts";
export { ProofRejectedError, WitnessError, type Proved } from "../proofs/prove.ts";
export { type Prover, type ProverName, type ProofTimes } from "../proofs/prover.ts";
export { DevelopmentKeysError } from "../chain/development.ts";
export { packagedArtifacts } from "../verify/trusted_keys.ts";

export {
  deployAll,
  deployAllowListGate,
  deployAt,
  deployBillboard,
  deployGate,
  deployOutcome,
  deployTestToken,
  NoDeployerError,
  type Deployment,
} from "../chain/deploy.ts";
export {
  DeploymentFailedError,
  type GatePlan,
  UnknownCheckerError,
} from "../chain/deploy_parts.ts";
export { type BillboardTerms } from "../chain/billboard.ts";
export { type VoteQuestion } from "../votes/outcome.ts";
export { locateContracts, type VerifierBytecodes } from "../chain/contracts.ts";
export { type HalfSizePair } from "../crypto/half_size.ts";
export { type FoldSize } from "../params.ts";
export {
  startService,
  type ServedRound,
  type Service,
  type ServiceOptions,
} from "../service/coordinator_service.ts";
export { createLogger, type Logger } from "../service/logger.ts";
export { type TrustedProxies } from "../service/api.ts";
export { type QueuedContribution } from "../coordinator/store/contribution_queue.ts";
export { type ContributionRelay } from "../service/contribution_relay.ts";
export { type CoverSettings } from "../service/cover_clock.ts";
export {
  type RelayOptions,
  type RelaySettings,
  type RelayTrouble,
} from "../service/relay_options.ts";
export { type RoundView, type WorkState } from "../service/round_worker.ts";
