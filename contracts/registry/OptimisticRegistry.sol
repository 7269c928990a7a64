// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

// solhint-disable not-rely-on-time, as periods are times: a proposer can move one by seconds, and half-open intervals leave no second to two calls

import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {MAX_PROJECTS} from "../generated/Params.sol";
import {
    ApplicationStatus,
    IOptimisticRegistry,
    OptimisticSettings,
    ProjectApplication
} from "../interfaces/IOptimisticRegistry.sol";
import {IProjectRegistry} from "../interfaces/IProjectRegistry.sol";
import {Reference} from "../libraries/Reference.sol";

/// @title The registry in which silence accepts: bonds, challenges and rulings, all of them over by the freeze time (REG-1, REG-3)
/// @dev Bonds are native coin, and are withdrawn: no payee can hold up a decision by refusing its money.
contract OptimisticRegistry is IOptimisticRegistry {
    uint256 private constant MOST_REASON = 1_024;
    uint256 private constant GOALS = 17;

    /// @dev In one slot, so that a claim reads no second one where both payees are one.
    struct Payee {
        address recipient;
        bool hasMatchRecipient;
    }

    OptimisticSettings private _settings;

    /// @inheritdoc IOptimisticRegistry
    uint256 public immutable applicationsUntil;

    /// @inheritdoc IProjectRegistry
    uint256 public immutable freezeTime;

    /// @inheritdoc IProjectRegistry
    uint256 public projectCount;

    /// @inheritdoc IOptimisticRegistry
    uint256 public openApplications;

    /// @inheritdoc IOptimisticRegistry
    mapping(address account => uint256) public owedTo;

    ProjectApplication[] private _applications;
    mapping(uint256 project => Payee) private _payees;
    mapping(uint256 project => address) private _matchRecipients;
    mapping(uint256 wordIndex => uint256) private _eligibility;
    /// @dev By payee too: else who copies an application before it is mined would keep it out, in the last second for good.
    mapping(bytes32 digest => mapping(address recipient => bool)) private _isTaken;

    constructor(OptimisticSettings memory settings_) {
        bool lacksOne =
            settings_.arbiter == address(0) ||
                settings_.bond == 0 ||
                settings_.challengePeriod == 0 ||
                settings_.rulingPeriod == 0 ||
                settings_.acceptPeriod == 0 ||
                settings_.mostOpen == 0 ||
                settings_.freezeTime >= 1 << 40;
        if (lacksOne) revert WrongSettings();
        // Beyond what is held by the freeze time, checked subtraction reverts.
        applicationsUntil =
            settings_.freezeTime -
            settings_.challengePeriod -
            settings_.rulingPeriod -
            settings_.acceptPeriod;
        freezeTime = settings_.freezeTime;
        _settings = settings_;
    }

    /// @inheritdoc IOptimisticRegistry
    function submit(address recipient, bytes32 digest, uint256 sdgMask) external payable returns (uint256 application) {
        if (block.timestamp >= applicationsUntil) revert TooLate(block.timestamp, applicationsUntil);
        _requireBond();
        if (recipient == address(0)) revert ZeroRecipient();
        if (digest == 0) revert ZeroDigest();
        if (sdgMask >> GOALS != 0) revert UnknownGoals(sdgMask);
        if (_isTaken[digest][recipient]) revert DuplicateDigest(digest);
        if (openApplications >= _settings.mostOpen) revert TooManyOpen(_settings.mostOpen);
        _isTaken[digest][recipient] = true;
        openApplications++;
        application = _applications.length;
        _applications.push(
            ProjectApplication({
                applicant: msg.sender,
                time: uint40(block.timestamp), // below freezeTime < 2^40
                status: ApplicationStatus.Open,
                recipient: recipient,
                sdgMask: uint24(sdgMask), // below 2^17
                challenger: address(0),
                digest: digest
            })
        );
        emit Applied(application, msg.sender, recipient, digest, sdgMask);
    }

    /// @inheritdoc IOptimisticRegistry
    function challenge(uint256 application, string calldata reason) external payable {
        _requireStatus(application, ApplicationStatus.Open);
        ProjectApplication storage one = _applications[application];
        _requireBefore(one.time + _settings.challengePeriod);
        _requireBond();
        uint256 length = bytes(reason).length;
        if (length == 0 || length > MOST_REASON) revert ReasonLength(length);
        one.status = ApplicationStatus.Challenged;
        one.time = uint40(block.timestamp); // below freezeTime < 2^40
        one.challenger = msg.sender;
        emit Challenged(application, msg.sender, reason);
    }

    /// @inheritdoc IOptimisticRegistry
    function rule(uint256 application, bool accepted) external {
        if (msg.sender != _settings.arbiter) revert NotArbiter(msg.sender);
        _requireStatus(application, ApplicationStatus.Challenged);
        ProjectApplication storage one = _applications[application];
        _requireBefore(one.time + _settings.rulingPeriod);
        emit Ruled(application, accepted);
        if (accepted) {
            _accept(application);
        } else {
            one.status = ApplicationStatus.Rejected;
            _isTaken[one.digest][one.recipient] = false;
            _pay(one.challenger, 2);
        }
    }

    /// @inheritdoc IOptimisticRegistry
    function accept(uint256 application) external {
        _requireBefore(freezeTime);
        uint256 from = _requireUndecided(application);
        if (block.timestamp < from) revert TooEarly(block.timestamp, from);
        _accept(application);
    }

    /// @inheritdoc IOptimisticRegistry
    function setMatchRecipients(uint256[] calldata projects, address[] calldata matchRecipients) external {
        if (msg.sender != _settings.payeeSetter) revert NotPayeeSetter(msg.sender);
        _requireBefore(freezeTime);
        if (projects.length != matchRecipients.length) revert LengthsDiffer(projects.length, matchRecipients.length);
        for (uint256 i = 0; i < projects.length; i++) {
            (uint256 project, address matchRecipient) = (projects[i], matchRecipients[i]);
            if (matchRecipient == address(0)) revert ZeroRecipient();
            if (project >= projectCount) revert NotEligible(project);
            _payees[project].hasMatchRecipient = true;
            _matchRecipients[project] = matchRecipient;
            emit MatchRecipientSet(project, matchRecipient);
        }
    }

    /// @inheritdoc IOptimisticRegistry
    function lapse(uint256 application) external {
        _requireUndecided(application);
        // Every period is over by then (REG-3).
        if (block.timestamp < freezeTime) revert TooEarly(block.timestamp, freezeTime);
        ProjectApplication storage one = _applications[application];
        _pay(one.applicant, one.status == ApplicationStatus.Open ? 1 : 2);
        one.status = ApplicationStatus.Lapsed;
        emit Lapsed(application);
    }

    /// @inheritdoc IOptimisticRegistry
    function withdraw(address account) external {
        uint256 amount = owedTo[account];
        if (amount == 0) revert NothingOwed(account);
        owedTo[account] = 0;
        emit Withdrawn(account, amount);
        Address.sendValue(payable(account), amount);
    }

    /// @inheritdoc IOptimisticRegistry
    function settings() external view returns (OptimisticSettings memory) {
        return _settings;
    }

    /// @inheritdoc IOptimisticRegistry
    function applicationCount() external view returns (uint256) {
        return _applications.length;
    }

    /// @inheritdoc IOptimisticRegistry
    function applicationOf(uint256 application) external view returns (ProjectApplication memory none) {
        return application < _applications.length ? _applications[application] : none;
    }

    /// @inheritdoc IProjectRegistry
    function eligibility(uint256 wordIndex) external view returns (uint256) {
        return _eligibility[wordIndex];
    }

    /// @inheritdoc IProjectRegistry
    function matchRecipientOf(uint256 project) external view returns (address) {
        Payee memory payee = _payees[project];
        return payee.hasMatchRecipient ? _matchRecipients[project] : payee.recipient;
    }

    /// @inheritdoc IProjectRegistry
    function recipientOf(uint256 project) external view returns (address) {
        return _payees[project].recipient;
    }

    function _accept(uint256 application) private {
        uint256 project = projectCount;
        if (project >= MAX_PROJECTS) revert TooManyProjects(project + 1);
        ProjectApplication storage one = _applications[application];
        _pay(one.applicant, one.status == ApplicationStatus.Open ? 1 : 2);
        one.status = ApplicationStatus.Accepted;
        projectCount = project + 1;
        _payees[project].recipient = one.recipient;
        _eligibility[project >> 8] |= 1 << (project & 255);
        emit Accepted(application, project);
        emit ProjectAdded(project, one.recipient, Reference.encode(one.digest));
    }

    /// @dev Decides about an application's bonds: they belong to `account` from now on.
    function _pay(address account, uint256 bonds) private {
        openApplications--;
        owedTo[account] += bonds * _settings.bond;
    }

    function _requireBond() private view {
        if (msg.value != _settings.bond) revert WrongBond(msg.value, _settings.bond);
    }

    function _requireBefore(uint256 until) private view {
        if (block.timestamp >= until) revert TooLate(block.timestamp, until);
    }

    function _requireStatus(uint256 application, ApplicationStatus wanted) private view {
        ApplicationStatus status = _statusOf(application);
        if (status != wanted) revert WrongStatus(application, status);
    }

    /// @return until The second in which its present period ends.
    function _requireUndecided(uint256 application) private view returns (uint256 until) {
        ApplicationStatus status = _statusOf(application);
        if (status == ApplicationStatus.Open) return _applications[application].time + _settings.challengePeriod;
        if (status == ApplicationStatus.Challenged) return _applications[application].time + _settings.rulingPeriod;
        revert WrongStatus(application, status);
    }

    function _statusOf(uint256 application) private view returns (ApplicationStatus) {
        return application < _applications.length ? _applications[application].status : ApplicationStatus.None;
    }
}
