// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity >=0.8.24 <0.9;

/// @title A board that shows one advertisement at a time; what it costs goes to a round's matching pool (BOARD-1 to BOARD-4)
/// @notice The n-th minute that a person buys for an advertisement costs n times the price, so that many who want it a little
/// outweigh one who wants it much. Nothing here is secret: who bought how much for what is public.
interface IBillboard {
    /// @notice Emitted when an advertisement was made known.
    event Posted(bytes32 indexed ad, bytes32 digest, string uri);

    /// @notice Emitted when somebody has bought minutes for an advertisement, which is shown until `end` if nothing else is bought.
    event Extended(bytes32 indexed ad, address indexed payer, uint256 bought, uint256 cost, uint256 end);

    /// @notice Emitted when money that came back from the round went on to where the round's own remainder goes.
    event PassedOn(address indexed to, uint256 amount);

    /// @notice Thrown by the constructor when the round's pool is not in the token, or the price is 0.
    error WrongBoard();

    /// @notice Thrown when an advertisement has no digest, or its address is longer than 256 bytes or does not begin with "https://".
    error WrongContent();

    /// @notice Thrown when nobody has made this advertisement known.
    error UnknownAd(bytes32 ad);

    /// @notice Thrown when no minute is bought, or more than `most` at once.
    error WrongMinutes(uint256 bought, uint256 most);

    /// @notice Thrown when so many advertisements wait that no other can be added; those can still be extended.
    error BoardFull(uint256 waiting);

    /// @notice Thrown when there is nothing to pass on.
    error NothingToPassOn();

    /// @notice Makes an advertisement known, so that minutes can be bought for it. Costs nothing but gas, and shows nothing yet.
    /// @param digest SHA-256 of what stands at `uri`, so that readers notice when it is changed; not 0.
    /// @param uri Where the content is: "https://" and what follows, at most 256 bytes. Readers show it as text.
    /// @return ad The advertisement: keccak256(abi.encode(digest, uri)).
    /// @dev Emits {Posted}, unless it is known already.
    function post(bytes32 digest, string calldata uri) external returns (bytes32 ad);

    /// @notice Buys minutes for an advertisement, whoever made it. It is shown that much longer; one that is not on the board
    /// comes behind those that are.
    /// @param ad The advertisement.
    /// @param bought How many minutes, from 1 to 10,000.
    /// @param gateData What the gate asks for, as in a contribution of one credit to a round at this address; not looked at once
    /// the caller is admitted.
    /// @dev Emits {Extended}. The token must be approved for the billboard: {costOf} units of it, which go to the round at once.
    ///
    /// Requirements:
    /// - The advertisement is known, and on the board or there are fewer than 256 on it.
    /// - The gate admits the caller, whom it is asked about once.
    /// - The round takes funding: it is live and before its end.
    function extend(bytes32 ad, uint256 bought, bytes calldata gateData) external;

    /// @notice Sends what the round gave back, a surplus or everything of a round without result, to the round's `remainderTo`.
    /// @dev Emits {PassedOn}. Anybody may call it, after {IRoundMoney-refundSponsor} for this board.
    function passOn() external;

    /// @notice The price of somebody's first minute for an advertisement, in units of the token.
    /// @return Token units.
    function price() external view returns (uint128);

    /// @notice The token that is paid in, that of the round's pool.
    /// @return An ERC-20 token.
    function token() external view returns (address);

    /// @notice Who may buy (GATE-1).
    /// @return The gate, which knows the billboard as its round.
    function gate() external view returns (address);

    /// @notice Where the proceeds go.
    /// @return A round with a pool.
    function beneficiary() external view returns (address);

    /// @notice Minutes that a payer has bought for an advertisement.
    /// @param ad The advertisement.
    /// @param payer The account.
    /// @return Minutes.
    function boughtBy(bytes32 ad, address payer) external view returns (uint256);

    /// @notice What further minutes cost: the price times the sum of m + 1 to m + bought, m being what the payer has bought already.
    /// @param ad The advertisement.
    /// @param payer The account.
    /// @param bought How many minutes.
    /// @return Token units.
    function costOf(bytes32 ad, address payer, uint256 bought) external view returns (uint256);

    /// @notice The advertisement that is shown now.
    /// @return ad Which it is, 0 if none.
    /// @return digest SHA-256 of its content.
    /// @return uri Where its content is.
    /// @return end The first second at which it is over, if nothing else is bought.
    function current() external view returns (bytes32 ad, bytes32 digest, string memory uri, uint256 end);

    /// @notice When an advertisement is over, if nothing else is bought.
    /// @param ad The advertisement.
    /// @return Seconds since 1970; 0 if it is not on the board.
    function endOf(bytes32 ad) external view returns (uint256);

    /// @notice What is on the board, in the order in which it is shown.
    /// @return ads The advertisements.
    /// @return ends When each is over.
    function schedule() external view returns (bytes32[] memory ads, uint256[] memory ends);
}
