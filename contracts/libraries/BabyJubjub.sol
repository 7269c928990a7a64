// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {CURVE_A, CURVE_D, P} from "../generated/Params.sol";

/// @title What the contract checks about points of Baby Jubjub
library BabyJubjub {
    /// @notice Whether (x, y) is acceptable: words, on the curve, not of small order (KEY-1).
    /// @dev Costs about 500 gas. The point may still carry a torsion component.
    function isAcceptable(uint256 x, uint256 y) internal pure returns (bool) {
        if (x >= P || y >= P) return false;
        uint256 x2 = mulmod(x, x, P);
        uint256 y2 = mulmod(y, y, P);
        uint256 ax2 = mulmod(CURVE_A, x2, P);
        bool onCurve = addmod(ax2, y2, P) == addmod(1, mulmod(CURVE_D, mulmod(x2, y2, P), P), P);
        // The eight points of small order are those with x = 0 (order 1, 2), y = 0 (4) or y² = A·x² (8).
        return onCurve && x != 0 && y != 0 && y2 != ax2;
    }
}
