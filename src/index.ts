/**
 * The public API: everything here runs in a browser. Each name is exported from the file that defines it.
 * @module tacit
 */
export { BaseError, describeError, type BaseErrorOptions } from "./errors.ts";
export { BALLOT, FOLD_SIZES, MAX_PROJECTS, MAX_VOTES } from "./params.ts";
export { PRESETS, type Preset, type PresetQuestion, type PresetSettings } from "./presets.ts";

export { isAcceptable, isInPrimeSubgroup, type Point } from "./crypto/curve.ts";

export {
  BACKUP_CODE_WORDS,
  backupCodeBytes,
  encodeBackupCode,
  BackupCodeError,
  newBackupCode,
} from "./protocol/backup_code.ts";
export {
  BallotProjectError,
  BallotOrderError,
  BallotVotesError,
  ballotCost,
  packBallot,
  type Ballot,
  type BallotPage,
} from "./protocol/ballot.ts";
export { deriveContext, deriveTag } from "./protocol/context.ts";
export { FieldRangeError } from "./protocol/command.ts";
export { listItems, type Contribution, type Item, type Message } from "./protocol/item.ts";
export {
  deriveKeyPair,
  generateCoordinatorKeyPair,
  generateKeyPair,
  keyText,
  keyPairFromSecret,
  SecretRangeError,
  type KeyPair,
} from "./protocol/key.ts";
export {
  MIN_PASSPHRASE,
  passphraseStrength,
  type PassphraseStrength,
} from "./protocol/passphrase.ts";
export {
  KEY_COLOURS,
  KEY_FORMS,
  keyPicture,
  type KeyCell,
  type KeyColour,
  type KeyForm,
  type KeyPicture,
} from "./protocol/key_picture.ts";
export {
  chainValues,
  type ContributionLink,
  type Link,
  type MessageLink,
  type TopUpLink,
} from "./protocol/link.ts";
export {
  createMessages,
  decodeMessage,
  encodeMessage,
  isPublishable,
  type BallotEnd,
  type MessageRequest,
  type MessageWords,
} from "./protocol/message.ts";
export { isSameRound, roundRefText, type RoundRef } from "./protocol/round_ref.ts";
export type { ProjectResult } from "./round/semantics.ts";
export { decodeResult, encodeResult, ResultEntryError } from "./transcript/results.ts";
export { mountainRange, resultsTree, type ResultsTree } from "./transcript/results_tree.ts";

export type { Accounts } from "./matching/accounts.ts";
export { allocate, votesForAmount, type Allocation } from "./matching/allocate.ts";
export { oneDollarOneVote, onePersonOneVote } from "./matching/compare.ts";
export { directQuadraticFunding, type DirectResult, type Donation } from "./matching/direct.ts";
export {
  AmountRangeError,
  BudgetExceededError,
  ImpossibleTotalsError,
  VotesRangeError,
} from "./matching/errors.ts";
export {
  quadraticMatch,
  quadraticWeight,
  type MatchRequest,
  type MatchResult,
  type ProjectTotals,
  type SurplusRule,
} from "./matching/quadratic.ts";

export {
  decimalMarkIn,
  explainAmount,
  numberForm,
  readAmount,
  type AmountOptions,
  type AmountProblem,
  type AmountReading,
  type DecimalMark,
  type NumberForm,
} from "./readers/amount.ts";
export { RATIO_DECIMALS, readRatio, type RatioReading } from "./readers/ratio.ts";
export {
  readAddress,
  readWithNames,
  type AddressProblem,
  type AddressReader,
  type AddressReading,
  type NameAnswer,
} from "./readers/address.ts";
export { dateOf } from "./date.ts";
export { decodeText, FileEncodingError, type Encoding } from "./readers/bytes.ts";
export { placesFor, roundTogether, roundUnits } from "./readers/show.ts";
export { CsvError, type LineProblem } from "./readers/csv_error.ts";
export { formatCsv } from "./readers/csv_text.ts";
export {
  findColumn,
  findOptionalColumn,
  parseTable,
  type Delimiter,
  type ColumnRole,
  type Table,
  type TableLine,
  type TableOptions,
} from "./readers/table.ts";
export {
  cutText,
  hiddenIn,
  mixedScripts,
  nearTwins,
  plainName,
  plainText,
  visibleText,
} from "./readers/text.ts";

