// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {BlockHeader} from "@openzeppelin/contracts/utils/BlockHeader.sol";
import {TrieProof} from "@openzeppelin/contracts/utils/cryptography/TrieProof.sol";
import {Memory} from "@openzeppelin/contracts/utils/Memory.sol";
import {RLP} from "@openzeppelin/contracts/utils/RLP.sol";
import {IChecker} from "../interfaces/IChecker.sol";

/// @title Knows who held how much of any ERC-20 token at the end of a block (GATE-14)
/// @notice The token needs no memory of its own: the balance is read from the chain's state at that block, by a proof of the token's
/// storage (`eth_getProof`). Which block is fixed in the constructor. The root of the token's storage in it is pinned once, by anyone,
/// with the block's header and the proof of the token's account, for as long as the chain knows that block's hash: about 8,191
/// blocks (EIP-2935). Moving tokens afterwards changes nothing. An account is its identity.
///
/// The balance lies where Solidity puts the value of a mapping from accounts whose place is `slot`:
/// keccak256(abi.encode(account, slot)), alone in its word and below 2^128. The evidence is the proof: its nodes from the root down, each behind its length in two bytes.
contract BalanceChecker is IChecker {
    using BlockHeader for Memory.Slice[];
    using RLP for bytes;
    using RLP for Memory.Slice;

    /// @inheritdoc IChecker
    bytes32 public constant id = "erc20-at-block";

    /// @notice The token.
    address public immutable token;

    /// @notice Place of the mapping of balances in its storage.
    uint256 public immutable slot;

    /// @notice The block at whose end balances count.
    uint256 public immutable blockNumber;

    /// @notice How much, in the token's smallest unit, gives one credit.
    uint256 public immutable unitsPerCredit;

    /// @notice Root of the token's storage at the end of that block; 0 until it is pinned.
    bytes32 public storageRoot;

    /// @notice Emitted when the root is pinned.
    event Pinned(bytes32 storageRoot);

    /// @notice Thrown when the header is not of that block, the chain does not know its hash any more, or not yet, or the proof is
    /// none of the token's account in it.
    error NotTheBlock(uint256 blockNumber);

    /// @notice Thrown when the root is not pinned yet.
    error NotPinnedYet(uint256 blockNumber);

    /// @notice Thrown when the proof shows no balance of the account at that block.
    error NoBalanceShown(address account);

    /// @notice Thrown when the word at the balance's place is more than any balance: the token keeps something else in it, too.
    error NotABalance(address account, uint256 word);

    /// @notice Thrown when the account held less than one credit's worth.
    error BalanceTooSmall(address account, uint256 balance, uint256 unitsPerCredit);

    constructor(address token_, uint256 slot_, uint256 blockNumber_, uint256 unitsPerCredit_) {
        token = token_;
        slot = slot_;
        blockNumber = blockNumber_;
        unitsPerCredit = unitsPerCredit_;
    }

    /// @notice Pins the root of the token's storage; anyone may, and it is the same whoever does and however often.
    /// @param header The RLP-encoded header of the block.
    /// @param accountProof The nodes from the block's state root down to the token's account.
    function pin(bytes calldata header, bytes[] calldata accountProof) external {
        Memory.Slice[] memory fields = BlockHeader.parseHeader(header);
        bool isBlock = fields.getNumber() == blockNumber && fields.verifyBlockHeader(keccak256(header));
        (bytes memory account, TrieProof.ProofError wrong) = TrieProof.tryTraverse(
            fields.getStateRoot(),
            abi.encodePacked(keccak256(abi.encodePacked(token))),
            accountProof
        );
        if (!isBlock || wrong != TrieProof.ProofError.NO_ERROR) revert NotTheBlock(blockNumber);
        // An account is its nonce, balance, storage root and code hash.
        bytes32 pinned = account.decodeList()[2].readBytes32();
        storageRoot = pinned;
        emit Pinned(pinned);
    }

    /// @inheritdoc IChecker
    function identify(
        address,
        address payer,
        uint64,
        uint64,
        bytes calldata evidence
    ) external view returns (bytes32 identity, uint64 maxCredits) {
        if (storageRoot == 0) revert NotPinnedYet(blockNumber);
        uint256 balance = 0;
        // By a call of its own, as a proof that shows nothing fails in many ways.
        try this.balanceIn(payer, evidence) returns (uint256 shown) {
            balance = shown;
        } catch {
            revert NoBalanceShown(payer);
        }
        // Large tokens mark in a bit of that word who is blocked: it would be a balance above all others.
        if (balance > type(uint128).max) revert NotABalance(payer, balance);
        if (unitsPerCredit == 0 || balance < unitsPerCredit) revert BalanceTooSmall(payer, balance, unitsPerCredit);
        uint256 most = balance / unitsPerCredit;
        return (
            bytes32(uint256(uint160(payer))),
            // The cast is safe by the comparison.
            most > type(uint64).max ? type(uint64).max : uint64(most)
        );
    }

    /// @notice What a proof shows that an account held, in the token's smallest unit; reverts where it shows nothing.
    /// @param account The account.
    /// @param evidence The proof, as {identify} takes it.
    /// @return The balance, which is not 0.
    function balanceIn(address account, bytes calldata evidence) external view returns (uint256) {
        bytes32 place = keccak256(abi.encode(account, slot));
        bytes memory key = abi.encodePacked(keccak256(abi.encodePacked(place)));
        return TrieProof.traverse(storageRoot, key, _nodesOf(evidence, account)).decodeUint256();
    }

    /// @dev The proof's nodes; what does not come out even is no proof.
    function _nodesOf(bytes calldata evidence, address account) private pure returns (bytes[] memory nodes) {
        uint256 count = 0;
        uint256 end = 0;
        for (; end + 2 <= evidence.length; count++) end += 2 + _lengthAt(evidence, end);
        if (end != evidence.length) revert NoBalanceShown(account);
        nodes = new bytes[](count);
        uint256 position = 0;
        for (uint256 i = 0; i < count; i++) {
            uint256 next = position + 2 + _lengthAt(evidence, position);
            nodes[i] = evidence[position + 2:next];
            position = next;
        }
    }

    function _lengthAt(bytes calldata evidence, uint256 position) private pure returns (uint256) {
        return uint16(bytes2(evidence[position:position + 2]));
    }
}
