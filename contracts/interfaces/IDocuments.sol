// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity >=0.8.24 <0.9;

/// @title A board for the documents that describe rounds and projects (META-1)
/// @notice Keeps no state: a document is found by the digest in its event, and whoever reads one hashes it again.
interface IDocuments {
    /// @notice Emitted for each document; `digest` is its SHA-256.
    event Published(bytes32 indexed digest, bytes document);

    /// @notice Thrown when document number `index` of a call has no bytes, or more than `most`.
    error DocumentLength(uint256 index, uint256 length, uint256 most);

    /// @notice Publishes documents. Anybody may publish any, again and again: a digest has one document.
    /// @param documents Up to 16,384 bytes each (META-1); what they say is not looked at.
    /// @dev Emits {Published} for each.
    function publish(bytes[] calldata documents) external;
}
