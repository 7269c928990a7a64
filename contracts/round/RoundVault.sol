// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {IRoundMoney} from "../interfaces/IRoundMoney.sol";
import {IWrappedNative} from "../interfaces/IWrappedNative.sol";
import {RoundState} from "./RoundState.sol";

/// @title How tokens move in and out of a round
abstract contract RoundVault is RoundState {
    using SafeERC20 for IERC20;

    /// @dev Takes exactly `amount` from the caller, wrapping value where it was sent (MONEY-1). Callers write their state
    /// before and hold the re-entrancy lock. A token that does not wrap either refuses the value or fails the balance check.
    function _collect(address token, uint256 amount) internal {
        if (token == address(0)) {
            if (msg.value != 0) revert IRoundMoney.WrongValue(msg.value, 0);
            return;
        }
        uint256 balanceBefore = IERC20(token).balanceOf(address(this));
        if (msg.value == 0) {
            IERC20(token).safeTransferFrom(msg.sender, address(this), amount);
        } else {
            if (msg.value != amount) revert IRoundMoney.WrongValue(msg.value, amount);
            IWrappedNative(token).deposit{value: amount}();
        }
        uint256 balanceAfter = IERC20(token).balanceOf(address(this));
        if (balanceAfter < balanceBefore || balanceAfter - balanceBefore != amount) {
            revert IRoundMoney.InexactTransfer(amount, balanceBefore, balanceAfter);
        }
    }

    /// @dev Some tokens refuse to move 0.
    function _pay(address token, address to, uint256 amount) internal {
        if (amount != 0) IERC20(token).safeTransfer(to, amount);
    }
}
