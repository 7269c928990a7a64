// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity >=0.8.24 <0.9;

import {Challenges, Fold, Proof, TallyProgress} from "./RoundTypes.sol";

/// @title The tally: which transcript the round accepts as its result
interface IRoundTally {
    /// @notice Emitted when the coordinator has committed; earlier folds, replays and results of this round are void (TALLY-10).
    event Committed(
        uint256 rowsDigest,
        bytes32 resultsHash,
        bytes32 chainHead,
        uint256 items,
        uint256 projects,
        bytes32 base
    );

    /// @notice Emitted when a chunk was replayed; it began at pointer `h0` after item `t0`.
    event Replayed(bytes32 h0, uint256 t0, uint256 product);

    /// @notice Emitted when a fold was proved.
    event Folded(uint256 indexed beforeState, uint256 indexed afterState, Proof proof);

    /// @notice Emitted when the first entries come with a hint for the payout rule (MONEY-11).
    event ResultsHint(bytes hint);

    /// @notice Emitted when the list was cleared.
    event ResultsRestarted();

    /// @notice Emitted when entries were listed (TALLY-6).
    event ResultsAdded(uint256[] entries);

    /// @notice Emitted when eligibility was read for listed entries: bit i of `bitmap` for project 256·wordIndex + i.
    event EligibilityRead(uint256 indexed wordIndex, uint256 bitmap);

    /// @notice Emitted when the result was proved and the round finalized.
    event Finalized(
        Proof proof,
        uint256 acc,
        bytes32 resultsSalt,
        bytes32 resultsRoot,
        uint256 fee,
        uint256 budget,
        uint256 surplus
    );

    /// @notice Thrown when somebody else makes a call that is the coordinator's.
    error NotCoordinator(address caller);

    /// @notice Thrown when a call needs a commit first.
    error NotCommitted();

    /// @notice Thrown when the registry has more projects than 2^16 (PARAM-5).
    error TooManyProjects(uint256 projects);

    /// @notice Thrown when a link at byte `position` of a chunk has an unknown kind.
    error UnknownLinkKind(uint256 position, uint256 kind);

    /// @notice Thrown when a chunk ends within the link at byte `position`.
    error TruncatedLink(uint256 position);

    /// @notice Thrown when a chunk does not lead to the replay's pointer.
    error ChunkHashMismatch(bytes32 computed, bytes32 pointer);

    /// @notice Thrown when the last item of a chunk does not have the replay's number.
    error ChunkNumberMismatch(uint256 last, uint256 expected);

    /// @notice Thrown when the fold verifier refuses a proof.
    error FoldRejected(uint256 beforeState, uint256 afterState);

    /// @notice Thrown when an entry has bits above 208 (TALLY-6).
    error EntryTooLong(uint256 entry);

    /// @notice Thrown when an entry names a project that does not exist.
    error ProjectOutOfRange(uint256 project, uint256 projects);

    /// @notice Thrown when entries are not in strictly increasing order of project.
    error EntriesNotIncreasing(uint256 project, uint256 last);

    /// @notice Thrown when an entry has no credits.
    error EntryWithoutCredits(uint256 project);

    /// @notice Thrown when an entry is negative where signs are not allowed, or has a sign without votes.
    error SignNotAllowed(uint256 project);

    /// @notice Thrown when a hint comes with later entries, or in a round without a pool.
    error UnexpectedHint();

    /// @notice Thrown at the close when the replay has not reached the chain's beginning.
    error ReplayIncomplete(bytes32 pointer, uint256 items);

    /// @notice Thrown at the close when nothing was folded, and by a {submit} without folds.
    error NothingFolded();

    /// @notice Thrown at the close when list and salt do not open the committed hash.
    error ResultsMismatch(bytes32 computed, bytes32 committed);

    /// @notice Thrown at the close when the list does not add up to `acc`.
    error AccumulatorMismatch(uint256 acc, uint256 numerator, uint256 denominator);

    /// @notice Thrown at the close when the product or the denominator is 0, so that an identity would hold of anything.
    error DegenerateTranscript(uint256 product, uint256 denominator);

    /// @notice Thrown at the close when eligible projects have more credits than all donors; no true result has.
    error OverspentResult(uint256 eligibleCredits, uint256 totalCredits);

    /// @notice Thrown when the close verifier refuses the proof.
    error CloseRejected();

    /// @notice Commits to the grouped rows and the result list; fixes the challenges.
    /// @param rowsDigest D, the digest of the grouped rows.
    /// @param resultsHash The hash of salt and result list.
    /// @dev Emits {Committed}.
    ///
    /// Notes:
    /// - May be repeated until the close; fold head, replay and list start anew (TALLY-10).
    ///
    /// Requirements (PHASE-5, CLOSE-5):
    /// - The round is live, the time is in `[end, tallyDeadline)`, the caller is the coordinator.
    /// - `rowsDigest` is a word; the registry has at most 2^16 projects.
    function commit(uint256 rowsDigest, bytes32 resultsHash) external;

