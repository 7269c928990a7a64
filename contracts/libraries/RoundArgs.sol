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

    /// @notice The arguments of the calling round. The first words are its settings, laid out like a struct in memory.
    function load() internal view returns (bytes memory args) {
        return Clones.fetchCloneArgs(address(this));
    }

    /// @notice The verifiers of the calling round.
    function verifiers() internal view returns (address foldVerifier, address closeVerifier) {
        bytes memory args = load();
        assembly ("memory-safe") {
            foldVerifier := mload(add(args, add(32, CONFIG_BYTES)))
            closeVerifier := mload(add(args, add(64, CONFIG_BYTES)))
        }
    }
}
