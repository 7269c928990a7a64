// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {IDocuments} from "../interfaces/IDocuments.sol";

/// @title The documents that describe rounds and projects, as events (META-1)
contract Documents is IDocuments {
    uint256 private constant MOST_BYTES = 16_384;

    /// @inheritdoc IDocuments
    function publish(bytes[] calldata documents) external {
        for (uint256 i = 0; i < documents.length; i++) {
            uint256 length = documents[i].length;
            if (length == 0 || length > MOST_BYTES) revert DocumentLength(i, length, MOST_BYTES);
            emit Published(sha256(documents[i]), documents[i]);
        }
    }
}
