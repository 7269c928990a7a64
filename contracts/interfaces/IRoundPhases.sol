// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity >=0.8.24 <0.9;

import {Phase, RoundConfig, Status} from "./RoundTypes.sol";

/// @title The life of a round: what it was set up with, where it is, and how it ends without a result
interface IRoundPhases {
    /// @notice Emitted when the organiser announces that it may cancel from `cancelFrom` on.
    event CancelAnnounced(uint256 cancelFrom);

    /// @notice Emitted when the organiser has cancelled the round.
    event Cancelled();

    /// @notice Emitted when somebody has ended a round whose tally was not finished in time.
    event Aborted();

    /// @notice Emitted when the guardian has disputed the result, which is void from then on: the round counts as aborted.
    event Disputed(string reason);

    /// @notice Thrown when a call comes outside its interval `[from, until)`.
    error OutsideInterval(uint256 time, uint256 from, uint256 until);

    /// @notice Thrown when a call needs a live round.
    error NotLive(Status status);

    /// @notice Thrown when a call needs a finalized round.
    error NotFinalized(Status status);

    /// @notice Thrown when a refund is asked from a round that is neither aborted nor cancelled.
    error NotRefunding(Status status);

    /// @notice Thrown when somebody else makes a call that is the organiser's.
    error NotOrganiser(address caller);

    /// @notice Thrown when somebody else makes a call that is the guardian's.
    error NotGuardian(address caller);

    /// @notice Thrown when a dispute's reason is longer than `most` bytes.
    error ReasonTooLong(uint256 length, uint256 most);

    /// @notice Thrown when a cancellation is announced twice.
    error CancelAlreadyAnnounced(uint256 cancelFrom);

    /// @notice Thrown when a round with contributions is cancelled without notice (`cancelFrom` = 0) or before it has run out.
    error CancelTooEarly(uint256 time, uint256 cancelFrom);

    /// @notice Thrown when the implementation is called instead of a round made from it.
    error NotARound();

    /// @notice Announces that the round may be cancelled although there are contributions.
    /// @dev Emits {CancelAnnounced}.
    ///
    /// Notes:
    /// - The organiser can cancel once `cancelNotice` seconds have passed, and before `end`.
    ///
    /// Requirements (PHASE-7):
    /// - The round is live, it is before `end`, the caller is the organiser, and it is the first announcement.
    function announceCancel() external;

    /// @notice Cancels the round: donors and sponsors get everything back (MONEY-7).
    /// @dev Emits {Cancelled}.
    ///
    /// Requirements (PHASE-7):
    /// - The round is live, it is before `end`, and the caller is the organiser.
    /// - There is no contribution, or the notice has run out.
    function cancel() external;

    /// @notice Ends a round whose tally was not finished in time: donors and sponsors get everything back (MONEY-7).
    /// @dev Emits {Aborted}.
    ///
    /// Notes:
    /// - Anybody may call it. Until somebody does, nothing else is possible either.
    ///
    /// Requirements (PHASE-6):
    /// - The round is live and it is `tallyDeadline()` or later.
    function abort() external;

    /// @notice Makes the result void before anything of it is paid: donors and sponsors get everything back (MONEY-7).
    /// @param reason Why, for people.
    /// @dev Emits {Disputed}.
    ///
    /// Notes:
    /// - The guardian has seen the result when it decides, and can do nothing else.
    ///
    /// Requirements (PHASE-10):
    /// - The round is finalized, the caller is the guardian, and it is before `paymentsFrom()`.
    /// - `reason` has at most 1,024 bytes.
    function dispute(string calldata reason) external;

    /// @notice The round's settings.
    /// @return As given to the factory.
    function config() external view returns (RoundConfig memory);

    /// @notice The verifying contracts of the round's fold size and of the close circuit.
    /// @return foldVerifier An IFoldVerifier.
    /// @return closeVerifier An ICloseVerifier.
    function verifiers() external view returns (address foldVerifier, address closeVerifier);

    /// @notice ctx, which binds signatures and transcript to this round (KEY-6).
    /// @return A word, below p.
    function context() external view returns (uint256);

    /// @notice What became of the round.
    /// @return Live, finalized, aborted or cancelled.
    function status() external view returns (Status);

    /// @notice Where the round is at the present block time.
    /// @return The status, and where live the interval that the time is in.
    function phase() external view returns (Phase);

    /// @notice The first second at which the tally is too late (PHASE-5, PHASE-6). Grows with every item until `end`, up to
    /// `end + tallyMost` unless that setting is 0.
    /// @return Seconds since 1970.
    function tallyDeadline() external view returns (uint256);

    /// @notice The first second at which the result is paid and no longer disputed (PHASE-8, PHASE-10); 0 unless finalized.
    /// @return Seconds since 1970, or 0.
    function paymentsFrom() external view returns (uint256);

    /// @notice The first second at which a round with contributions may be cancelled, 0 if not announced.
    /// @return Seconds since 1970, or 0.
    function cancelFrom() external view returns (uint256);
}
