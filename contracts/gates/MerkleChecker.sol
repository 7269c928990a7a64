// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {Hashes} from "@openzeppelin/contracts/utils/cryptography/Hashes.sol";
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

    /// @dev abi.decode of the evidence, but the proof stays where it is: copying it would cost more than checking it. Evidence
    /// that is no such thing is as good as none: 0 credits and an empty proof.
    function _open(bytes calldata evidence) private pure returns (uint64 maxCredits, bytes32[] calldata proof) {
        // solhint-disable-next-line no-inline-assembly, as only it points into calldata
        assembly ("memory-safe") {
            proof.offset := evidence.offset
            proof.length := 0
            if gt(evidence.length, 95) {
                let most := calldataload(evidence.offset)
                let at := calldataload(add(evidence.offset, 32))
                // The array's length, and then as many words, must lie within the evidence.
                if and(iszero(shr(64, most)), iszero(gt(at, sub(evidence.length, 32)))) {
                    let count := calldataload(add(evidence.offset, at))
                    if iszero(gt(count, shr(5, sub(sub(evidence.length, 32), at)))) {
                        maxCredits := most
                        proof.offset := add(add(evidence.offset, at), 32)
                        proof.length := count
                    }
                }
            }
        }
    }
}
