// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

// solhint-disable-next-line no-unused-import, as solhint does not look into assembly
import {MESSAGE_WORDS, P} from "../generated/Params.sol";
import {IGate} from "../interfaces/IGate.sol";
import {IRoundItems} from "../interfaces/IRoundItems.sol";
import {Donor, RoundConfig} from "../interfaces/RoundTypes.sol";
import {BabyJubjub} from "../libraries/BabyJubjub.sol";
import {LinkChain} from "../libraries/LinkChain.sol";
import {RoundVault} from "./RoundVault.sol";

/// @title Contributions, top-ups and messages
abstract contract RoundItems is RoundVault, IRoundItems {
    /// @inheritdoc IRoundItems
    function contribute(
        uint256 keyX,
        uint256 keyY,
        uint256 amount,
        bytes calldata gateData
    ) external payable nonReentrant returns (uint64 tag) {
        RoundConfig memory settings = _config();
        _requireLive();
        _requireWithin(settings.start, settings.end);
        if (!BabyJubjub.isAcceptable(keyX, keyY)) revert UnacceptablePoint(keyX, keyY);
        uint64 credits = _creditsOf(amount, settings.unit, settings.minContribution);

        // The cast keeps the low 64 bits, which is what a tag is (KEY-7).
        tag = uint64(uint256(keccak256(abi.encode(msg.sender, keyX, keyY))));
        if (tag == 0) revert TagZero();
        if (_donors[tag].payer != address(0)) revert TagTaken(tag);
        IGate(settings.gate).admit(msg.sender, tag, credits, gateData);

        uint32 t = _counters.items + 1;
        _counters.items = t;
        _counters.links += 1;
        _counters.contributions += 1;
        _counters.totalCredits = _sumOf(_counters.totalCredits, credits);
        _donors[tag] = Donor({payer: msg.sender, credits: credits, refunded: false});
        _chainHead = LinkChain.absorbContribution(_chainHead, tag, keyX, keyY, credits);
        _collect(settings.token, amount);
        emit Contributed(tag, msg.sender, t, keyX, keyY, credits);
    }

    /// @inheritdoc IRoundItems
    function topUp(uint64 tag, uint256 amount, bytes calldata gateData) external payable nonReentrant {
        RoundConfig memory settings = _config();
        _requireLive();
        _requireWithin(settings.start, settings.end);
        Donor memory donor = _donors[tag];
        if (msg.sender != donor.payer) revert NotPayer(tag, msg.sender);
        uint64 added = _creditsOf(amount, settings.unit, settings.minTopUp);
        uint64 credits = _sumOf(donor.credits, added);
        IGate(settings.gate).admitTopUp(msg.sender, tag, credits, gateData);

        _counters.links += 1;
        _counters.totalCredits = _sumOf(_counters.totalCredits, added);
        _donors[tag].credits = credits;
        _chainHead = LinkChain.absorbTopUp(_chainHead, tag, credits);
        _collect(settings.token, amount);
        emit ToppedUp(tag, credits);
    }

    /// @inheritdoc IRoundItems
    function publish(uint256[11] calldata words) external payable nonReentrant {
        uint256 t = _beforePublishing(1);
        _chainHead = _absorb(_chainHead, words);
        emit MessagePublished(t + 1, words);
    }

    /// @inheritdoc IRoundItems
    function publishBatch(uint256[11][] calldata messages) external payable nonReentrant {
        uint256 t = _beforePublishing(messages.length);
        bytes32 chain = _chainHead;
        for (uint256 i = 0; i < messages.length; i++) {
            chain = _absorb(chain, messages[i]);
            t += 1;
            emit MessagePublished(t, messages[i]);
        }
        _chainHead = chain;
    }

    /// @inheritdoc IRoundItems
    function chainHead() external view returns (bytes32) {
        return _chainHead;
    }

    /// @inheritdoc IRoundItems
    function items() external view returns (uint32) {
        return _counters.items;
    }

    /// @inheritdoc IRoundItems
    function links() external view returns (uint32) {
        return _counters.links;
    }

    /// @inheritdoc IRoundItems
    function contributions() external view returns (uint32) {
        return _counters.contributions;
    }

    /// @inheritdoc IRoundItems
    function totalCredits() external view returns (uint64) {
        return _counters.totalCredits;
    }

    /// @inheritdoc IRoundItems
    function donors(uint64 tag) external view returns (Donor memory) {
        return _donors[tag];
    }

    /// @dev Phase and fee of `count` messages (PHASE-1); counts them and returns the number of the item before them. The
    /// casts are safe: calldata with 2^32 messages cannot exist; the checked additions keep items and links below 2^32
    /// (PARAM-5).
    function _beforePublishing(uint256 count) private returns (uint256) {
        RoundConfig memory settings = _config();
        _requireLive();
        _requireWithin(0, settings.end);
        uint256 due = count * settings.messageFee;
        if (msg.value != due) revert WrongMessageFee(msg.value, due);
        uint32 before = _counters.items;
        _counters.items = before + uint32(count);
        _counters.links += uint32(count);
        return before;
    }

    /// @dev The door: R acceptable, every word below p (MSG-1).
    function _absorb(bytes32 chain, uint256[11] calldata words) private pure returns (bytes32) {
        if (!BabyJubjub.isAcceptable(words[0], words[1])) revert UnacceptablePoint(words[0], words[1]);
        bool allBelow = true;
        // solhint-disable-next-line no-inline-assembly, as nine bounds checks would cost more than what they check
        assembly ("memory-safe") {
            // The nine words of ciphertext.
            let end := add(words, mul(MESSAGE_WORDS, 32))
            for {
                let word := add(words, 64)
            } lt(word, end) {
                word := add(word, 32)
            } {
                allBelow := and(allBelow, lt(calldataload(word), P))
            }
        }
        if (!allBelow) _revertNotAWord(words);
        return LinkChain.absorbMessage(chain, words);
    }

    function _revertNotAWord(uint256[11] calldata words) private pure {
        for (uint256 i = 2; i < words.length; i++) {
            if (words[i] >= P) revert NotAWord(words[i]);
        }
    }

    /// @dev amount = credits·unit exactly, credits ≥ least, below 2^64 (PHASE-2, PHASE-3, PARAM-5).
    function _creditsOf(uint256 amount, uint256 unit, uint256 least) private pure returns (uint64) {
        if (amount % unit != 0) revert AmountNotMultipleOfUnit(amount, unit);
        uint256 credits = amount / unit;
        if (credits < least) revert TooFewCredits(credits, least);
        return _sumOf(0, credits);
    }

    /// @dev before + added, below 2^64 (PARAM-5). The cast is safe by the line before it.
    function _sumOf(uint64 before, uint256 added) private pure returns (uint64) {
        if (added > type(uint64).max - before) revert TooManyCredits(before, added);
        return uint64(before + added);
    }
}
