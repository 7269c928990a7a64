// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

// solhint-disable-next-line no-unused-import, as solhint does not look into assembly
import {KIND_CONTRIBUTION, KIND_MESSAGE, KIND_TOP_UP, MESSAGE_LINK_BYTES} from "../generated/Params.sol";

/// @title The hash chain over contributions, messages and top-ups: chain' = keccak256(chain ‖ link) (LINK-1)
/// @notice Links of different kinds differ in length, so what was hashed can be read in one way only.
library LinkChain {
    function absorbContribution(
        bytes32 chain,
        uint64 tag,
        uint256 keyX,
        uint256 keyY,
        uint64 credits
    ) internal pure returns (bytes32) {
        return keccak256(abi.encodePacked(chain, uint8(KIND_CONTRIBUTION), tag, keyX, keyY, credits));
    }

    function absorbTopUp(bytes32 chain, uint64 tag, uint64 newCredits) internal pure returns (bytes32) {
        return keccak256(abi.encodePacked(chain, uint8(KIND_TOP_UP), tag, newCredits));
    }

    function absorbMessage(bytes32 chain, uint256[11] calldata words) internal pure returns (bytes32 next) {
        // solhint-disable-next-line no-inline-assembly, as only it hashes without allocating
        assembly ("memory-safe") {
            // Scratch beyond the free pointer: chain (32 bytes), kind (1), words (352).
            let buffer := mload(0x40)
            mstore(buffer, chain)
            mstore8(add(buffer, 32), KIND_MESSAGE)
            calldatacopy(add(buffer, 33), words, sub(MESSAGE_LINK_BYTES, 1))
            next := keccak256(buffer, add(32, MESSAGE_LINK_BYTES))
        }
    }

    /// @notice Absorbs an encoded link, `links[position..position + length]`; the caller has checked that it lies within `links`.
    function absorbEncoded(
        bytes32 chain,
        bytes calldata links,
        uint256 position,
        uint256 length
    ) internal pure returns (bytes32 next) {
        // solhint-disable-next-line no-inline-assembly, as only it hashes without allocating
        assembly ("memory-safe") {
            let buffer := mload(0x40)
            mstore(buffer, chain)
            calldatacopy(add(buffer, 32), add(links.offset, position), length)
            next := keccak256(buffer, add(32, length))
        }
    }
}
