// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {P} from "../generated/Params.sol";
import {Challenges} from "../interfaces/RoundTypes.sol";

/// @title The transcript's seed and what is drawn from it
library Transcript {
    /// @notice What a commit fixes, in the order in which it is hashed (TALLY-1).
    struct Seed {
        bytes32 chainHead;
        uint256 items;
        uint256 projects;
        uint256 coordinatorKeyX;
        uint256 coordinatorKeyY;
        uint256 rowsDigest;
        bytes32 resultsHash;
        uint256 signs;
        uint256 context;
    }

    /// @notice ctx of the calling round (KEY-6).
    function context() internal view returns (uint256) {
        return uint256(keccak256(abi.encode(block.chainid, address(this)))) % P;
    }

    /// @notice The seed of the challenges (TALLY-1).
    function base(Seed memory seed) internal pure returns (bytes32) {
        return keccak256(abi.encode(seed));
    }

    /// @notice The challenges (TALLY-2). They are drawn anew in each call: four hashes cost less than one storage read.
    function challenges(bytes32 seed) internal pure returns (Challenges memory) {
        return Challenges({g: _draw(seed, 1), beta: _draw(seed, 2), theta: _draw(seed, 3), delta: _draw(seed, 4)});
    }

    function _draw(bytes32 seed, uint256 label) private pure returns (uint256) {
        return uint256(keccak256(abi.encode(seed, label))) % P;
    }
}
