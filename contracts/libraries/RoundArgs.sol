// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {Clones} from "@openzeppelin/contracts/proxy/Clones.sol";
import {RoundConfig} from "../interfaces/RoundTypes.sol";

/// @title The immutable arguments in a round's code: settings and verifiers
/// @notice Reading all of them from code costs about as much as a tenth of one storage slot.
library RoundArgs {
    /// @dev Words of an encoded RoundConfig: one for each of its 21 fields.
    uint256 private constant CONFIG_BYTES = 21 * 32;

    function encode(RoundConfig memory settings, address foldVerifier, address closeVerifier)
        internal
        pure
        returns (bytes memory)
    {
        return abi.encode(settings, foldVerifier, closeVerifier);
    }

    /// @notice The settings of the calling round.
    /// @dev The encoding of a struct of value types is its layout in memory, and the factory cleaned each field.
    function config() internal view returns (RoundConfig memory settings) {
        bytes memory args = Clones.fetchCloneArgs(address(this));
        assembly ("memory-safe") {
            settings := add(args, 32)
        }
    }

    /// @notice The verifiers of the calling round.
    function verifiers() internal view returns (address foldVerifier, address closeVerifier) {
        bytes memory args = Clones.fetchCloneArgs(address(this));
        assembly ("memory-safe") {
            foldVerifier := mload(add(args, add(32, CONFIG_BYTES)))
            closeVerifier := mload(add(args, add(64, CONFIG_BYTES)))
        }
    }
}
