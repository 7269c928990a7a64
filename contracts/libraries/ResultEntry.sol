// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity >=0.8.24 <0.9;

import {RESULT_BITS, RESULT_CREDITS_SHIFT, RESULT_SIGN_SHIFT, RESULT_VOTES_SHIFT} from "../generated/Params.sol";

/// @title One entry of the result list: project (16 bits), |T| (64), sign of T (1), S (128) (TALLY-6)
/// @notice The narrowing casts select exactly the field's bits.
library ResultEntry {
    /// @dev The sign's bit in an entry, which 64 places further up counts 2^144.
    uint256 private constant SIGN = 1 << RESULT_SIGN_SHIFT;

    function project(uint256 entry) internal pure returns (uint256) {
        return uint16(entry);
    }

    /// @notice |T|, below 2^64.
    function magnitude(uint256 entry) internal pure returns (uint256) {
        return uint64(entry >> RESULT_VOTES_SHIFT);
    }

    function isNegative(uint256 entry) internal pure returns (bool) {
        return (entry >> RESULT_SIGN_SHIFT) & 1 == 1;
    }

    /// @notice T. The cast is safe and the negation does not wrap, as |T| < 2^64.
    function votes(uint256 entry) internal pure returns (int256) {
        int256 absolute = int256(magnitude(entry));
        unchecked {
            return isNegative(entry) ? -absolute : absolute;
        }
    }

    /// @notice S, below 2^128.
    function credits(uint256 entry) internal pure returns (uint256) {
        return uint128(entry >> RESULT_CREDITS_SHIFT);
    }

    /// @notice w = T² - S, but 0 where T ≤ 0 or T² ≤ S (MONEY-3); below 2^128.
    function weight(uint256 entry) internal pure returns (uint256) {
        uint256 absolute = magnitude(entry);
        // Nothing wraps: |T| < 2^64. The sign's bit counts 2^144 here: with it the sum is above any square.
        unchecked {
            uint256 square = absolute * absolute;
            uint256 cost = credits(entry) + ((entry & SIGN) << 64);
            return square > cost ? square - cost : 0;
        }
    }

    /// @notice The entry of a project, the other way round; in range if the entry that they come from was.
    function encode(uint256 j, int256 votesOf, uint256 creditsOf) internal pure returns (uint256) {
        // The casts are safe: |T| < 2^64.
        uint256 sign = votesOf < 0 ? 1 : 0;
        uint256 absolute = votesOf < 0 ? uint256(-votesOf) : uint256(votesOf);
        return j | (absolute << RESULT_VOTES_SHIFT) | (sign << RESULT_SIGN_SHIFT) | (creditsOf << RESULT_CREDITS_SHIFT);
    }

    function isTooLong(uint256 entry) internal pure returns (bool) {
        return entry >> RESULT_BITS != 0;
    }

    /// @notice The Merkle leaf keccak256(keccak256(abi.encode(j, T, S))) (MONEY-10).
    function leaf(uint256 j, int256 votesOf, uint256 creditsOf) internal pure returns (bytes32 hash) {
        // solhint-disable-next-line no-inline-assembly, as only it hashes without allocating
        assembly ("memory-safe") {
            // Scratch beyond the free pointer, not allocated: a long list would else pay for ever more memory.
            let buffer := mload(0x40)
            mstore(buffer, j)
            mstore(add(buffer, 32), votesOf)
            mstore(add(buffer, 64), creditsOf)
            mstore(buffer, keccak256(buffer, 96))
            hash := keccak256(buffer, 32)
        }
    }
}