export { hasNames, type NameChain } from "./chain/name_resolver.ts";
export {
  lookUpName,
  lookUpNames,
  NameFormError,
  NameServiceError,
  OutsideNameError,
  readPrimaryNames,
  spellName,
  UnknownNameError,
  type NameService,
} from "./chain/ens.ts";
export { abort } from "./chain/abort.ts";
export { readClauses, readGateData } from "./chain/gate.ts";
export { readPayoutRule } from "./chain/payout.ts";
export {
  identifyQualifier,
  readPanel,
  readQualified,
  type Numbered,
  type Panel,
  type Qualifier,
} from "./chain/qualifier.ts";
export {
  lowerMedian,
  readReviews,
  review,
  type Review,
  type Reviewed,
} from "./chain/reviews.ts";
export {
  findMilestonesProblem,
  listDue,
  planEscrows,
  readEscrowed,
  readMatchesApart,
  releaseDue,
  setInstalments,
  type DuePayment,
  type EscrowedProject,
  type InstalmentStep,
  type MatchApart,
  type MatchPlaces,
  type MilestonesProblem,
  type PlannedEscrow,
  type RefusedPayment,
  type SharedTerms,
} from "./chain/instalments.ts";
export {
  escrowAddress,
  makeEscrows,
  readEscrow,
  readMatchRecipients,
  type MatchPayees,
  releaseEscrow,
  setMatchRecipients,
  type Escrow,
  type InstalmentTerms,
} from "./chain/escrow.ts";
export {
  CHECKERS,
  encodeGateData,
  encodeKnownIdentity,
  findChecker,
  gateDataFor,
  type Clauses,
} from "./gates/index.ts";
export type {
  AllowListEntry,
  ChainFacts,
  CheckerKind,
  CheckerSettings,
  DonorContext,
} from "./gates/checker.ts";
export { readAdmitted, type Admitted } from "./chain/admitted.ts";
export { groupRoot, GroupError } from "./protocol/group.ts";
export {
  membershipMessage,
  membershipScope,
  type MembershipProof,
  type MembershipProver,
  type MembershipRequest,
} from "./protocol/membership.ts";
export {
  commitmentOf,
  MemberSecretError,
  newMember,
  NotInGroupError,
  nullifierOf,
  proveMembership,
  WrongGroupError,
  type MembershipFiles,
} from "./proofs/membership.ts";
export { allowListEvidence, allowListLeaf } from "./gates/merkle.ts";
export { EAS_SERVICES } from "./gates/eas_services.ts";
export {
  NotQualifiedError,
  openPayoutRule,
  PAYOUTS,
  UnknownPayoutKindError,
} from "./payouts/index.ts";
export { parsePart } from "./payouts/rule.ts";
export type {
  PayoutArgument,
  PayoutChoice,
  PayoutKind,
  PayoutRound,
  PayoutRule,
  PayoutSetting,
} from "./payouts/rule.ts";
export {
  parseVoucher,
  showVoucher,
  type Voucher,
  voucherEvidence,
  VoucherFileError,
  voucherTypedData,
} from "./gates/voucher.ts";
export {
  adCost,
  adId,
  extendAd,
  ForeignBillboardError,
  passOn,
  postAd,
  readBillboard,
  readSchedule,
  type BillboardTerms,
  type ShownAd,
} from "./chain/billboard.ts";
export { outcomeAddress, readOutcome } from "./chain/outcome.ts";
export {
  agreementTenths,
  decideVote,
  FEW_VOTERS,
  listQuestions,
  type VoteAnswer,
  type VoteQuestion,
} from "./votes/outcome.ts";
export { announceCancel, cancel } from "./chain/cancel.ts";
export { claim, type ClaimRequest, type ProjectClaim } from "./chain/claim.ts";
export { claimRest, type Due } from "./chain/claim_rest.ts";
export {
  ChainsDifferError,
  connectRead,
  connectWrite,
  openNodes,
  createWriter,
  type OpenNodes,
  RpcUnreachableError,
  WrongChainError,
  type Node,
  type ReadClient,
  type WriteClient,
} from "./chain/client.ts";
export { contribute } from "./chain/contribute.ts";
export { creationBlock, CreationBlockError, type CreationSearch } from "./chain/creation_block.ts";
export { DocumentFormError, MOST_BYTES as MOST_DOCUMENT_BYTES } from "./metadata/canonical.ts";
export {
  decodeProjectDocument,
  decodeRoundDocument,
  DocumentContentError,
  encodeProjectDocument,
  encodeRoundDocument,
  writeProjectDocument,
  writeRoundDocument,
  type ProjectAbout,
  type ProjectDocument,
  type RoundAbout,
  type RoundDocument,
} from "./metadata/documents.ts";
export {
  isPictureOf,
  MOST_PICTURE_BYTES,
  PictureError,
  readPicture,
  type Picture,
} from "./metadata/picture.ts";
export { digestDocument, readReference, toReference } from "./metadata/reference.ts";
export {
  publishDocuments,
  readDocuments,
  readProjectDocuments,
  readRoundDocument,
} from "./chain/documents.ts";
export {
  createRegistry,
  createRound,
  requireCreatable,
  type CreateRequest,
  type RoundSettings,
} from "./chain/create_round.ts";
export {
  createGate,
  createOptimisticRegistry,
  createPayoutRule,
  createEscrowFactory,
  createReviews,
  DeploymentFailedError,
  hasCode,
  locateChecker,
  locateGate,
  locateOptimisticRegistry,
  locatePayoutRule,
  locateReviews,
  UnknownCheckerError,
  type GatePlan,
  type PartsCode,
} from "./chain/deploy_parts.ts";
export { isSameIntention, readMadeBy, type MadeBy } from "./chain/made_by.ts";
export { DEFAULT_SETTINGS, defaultSettings, type Needed } from "./chain/default_settings.ts";
export { DevelopmentKeysError } from "./chain/development.ts";
export { dispute, MOST_REASON } from "./chain/dispute.ts";
export { draw, DrawAheadError } from "./chain/draw.ts";
export { BlockAheadError, isPinned, pinBalances, StateAwayError } from "./chain/pin_balances.ts";
export { readAttestationSchema } from "./chain/attestation_schema.ts";
export { findBalanceSlot } from "./chain/balance_slot.ts";
export { finalBlock, type FinalBlock, type Finality } from "./chain/finality.ts";
export { KNOWN_FACTORIES, knownFactory, type KnownFactory } from "./chain/deployments.ts";
export { fund } from "./chain/fund.ts";
export {
  gateAbi,
  iBillboardAbi,
  iCheckerAbi,
  iGateAbi,
  iOptimisticRegistryAbi,
  iOwnedRegistryAbi,
  iPayoutRuleAbi,
  iProjectRegistryAbi,
  iQvOutcomeAbi,
  iRoundAbi,
  iRoundFactoryAbi,
  projectRegistryAbi,
  quadraticPayoutAbi,
  sortitionCheckerAbi,
} from "./chain/generated/abis.ts";
export {
  foldHistory,
  wasEligible,
  type EventArguments,
  type RoundHistory,
  type TallyHistory,
} from "./chain/history.ts";
export {
  LogRangeError,
  MissingLogsError,
  readAllLogs,
  readEvents,
  type LogFilter,
  type LogRange,
  type RoundEvent,
} from "./chain/logs.ts";
export {
  addProjects,
  applyProject,
  approveProjects,
  delistProject,
  listProjects,
  readPendingApplications,
  readRecipients,
  type Project,
  type ProjectSource,
} from "./chain/projects.ts";
export { tellNumbers, type ListChange, type ListChanges } from "./chain/list_changes.ts";
export { mayEdit, readEditors, setEditor, type Editors } from "./chain/editors.ts";
export {
  checkEditorRequest,
  editorRequestText,
  decodeEditorRequest,
  EditorRequestAgeError,
  EditorRequestFormatError,
  EditorRequestPlaceError,
  EditorRequestSignatureError,
  encodeEditorRequest,
  MOST_NOTE,
  type EditorRequest,
  type SignedEditorRequest,
} from "./chain/editor_request.ts";
export {
  FIRST_STEP,
  readProjectSteps,
  type NamedProject,
  type ProjectSteps,
} from "./chain/project_steps.ts";
export {
  acceptApplication,
  applicationsUntil,
  challengeApplication,
  lapseApplication,
  readApplications,
  readOptimisticSettings,
  readOwedBonds,
  ruleApplication,
  submitApplication,
  toSdgMask,
  withdrawBonds,
  type Application,
  type ApplicationPlace,
  type ApplicationState,
  type OptimisticSettings,
} from "./chain/applications.ts";
export {
  identifyPayoutRule,
  identifyRegistry,
  readParts,
  type ComingContracts,
  type Parts,
} from "./chain/parts.ts";
export {
  ForeignRoundError,
  readConfig,
  type Contracts,
  type RoundConfig,
} from "./chain/provenance.ts";
export { publish, publishBatch } from "./chain/publish.ts";
export { refund, refundSponsor } from "./chain/refund.ts";
export { readHistory, type ReadHistory } from "./chain/read_history.ts";
export {
  roundForReading,
  type ReadableAccounts,
  type ReadableLine,
} from "./chain/readable_results.ts";
export {
  archiveReader,
  LogArchiveError,
  type KeptLog,
  type KeptQuestion,
  type KeptTopics,
  type LogArchive,
} from "./chain/log_archive.ts";
export {
  formatOtherRules,
  formatRecipients,
  formatTransactions,
  type PricedRound,
  type ResultEntry,
} from "./chain/result_files.ts";
export { readResults, type ResultLine, type RoundResults } from "./chain/results.ts";
export {
  NotARoundError,
  ProjectCountError,
  PHASES,
  readProgress,
  readProjects,
  type Phase,
  type RoundProgress,
} from "./chain/round.ts";
export {
  isContract,
  NotSentError,
  readFate,
  TransactionError,
  TransactionFailedError,
  TransactionReplacedError,
  UnsettledError,
  type Fate,
  type NotSentReason,
  type Sent,
} from "./chain/fate.ts";
export {
  ContractRefusedError,
  refusal,
  send,
  sendTransaction,
  simulate,
  type Call,
  type Transaction,
} from "./chain/send.ts";
export {
  approve,
  readBalance,
  readToken,
  type TokenFacts,
  NotAllowedError,
  NotATokenError,
  UnknownDecimalsError,
  type Approval,
} from "./chain/token.ts";
export { topUp } from "./chain/top_up.ts";

