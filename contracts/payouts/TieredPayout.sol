// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {IPayoutRule} from "../interfaces/IPayoutRule.sol";
import {ResultEntry} from "../libraries/ResultEntry.sol";

/// @title Prizes in tiers, fixed before the round, by the order of quadratic weights (PAYOUT-3)
/// @notice The projects with the largest weights w = T² - S get the prizes of the first tier, the next those of the second, and
/// so on; projects of weight 0 get none. Of two projects with the same weight the one with the smaller number, which was
/// registered earlier, comes first. A pool that does not suffice for the prizes won shrinks all in the same proportion; what
/// is more returns to the sponsors.
///
/// The hint is a key for each tier, that of its last winner: w·2^16 + 65535 - j. A tier without winners repeats the
/// key before, the first has 2^144 - 1 then. Exactly one hint is accepted for any list, as no two keys are equal.
contract TieredPayout is IPayoutRule {
    using ResultEntry for uint256;

    /// @inheritdoc IPayoutRule
    bytes32 public constant id = "tiers";

    uint256 private constant MOST_TIERS = 8;
    uint256 private constant LAST_PROJECT = type(uint16).max;
    uint256 private constant NOBODY = type(uint144).max;
    uint256 private constant COUNT = type(uint24).max;
    /// @dev In a word of the state: the key (144 bits), how many have won (24), whether the last winner was seen (1); in the first
    /// word also how many have won nothing (24).
    uint256 private constant WON_SHIFT = 144;
    uint256 private constant SEEN_SHIFT = 168;
    uint256 private constant LOST_SHIFT = 169;

    /// @notice How many tiers there are, in [1, 8].
    uint256 public immutable tierCount;

    /// @dev Each the prize times 2^16 plus the number of places. In code and not in storage, which a claim would read.
    uint256 private immutable _tier0;
    uint256 private immutable _tier1;
    uint256 private immutable _tier2;
    uint256 private immutable _tier3;
    uint256 private immutable _tier4;
    uint256 private immutable _tier5;
    uint256 private immutable _tier6;
    uint256 private immutable _tier7;

    /// @notice Thrown for no tier or more than eight, lists of different lengths, a tier without places, a prize of 0, and prizes that
    /// increase.
    error WrongSettings();

    /// @notice Thrown when the hint is not the one for this list.
    error WrongHint();

    /// @param sizes_ Places of each tier, in [1, 2^16).
    /// @param prizes_ The prize of each place of a tier, in units of the pool's token; none larger than the one before.
    constructor(uint16[] memory sizes_, uint128[] memory prizes_) {
        uint256 count = sizes_.length;
        if (count == 0 || count > MOST_TIERS || count != prizes_.length) revert WrongSettings();
        uint256[8] memory tiers;
        for (uint256 i = 0; i < count; i++) {
            if (sizes_[i] == 0 || prizes_[i] == 0) revert WrongSettings();
            if (i != 0 && prizes_[i] > prizes_[i - 1]) revert WrongSettings();
            tiers[i] = (uint256(prizes_[i]) << 16) | sizes_[i];
        }
        tierCount = count;
        (_tier0, _tier1, _tier2, _tier3) = (tiers[0], tiers[1], tiers[2], tiers[3]);
        (_tier4, _tier5, _tier6, _tier7) = (tiers[4], tiers[5], tiers[6], tiers[7]);
    }

    /// @notice The places of each tier.
    /// @return all One number a tier.
    function sizes() external view returns (uint16[] memory all) {
        uint256[8] memory tiers = _tiers();
        all = new uint16[](tierCount);
        // The cast takes the 16 bits of the size.
        for (uint256 i = 0; i < all.length; i++) all[i] = uint16(tiers[i]);
    }

    /// @notice The prize of each place of a tier, in units of the pool's token.
    /// @return all One amount a tier.
    function prizes() external view returns (uint128[] memory all) {
        uint256[8] memory tiers = _tiers();
        all = new uint128[](tierCount);
        // The cast is safe: 128 bits were put there.
        for (uint256 i = 0; i < all.length; i++) all[i] = uint128(tiers[i] >> 16);
    }

    /// @inheritdoc IPayoutRule
    function begin(bytes calldata hint, uint256, uint256) external view returns (uint256[8] memory state) {
        if (hint.length != 32 * tierCount) revert WrongHint();
        uint256 before = NOBODY;
        for (uint256 i = 0; i < tierCount; i++) {
            uint256 key = uint256(bytes32(hint[32 * i:32 * i + 32]));
            if (key > before) revert WrongHint();
            state[i] = key;
            before = key;
        }
    }

    /// @inheritdoc IPayoutRule
    function accumulate(
        uint256[8] calldata state,
        uint256[] calldata entries
    ) external view returns (uint256[8] memory result) {
        result = state;
        uint256 count = tierCount;
        for (uint256 i = 0; i < entries.length; i++) {
            uint256 key = _keyOf(entries[i]);
            if (key == 0) continue;
            uint256 tier = _tierOf(result, key, count);
            // Nothing wraps: at most 2^16 entries.
            unchecked {
                if (tier == count) result[0] += 1 << LOST_SHIFT;
                else {
                    uint256 word = result[tier] + (1 << WON_SHIFT);
                    // No two keys are equal: this happens once at most.
                    if (key == word & NOBODY) word |= 1 << SEEN_SHIFT;
                    result[tier] = word;
                }
            }
        }
    }

    /// @inheritdoc IPayoutRule
    function budget(uint256[8] calldata state, uint256 available, uint256) external view returns (uint256) {
        uint256[8] memory tiers = _tiers();
        bool isOver = state[0] >> LOST_SHIFT != 0;
        uint256 total = 0;
        // From the last: a tier may have places left only if nobody comes after it.
        for (uint256 i = tierCount; i > 0; i--) {
            uint256 word = state[i - 1];
            uint256 won = (word >> WON_SHIFT) & COUNT;
            uint256 size = uint16(tiers[i - 1]);
            if (won > size || (isOver && won != size)) revert WrongHint();
            if (won == 0) {
                uint256 before = i == 1 ? NOBODY : state[i - 2] & NOBODY;
                if (word & NOBODY != before) revert WrongHint();
            } else {
                if ((word >> SEEN_SHIFT) & 1 == 0) revert WrongHint();
                isOver = true;
            }
            total += won * (tiers[i - 1] >> 16);
        }
        return total < available ? total : available;
    }

    /// @inheritdoc IPayoutRule
    function matchOf(
        uint256[8] calldata state,
        uint256 available,
        uint256,
        uint256 entry
    ) external view returns (uint256) {
        uint256 count = tierCount;
        uint256 key = _keyOf(entry);
        if (key == 0) return 0;
        uint256 tier = _tierOf(state, key, count);
        if (tier == count) return 0;
        uint256[8] memory tiers = _tiers();
        uint256 total = 0;
        for (uint256 i = 0; i < count; i++) total += ((state[i] >> WON_SHIFT) & COUNT) * (tiers[i] >> 16);
        uint256 prize = tiers[tier] >> 16;
        // Below 2^256: prize and available are below 2^128 each.
        return total <= available ? prize : (prize * available) / total;
    }

    /// @dev The first tier whose last winner comes not before this key; `count` if there is none.
    function _tierOf(uint256[8] memory state, uint256 key, uint256 count) private pure returns (uint256 tier) {
        while (tier < count && key < state[tier] & NOBODY) tier++;
    }

    /// @dev 0 for a weight of 0. Below 2^144.
    function _keyOf(uint256 entry) private pure returns (uint256) {
        uint256 weight = entry.weight();
        return weight == 0 ? 0 : (weight << 16) | (LAST_PROJECT - entry.project());
    }

    function _tiers() private view returns (uint256[8] memory) {
        return [_tier0, _tier1, _tier2, _tier3, _tier4, _tier5, _tier6, _tier7];
    }
}
