/**
 * `tacit/donor`, for browsers and Node: a donor's whole way, as the page and the command line go it. `tacit` exports it too.
 * @module tacit/donor
 */
export { parseAllowList } from "../donor/allow_list.ts";
export { parseGateList, type GateList } from "../donor/group_list.ts";
export { FileEncodingError } from "../readers/bytes.ts";
export { CsvError } from "../readers/csv_error.ts";
export {
  claimDues,
  claimProjects,
  ifDue,
  type ClaimOutcome,
  type ClaimsRequest,
  type ProjectPayment,
  type SkippedProject,
} from "../donor/claim_project.ts";
export {
  addMoney,
  giveMoney,
  NotPayerError,
  type Gift,
  type GiftPlace,
} from "../donor/contribute.ts";
export {
  allContributions,
  contributionForMessage,
  listContributions,
  NoContributionError,
  oneContribution,
  SeveralContributionsError,
  type OwnContribution,
} from "../donor/contributions.ts";
export { draftBallot, type Draft, type DraftLine, type Wish } from "../donor/draft.ts";
export { askGate, type GateQuestion } from "../donor/gate.ts";
export { finalItems, settledItems, type NoncePlace } from "../donor/nonce.ts";
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
} from "../donor/pay.ts";
export {
  createPending,
  pendingStatus,
  type Pending,
  type PendingStatus,
} from "../donor/pending.ts";
export { publishMessages, type Publisher } from "../donor/publish.ts";
export { handContribution, handToRelay, relayAccount, RelayError } from "../donor/relay.ts";
export {
  encryptBallot,
  encryptFirstBallot,
  type EncryptedBallot,
  type EncryptRequest,
} from "../donor/encrypt_ballot.ts";
