// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";
import {IChecker} from "../interfaces/IChecker.sol";
import {PackedEvidence} from "../libraries/PackedEvidence.sol";

/// @title Knows who holds a token of an ERC-721 contract, at the moment (GATE-9)
/// @notice The token is the identity, not its holder: whoever sells it after contributing has sold one that is used up in this
/// round, and whose limit stays the seller's. The evidence is the token's number, 32 bytes.
contract TokenChecker is IChecker {
    /// @inheritdoc IChecker
    bytes32 public constant id = "erc721";

    /// @notice The tokens' contract.
    IERC721 public immutable token;

    /// @notice The most credits for each token.
    uint64 public immutable creditsEach;

    /// @notice Thrown when there is no such token, or the account does not hold it.
    error NotTokenHolder(uint256 tokenId, address account);

    constructor(IERC721 token_, uint64 creditsEach_) {
        token = token_;
        creditsEach = creditsEach_;
    }

    /// @inheritdoc IChecker
    function identify(
        address,
        address payer,
        uint64,
        uint64,
        bytes calldata evidence
    ) external view returns (bytes32 identity, uint64 maxCredits) {
        uint256 tokenId = PackedEvidence.wordAt(evidence, 0);
        try token.ownerOf(tokenId) returns (address holder) {
            if (holder != payer) revert NotTokenHolder(tokenId, payer);
        } catch {
            revert NotTokenHolder(tokenId, payer);
        }
        // Hashed, as a token may be number 0, and identity 0 is nobody.
        return (keccak256(abi.encode(tokenId)), creditsEach);
    }
}
