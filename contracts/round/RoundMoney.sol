// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {LowLevelCall} from "@openzeppelin/contracts/utils/LowLevelCall.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";
import {IPayoutRule} from "../interfaces/IPayoutRule.sol";
import {IProjectRegistry} from "../interfaces/IProjectRegistry.sol";
import {IRoundMoney} from "../interfaces/IRoundMoney.sol";
import {IRoundPhases} from "../interfaces/IRoundPhases.sol";
import {Claim, Donor, RoundConfig, Settlement, Status} from "../interfaces/RoundTypes.sol";
import {ResultEntry} from "../libraries/ResultEntry.sol";
import {RoundTally} from "./RoundTally.sol";
import {RoundVault} from "./RoundVault.sol";

/// @title The pool, the settlement, and every way out for money
/// @notice Contributions + pool = payouts + fee + remainder + refunds, to the last unit (MONEY-8).
abstract contract RoundMoney is RoundVault, RoundTally, IRoundMoney {
    /// @dev Of this, a rule gets all but a sixty-fourth (EIP-150) and the price of the call: two million for one match.
    uint256 private constant MATCH_GAS = 2_040_000;

    /// @dev What each claim of a batch gets: MATCH_GAS behind two calls, and the claim itself. No more, so that no payee or rule uses
    /// up what the others need; and no less, so that none is skipped for want of gas, which the caller chose.
    uint256 private constant CLAIM_GAS = 2_400_000;

    /// @dev What must be left before each: a sixty-fourth more (EIP-150).
    uint256 private constant BATCH_GAS = 2_500_000;

    /// @inheritdoc IRoundMoney
    function fund(uint256 amount) external payable nonReentrant {
        RoundConfig memory settings = _config();
        _requireLive();
        _requireWithin(0, settings.end);
        if (settings.poolToken == address(0)) revert RoundWithoutMoney();
        if (amount == 0) revert FundingZero();
        uint128 before = _money.pool;
        if (amount > type(uint128).max - before) revert PoolTooLarge(before, amount);

        // The casts are safe by the line before; a sponsor's share is at most the pool.
        _money.pool = before + uint128(amount);
        _sponsors[msg.sender] += uint128(amount);
        _collect(settings.poolToken, amount);
        emit Funded(msg.sender, amount);
    }

    /// @inheritdoc IRoundMoney
    function claim(
        uint256 project,
        int256 votes,
        uint256 credits,
        bytes32[] calldata merkleProof
    ) external nonReentrant {
        RoundConfig memory settings = _config();
        _requirePaying(settings);
        if (!_hasPayouts(settings)) revert RoundWithoutMoney();
        bytes32 leaf = ResultEntry.leaf(project, votes, credits);
        if (!MerkleProof.verifyCalldata(merkleProof, bytes32(_list.numerator), leaf))
            revert NotInResult(project, votes, credits);
        uint256 bit = 1 << (project & 255);
        uint256 claimable = _claimable[project >> 8];
        if (claimable & bit == 0) revert NotClaimable(project);
        _claimable[project >> 8] = claimable ^ bit;

        (uint256 matched, uint256 shared) = _takeMatch(settings, ResultEntry.encode(project, votes, credits));
        _payProject(settings, project, credits, shared, matched);
    }

    /// @inheritdoc IRoundMoney
    /// @dev Each claim is a call of its own, so that what fails in it is undone, and each takes the lock: between them no foreign
    /// code runs, and a batch within any other call skips all.
    function claimBatch(Claim[] calldata claims) external {
        _requirePaying(_config());
        for (uint256 i = 0; i < claims.length; i++) {
            if (gasleft() < BATCH_GAS) revert TooLittleGas(gasleft(), BATCH_GAS);
            (bool ok, bytes4 reason) = _claimAlone(claims[i]);
            if (!ok) emit ClaimSkipped(claims[i].project, reason);
        }
    }

    /// @inheritdoc IRoundMoney
    function claimFee() external nonReentrant {
        RoundConfig memory settings = _config();
        _requirePaying(settings);
        uint256 fee = _feeOf(settings, _money.pool);
        if (fee == 0 || _money.feePaid) revert NothingToPay();

        _money.feePaid = true;
        _pay(settings.poolToken, settings.coordinator, fee);
        emit FeePaid(settings.coordinator, fee);
    }

    /// @inheritdoc IRoundMoney
    function claimRemainder() external nonReentrant {
        RoundConfig memory settings = _config();
        _requirePaying(settings);
        (uint256 amount, uint256 poolAmount) = _remainder(settings);
        if (amount == 0 && poolAmount == 0) revert NothingToPay();

        _money.unspentPaid = true;
        _money.dust = 0;
        _money.unshared = 0;
        _pay(settings.token, settings.remainderTo, amount);
        _pay(settings.poolToken, settings.remainderTo, poolAmount);
        emit RemainderPaid(settings.remainderTo, amount, poolAmount);
    }

    /// @inheritdoc IRoundMoney
    function claimMessageFees() external nonReentrant {
        RoundConfig memory settings = _config();
        Status current = _counters.status;
        if (current == Status.Live) revert IRoundPhases.NotFinalized(current);
        if (current == Status.Finalized) _requirePaying(settings);
        uint256 amount = _messageFees(settings);
        if (amount == 0) revert NothingToPay();

        _money.messageFeesPaid = true;
        address to = current == Status.Finalized ? settings.coordinator : settings.remainderTo;
        Address.sendValue(payable(to), amount);
        emit MessageFeesPaid(to, amount);
    }

    /// @inheritdoc IRoundMoney
    function refund(uint64 tag) external nonReentrant {
        RoundConfig memory settings = _config();
        _requireRefunding();
        if (settings.token == address(0)) revert RoundWithoutMoney();
        Donor memory donor = _donors[tag];
        if (donor.payer == address(0) || donor.refunded) revert NothingToPay();

        _donors[tag].refunded = true;
        // Below 2^192, and exactly what was collected (MONEY-7).
        uint256 amount = uint256(settings.unit) * donor.credits;
        _pay(settings.token, donor.payer, amount);
        emit Refunded(tag, donor.payer, amount);
    }

    /// @inheritdoc IRoundMoney
    function refundSponsor(address sponsor) external nonReentrant {
        uint128 given = _sponsors[sponsor];
        if (given == 0) revert NothingToPay();

        RoundConfig memory settings = _config();
        uint256 amount = given;
        if (_counters.status == Status.Finalized) {
            _requirePaying(settings);
            amount = _takeSurplus(given);
        } else {
            _requireRefunding();
        }
        _sponsors[sponsor] = 0;
        _pay(settings.poolToken, sponsor, amount);
        emit SponsorRefunded(sponsor, amount);
    }

    /// @inheritdoc IRoundMoney
    function pool() external view returns (uint128) {
        return _money.pool;
    }

    /// @inheritdoc IRoundMoney
    function sponsors(address sponsor) external view returns (uint128) {
        return _sponsors[sponsor];
    }

    /// @inheritdoc IRoundMoney
    function settlement() external view returns (Settlement memory result) {
        if (_counters.status != Status.Finalized) return result;
        Money memory money = _money;
        RoundConfig memory settings = _config();
        result.fee = _feeOf(settings, money.pool);
        result.available = money.pool - result.fee;
        result.budget = result.available - money.surplus;
        result.budgetLeft = money.budgetLeft;
        result.surplusLeft = money.surplusLeft;
        result.claimsLeft = _counters.claimsLeft;
        if (_isShared(settings)) result.leftovers = _leftovers(settings);
        (result.remainder, result.poolRemainder) = _remainder(settings);
    }

    /// @inheritdoc IRoundMoney
    function payoutState() external view returns (uint256[8] memory) {
        return _loadState(_list.stateUsed);
    }

    /// @inheritdoc IRoundMoney
    function isClaimable(uint256 project) external view returns (bool) {
        return (_claimable[project >> 8] >> (project & 255)) & 1 == 1;
    }

    /// @inheritdoc IRoundMoney
    function messageFees() external view returns (uint256) {
        return _messageFees(_config());
    }

    /// @dev MONEY-2, MONEY-4. The rule's budget is capped, and 0 where there is nobody to spend it on.
    function _settle(
        RoundConfig memory settings,
        List memory list
    ) internal override returns (uint256 fee, uint256 budget, uint256 surplus) {
        if (list.eligibleCredits > _counters.totalCredits)
            revert OverspentResult(list.eligibleCredits, _counters.totalCredits);
        uint256 available = _available(settings);
        fee = _money.pool - available;
        if (list.eligible != 0 && settings.poolToken != address(0)) {
            budget = IPayoutRule(settings.payoutRule).budget(_loadState(list.stateUsed), available, settings.unit);
            budget = Math.min(budget, available);
        }
        surplus = available - budget;
        // The casts are safe: both are at most the pool.
        _money.budgetLeft = uint128(budget);
        if (surplus != 0) {
            _money.surplus = uint128(surplus);
            _money.surplusLeft = uint128(surplus);
        }
    }

    /// @dev Calls {claim}. Of an error only the first word is read, as a payee may make it as long as it likes.
    function _claimAlone(Claim calldata one) private returns (bool ok, bytes4 reason) {
        bytes32[] calldata proof = one.merkleProof;
        bytes4 selector = IRoundMoney.claim.selector;
        // solhint-disable-next-line no-inline-assembly, as the compiler's own call takes 400 bytes of code, and copies all of an error
        assembly ("memory-safe") {
            // abi.encodeCall(claim, …) above the memory in use: in calldata the fields and the proof lie as the call wants them.
            let at := mload(64)
            let size := shl(5, proof.length)
            mstore(at, selector)
            calldatacopy(add(at, 4), one, 96)
            mstore(add(at, 100), 128)
            mstore(add(at, 132), proof.length)
            calldatacopy(add(at, 164), proof.offset, size)
            ok := call(CLAIM_GAS, address(), 0, at, add(164, size), 0, 32)
            if and(iszero(ok), gt(returndatasize(), 3)) {
                reason := and(mload(0), shl(224, 0xffffffff))
            }
        }
    }

    /// @dev Pays a project what it was given with its share of the leftovers, and its match (MONEY-12): in one transfer where token and
    /// payee are the same. Its credits are part of what donors paid for, so the sums stay below 2^193.
    function _payProject(
        RoundConfig memory settings,
        uint256 project,
        uint256 credits,
        uint256 shared,
        uint256 matched
    ) private {
        uint256 given = settings.token == address(0) ? 0 : settings.unit * credits;
        address recipient = IProjectRegistry(settings.registry).recipientOf(project);
        address matchRecipient = IProjectRegistry(settings.registry).matchRecipientOf(project);
        if (recipient == matchRecipient && settings.token == settings.poolToken) {
            _pay(settings.token, recipient, given + shared + matched);
        } else {
            _pay(settings.token, recipient, given + shared);
            _pay(settings.poolToken, matchRecipient, matched);
        }
        emit Claimed(project, recipient, matchRecipient, given, shared, matched);
    }

    /// @dev Takes one project's match from the budget, and its share of the leftovers (MONEY-5). The leftovers are given out
    /// along with the budget: after x units of a budget B, floor(L·x/B) of them are, whoever claims in which order; so nothing
    /// is lost, and a match m brings L·m/B to within a unit in every order. The last claim also takes what rounding left.
    function _takeMatch(RoundConfig memory settings, uint256 entry) private returns (uint256 matched, uint256 shared) {
        uint128 left = _money.budgetLeft;
        if (left != 0) matched = Math.min(_askMatch(settings, entry), left);
        uint24 claimsLeft = _counters.claimsLeft - 1;
        _counters.claimsLeft = claimsLeft;
        if (_isShared(settings)) {
            // What rounding left, less than a unit a project, goes with the last claim.
            if (claimsLeft == 0 && left - matched < _list.eligible) matched = left;
            (uint256 leftovers, uint256 budget) = (_leftovers(settings), _budget(settings));
            uint256 given = Math.mulDiv(leftovers, budget - left + matched, budget);
            shared = given - Math.mulDiv(leftovers, budget - left, budget);
            if (claimsLeft == 0) _money.unshared = leftovers - given;
        }
        // The cast is safe: at most `left`.
        left -= uint128(matched);
        if (claimsLeft == 0 && left != 0) {
            _money.dust += left;
            left = 0;
        }
        _money.budgetLeft = left;
    }

    /// @dev Whether the leftovers are shared among the projects. Not where the budget has fewer than 2^16 units a project:
    /// matches are then too coarse to share by, and most would fall to whoever claims last.
    function _isShared(RoundConfig memory settings) private view returns (bool) {
        if (!settings.shareLeftovers) return false;
        uint256 budget = _budget(settings);
        return budget != 0 && budget >> 16 >= _list.eligible;
    }

    /// @dev What the rule spends in all: the pool without fee and surplus.
    function _budget(RoundConfig memory settings) private view returns (uint256) {
        return _available(settings) - _money.surplus;
    }

    /// @dev What donors paid and did not spend on eligible projects, below 2^192; not negative, see {_settle}.
    function _leftovers(RoundConfig memory settings) private view returns (uint256) {
        if (settings.token == address(0)) return 0;
        return (_counters.totalCredits - _list.eligibleCredits) * uint256(settings.unit);
    }

    /// @dev What remainderTo may take now (MONEY-5), of the contributions' token and of the pool's.
    function _remainder(RoundConfig memory settings) private view returns (uint256 amount, uint256 poolAmount) {
        poolAmount = _money.dust;
        if (_isShared(settings)) amount = _money.unshared;
        else if (!_money.unspentPaid) amount = _leftovers(settings);
    }

    /// @dev A rule that reverts or answers less than a word is taken to say 0. One that reverts with less than MATCH_GAS may have
    /// done so for want of gas, which the caller chose: then the claim reverts too.
    function _askMatch(RoundConfig memory settings, uint256 entry) private view returns (uint256) {
        bytes memory question = abi.encodeCall(
            IPayoutRule.matchOf,
            (_loadState(_counters.stateUsed), _available(settings), settings.unit, entry)
        );
        uint256 left = gasleft();
        (bool ok, bytes32 answer, ) = LowLevelCall.staticcallReturn64Bytes(settings.payoutRule, question);
        if (!ok && left < MATCH_GAS) revert TooLittleGas(left, MATCH_GAS);
        return ok && LowLevelCall.returnDataSize() >= 32 ? uint256(answer) : 0;
    }

    /// @dev A sponsor's share of the surplus, rounded down; after the last sponsor the rest is dust (MONEY-4, MONEY-5).
    function _takeSurplus(uint128 given) private returns (uint256 amount) {
        uint128 total = _money.pool;
        uint128 left = _money.surplusLeft;
        uint256 surplus = _money.surplus;
        if (surplus == 0) revert NothingToPay();
        // Both factors are below 2^128.
        amount = (given * surplus) / total;
        // The cast is safe: shares, rounded down, add up to at most the surplus.
        left -= uint128(amount);
        uint128 paid = _money.sponsorsPaid + given;
        _money.sponsorsPaid = paid;
        if (paid == total && left != 0) {
            _money.dust += left;
            left = 0;
        }
        _money.surplusLeft = left;
    }

    function _messageFees(RoundConfig memory settings) private view returns (uint256) {
        if (_money.messageFeesPaid) return 0;
        return uint256(_counters.items - _counters.contributions) * settings.messageFee;
    }

    function _requireRefunding() private view {
        Status current = _counters.status;
        if (current != Status.Aborted && current != Status.Cancelled) revert IRoundPhases.NotRefunding(current);
    }
}
