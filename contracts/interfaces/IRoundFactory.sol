// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity >=0.8.24 <0.9;

import {RoundConfig} from "./RoundTypes.sol";

/// @title Makes rounds and registries
/// @notice Has no owner and no power over what it made.
interface IRoundFactory {
    /// @notice Emitted when a round was made.
    event RoundCreated(address indexed round, address indexed organiser, RoundConfig config);

    /// @notice Emitted when a registry was made.
    event RegistryCreated(address indexed registry, address indexed owner, uint256 freezeTime, uint256 number);

    /// @notice Thrown when a setting must be an address but is 0.
    error ZeroAddress(string setting);

    /// @notice Thrown when a setting must be at least 1 but is 0.
    error ZeroSetting(string setting);

    /// @notice Thrown when a setting must be a contract but has no code.
    error NotAContract(string setting, address value);

    /// @notice Thrown unless guardian and dispute window are both given or both 0.
    error GuardianWindowConflict(address guardian, uint256 disputeWindow);

    /// @notice Thrown when the guardian would judge its own tally.
    error GuardianIsCoordinator(address guardian);

    /// @notice Thrown when the latest deadline, if there is one, comes before the shortest.
    error TallyMostTooShort(uint256 tallyMost, uint256 tallyBase);

    /// @notice Thrown when `end` is not after `start`, or has passed.
    error WrongTimes(uint256 time, uint256 start, uint256 end);

    /// @notice Thrown when the coordinator's key is not acceptable (KEY-3).
    error UnacceptableCoordinatorKey(uint256 x, uint256 y);

    /// @notice Thrown when projects could still change after `end` (PHASE-9).
    error RegistryFreezesTooLate(uint256 freezeTime, uint256 end);

    /// @notice Thrown when signs, a fee or a payout rule are asked for that do not go with the tokens (MONEY-9).
    error MoneySettingsConflict(
        address token,
        address poolToken,
        address payoutRule,
        uint256 coordinatorFee,
        bool allowSigns
    );

    /// @notice Thrown when there is no fold verifier with this index.
    error UnknownSize(uint256 size, uint256 sizes);

    /// @notice Makes a round with the given settings, at an address fixed by settings and salt.
    /// @param config The settings.
    /// @param salt Tells apart rounds with the same settings.
    /// @return round The round's address.
    /// @dev Emits {RoundCreated}.
    ///
    /// Notes:
    /// - Anybody may call it; the settings alone say who has which power.
    /// - Factory and salt stand in the round's code, so that its address can be computed from its code (PROV-2).
    ///
    /// Requirements:
    /// - Organiser, coordinator and remainderTo are not 0; gate, registry, tokens and payoutRule are contracts.
    /// - poolToken and payoutRule are both given or both 0; without them there is no coordinatorFee; with token no signs (MONEY-9).
    /// - start < end, end is to come, unit, tallyBase, minContribution and minTopUp are at least 1.
    /// - tallyMost is 0 or at least tallyBase.
    /// - guardian and disputeWindow are both given or both 0; the guardian is not the coordinator.
    /// - The coordinator's key is acceptable. Not checked, and to be checked by clients: that it is in the prime subgroup (KEY-3).
    /// - The registry's freeze time is not later than end (PHASE-9).
    function createRound(RoundConfig calldata config, bytes32 salt) external returns (address round);

    /// @notice Makes a ProjectRegistry in which `owner` approves projects until `freezeTime` (REG-2).
    /// @param owner Who approves projects.
    /// @param freezeTime Seconds since 1970 from which nothing changes any more.
    /// @return registry The registry's address.
    /// @dev Emits {RegistryCreated}.
    ///
    /// Notes:
    /// - The address depends on owner and freeze time: in no history of the chain is it somebody else's registry.
    /// - The registry tells its number, which is the salt: with owner and freeze time its address can be computed (PROV-4).
    function createRegistry(address owner, uint256 freezeTime) external returns (address registry);

    /// @notice The address that {createRound} gives.
    /// @param config The settings.
    /// @param salt The salt.
    /// @return round The round's address, whether it has been made or not.
    function predictRound(RoundConfig calldata config, bytes32 salt) external view returns (address round);

    /// @notice The contract whose code all rounds run.
    /// @return The round implementation's address.
    function implementation() external view returns (address);

    /// @notice The close circuit's verifier.
    /// @return An ICloseVerifier.
    function closeVerifier() external view returns (address);

    /// @notice The fold verifiers, by size index.
    /// @param size The size index, below {sizes}.
    /// @return An IFoldVerifier.
    function foldVerifiers(uint256 size) external view returns (address);

    /// @notice How many fold sizes there are.
    /// @return The number of fold verifiers.
    function sizes() external view returns (uint256);
}
