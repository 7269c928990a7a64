import { CHECKERS } from "../gates/index.ts";

const TALLY_FIX =
  "This piece of the tally does not fit what the round has. Run `tacit tally` again: it reads the round anew and goes on where it stopped.";
const HINT_FIX =
  "The payout rule wants the hint for exactly this list: run `tacit tally` again, with the version that the round was made with.";
const MOST_PROJECTS_FIX = "A round has at most 65,536 projects (PARAM-5).";

/** What to do about the contract's errors that a user can meet. Times are seconds since 1970. */
const FIXES: Readonly<Record<string, string>> = {
  OutsideInterval:
    "The phase is closed or not yet open: arguments are (now, from, until). See `tacit status`.",
  NotLive: "The round has ended (1 finalized, 2 aborted, 3 cancelled). See `tacit status`.",
  NotFinalized: "Wait until the coordinator has finished the tally, or abort after the deadline.",
  TagTaken: "Contribute with another key: make one with `tacit keygen`.",
  TagZero: "Contribute with another key: make one with `tacit keygen`.",
  UnacceptablePoint: "The key is not a usable curve point: make one with `tacit keygen`.",
  AmountNotMultipleOfUnit: "Arguments are (amount, unit): use a multiple of the unit.",
  TooFewCredits: "Arguments are (credits, least credits): give more.",
  NotPayer: "Only the account that contributed can top up.",
  NotGuardian: "Only the account that the round names as guardian can dispute its result.",
  ReasonTooLong:
    "Arguments are (bytes, most bytes): write less, or give an address where the rest stands.",
  GuardianWindowConflict:
    "Arguments are (guardian, seconds): give a guardian and a dispute window, or neither.",
  GuardianIsCoordinator: "Name another guardian: the coordinator cannot judge its own tally.",
  TallyMostTooShort:
    "Arguments are (most, base) in seconds: the latest deadline may not come before the shortest.",
  ZeroAddress: "The argument names the setting: give an address for it, not the zero address.",
  ZeroSetting: "The argument names the setting: it must be above 0.",
  NotAContract:
    "Arguments are (setting, address): there is no contract. See that address and chain are right.",
  WrongTimes:
    "Arguments are (now, start, end), in seconds since 1970: the end must be in the future, and after the start.",
  UnacceptableCoordinatorKey:
    "The coordinator's key is not a usable curve point: make one with `tacit keygen --coordinator`.",
  RegistryFreezesTooLate:
    "Arguments are (freeze, end), in seconds since 1970: the projects must be frozen when the round ends.",
  MoneySettingsConflict:
    "Arguments are (token, pool's token, payout rule, fee, signs): a payout rule and a fee need a pool, a pool needs a payout rule, and votes against need a round without a token.",
  UnknownSize: "Arguments are (size, sizes): 0 is the small fold circuit, 1 the large one.",
  NotCoordinator: "Use the account that the round names as coordinator.",
  WrongMessageFee: "Arguments are (sent, due) in wei.",
  InexactTransfer: "The token does not move exact amounts; such tokens cannot be used.",
  ERC20InsufficientBalance: "Arguments are (account, balance, needed): get more of the token.",
  ERC20InsufficientAllowance:
    "Arguments are (spender, allowance, needed): approve the round for the amount.",
  NothingToPay: "It was paid already, or there is nothing to pay.",
  NotClaimable: "The project has claimed already or is not eligible.",
  TooLittleGas: "Arguments are (gas left, least): repeat it with a higher gas limit.",
  AboveLimit: "Arguments are (credits, most credits): the gate lets this account buy no more.",
  NotExactCredits:
    "Arguments are (credits, the round's credits): everybody has the same number in this round.",
  AlreadyAdmitted:
    "Arguments are (checker, identity, its tag): a person can contribute once; use `tacit top-up` for more.",
  UnknownClause: "The gate data names a clause that the gate does not have.",
  WrongEvidence:
    "The argument is the data's length: it must hold one evidence for each checker of the clause, and nothing else.",
  WrongBond: "Arguments are (sent, bond) in wei: send exactly the registry's bond.",
  TooLate: "Arguments are (now, until), in seconds since 1970: it is over.",
  TooEarly: "Arguments are (now, from), in seconds since 1970: wait until then.",
  WrongStatus:
    "Arguments are (application, 0 none, 1 open, 2 challenged, 3 accepted, 4 rejected, 5 lapsed): see `tacit projects applications`.",
  DuplicateDigest:
    "An application with this very document and payout address is open or accepted already.",
  TooManyOpen:
    "The argument is how many may be undecided at once: apply again when some of them are decided.",
  NotArbiter: "Only the registry's arbiter rules about challenged applications.",
  NothingOwed: "This account has no bond to withdraw: it was paid, or is not decided about yet.",
  NotSettled: "Wait until the round's result is proved and can no longer be disputed.",
  NotTheResults: "Give the whole list of the round's results in its order.",
  WrongContent: "Give a digest, and an address of at most 256 bytes that begins with https://.",
  UnknownAd: "Make the advertisement known first: `tacit billboard post`.",
  WrongMinutes: "Arguments are (minutes, most minutes): buy fewer at once.",
  BoardFull: "Too many advertisements wait: extend one of them, or come later.",
  OwnableUnauthorizedAccount: "Use the account that owns the registry.",
  NotEditor:
    "Use the account that owns the registry, or that of an editor: see `tacit editors list`.",
  TooManyEditors:
    "The argument is how many accounts may ever have been editors or later owners: no new one can become one.",
  Frozen:
    "Arguments are (now, freeze time): the registry is frozen, nothing of it changes any more.",
  NotReviewer: "Use the account of one of the panel's reviewers: see `tacit reviews list`.",
  NotPayeeSetter:
    "Only the account that the registry was made with as payee setter names where matches go; with none nobody does.",
  ReviewsFrozen: "Arguments are (now, freeze time): the panel's last words are spoken.",
  NothingToRelease: "See `tacit instalments list` for what is held, and what it waits for.",
  WrongTerms:
    "The argument is the place of the terms: payee and fallback must not be 0, and the deadline not before the milestones' freeze.",
  UnexpectedHint: "A hint comes with the first entries only: see `restartResults`.",
  CancelAlreadyAnnounced:
    "The argument is when it can be cancelled, in seconds since 1970: run `tacit cancel` then.",
  CancelTooEarly:
    "Arguments are (now, from), in seconds since 1970; 0: announce it first, with `tacit cancel --announce`.",
  NotOrganiser: "Only the account that organises the round can do this.",
  NotRefunding:
    "There are refunds only where a round was aborted, cancelled, or its result made void. See `tacit status`.",
  NotARound: "This is the code that rounds share, not a round: see that the address is right.",
  FundingZero: "Give an amount above 0.",
  PoolTooLarge: "Arguments are (pool, added): a pool stays below 2^128 units (PARAM-5). Add less.",
  RoundWithoutMoney: "This round has no money of that kind. See `tacit status`.",
  WrongValue: "Arguments are (sent, amount) in wei: send exactly the amount, or none.",
  TooManyCredits: "Arguments are (before, added): credits stay below 2^64 (PARAM-5). Give less.",
  NotInResult: "The round's result has no such line: see `tacit verify` for what it has.",
  NotAWord: "The message is not one that `tacit publish` makes: make it anew.",
  ZeroRecipient: "Give a payout address that is not the zero address.",
  NotPending: "The argument is the application: it does not exist, or is approved already.",
  NotEligible: "The argument is the project: it does not exist, or is delisted already.",
  TooManyProjects: MOST_PROJECTS_FIX,
  NoSuchProject: MOST_PROJECTS_FIX,
  LengthsDiffer: "Arguments are two lengths: give one payout address for each project.",
  ZeroDigest: "Apply with a document: give the digest of one that is on the board.",
  UnknownGoals: "The goals are numbered 1 to 17.",
  ReasonLength: "The argument is the reason's bytes: give 1 to 1,024.",
  DocumentLength:
    "Arguments are (document, bytes, most bytes): it must have some, and no more than that.",
  WrongSettings:
    "A setting is out of its range, or two do not go together: see this kind in docs/SPEC.md.",
  WrongQuestions: "Questions are out of their range: see VOTE in docs/SPEC.md.",
  WrongClauses: "A gate has 1 to 4 clauses of 1 to 4 checkers each: see GATE in docs/SPEC.md.",
  NobodyIdentified:
    "The argument is the clause: one of its checkers must tell people apart, such as a list.",
  NotAdmitted:
    "Arguments are (checker, identity, tag): top up with the key and the evidence of the first contribution.",
  WrongJury: "Arguments are (jury, list): the jury has at least one and at most all of the list.",
  DrawNotAhead: "Arguments are (draw, now), in seconds since 1970: the draw must be ahead.",
  WrongBoard: "A board passes on to a round whose pool is in its token, for a price above 0.",
  NothingToPassOn: "Nothing came in since it was last passed on.",
  NeverFrozen: "Choose a qualifier whose answers are final some day, such as a panel.",
  NotFrozenYet:
    "Arguments are (now, freeze), in seconds since 1970: list the results when the answers are final.",
  DevelopmentKey:
    "Anybody can forge proofs for a development key: make real ones with `tacit setup` first.",
  WrongHint: HINT_FIX,
  HintNotEmpty: HINT_FIX,
  SumsTooLarge: HINT_FIX,
  ...Object.fromEntries(
    [
      ...["AccumulatorMismatch", "ChunkHashMismatch", "ChunkNumberMismatch", "CloseRejected"],
      ...["DegenerateTranscript", "EntriesNotIncreasing", "EntryTooLong", "EntryWithoutCredits"],
      ...["FoldRejected", "NotCommitted", "NothingFolded", "OverspentResult", "ProjectOutOfRange"],
      ...["ReplayIncomplete", "ResultsMismatch", "SignNotAllowed", "TruncatedLink"],
      "UnknownLinkKind",
    ].map((name) => [name, TALLY_FIX]),
  ),
  ...Object.fromEntries(CHECKERS.flatMap(({ fixes }) => Object.entries(fixes))),
};

/** What a user can do about a contract's error, where there is something to be said. */
export const fixFor = (reason: string): string | undefined => FIXES[reason];
