// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {Hashes} from "@openzeppelin/contracts/utils/cryptography/Hashes.sol";

// Levels of a mountain range: enough for 2^16 leaves (PARAM-5).
uint256 constant PEAK_LEVELS = 17;

/// @title A Merkle tree that grows by leaves and keeps only its peaks (MONEY-10)
/// @notice Peaks are the roots of perfect subtrees, one for each bit of the number of leaves: level h covers 2^h leaves.
/// Pairs are hashed in sorted order, so that OpenZeppelin's MerkleProof verifies.
library MountainRange {
    /// @notice The peaks in memory. Only those of set bits of `leaves` mean anything; `stored` leaves were there when it was loaded.
    struct Range {
        bytes32[PEAK_LEVELS] peaks;
        uint256 leaves;
        uint256 stored;
    }

    function load(bytes32[PEAK_LEVELS] storage peaks, uint256 leaves) internal view returns (Range memory range) {
        range.leaves = leaves;
        range.stored = leaves;
        for (uint256 level = 0; leaves >> level != 0; level++) {
            if ((leaves >> level) & 1 == 1) range.peaks[level] = peaks[level];
        }
    }

    /// @notice Adds a leaf: equal neighbours merge upwards, as in binary counting.
    /// @dev At most 2^16 leaves, which the caller knows: then the level written is at most 16. The hash is that of
    /// {Hashes-commutativeKeccak256}, in place, as this runs once for each entry of a result.
    function push(Range memory range, bytes32 leaf) internal pure {
        uint256 leaves = range.leaves;
        bytes32[PEAK_LEVELS] memory peaks = range.peaks;
        // solhint-disable-next-line no-inline-assembly, as this runs once for each entry of a result
        assembly ("memory-safe") {
            let node := leaf
            let peak := peaks
            for {
                let rest := leaves
            } and(rest, 1) {
                rest := shr(1, rest)
            } {
                let left := mload(peak)
                let isLess := lt(left, node)
                mstore(mul(iszero(isLess), 32), left)
                mstore(mul(isLess, 32), node)
                node := keccak256(0, 64)
                peak := add(peak, 32)
            }
            mstore(peak, node)
        }
        unchecked {
            range.leaves = leaves + 1;
        }
    }

    /// @notice Writes the peaks that cover a new leaf: level h ends at the leaf numbered `leaves` with its low h bits cleared.
    function store(Range memory range, bytes32[PEAK_LEVELS] storage peaks) internal {
        uint256 leaves = range.leaves;
        for (uint256 level = 0; leaves >> level != 0; level++) {
            if ((leaves >> level) & 1 == 1 && (leaves >> level) << level > range.stored)
                peaks[level] = range.peaks[level];
        }
    }

    /// @notice Forgets the peaks of so many leaves.
    function clear(bytes32[PEAK_LEVELS] storage peaks, uint256 leaves) internal {
        for (uint256 level = 0; leaves >> level != 0; level++) {
            if ((leaves >> level) & 1 == 1) delete peaks[level];
        }
    }

    /// @notice The root: peaks bagged from the smallest to the largest. 0 without leaves.
    function root(Range memory range) internal pure returns (bytes32 node) {
        bool found = false;
        for (uint256 level = 0; range.leaves >> level != 0; level++) {
            if ((range.leaves >> level) & 1 == 0) continue;
            node = found ? Hashes.commutativeKeccak256(range.peaks[level], node) : range.peaks[level];
            found = true;
        }
    }
}
