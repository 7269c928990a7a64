// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {Hashes} from "@openzeppelin/contracts/utils/cryptography/Hashes.sol";
import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";
import {IChecker} from "../interfaces/IChecker.sol";
import {PackedEvidence} from "../libraries/PackedEvidence.sol";

/// @title A condition: the payer is not on a list of accounts (GATE-6)
/// @notice The tree is over the gaps between the listed accounts in ascending order, with 0 before the first and 2^160 behind the
/// last: leaves are keccak256(keccak256(abi.encode(low, high))), pairs are hashed in sorted order. Who lies within a gap is not
/// listed; who is listed lies in none. The evidence is low, high and the path, 32 bytes each, one after the other.
contract ExclusionChecker is IChecker {
    /// @inheritdoc IChecker
    bytes32 public constant id = "not-listed";

    /// @notice Root over the gaps.
    bytes32 public immutable root;

    /// @notice Thrown when (low, high) is no gap of the list, or the account does not lie within it.
    error NotShownUnlisted(address account, uint256 low, uint256 high);

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
        (uint256 low, uint256 high) = (PackedEvidence.wordAt(evidence, 0), PackedEvidence.wordAt(evidence, 1));
        uint256 account = uint160(payer);
        bytes32 leaf = keccak256(bytes.concat(Hashes.efficientKeccak256(bytes32(low), bytes32(high))));
        bool isWithin = low < account && account < high;
        if (!isWithin || !MerkleProof.verifyCalldata(PackedEvidence.wordsFrom(evidence, 2), root, leaf))
            revert NotShownUnlisted(payer, low, high);
        return (0, type(uint64).max);
    }
}
