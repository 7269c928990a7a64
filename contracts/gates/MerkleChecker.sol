// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {Hashes} from "@openzeppelin/contracts/utils/cryptography/Hashes.sol";
import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";
import {IChecker} from "../interfaces/IChecker.sol";

/// @title Knows the accounts of a Merkle tree, each with its own most credits (GATE-4)
/// @notice Leaves are keccak256(keccak256(abi.encode(account, maxCredits))), pairs are hashed in sorted order, as
/// OpenZeppelin's merkle-tree library does. The evidence is packed: maxCredits in eight
/// bytes, and then the nodes of the proof, the lowest first.
///
/// The payer must be the leaf's account, so a copied transaction admits nobody else. An account is its identity.
contract MerkleChecker is IChecker {
    /// @inheritdoc IChecker
    bytes32 public constant id = "merkle";

    /// @notice Root over all accounts.
    bytes32 public immutable root;

    /// @notice Thrown when (account, maxCredits) with this proof is not in the tree.
    error NotOnList(address account, uint64 maxCredits);

    constructor(bytes32 root_) {
        root = root_;
    }

    /// @inheritdoc IChecker
    function identify(
        address,
        address payer,
        uint64,
        uint64,
        bytes calldata evidence
    ) external view returns (bytes32 identity, uint64 maxCredits) {
        bytes32[] calldata proof;
        (maxCredits, proof) = _open(evidence);
        identity = bytes32(uint256(uint160(payer)));
        bytes32 leaf = keccak256(bytes.concat(Hashes.efficientKeccak256(identity, bytes32(uint256(maxCredits)))));
        if (!MerkleProof.verifyCalldata(proof, root, leaf)) revert NotOnList(payer, maxCredits);
    }

    /// @dev The proof stays where it is: copying it would cost more than checking it. Evidence that is no such thing is as good as
    /// none: 0 credits and an empty proof.
    function _open(bytes calldata evidence) private pure returns (uint64 maxCredits, bytes32[] calldata proof) {
        bool isWhole = evidence.length >= 8 && (evidence.length - 8) % 32 == 0;
        if (isWhole) maxCredits = uint64(bytes8(evidence[:8]));
        // solhint-disable-next-line no-inline-assembly, as only it points into calldata
        assembly ("memory-safe") {
            proof.offset := add(evidence.offset, 8)
            proof.length := mul(isWhole, shr(5, sub(evidence.length, 8)))
        }
    }
}
