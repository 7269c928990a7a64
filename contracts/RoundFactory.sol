// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

// solhint-disable not-rely-on-time, as phases are times: a proposer can move one by seconds, and half-open intervals leave no second to two calls

import {Clones} from "@openzeppelin/contracts/proxy/Clones.sol";
import {IProjectRegistry} from "./interfaces/IProjectRegistry.sol";
import {IRoundFactory} from "./interfaces/IRoundFactory.sol";
import {RoundConfig} from "./interfaces/RoundTypes.sol";
import {BabyJubjub} from "./libraries/BabyJubjub.sol";
import {RoundArgs} from "./libraries/RoundArgs.sol";
import {ProjectRegistry} from "./registry/ProjectRegistry.sol";

/// @title Makes rounds as clones of one implementation, with their settings in their code
contract RoundFactory is IRoundFactory {
    /// @inheritdoc IRoundFactory
    address public immutable implementation;

    /// @inheritdoc IRoundFactory
    address public immutable closeVerifier;

    address[] private _foldVerifiers;

    /// @dev Registries made so far.
    uint256 private _registries;

    /// @param foldVerifiers_ By size index, as FOLD_SIZES of src/params.ts orders them.
    constructor(address implementation_, address closeVerifier_, address[] memory foldVerifiers_) {
        _requireContract("implementation", implementation_);
        _requireContract("closeVerifier", closeVerifier_);
        for (uint256 i = 0; i < foldVerifiers_.length; i++) {
            _requireContract("foldVerifier", foldVerifiers_[i]);
        }
        implementation = implementation_;
        closeVerifier = closeVerifier_;
        _foldVerifiers = foldVerifiers_;
    }

    /// @inheritdoc IRoundFactory
    function createRound(RoundConfig calldata config, bytes32 salt) external returns (address round) {
        _requireWho(config);
        _requireMoney(config);
        _requireTimes(config);
        bytes memory args = _argsOf(config, salt);
        round = Clones.cloneDeterministicWithImmutableArgs(implementation, args, salt);
        emit RoundCreated(round, config.organiser, config);
    }

    /// @inheritdoc IRoundFactory
    function createRegistry(address owner, uint256 freezeTime) external returns (address registry) {
        // Not by the order of calls alone: the address is that of this owner and freeze time or of nobody, so that a round
        // which was made with it cannot come to have a stranger's registry when blocks are reorganized.
        uint256 number = _registries++;
        registry = address(new ProjectRegistry{salt: bytes32(number)}(owner, freezeTime, number));
        emit RegistryCreated(registry, owner, freezeTime, number);
    }

    /// @inheritdoc IRoundFactory
    function predictRound(RoundConfig calldata config, bytes32 salt) external view returns (address round) {
        return Clones.predictDeterministicAddressWithImmutableArgs(implementation, _argsOf(config, salt), salt);
    }

    /// @inheritdoc IRoundFactory
    function foldVerifiers(uint256 size) external view returns (address) {
        return _foldVerifierOf(size);
    }

    /// @inheritdoc IRoundFactory
    function sizes() external view returns (uint256) {
        return _foldVerifiers.length;
    }

    function _argsOf(RoundConfig calldata config, bytes32 salt) private view returns (bytes memory) {
        return RoundArgs.encode(config, _foldVerifierOf(config.size), closeVerifier, address(this), salt);
    }

    function _foldVerifierOf(uint256 size) private view returns (address) {
        if (size >= _foldVerifiers.length) revert UnknownSize(size, _foldVerifiers.length);
        return _foldVerifiers[size];
    }

    function _requireWho(RoundConfig calldata config) private view {
        if (config.organiser == address(0)) revert ZeroAddress("organiser");
        if (config.coordinator == address(0)) revert ZeroAddress("coordinator");
        if (config.remainderTo == address(0)) revert ZeroAddress("remainderTo");
        if ((config.guardian == address(0)) != (config.disputeWindow == 0)) {
            revert GuardianWindowConflict(config.guardian, config.disputeWindow);
        }
        if (config.guardian == config.coordinator) revert GuardianIsCoordinator(config.guardian);
        _requireContract("gate", config.gate);
        _requireContract("registry", config.registry);
        if (!BabyJubjub.isAcceptable(config.coordinatorKeyX, config.coordinatorKeyY)) {
            revert UnacceptableCoordinatorKey(config.coordinatorKeyX, config.coordinatorKeyY);
        }
    }

    /// @dev A round has a pool and a payout rule, or neither and then no fee; with signs its contributions carry no money
    /// (MONEY-9).
    function _requireMoney(RoundConfig calldata config) private view {
        bool hasPool = config.poolToken != address(0);
        bool conflict =
            hasPool == (config.payoutRule == address(0)) ||
                (!hasPool && config.coordinatorFee != 0) ||
                (config.token != address(0) && config.allowSigns);
        if (conflict) {
            revert MoneySettingsConflict(
                config.token,
                config.poolToken,
                config.payoutRule,
                config.coordinatorFee,
                config.allowSigns
            );
        }
        if (config.token != address(0)) _requireContract("token", config.token);
        if (hasPool) {
            _requireContract("poolToken", config.poolToken);
            _requireContract("payoutRule", config.payoutRule);
        }
        if (config.unit == 0) revert ZeroSetting("unit");
        if (config.minContribution == 0) revert ZeroSetting("minContribution");
        if (config.minTopUp == 0) revert ZeroSetting("minTopUp");
    }

    function _requireTimes(RoundConfig calldata config) private view {
        if (config.start >= config.end || config.end <= block.timestamp) {
            revert WrongTimes(block.timestamp, config.start, config.end);
        }
        if (config.tallyBase == 0) revert ZeroSetting("tallyBase");
        if (config.tallyMost != 0 && config.tallyMost < config.tallyBase) {
            revert TallyMostTooShort(config.tallyMost, config.tallyBase);
        }
        uint256 freezeTime = IProjectRegistry(config.registry).freezeTime();
        if (freezeTime > config.end) revert RegistryFreezesTooLate(freezeTime, config.end);
    }

    function _requireContract(string memory setting, address value) private view {
        if (value.code.length == 0) revert NotAContract(setting, value);
    }
}
