// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

// solhint-disable not-rely-on-time, as phases are times: a proposer can move one by seconds, and half-open intervals leave no second to two calls

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {EnumerableSet} from "@openzeppelin/contracts/utils/structs/EnumerableSet.sol";
import {MAX_PROJECTS} from "../generated/Params.sol";
import {IOwnedRegistry} from "../interfaces/IOwnedRegistry.sol";
import {IProjectRegistry} from "../interfaces/IProjectRegistry.sol";

/// @title The owner-approved registry: indices append-only, everything frozen from `freezeTime` on (REG-1, REG-2, REG-4)
contract ProjectRegistry is IProjectRegistry, IOwnedRegistry, Ownable {
    using EnumerableSet for EnumerableSet.AddressSet;

    struct Application {
        address recipient;
        bool approved;
        string metadataURI;
    }

    /// @dev In one slot, so that a claim reads no second one where both payees are one.
    struct Payee {
        address recipient;
        bool hasMatchRecipient;
    }

    /// @dev So many that {everEditors} can be read in one bounded call.
    uint256 private constant _MAX_EVER_EDITORS = 64;

    /// @inheritdoc IProjectRegistry
    uint256 public immutable freezeTime;

    /// @notice Owner at creation; with `freezeTime` and `number` all that went into the address (PROV-4).
    address public immutable firstOwner;

    /// @notice Which of its factory's registries it is, counted from 0.
    uint256 public immutable number;

    /// @inheritdoc IProjectRegistry
    uint256 public projectCount;

    /// @inheritdoc IOwnedRegistry
    mapping(address account => bool) public isEditor;

    EnumerableSet.AddressSet private _everEditors;
    mapping(uint256 project => Payee) private _payees;
    mapping(uint256 project => address) private _matchRecipients;
    mapping(uint256 wordIndex => uint256) private _eligibility;
    Application[] private _applications;

    modifier beforeFreeze() {
        if (block.timestamp >= freezeTime) revert Frozen(block.timestamp, freezeTime);
        _;
    }

    modifier onlyEditor() {
        if (msg.sender != owner() && !isEditor[msg.sender]) revert NotEditor(msg.sender);
        _;
    }

    constructor(address owner_, uint256 freezeTime_, uint256 number_) Ownable(owner_) {
        firstOwner = owner_;
        freezeTime = freezeTime_;
        number = number_;
    }

    /// @inheritdoc IOwnedRegistry
    function submit(
        address recipient,
        string calldata metadataURI
    ) external beforeFreeze returns (uint256 application) {
        if (recipient == address(0)) revert ZeroRecipient();
        application = _applications.length;
        _applications.push(Application({recipient: recipient, approved: false, metadataURI: metadataURI}));
        emit ApplicationSubmitted(application, msg.sender, recipient, metadataURI);
    }

    /// @inheritdoc IOwnedRegistry
    function approve(uint256[] calldata applications) external onlyEditor beforeFreeze {
        for (uint256 i = 0; i < applications.length; i++) {
            uint256 id = applications[i];
            if (id >= _applications.length || _applications[id].approved) revert NotPending(id);
            Application storage application = _applications[id];
            application.approved = true;
            _add(application.recipient, application.metadataURI);
        }
    }

    /// @inheritdoc IOwnedRegistry
    function addProjects(
        address[] calldata recipients,
        string[] calldata metadataURIs
    ) external onlyEditor beforeFreeze {
        if (recipients.length != metadataURIs.length) revert LengthsDiffer(recipients.length, metadataURIs.length);
        for (uint256 i = 0; i < recipients.length; i++) {
            if (recipients[i] == address(0)) revert ZeroRecipient();
            _add(recipients[i], metadataURIs[i]);
        }
    }

    /// @inheritdoc IOwnedRegistry
    function delist(uint256 project) external onlyEditor beforeFreeze {
        uint256 bit = 1 << (project & 255);
        if (_eligibility[project >> 8] & bit == 0) revert NotEligible(project);
        _eligibility[project >> 8] ^= bit;
        emit ProjectDelisted(project);
    }

    /// @inheritdoc IOwnedRegistry
    function setMatchRecipients(
        uint256[] calldata projects,
        address[] calldata matchRecipients
    ) external onlyOwner beforeFreeze {
        if (projects.length != matchRecipients.length) revert LengthsDiffer(projects.length, matchRecipients.length);
        for (uint256 i = 0; i < projects.length; i++) {
            (uint256 project, address matchRecipient) = (projects[i], matchRecipients[i]);
            if (matchRecipient == address(0)) revert ZeroRecipient();
            if ((_eligibility[project >> 8] >> (project & 255)) & 1 == 0) revert NotEligible(project);
            _payees[project].hasMatchRecipient = true;
            _matchRecipients[project] = matchRecipient;
            emit MatchRecipientSet(project, matchRecipient);
        }
    }

    /// @inheritdoc IOwnedRegistry
    function setEditor(address account, bool may) external onlyOwner beforeFreeze {
        if (isEditor[account] == may) return;
        if (may) _remember(account);
        isEditor[account] = may;
        emit EditorSet(account, may);
    }

    /// @inheritdoc IOwnedRegistry
    function everEditors() external view returns (address[] memory) {
        return _everEditors.values();
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

    /// @dev Whoever becomes owner before the freeze may do what editors may. The first one stands in `firstOwner`: at construction
    /// `freezeTime` is still 0.
    function _transferOwnership(address newOwner) internal override {
        if (newOwner != address(0) && block.timestamp < freezeTime) _remember(newOwner);
        super._transferOwnership(newOwner);
    }

    function _remember(address account) private {
        if (_everEditors.add(account) && _everEditors.length() > _MAX_EVER_EDITORS) {
            revert TooManyEditors(_MAX_EVER_EDITORS);
        }
    }

    function _add(address recipient, string memory metadataURI) private {
        uint256 project = projectCount;
        if (project >= MAX_PROJECTS) revert TooManyProjects(project + 1);
        projectCount = project + 1;
        _payees[project].recipient = recipient;
        _eligibility[project >> 8] |= 1 << (project & 255);
        emit ProjectAdded(project, recipient, metadataURI);
    }
}
