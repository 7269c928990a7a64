// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IPayoutRule} from "../interfaces/IPayoutRule.sol";
import {ResultEntry} from "../libraries/ResultEntry.sol";

/// @title Quadratic funding with a ceiling and a floor for each match, and what the ceiling saves shared among the others (PAYOUT-1)
/// @notice A project counts if its T is positive and T² ≥ minSupporters·S; any other has no match. A ceiling C_j is capBps of the
/// pool, and no more than maxTimes what donors gave to the project. With one rate λ for all, a match is min(C_j, λ·w_j), and λ is
/// such that the pool is used up, or with `paySurplus` false at most `unit`. Projects below their ceilings then get at
/// least the floor F, at the expense of those of them that have more, in proportion to how much more.
///
/// The hint is λ as a fraction p/q and the number n of projects below their ceilings: three words. Those below have the weights
/// W together, those at their ceilings take ΣC. Accepted is (available - ΣC, W, n), or with `paySurplus` false (unit, 1, n) if
/// ΣC + unit·W ≤ available, and else the former. Exactly one hint is accepted for any list: what is paid grows with λ until
/// all are at their ceilings, so that one λ at most uses up the pool.
contract CappedPayout is IPayoutRule {
    using ResultEntry for uint256;

    /// @dev What a state tells, unpacked.
    struct Terms {
        uint256 cap;
        uint256 times;
        uint256 p;
        uint256 q;
        uint256 n;
        uint256 floor;
    }

    /// @dev What was counted so far: at their ceilings, above the floor, at the floor.
    struct Sums {
        uint256 capped;
        uint256 middle;
        uint256 low;
        uint256 capsTotal;
        uint256 middleWeight;
        uint256 lowWeight;
    }

    /// @inheritdoc IPayoutRule
    bytes32 public constant id = "capped";

    uint256 private constant WHOLE = 10_000;
    uint256 private constant HALF = type(uint128).max;
    uint256 private constant COUNT = type(uint24).max;

    /// @notice The ceiling of a match, in 1/10,000 of the pool without the coordinator's fee; in [1, 10,000].
    uint256 public immutable capBps;

    /// @notice F, the least that a project gets that counts and is below its ceiling, in units of the pool's token, below 2^128.
    /// Where the pool does not suffice for it, an equal share of what is there for them; never more than the ceiling.
    uint256 public immutable floorAmount;

    /// @notice m ≥ 1: projects with T² < m·S have no match. T²/S is at most the number of supporters, whatever they gave
    /// (Cauchy-Schwarz), so that m supporters at least are proved. With 1, all count that have more votes for than against.
    uint256 public immutable minSupporters;

    /// @notice The most that a match may be, as a multiple of what donors gave to the project, unit·S; 0 for no such ceiling.
    uint256 public immutable maxTimes;

    /// @notice Whether λ may exceed `unit`, that is, whether matches may be more than full quadratic funding.
    bool public immutable paySurplus;

    /// @notice Thrown for settings that are out of range, or for a floor beside maxTimes or beside a surplus that returns.
    error WrongSettings();

    /// @notice Thrown when the hint is not the one for this list.
    error WrongHint();

    /// @notice Thrown for a list whose sums no result that can be closed has.
    error SumsTooLarge();

    constructor(uint16 capBps_, uint128 floorAmount_, uint16 minSupporters_, uint32 maxTimes_, bool paySurplus_) {
        if (capBps_ == 0 || capBps_ > WHOLE || minSupporters_ == 0) revert WrongSettings();
        if (floorAmount_ != 0 && (maxTimes_ != 0 || !paySurplus_)) revert WrongSettings();
        capBps = capBps_;
        floorAmount = floorAmount_;
        minSupporters = minSupporters_;
        maxTimes = maxTimes_;
        paySurplus = paySurplus_;
    }

    /// @inheritdoc IPayoutRule
    /// @dev state[0]: p, q. [1]: weights of low and middle. [2]: the ceiling (128 bits), then n and the three counts (24 bits
    /// each). [3], only with maxTimes: unit and the sum of the ceilings reached.
    function begin(
        bytes calldata hint,
        uint256 available,
        uint256 unit
    ) external view returns (uint256[8] memory state) {
        if (hint.length != 96) revert WrongHint();
        (uint256 p, uint256 q, uint256 n) = abi.decode(hint, (uint256, uint256, uint256));
        if (p > HALF || q > HALF || n > COUNT) revert WrongHint();
        state[0] = p | (q << 128);
        state[2] = _capOf(available) | (n << 128);
        if (maxTimes != 0) state[3] = unit;
    }

    /// @inheritdoc IPayoutRule
    function accumulate(
        uint256[8] calldata state,
        uint256[] calldata entries
    ) external view returns (uint256[8] memory result) {
        Terms memory terms = _terms(state, state[3] & HALF);
        Sums memory sums = _sums(state);
        for (uint256 i = 0; i < entries.length; i++) _count(terms, sums, entries[i]);
        if ((sums.lowWeight | sums.middleWeight | sums.capsTotal) > HALF) revert SumsTooLarge();
        result[0] = state[0];
        result[1] = sums.lowWeight | (sums.middleWeight << 128);
        result[2] = terms.cap | (terms.n << 128) | (sums.capped << 152) | (sums.middle << 176) | (sums.low << 200);
        if (maxTimes != 0) result[3] = (state[3] & HALF) | (sums.capsTotal << 128);
    }

    /// @inheritdoc IPayoutRule
    function budget(uint256[8] calldata state, uint256 available, uint256 unit) external view returns (uint256) {
        Terms memory terms = _terms(state, unit);
        Sums memory sums = _sums(state);
        uint256 weight = sums.lowWeight + sums.middleWeight;
        uint256 below = sums.low + sums.middle;
        uint256 caps = maxTimes == 0 ? sums.capped * terms.cap : sums.capsTotal;
        if (terms.n != below || caps > available) revert WrongHint();
        uint256 rest = available - caps;
        if (!paySurplus) {
            // Below 2^257 at most if a list cannot be closed, and then it reverts.
            uint256 full = unit * weight;
            if (terms.p == unit && terms.q == 1 && full <= rest) return caps + full;
            if (rest >= full) revert WrongHint();
        }
        if (terms.p != rest || terms.q != weight) revert WrongHint();
        return weight == 0 ? caps + below * terms.floor : available;
    }

    /// @inheritdoc IPayoutRule
    function matchOf(uint256[8] calldata state, uint256, uint256 unit, uint256 entry) external view returns (uint256) {
        if (!_counts(entry)) return 0;
        Terms memory terms = _terms(state, unit);
        uint256 weight = entry.weight();
        uint256 ceiling = _ceilingOf(terms, entry);
        if (_isCapped(terms, weight, ceiling)) return ceiling;
        uint256 wanted = weight * terms.p;
        uint256 least = terms.floor * terms.q;
        if (wanted < least || terms.q == 0) return terms.floor;
        if (terms.floor == 0) return wanted / terms.q;
        Sums memory sums = _sums(state);
        uint256 total = terms.p * sums.middleWeight - sums.middle * least;
        // All that have more than the floor have just that.
        if (total == 0) return terms.floor;
        return terms.floor + Math.mulDiv(wanted - least, terms.p - terms.n * terms.floor, total);
    }

    function _count(Terms memory terms, Sums memory sums, uint256 entry) private view {
        if (!_counts(entry)) return;
        uint256 weight = entry.weight();
        uint256 ceiling = _ceilingOf(terms, entry);
        // Nothing wraps: at most 2^16 entries, each word below 2^128.
        unchecked {
            if (_isCapped(terms, weight, ceiling)) {
                sums.capped += 1;
                sums.capsTotal += ceiling;
            } else if (weight * terms.p >= terms.floor * terms.q) {
                sums.middle += 1;
                sums.middleWeight += weight;
            } else {
                sums.low += 1;
                sums.lowWeight += weight;
            }
        }
    }

    function _terms(uint256[8] calldata state, uint256 unit) private view returns (Terms memory terms) {
        terms.p = state[0] & HALF;
        terms.q = state[0] >> 128;
        terms.cap = state[2] & HALF;
        terms.n = (state[2] >> 128) & COUNT;
        terms.times = maxTimes * unit;
        if (terms.n != 0) terms.floor = Math.min(floorAmount, Math.min(terms.cap, terms.p / terms.n));
    }

    function _sums(uint256[8] calldata state) private view returns (Sums memory sums) {
        sums.lowWeight = state[1] & HALF;
        sums.middleWeight = state[1] >> 128;
        sums.capped = (state[2] >> 152) & COUNT;
        sums.middle = (state[2] >> 176) & COUNT;
        sums.low = (state[2] >> 200) & COUNT;
        if (maxTimes != 0) sums.capsTotal = state[3] >> 128;
    }

    /// @dev Below 2^128, as `available` is.
    function _capOf(uint256 available) private view returns (uint256) {
        return (available * capBps) / WHOLE;
    }

    /// @dev min(C, maxTimes·unit·S); maxTimes·unit is below 2^160.
    function _ceilingOf(Terms memory terms, uint256 entry) private pure returns (uint256) {
        if (terms.times == 0) return terms.cap;
        uint256 credits = entry.credits();
        return credits > terms.cap / terms.times ? terms.cap : credits * terms.times;
    }

    /// @dev λ·w ≥ C_j; q = 0 stands for a λ above all bounds.
    function _isCapped(Terms memory terms, uint256 weight, uint256 ceiling) private pure returns (bool) {
        // Nothing wraps: all four are below 2^128.
        unchecked {
            return weight != 0 && weight * terms.p >= ceiling * terms.q;
        }
    }

    function _counts(uint256 entry) private view returns (bool) {
        if (entry.isNegative()) return false;
        uint256 votes = entry.magnitude();
        // Nothing wraps: votes are below 2^64, credits below 2^128, minSupporters below 2^16.
        unchecked {
            return votes != 0 && votes * votes >= minSupporters * entry.credits();
        }
    }
}
