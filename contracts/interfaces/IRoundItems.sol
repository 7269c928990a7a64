// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity >=0.8.24 <0.9;

import {Donor} from "./RoundTypes.sol";

/// @title Contributions, top-ups and messages, kept as one hash chain (LINK-1)
interface IRoundItems {
    /// @notice Emitted when item `t` was a contribution. `credits` are the initial credits.
    event Contributed(uint64 indexed tag, address indexed payer, uint256 t, uint256 keyX, uint256 keyY, uint64 credits);

    /// @notice Emitted when a donor has added to its contribution. `credits` are the new credits in all.
    event ToppedUp(uint64 indexed tag, uint64 credits);

    /// @notice Emitted when item `t` was a message.
    event MessagePublished(uint256 indexed t, uint256[11] words);

    /// @notice Thrown when a point is not acceptable (KEY-1).
    error UnacceptablePoint(uint256 x, uint256 y);

    /// @notice Thrown when `value` is p or more where a word is required.
    error NotAWord(uint256 value);

    /// @notice Thrown when a key's tag is 0: use another key (KEY-7).
    error TagZero();

    /// @notice Thrown when a tag has already contributed: use another key (KEY-7).
    error TagTaken(uint64 tag);

    /// @notice Thrown when an amount is not a whole number of credits.
    error AmountNotMultipleOfUnit(uint256 amount, uint256 unit);

    /// @notice Thrown when an amount buys fewer credits than the round asks for.
    error TooFewCredits(uint256 credits, uint256 least);

    /// @notice Thrown when credits, of one donor or of all, would reach 2^64 (PARAM-5).
    error TooManyCredits(uint256 before, uint256 added);

    /// @notice Thrown when somebody tops up a tag that is not its own.
    error NotPayer(uint64 tag, address caller);

    /// @notice Thrown when the value sent is not the message fee times the number of messages.
    error WrongMessageFee(uint256 sent, uint256 due);

    /// @notice Contributes `amount` under a voting key.
    /// @param keyX The voting key's x.
    /// @param keyY The voting key's y.
    /// @param amount Token units.
    /// @param gateData What the round's gate asks for.
    /// @return tag The donor's tag.
    /// @dev Emits {Contributed}.
    ///
    /// Notes:
    /// - The donor's tag is the low 64 bits of keccak256(abi.encode(msg.sender, keyX, keyY)) (KEY-7).
    /// - Native coin: send `amount` as value where the token is its wrapper; else send no value and approve the round.
    /// - In a round without money `amount / unit` credits are asked from the gate and nothing is paid.
    ///
    /// Requirements (PHASE-2, KEY-7, MONEY-1):
    /// - The round is live and the time is in `[start, end)`.
    /// - The key is acceptable; its tag is neither 0 nor taken.
    /// - `amount` is a multiple of `unit` and at least `minContribution` of them; all credits stay below 2^64.
    /// - The gate admits (msg.sender, tag, credits, gateData), and the token moves exactly `amount`.
    function contribute(
        uint256 keyX,
        uint256 keyY,
        uint256 amount,
        bytes calldata gateData
    ) external payable returns (uint64 tag);

    /// @notice Adds `amount` to the caller's own contribution.
    /// @param tag The donor's tag.
    /// @param amount Token units to add.
    /// @param gateData What the round's gate asks for.
    /// @dev Emits {ToppedUp}.
    ///
    /// Notes:
    /// - Ballots count against the final credits, so earlier messages of the donor may become valid (SEM-9).
    ///
    /// Requirements (PHASE-3, MONEY-1):
    /// - The round is live and the time is in `[start, end)`; the caller is the tag's payer.
    /// - `amount` is a multiple of `unit` and at least `minTopUp` of them; all credits stay below 2^64.
    /// - The gate admits the new credits, and the token moves exactly `amount`.
    function topUp(uint64 tag, uint256 amount, bytes calldata gateData) external payable;

    /// @notice Publishes one encrypted message: R.x, R.y and nine words of ciphertext (MSG-1).
    /// @param words The message.
    /// @dev Emits {MessagePublished}.
    ///
    /// Requirements (PHASE-1, MSG-1):
    /// - The round is live and it is before `end`.
    /// - R is acceptable and every word is below p.
    /// - The value sent is exactly `messageFee`.
    function publish(uint256[11] calldata words) external payable;

    /// @notice Publishes several messages, all or none.
    /// @param messages The messages, in the order in which they become items.
    /// @dev Emits {MessagePublished} for each.
    ///
    /// Requirements:
    /// - As for {publish}, for each; the value sent is exactly `messageFee` for each.
    function publishBatch(uint256[11][] calldata messages) external payable;

    /// @notice The hash over all links so far (LINK-1), 0 before the first.
    /// @return The last link's value.
    function chainHead() external view returns (bytes32);

    /// @notice N, the number of contributions and messages (LINK-2).
    /// @return N, below 2^32.
    function items() external view returns (uint32);

    /// @notice The number of links: items and top-ups.
    /// @return Contributions, messages and top-ups, below 2^32.
    function links() external view returns (uint32);

    /// @notice The number of contributions.
    /// @return The number of donors' tags.
    function contributions() external view returns (uint32);

    /// @notice The credits of all donors together.
    /// @return Credits, below 2^64.
    function totalCredits() external view returns (uint64);

    /// @notice A tag's contribution; payer 0 if there is none.
    /// @param tag The donor's tag.
    /// @return Payer and credits so far, and whether they were refunded.
    function donors(uint64 tag) external view returns (Donor memory);
}
