// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {
    KIND_CONTRIBUTION,
    KIND_MESSAGE,
    KIND_TOP_UP,
    CONTRIBUTION_LINK_BYTES,
    MESSAGE_LINK_BYTES,
    TOP_UP_LINK_BYTES,
    // solhint-disable-next-line no-unused-import, as solhint does not look into assembly
    MESSAGE_WORDS,
    P
} from "../generated/Params.sol";
import {IRoundTally} from "../interfaces/IRoundTally.sol";
import {Challenges, Donor} from "../interfaces/RoundTypes.sol";
import {LinkChain} from "./LinkChain.sol";

/// @title Replays encoded links into the chain hash and the product of fingerprints (TALLY-3, TALLY-4)
/// @notice What a chunk says is believed only once its hash has been checked; until then any bytes may come, so
/// nothing here may depend on words being below p.
library Replay {
    /// @notice Where a replay stands between links: chain hash, number of the last item, PM.
    struct Cursor {
        bytes32 chain;
        uint256 t;
        uint256 product;
    }

    /// @notice Absorbs a chunk forward into `cursor`, to its end or to where its hash is `pointer`: what lies behind has been
    /// replayed since the chunk was made.
    /// @param donors Source of final credits (LINK-3); the credits in a link are the initial ones.
    function absorb(
        Cursor memory cursor,
        bytes32 pointer,
        bytes calldata links,
        Challenges memory challenges,
        mapping(uint64 tag => Donor) storage donors
    ) internal view {
        uint256 position = 0;
        while (position < links.length && cursor.chain != pointer) {
            uint256 kind = uint8(links[position]);
            uint256 length = _lengthOf(kind, position);
            if (length > links.length - position) revert IRoundTally.TruncatedLink(position);

            cursor.chain = LinkChain.absorbEncoded(cursor.chain, links, position, length);
            if (kind != KIND_TOP_UP) {
                cursor.t += 1;
                uint256 fields =
                    kind == KIND_MESSAGE
                        ? _messageFields(links, position, challenges.g)
                        : _contributionFields(links, position, challenges.g, donors);
                // f = t + g·(kind + g·fields); PM *= beta - f
                uint256 f = addmod(cursor.t, mulmod(challenges.g, kind + fields, P), P);
                cursor.product = mulmod(cursor.product, addmod(challenges.beta, P - f, P), P);
            }
            position += length;
        }
    }

    function _lengthOf(uint256 kind, uint256 position) private pure returns (uint256) {
        if (kind == KIND_MESSAGE) return MESSAGE_LINK_BYTES;
        if (kind == KIND_CONTRIBUTION) return CONTRIBUTION_LINK_BYTES;
        if (kind == KIND_TOP_UP) return TOP_UP_LINK_BYTES;
        revert IRoundTally.UnknownLinkKind(position, kind);
    }

    /// @dev g·tag + g²·credits + g³·key.x + g⁴·key.y, below p.
    function _contributionFields(
        bytes calldata links,
        uint256 position,
        uint256 g,
        mapping(uint64 tag => Donor) storage donors
    ) private view returns (uint256 sum) {
        uint64 tag = uint64(bytes8(links[position + 1:position + 9]));
        sum = mulmod(g, uint256(bytes32(links[position + 41:position + 73])), P);
        sum = mulmod(g, addmod(sum, uint256(bytes32(links[position + 9:position + 41])), P), P);
        sum = mulmod(g, addmod(sum, donors[tag].credits, P), P);
        sum = mulmod(g, addmod(sum, tag, P), P);
    }

    /// @dev Σ g^(4+i)·word_i for i = 1..11, below p: tag, credits and key of a message are 0.
    function _messageFields(bytes calldata links, uint256 position, uint256 g) private pure returns (uint256 sum) {
        // solhint-disable-next-line no-inline-assembly, as eleven slices with bounds checks would cost more than the sum
        assembly ("memory-safe") {
            let first := add(add(links.offset, position), 1)
            let word := add(first, mul(MESSAGE_WORDS, 32))
            for {} gt(word, first) {} {
                word := sub(word, 32)
                sum := mulmod(g, addmod(sum, calldataload(word), P), P)
            }
            let g2 := mulmod(g, g, P)
            sum := mulmod(sum, mulmod(g2, g2, P), P)
        }
    }
}
