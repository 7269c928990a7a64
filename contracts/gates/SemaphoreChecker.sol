// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {SemaphoreVerifier} from "@semaphore-protocol/contracts/base/SemaphoreVerifier.sol";
import {IChecker} from "../interfaces/IChecker.sol";

/// @title Knows that somebody is one of a group, and not who (GATE-12)
/// @notice The group is a Semaphore group (version 4): a tree over commitments to secrets that only their owners know, frozen here by
/// its root. The evidence is a Semaphore proof that the prover knows the secret of one leaf. Its nullifier, a hash of that secret and
/// of chain and round, is the identity: one member, one nullifier in a round, whatever the account; another one in another round.
///
/// The proof's message is the tag and the credits, so that neither a copy admits anybody else, nor does whoever sends it for the
/// member change what it is for. A member's limit is therefore what the last proof says, up to `creditsEach`.
///
/// The verifier is Semaphore's own, unchanged, in the same contract. Evidence is the nullifier and the proof's eight numbers (A, B, C
/// as the verifier takes them), 32 bytes each.
contract SemaphoreChecker is IChecker, SemaphoreVerifier {
    /// @dev Levels of the circuit: groups have at most 2^16 members. One depth, as each has keys of its own to load.
    uint256 private constant DEPTH = 16;

    /// @inheritdoc IChecker
    bytes32 public constant id = "semaphore";

    /// @notice Root of the group's tree.
    uint256 public immutable root;

    /// @notice The most credits for each member.
    uint64 public immutable creditsEach;

    /// @notice Thrown when this proves no membership for just this round, chain, tag and number of credits.
    error NotProvenMember(uint64 tag, uint64 credits);

    constructor(uint256 root_, uint64 creditsEach_) {
        root = root_;
        creditsEach = creditsEach_;
    }

    /// @inheritdoc IChecker
    function identify(
        address round,
        address,
        uint64 tag,
        uint64 credits,
        bytes calldata evidence
    ) external view returns (bytes32 identity, uint64 maxCredits) {
        if (evidence.length != 288) revert NotProvenMember(tag, credits);
        uint256 message = (uint256(credits) << 64) | tag;
        uint256 scope = uint256(keccak256(abi.encode(block.chainid, round)));
        (uint256 nullifier, uint256[2] memory a, uint256[2][2] memory b, uint256[2] memory c) = abi.decode(
            evidence,
            (uint256, uint256[2], uint256[2][2], uint256[2])
        );
        if (!this.verifyProof(a, b, c, [root, nullifier, _hash(message), _hash(scope)], DEPTH))
            revert NotProvenMember(tag, credits);
        return (bytes32(nullifier), credits < creditsEach ? credits : creditsEach);
    }

    /// @dev As Semaphore's contracts and libraries hash message and scope.
    function _hash(uint256 value) private pure returns (uint256) {
        return uint256(keccak256(abi.encode(value))) >> 8;
    }
}
