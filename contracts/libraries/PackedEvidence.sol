// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

/// @title Evidence of some words, and perhaps a Merkle proof behind them, one after the other without lengths
/// @notice What is too short reads as zeros and an empty proof: it is for the checker to refuse those, as it refuses any others.
library PackedEvidence {
    /// @notice Word number `place`, from 0; 0 behind the end.
    function wordAt(bytes calldata evidence, uint256 place) internal pure returns (uint256) {
        uint256 from = place * 32;
        return evidence.length < from + 32 ? 0 : uint256(bytes32(evidence[from:from + 32]));
    }

    /// @notice The whole words from number `place` on; copied nowhere, as that would cost more than to check them.
    function wordsFrom(bytes calldata evidence, uint256 place) internal pure returns (bytes32[] calldata words) {
        uint256 count = evidence.length / 32;
        count = count < place ? 0 : count - place;
        // solhint-disable-next-line no-inline-assembly, as only it points into calldata
        assembly ("memory-safe") {
            words.offset := add(evidence.offset, mul(place, 32))
            words.length := count
        }
    }
}
