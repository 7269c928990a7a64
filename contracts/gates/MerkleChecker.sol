// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";
import {IChecker} from "../interfaces/IChecker.sol";

/// @title Knows the accounts of a Merkle tree, each with its own most credits (GATE-4)
/// @notice Leaves are keccak256(keccak256(abi.encode(account, maxCredits))), pairs are hashed in sorted order, as
/// OpenZeppelin's merkle-tree library does. The evidence is abi.encode(uint64 maxCredits, bytes32[] proof).
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
    function identify(address, address payer, uint64, uint64, bytes calldata evidence)
        external
        view
        returns (bytes32 identity, uint64 maxCredits)
    {
        bytes32[] memory proof;
        (maxCredits, proof) = abi.decode(evidence, (uint64, bytes32[]));
        bytes32 leaf = keccak256(bytes.concat(keccak256(abi.encode(payer, maxCredits))));
        if (!MerkleProof.verify(proof, root, leaf)) revert NotOnList(payer, maxCredits);
        identity = bytes32(uint256(uint160(payer)));
    }
}
