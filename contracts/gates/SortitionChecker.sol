// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {BlockHeader} from "@openzeppelin/contracts/utils/BlockHeader.sol";
import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {Memory} from "@openzeppelin/contracts/utils/Memory.sol";
import {IChecker} from "../interfaces/IChecker.sol";
import {PackedEvidence} from "../libraries/PackedEvidence.sol";

/// @title Knows a jury that was drawn by lot out of a list of accounts (GATE-11)
/// @notice List, size and time of the draw are fixed before the time. The seed is the randomness (EIP-4399) of the first block
/// after it, which anyone can pin with two block headers, for as long as the chain knows that block's hash: about 8,191 blocks.
/// Entry i is drawn if keccak256(abi.encode(seed, i)) is at most (2^256 - 1)·jury/count: `jury` of `count` on average, and each
/// independently of all others.
///
/// Leaves are keccak256(keccak256(abi.encode(i, account, maxCredits))), i from 0; pairs are hashed in sorted order. The evidence is
/// i, maxCredits and the path, 32 bytes each, one after the other. An account is its identity.
///
/// Who makes the last block before the time, or the first after it, can withhold that block once and so have one other draw.
contract SortitionChecker is IChecker {
    using BlockHeader for Memory.Slice[];
    using PackedEvidence for bytes;

    /// @inheritdoc IChecker
    bytes32 public constant id = "sortition";

    /// @notice Root over the list.
    bytes32 public immutable root;

    /// @notice Entries of the list.
    uint64 public immutable count;

    /// @notice How many of them are drawn on average.
    uint64 public immutable jury;

    /// @notice The first block later than this draws; seconds since 1970.
    uint64 public immutable drawTime;

    /// @dev The largest hash that is drawn.
    uint256 private immutable _largest;

    /// @notice The randomness that draws; 0 until it is pinned.
    uint256 public seed;

    /// @notice Emitted when the draw is pinned.
    event Drawn(uint256 seed);

    /// @notice Thrown when the jury is nobody, or more than the list has.
    error WrongJury(uint64 jury, uint64 count);

    /// @notice Thrown when the time is not ahead: then list and seed could have been chosen together.
    error DrawNotAhead(uint64 drawTime, uint256 time);

    /// @notice Thrown when the headers are not of the last block until the time and of the first after it, or the chain does not
    /// know their hash any more, or has no randomness.
    error NotTheDraw();

    /// @notice Thrown when the seed is not pinned yet.
    error NotDrawnYet(uint64 drawTime);

    /// @notice Thrown when (i, account, maxCredits) with this proof is not in the list.
    error NotOnDrawnList(uint256 i, address account, uint256 maxCredits);

    /// @notice Thrown when the lot did not fall on an entry.
    error NotDrawn(uint256 i, address account);

    constructor(bytes32 root_, uint64 count_, uint64 jury_, uint64 drawTime_) {
        if (jury_ == 0 || jury_ > count_) revert WrongJury(jury_, count_);
        // solhint-disable-next-line not-rely-on-time, as the draw is at a time
        if (drawTime_ <= block.timestamp) revert DrawNotAhead(drawTime_, block.timestamp);
        root = root_;
        count = count_;
        jury = jury_;
        drawTime = drawTime_;
        _largest = Math.mulDiv(type(uint256).max, jury_, count_);
    }

    /// @notice Pins the seed; anyone may, and the answer is the same whoever does and however often.
    /// @param last The RLP-encoded header of the last block until the time.
    /// @param first That of the block after it.
    function pin(bytes calldata last, bytes calldata first) external {
        Memory.Slice[] memory fields = BlockHeader.parseHeader(first);
        uint256 drawn = uint256(fields.getPrevRandao());
        bool isChain = fields.getParentHash() == keccak256(last) && fields.verifyBlockHeader(keccak256(first));
        if (!isChain || fields.getTimestamp() <= drawTime || BlockHeader.getTimestamp(last) > drawTime || drawn == 0)
            revert NotTheDraw();
        seed = drawn;
        emit Drawn(drawn);
    }

    /// @inheritdoc IChecker
    function identify(
        address,
        address payer,
        uint64,
        uint64,
        bytes calldata evidence
    ) external view returns (bytes32 identity, uint64 maxCredits) {
        (uint256 i, uint256 most) = (evidence.wordAt(0), evidence.wordAt(1));
        bytes32 leaf = keccak256(bytes.concat(keccak256(abi.encode(i, payer, most))));
        bool isListed = i < count && most <= type(uint64).max;
        if (!isListed || !MerkleProof.verifyCalldata(evidence.wordsFrom(2), root, leaf))
            revert NotOnDrawnList(i, payer, most);
        if (seed == 0) revert NotDrawnYet(drawTime);
        if (uint256(keccak256(abi.encode(seed, i))) > _largest) revert NotDrawn(i, payer);
        // The cast is safe, as isListed says.
        return (bytes32(uint256(uint160(payer))), uint64(most));
    }
}
