// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity >=0.8.24 <0.9;

import {Claim, Settlement} from "./RoundTypes.sol";

/// @title The money of a round: what comes in, and who can take what out
/// @notice Every way out pays a fixed address, whoever calls, so anybody may call for anybody. *Payments of the result are
/// open* from `paymentsFrom()` on in a finalized round (PHASE-8): not while the result may be disputed.
interface IRoundMoney {
    /// @notice Emitted when somebody has added to the matching pool.
    event Funded(address indexed sponsor, uint256 amount);

    /// @notice Emitted when a project was paid: to `recipient` what it was `given` and what of the leftovers was `shared` with it,
    /// in the contributions' token; to `matchRecipient` what was `matched`, in the pool's.
    event Claimed(
        uint256 indexed project,
        address indexed recipient,
        address indexed matchRecipient,
        uint256 given,
        uint256 shared,
        uint256 matched
    );

    /// @notice Emitted when {claimBatch} could not pay a project, which loses nothing by it: `reason` begins the error with which
    /// {claim} reverted (its selector), for example NotClaimable's where it was paid before.
    event ClaimSkipped(uint256 indexed project, bytes4 reason);

    /// @notice Emitted when the coordinator's fee was paid.
    event FeePaid(address indexed to, uint256 amount);

    /// @notice Emitted when what was left over was paid, of the contributions' token and of the pool's (MONEY-5).
    event RemainderPaid(address indexed to, uint256 amount, uint256 poolAmount);

    /// @notice Emitted when the message fees were paid, in native coin (MONEY-6).
    event MessageFeesPaid(address indexed to, uint256 amount);

    /// @notice Emitted when a donor got its contribution back.
    event Refunded(uint64 indexed tag, address indexed payer, uint256 amount);

    /// @notice Emitted when a sponsor got its share of the surplus, or everything, back.
    event SponsorRefunded(address indexed sponsor, uint256 amount);

    /// @notice Thrown when native coin sent is neither 0 nor exactly the amount.
    error WrongValue(uint256 sent, uint256 amount);

    /// @notice Thrown when the round's balance did not grow by exactly the amount (MONEY-1).
    error InexactTransfer(uint256 amount, uint256 balanceBefore, uint256 balanceAfter);

    /// @notice Thrown when a round is asked to move money of a kind that it has none of (MONEY-9).
    error RoundWithoutMoney();

    /// @notice Thrown when nothing is given to the pool.
    error FundingZero();

    /// @notice Thrown when the pool would reach 2^128 (PARAM-5).
    error PoolTooLarge(uint256 pool, uint256 added);

    /// @notice Thrown when (project, votes, credits) with this Merkle proof is not in the result.
    error NotInResult(uint256 project, int256 votes, uint256 credits);

    /// @notice Thrown when a project is not eligible or has claimed already.
    error NotClaimable(uint256 project);

    /// @notice Thrown when there is nothing to pay, or it has been paid already.
    error NothingToPay();

    /// @notice Thrown when the payout rule failed with less than `least` gas left, or a batch has less left before its next claim:
    /// retry with a higher gas limit.
    error TooLittleGas(uint256 gas, uint256 least);

    /// @notice Adds `amount` to the matching pool.
    /// @param amount Token units.
    /// @dev Emits {Funded}.
    ///
    /// Notes:
    /// - Native coin: send `amount` as value where the token is its wrapper.
    ///
    /// Requirements (PHASE-4, MONEY-1):
    /// - The round is live, it is before `end`, and it has a pool.
    /// - `amount` > 0, the pool stays below 2^128, and the token moves exactly `amount`.
    function fund(uint256 amount) external payable;

    /// @notice Pays a project its contributions and match.
    /// @param project The project's index.
    /// @param votes T, the sum of the project's votes.
    /// @param credits S, the sum of their squares.
    /// @param merkleProof Siblings from the entry to {IRoundTally-resultsRoot}, the lowest first.
    /// @dev Emits {Claimed}.
    ///
    /// Notes:
    /// - A project gets unit·credits, its share of the leftovers (MONEY-5), and its match. The match is what the payout rule says, at most what is left of the budget (MONEY-8).
    /// - A payout rule that reverts here although it had two million of gas is taken to say 0, so that it cannot hold back the
    ///   contributions.
    ///
    /// Requirements (PHASE-8, MONEY-10):
    /// - Payments of the result are open; the Merkle proof leads from (project, votes, credits) to `resultsRoot()`.
    /// - The project is eligible and has not claimed.
    function claim(uint256 project, int256 votes, uint256 credits, bytes32[] calldata merkleProof) external;

    /// @notice Pays many projects, each as {claim} does and for itself: what cannot be paid is skipped and holds up no other.
    /// @param claims What {claim} is given for each, in the order of payment.
    /// @dev Emits {Claimed} or {ClaimSkipped} for each.
    ///
    /// Requirements (PHASE-8, MONEY-13): payments of the result are open; two and a half million of gas are left before each, and none gets more.
    function claimBatch(Claim[] calldata claims) external;

    /// @notice Pays the coordinator's fee.
    /// @dev Emits {FeePaid}.
    ///
    /// Requirements: payments of the result are open; the fee is not 0 and not yet paid.
    function claimFee() external;

    /// @notice Pays `remainderTo` what is left over so far (MONEY-5). May pay again when more has become free.
    /// @dev Emits {RemainderPaid}.
    ///
    /// Requirements: payments of the result are open; there is something to pay.
    function claimRemainder() external;

    /// @notice Pays the message fees: to the coordinator if finalized, to `remainderTo` if aborted or cancelled (MONEY-6).
    /// @dev Emits {MessageFeesPaid}.
    ///
    /// Requirements: payments of the result are open, or the round is aborted or cancelled; there are fees, not yet paid.
    function claimMessageFees() external;

    /// @notice Gives a donor its contribution and top-ups back (MONEY-7).
    /// @param tag The donor's tag.
    /// @dev Emits {Refunded}.
    ///
    /// Requirements: the round is aborted or cancelled and has a token; the tag contributed and was not refunded.
    function refund(uint64 tag) external;

    /// @notice Gives a sponsor its share of the surplus (finalized, rounded down) or everything (aborted, cancelled) back.
    /// @param sponsor Who funded; the money goes there.
    /// @dev Emits {SponsorRefunded}.
    ///
    /// Requirements: the round is aborted or cancelled, or payments of the result are open and there is a surplus; the sponsor
    /// funded and was not paid.
    function refundSponsor(address sponsor) external;

    /// @notice The matching pool, fee included.
    /// @return Token units.
    function pool() external view returns (uint128);

    /// @notice What a sponsor added and did not get back.
    /// @param sponsor The account that funded.
    /// @return Token units.
    function sponsors(address sponsor) external view returns (uint128);

    /// @notice The settlement; all zero unless finalized.
    /// @return What was decided at the close, and what was paid of it.
    function settlement() external view returns (Settlement memory);

    /// @notice The payout rule's state after the entries listed so far.
    /// @return The words as the rule left them; all 0 before the first entry.
    function payoutState() external view returns (uint256[8] memory);

    /// @notice Whether a project is listed, eligible and unpaid. Meaningful when finalized.
    /// @param project The project's index.
    /// @return True if {claim} would pay it, given a right Merkle proof.
    function isClaimable(uint256 project) external view returns (bool);

    /// @notice Message fees that wait to be claimed, in wei.
    /// @return Wei.
    function messageFees() external view returns (uint256);
}