    /// @notice Replays a chunk of links, from the chain's head backwards, into PM (TALLY-4, TALLY-5).
    /// @param h0 The chain's value before the chunk's first link.
    /// @param t0 The number of items before the chunk.
    /// @param links The encoded links.
    /// @dev Emits {Replayed}.
    ///
    /// Notes:
    /// - `links` is the plain concatenation of links as LINK-1 encodes them, in chain order.
    /// - Reading stops at the pointer: links behind it, replayed by somebody else meanwhile, are not looked at.
    ///
    /// Requirements:
    /// - The round is live, the time is in `[end, tallyDeadline)`, there is a commit.
    /// - The links lead from `h0` to the pointer, and their items from `t0 + 1` to the last number.
    function replay(bytes32 h0, uint256 t0, bytes calldata links) external;

    /// @notice Advances the fold head to `afterState` (FOLD-1).
    /// @param proof The Groth16 proof.
    /// @param afterState The fold head afterwards.
    /// @dev Emits {Folded}.
    ///
    /// Requirements:
    /// - The round is live, the time is in `[end, tallyDeadline)`, there is a commit.
    /// - The first fold after a commit comes from the coordinator.
    /// - `afterState` is a word; the fold verifier accepts (fold head, afterState).
    function fold(Proof calldata proof, uint256 afterState) external;

    /// @notice {fold} and {replay} in one call, which calldata's floor price makes cheaper.
    /// @param proof The Groth16 proof.
    /// @param afterState The fold head afterwards.
    /// @param h0 The chain's value before the chunk's first link.
    /// @param t0 The number of items before the chunk.
    /// @param links The encoded links.
    /// @dev Emits {Folded} and {Replayed}.
    function foldWithReplay(
        Proof calldata proof,
        uint256 afterState,
        bytes32 h0,
        uint256 t0,
        bytes calldata links
    ) external;

    /// @notice Several folds, each on the one before, and then one chunk of the replay (TALLY-13).
    /// @param folds The folds in their order.
    /// @param h0 The chain's value before the chunk's first link.
    /// @param t0 The number of items before the chunk.
    /// @param links The encoded links; with none there is no replay, and `h0` and `t0` are not looked at.
    /// @dev Emits {Folded} for each fold, and {Replayed} if there are links.
    ///
    /// Requirements: there is a fold; each is as {fold} wants it, the links as {replay} does. One that is not undoes all.
    function submit(Fold[] calldata folds, bytes32 h0, uint256 t0, bytes calldata links) external;

    /// @notice Lists the next entries of the result (TALLY-6).
    /// @param entries The next entries.
    /// @param hint What the payout rule wants to know before the first entries; else empty.
    /// @dev Emits {ResultsHint} if there is a hint, {EligibilityRead} where it was read, and {ResultsAdded}.
    ///
    /// Notes:
    /// - `hint` is for the payout rule, which checks it at the close: a wrong one makes the close fail (MONEY-11).
    ///
    /// Requirements (PHASE-5, TALLY-8):
    /// - The round is live, the time is in `[end, tallyDeadline)`, there is a commit, the caller is the coordinator.
    /// - Entries are in range and their projects strictly increasing, across calls too.
    /// - A hint comes with the first entries only, and only where there is a pool.
    function addResults(uint256[] calldata entries, bytes calldata hint) external;

    /// @notice Clears the list of results, so that it can be listed again with another hint; folds and replay stay.
    /// @dev Emits {ResultsRestarted}.
    ///
    /// Requirements (PHASE-5): as for {addResults}.
    function restartResults() external;

    /// @notice Proves the list to be the result, and finalizes.
    /// @param proof The Groth16 proof.
    /// @param acc The sum that the folds have proved.
    /// @param resultsSalt The salt that was committed to.
    /// @dev Emits {Finalized}.
    ///
    /// Requirements (CLOSE-4, CLOSE-5):
    /// - The round is live, the time is in `[end, tallyDeadline)`, there is a commit.
    /// - The replay is complete, there was a fold, list and salt open the committed hash, and the list adds up to `acc`.
    /// - The close verifier accepts.
    function close(Proof calldata proof, uint256 acc, bytes32 resultsSalt) external;

    /// @notice How far the tally has come.
    /// @return Pointer, product, fold head and sums so far.
    function tally() external view returns (TallyProgress memory);

    /// @notice The challenges of the last commit (TALLY-2). Reverts before a commit.
    /// @return g, beta, theta and delta.
    function challenges() external view returns (Challenges memory);

    /// @notice The Merkle root over the list so far (MONEY-10), 0 if it is empty.
    /// @return The root, leaves in the list's order.
    function resultsRoot() external view returns (bytes32);
}
