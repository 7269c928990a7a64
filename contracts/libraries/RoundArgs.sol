// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {RoundConfig} from "../interfaces/RoundTypes.sol";

/// @title The immutable arguments in a round's code: settings, verifiers, and who made it with which salt
/// @dev The round itself does not read the last two: whoever reads its code computes its address from them (PROV-2).
/// @notice Reading all of them from code costs about as much as a tenth of one storage slot.
library RoundArgs {
    /// @dev A clone's code is a proxy of this length, then the arguments (OpenZeppelin's Clones).
    uint256 private constant PROXY_BYTES = 0x2d;

    /// @dev Words of an encoded RoundConfig: one for each of its 26 fields.
    uint256 private constant CONFIG_BYTES = 26 * 32;

    function encode(
        RoundConfig memory settings,
        address foldVerifier_,
        address closeVerifier_,
        address factory,
        bytes32 salt
    ) internal pure returns (bytes memory) {
        return abi.encode(settings, foldVerifier_, closeVerifier_, factory, salt);
    }

    /// @notice Fills in the settings of the calling round.
    /// @dev The encoding of a struct of value types is its layout in memory, and the factory cleaned each field.
    function load(RoundConfig memory settings) internal view {
        // solhint-disable-next-line no-inline-assembly, as only it reads a part of the own code
        assembly ("memory-safe") {
            extcodecopy(address(), settings, PROXY_BYTES, CONFIG_BYTES)
        }
    }

    function foldVerifier() internal view returns (address) {
        return address(uint160(_wordAt(PROXY_BYTES + CONFIG_BYTES)));
    }

    function closeVerifier() internal view returns (address) {
        return address(uint160(_wordAt(PROXY_BYTES + CONFIG_BYTES + 32)));
    }

    function _wordAt(uint256 position) private view returns (uint256 word) {
        // solhint-disable-next-line no-inline-assembly, as only it reads a part of the own code
        assembly ("memory-safe") {
            extcodecopy(address(), 0, position, 32)
            word := mload(0)
        }
    }
}
