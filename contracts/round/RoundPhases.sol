// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

// solhint-disable not-rely-on-time, as phases are times: a proposer can move one by seconds, and half-open intervals leave no second to two calls

import {IRoundPhases} from "../interfaces/IRoundPhases.sol";
import {Phase, RoundConfig, Status} from "../interfaces/RoundTypes.sol";
import {RoundArgs} from "../libraries/RoundArgs.sol";
import {Transcript} from "../libraries/Transcript.sol";
import {RoundState} from "./RoundState.sol";

/// @title Cancellation, abort, dispute, and phase views
abstract contract RoundPhases is RoundState, IRoundPhases {
    /// @dev Bytes of a dispute's reason: enough for a paragraph and an address on the web, little enough for every reader.
    uint256 private constant MOST_REASON = 1_024;

    /// @inheritdoc IRoundPhases
    function announceCancel() external nonReentrant {
        RoundConfig memory settings = _config();
        _requireCancellable(settings);
        if (_cancelFrom != 0) revert CancelAlreadyAnnounced(_cancelFrom);

        uint256 from = block.timestamp + settings.cancelNotice;
        _cancelFrom = from;
        emit CancelAnnounced(from);
    }

    /// @inheritdoc IRoundPhases
    function cancel() external nonReentrant {
        _requireCancellable(_config());
        uint256 from = _cancelFrom;
        bool noticeOver = from != 0 && block.timestamp >= from;
        if (_counters.contributions != 0 && !noticeOver) revert CancelTooEarly(block.timestamp, from);

        _counters.status = Status.Cancelled;
        emit Cancelled();
    }

    /// @inheritdoc IRoundPhases
    function abort() external nonReentrant {
        RoundConfig memory settings = _config();
        _requireLive();
        _requireWithin(_deadline(settings), type(uint256).max);

        _counters.status = Status.Aborted;
        emit Aborted();
    }

    /// @inheritdoc IRoundPhases
    function dispute(string calldata reason) external nonReentrant {
        RoundConfig memory settings = _config();
        _requireFinalized();
        if (msg.sender != settings.guardian) revert NotGuardian(msg.sender);
        _requireWithin(0, _paymentsFrom(settings));
        if (bytes(reason).length > MOST_REASON) revert ReasonTooLong(bytes(reason).length, MOST_REASON);

        // What the close fixed of the money counts for finalized rounds only, and nothing of it has been paid.
        _counters.status = Status.Aborted;
        emit Disputed(reason);
    }

    /// @inheritdoc IRoundPhases
    function config() external view returns (RoundConfig memory) {
        return _config();
    }

    /// @inheritdoc IRoundPhases
    function verifiers() external view returns (address foldVerifier, address closeVerifier) {
        return (RoundArgs.foldVerifier(), RoundArgs.closeVerifier());
    }

    /// @inheritdoc IRoundPhases
    function context() external view returns (uint256) {
        return Transcript.context();
    }

    /// @inheritdoc IRoundPhases
    function status() external view returns (Status) {
        return _counters.status;
    }

    /// @inheritdoc IRoundPhases
    function phase() external view returns (Phase) {
        Status current = _counters.status;
        if (current == Status.Aborted) return Phase.Aborted;
        if (current == Status.Cancelled) return Phase.Cancelled;

        RoundConfig memory settings = _config();
        if (current == Status.Finalized) {
            return block.timestamp < _paymentsFrom(settings) ? Phase.Disputable : Phase.Finalized;
        }
        if (block.timestamp < settings.start) return Phase.BeforeStart;
        if (block.timestamp < settings.end) return Phase.Contributing;
        return block.timestamp < _deadline(settings) ? Phase.Tallying : Phase.Overdue;
    }

    /// @inheritdoc IRoundPhases
    function tallyDeadline() external view returns (uint256) {
        return _deadline(_config());
    }

    /// @inheritdoc IRoundPhases
    function paymentsFrom() external view returns (uint256) {
        return _counters.status == Status.Finalized ? _paymentsFrom(_config()) : 0;
    }

    /// @inheritdoc IRoundPhases
    function cancelFrom() external view returns (uint256) {
        return _cancelFrom;
    }

    /// @dev Live, before end, by the organiser (PHASE-7). From `end` on the organiser has no power (PHASE-9).
    function _requireCancellable(RoundConfig memory settings) private view {
        _requireLive();
        _requireWithin(0, settings.end);
        if (msg.sender != settings.organiser) revert NotOrganiser(msg.sender);
    }
}
