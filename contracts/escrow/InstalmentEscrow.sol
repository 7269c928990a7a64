// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

// solhint-disable not-rely-on-time, as a deadline is a time

import {Clones} from "@openzeppelin/contracts/proxy/Clones.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {IMilestones} from "../interfaces/IMilestones.sol";

/// @title What an escrow pays to whom, fixed when it is made
struct InstalmentTerms {
    /// @dev Whom the instalments are for.
    address payee;
    /// @dev Who tells whether the project has done what the rest waits for.
    IMilestones milestones;
    /// @dev The project's index in its registry.
    uint256 project;
    /// @dev The first instalment, in 1/10,000 of all that comes in; at most all of it.
    uint256 firstBps;
    /// @dev When the rest goes back if the project has not done it; seconds since 1970, not before the milestones' freeze.
    uint256 deadline;
    /// @dev Where it goes back to.
    address fallbackTo;
}

/// @title Pays a project's match in two instalments, the second once it has done what it promised (ESCROW-1)
/// @notice Of all that ever came in, the first instalment can be paid at once, and the rest once the milestones say that the
/// project has passed; if they do not by the deadline, the rest goes to `fallbackTo`. Anyone may pay; nobody can do anything
/// else. Tokens that come later are split in the same way, and so is any other token.
///
/// A clone whose terms are in its code: no one can change them. Milestones are frozen by the deadline, so that what they say
/// then is what they say ever after.
contract InstalmentEscrow is ReentrancyGuardTransient {
    using SafeERC20 for IERC20;

    /// @dev Of one token.
    struct Paid {
        uint256 toPayee;
        uint256 back;
    }

    uint256 private constant WHOLE = 10_000;

    mapping(IERC20 token => Paid) private _paid;

    /// @notice Emitted when the payee was paid.
    event Released(address indexed token, address indexed payee, uint256 amount);

    /// @notice Emitted when the rest went back.
    event GivenBack(address indexed token, address indexed fallbackTo, uint256 amount);

    /// @notice Thrown when there is nothing to pay now.
    error NothingToRelease();

    /// @notice Pays the payee what is due by now.
    /// @param token Any ERC-20 token.
    /// @dev Emits {Released}.
    ///
    /// Requirements: something is due.
    function release(IERC20 token) external nonReentrant {
        (uint256 amount, ) = _due(token);
        if (amount == 0) revert NothingToRelease();
        _paid[token].toPayee += amount;
        address payee = terms().payee;
        token.safeTransfer(payee, amount);
        emit Released(address(token), payee, amount);
    }

    /// @notice Gives the rest back, from the deadline on, where the project has not passed.
    /// @param token Any ERC-20 token.
    /// @dev Emits {GivenBack}. A call of its own, so that a payee that a token refuses holds up nothing.
    ///
    /// Requirements: something is due.
    function giveBack(IERC20 token) external nonReentrant {
        (, uint256 amount) = _due(token);
        if (amount == 0) revert NothingToRelease();
        _paid[token].back += amount;
        address fallbackTo = terms().fallbackTo;
        token.safeTransfer(fallbackTo, amount);
        emit GivenBack(address(token), fallbackTo, amount);
    }

    /// @notice What was paid of a token, and what may be paid now.
    /// @param token Any ERC-20 token.
    /// @return paid To the payee so far.
    /// @return back To `fallbackTo` so far.
    /// @return duePayee What {release} would pay now.
    /// @return dueBack What {giveBack} would pay now.
    function account(
        IERC20 token
    ) external view returns (uint256 paid, uint256 back, uint256 duePayee, uint256 dueBack) {
        (duePayee, dueBack) = _due(token);
        Paid memory sums = _paid[token];
        return (sums.toPayee, sums.back, duePayee, dueBack);
    }

    /// @notice The terms, from the clone's code.
    /// @return What the escrow was made with.
    function terms() public view returns (InstalmentTerms memory) {
        return abi.decode(Clones.fetchCloneArgs(address(this)), (InstalmentTerms));
    }

    /// @dev What both may have by now, each less what it had. Less than nothing is nothing: a token may take balances away.
    function _due(IERC20 token) private view returns (uint256 duePayee, uint256 dueBack) {
        InstalmentTerms memory all = terms();
        Paid memory sums = _paid[token];
        uint256 held = token.balanceOf(address(this));
        if (all.milestones.passed(all.project)) return (held, 0);
        uint256 received = held + sums.toPayee + sums.back;
        uint256 first = Math.mulDiv(received, all.firstBps, WHOLE);
        duePayee = Math.min(held, Math.saturatingSub(first, sums.toPayee));
        if (block.timestamp >= all.deadline) {
            dueBack = Math.min(held - duePayee, Math.saturatingSub(received - first, sums.back));
        }
    }
}
