// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

// solhint-disable not-rely-on-time, as phases are times: a proposer can move one by seconds, and half-open intervals leave no second to two calls

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {MAX_PROJECTS} from "../generated/Params.sol";
import {IOwnedRegistry} from "../interfaces/IOwnedRegistry.sol";
import {IProjectRegistry} from "../interfaces/IProjectRegistry.sol";

/// @title The owner-approved registry: indices append-only, everything frozen from `freezeTime` on (REG-1, REG-2)
contract ProjectRegistry is IProjectRegistry, IOwnedRegistry, Ownable {
    struct Application {
        address recipient;
        bool approved;
        string metadataURI;
    }

    /// @inheritdoc IProjectRegistry
    uint256 public immutable freezeTime;

    /// @notice Owner at creation; with `freezeTime` and `number` all that went into the address (PROV-4).
    address public immutable firstOwner;

    /// @notice Which of its factory's registries it is, counted from 0.
    uint256 public immutable number;

    /// @inheritdoc IProjectRegistry
    uint256 public projectCount;

    mapping(uint256 project => address) private _recipients;
    mapping(uint256 wordIndex => uint256) private _eligibility;
    Application[] private _applications;

    modifier beforeFreeze() {
        if (block.timestamp >= freezeTime) revert Frozen(block.timestamp, freezeTime);
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
    function approve(uint256[] calldata applications) external onlyOwner beforeFreeze {
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
    ) external onlyOwner beforeFreeze {
        if (recipients.length != metadataURIs.length) revert LengthsDiffer(recipients.length, metadataURIs.length);
        for (uint256 i = 0; i < recipients.length; i++) {
            if (recipients[i] == address(0)) revert ZeroRecipient();
            _add(recipients[i], metadataURIs[i]);
        }
    }

    /// @inheritdoc IOwnedRegistry
    function delist(uint256 project) external onlyOwner beforeFreeze {
        uint256 bit = 1 << (project & 255);
        if (_eligibility[project >> 8] & bit == 0) revert NotEligible(project);
        _eligibility[project >> 8] ^= bit;
        emit ProjectDelisted(project);
    }

    /// @inheritdoc IProjectRegistry
    function eligibility(uint256 wordIndex) external view returns (uint256) {
        return _eligibility[wordIndex];
    }

    /// @inheritdoc IProjectRegistry
    function matchRecipientOf(uint256 project) external view returns (address) {
        return _recipients[project];
    }

    /// @inheritdoc IProjectRegistry
    function recipientOf(uint256 project) external view returns (address) {
        return _recipients[project];
    }

    function _add(address recipient, string memory metadataURI) private {
        uint256 project = projectCount;
        if (project >= MAX_PROJECTS) revert TooManyProjects(project + 1);
        projectCount = project + 1;
        _recipients[project] = recipient;
        _eligibility[project >> 8] |= 1 << (project & 255);
        emit ProjectAdded(project, recipient, metadataURI);
    }
}