export { parseAllowList, readAllowList, type AllowListFile } from "./donor/allow_list.ts";
export { parseGateList, readCommitment, type GateList } from "./donor/group_list.ts";
export {
  claimDues,
  claimProjects,
  ifDue,
  type ClaimOutcome,
  type ProjectPayment,
  type SkippedProject,
  type ClaimsRequest,
} from "./donor/claim_project.ts";
export {
  addMoney,
  giveMoney,
  NotPayerError,
  type Gift,
  type GiftPlace,
} from "./donor/contribute.ts";
export {
  allContributions,
  contributionForMessage,
  listContributions,
  NoContributionError,
  oneContribution,
  SeveralContributionsError,
  type OwnContribution,
} from "./donor/contributions.ts";
export { draftBallot, type Draft, type DraftLine, type Wish } from "./donor/draft.ts";
export { askGate, type GateQuestion } from "./donor/gate.ts";
export { finalItems, settledItems, type NoncePlace } from "./donor/nonce.ts";
export {
  InsufficientBalanceError,
  payableBalance,
  payIn,
  type Balance,
  type Paid,
  type PayBy,
  type PayCall,
  type Payment,
  type PayStep,
} from "./donor/pay.ts";
export { createPending, pendingStatus, type Pending, type PendingStatus } from "./donor/pending.ts";
export { publishMessages, type Publisher } from "./donor/publish.ts";
export { handContribution, handToRelay, relayAccount, RelayError } from "./donor/relay.ts";
export {
  encryptBallot,
  encryptFirstBallot,
  type EncryptedBallot,
  type EncryptRequest,
} from "./donor/encrypt_ballot.ts";
export {
  makeStamp,
  StampTooDearError,
  type Stamp,
  type StampChallenge,
  type StampMaker,
} from "./donor/stamp.ts";

export { type HeldAgainst } from "./verify/held_against.ts";
export { type Check, type CheckValues } from "./verify/report.ts";
export {
  NotFinalizedError,
  verifyRound,
  type Decision,
  type TrustedKeys,
  type VerificationReport,
  type VerifyOptions,
} from "./verify/verify_round.ts";
