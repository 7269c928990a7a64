// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";
import {IGate} from "../interfaces/IGate.sol";

/// @title Admits the accounts of a Merkle tree, each once a round and up to its own number of credits (GATE-2)
/// @notice Leaves are keccak256(keccak256(abi.encode(account, maxCredits))), pairs are hashed in sorted order, as
/// OpenZeppelin's merkle-tree library does. The data of a call is abi.encode(uint64 maxCredits, bytes32[] proof).
///
/// The payer must be the leaf's account, so a copied transaction admits nobody else (GATE-1). One gate may serve many
/// rounds: records are kept by round.
contract AllowListGate is IGate {
    /// @notice Root over all accounts.
    bytes32 public immutable root;

    /// @notice The tag that an account was admitted with in a round, 0 if none.
    mapping(address round => mapping(address account => uint64 tag)) public admitted;

    /// @notice Emitted when a round's donor was admitted.
    event Admitted(address indexed round, address indexed account, uint64 tag);

    /// @notice Thrown when (account, maxCredits) with this proof is not in the tree.
    error NotOnList(address account, uint64 maxCredits);

    /// @notice Thrown when an account wants more credits than its leaf allows.
    error AboveLimit(uint64 credits, uint64 maxCredits);

    /// @notice Thrown when an account comes a second time.
    error AlreadyAdmitted(address account, uint64 tag);

    /// @notice Thrown when a top-up is for a tag that the account was not admitted with.
    error NotAdmitted(address account, uint64 tag);

    constructor(bytes32 root_) {
        root = root_;
    }

    /// @inheritdoc IGate
    function admit(address payer, uint64 tag, uint64 credits, bytes calldata data) external {
        uint64 earlier = admitted[msg.sender][payer];
        if (earlier != 0) revert AlreadyAdmitted(payer, earlier);
        _requireListed(payer, credits, data);
        admitted[msg.sender][payer] = tag;
        emit Admitted(msg.sender, payer, tag);
    }

    /// @inheritdoc IGate
    function admitTopUp(address payer, uint64 tag, uint64 newCredits, bytes calldata data) external view {
        if (admitted[msg.sender][payer] != tag) revert NotAdmitted(payer, tag);
        _requireListed(payer, newCredits, data);
    }

    function _requireListed(address account, uint64 credits, bytes calldata data) private view {
        (uint64 maxCredits, bytes32[] memory proof) = abi.decode(data, (uint64, bytes32[]));
        bytes32 leaf = keccak256(bytes.concat(keccak256(abi.encode(account, maxCredits))));
        if (!MerkleProof.verify(proof, root, leaf)) revert NotOnList(account, maxCredits);
        if (credits > maxCredits) revert AboveLimit(credits, maxCredits);
    }
}
