// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {IVotes} from "@openzeppelin/contracts/governance/utils/IVotes.sol";
import {IChecker} from "../interfaces/IChecker.sol";

/// @title Knows who had votes of a governance token at a time of the past (GATE-10)
/// @notice Counts votes that were delegated to the account, its own only if it delegated them to itself (ERC-5805). As the time is
/// past and fixed, moving the tokens changes nothing. An account is its identity. The evidence is not looked at.
contract VotesChecker is IChecker {
    /// @inheritdoc IChecker
    bytes32 public constant id = "votes";

    /// @notice The token.
    IVotes public immutable token;

    /// @notice When votes are counted, by the token's own clock: a block, or seconds since 1970.
    uint256 public immutable timepoint;

    /// @notice How many votes, in the token's smallest unit, give one credit.
    uint256 public immutable votesPerCredit;

    /// @notice Thrown when an account had less than one credit's votes.
    error TooFewVotes(address account, uint256 votes, uint256 votesPerCredit);

    /// @notice Thrown when the token has no votes at that time yet, or no votes at all.
    error NoVotesToken(address token, uint256 timepoint);

    constructor(IVotes token_, uint256 timepoint_, uint256 votesPerCredit_) {
        token = token_;
        timepoint = timepoint_;
        votesPerCredit = votesPerCredit_;
    }

    /// @inheritdoc IChecker
    function identify(
        address,
        address payer,
        uint64,
        uint64,
        bytes calldata
    ) external view returns (bytes32 identity, uint64 maxCredits) {
        uint256 votes = _votesOf(payer);
        if (votesPerCredit == 0 || votes < votesPerCredit) revert TooFewVotes(payer, votes, votesPerCredit);
        uint256 most = votes / votesPerCredit;
        return (
            bytes32(uint256(uint160(payer))),
            // The cast is safe by the comparison.
            most > type(uint64).max ? type(uint64).max : uint64(most)
        );
    }

    function _votesOf(address account) private view returns (uint256) {
        try token.getPastVotes(account, timepoint) returns (uint256 votes) {
            return votes;
        } catch {
            revert NoVotesToken(address(token), timepoint);
        }
    }
}
