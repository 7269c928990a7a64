// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

/// @title The close circuit's public signals by name (CLOSE-1)
library CloseSignals {
    struct Named {
        uint256 g;
        uint256 beta;
        uint256 theta;
        uint256 delta;
        uint256 coordinatorKeyX;
        uint256 coordinatorKeyY;
        uint256 context;
        uint256 projects;
        uint256 signs;
        uint256 rowsDigest;
        uint256 product;
        uint256 acc;
        uint256 state;
    }

    /// @notice The signals in the circuit's order, which is the order of the fields above.
    function toArray(Named memory named) internal pure returns (uint256[13] memory signals) {
        // solhint-disable-next-line no-inline-assembly, as only it reads a struct as an array
        assembly ("memory-safe") {
            // A struct of 13 words and an array of 13 words are laid out alike in memory.
            signals := named
        }
    }
}
