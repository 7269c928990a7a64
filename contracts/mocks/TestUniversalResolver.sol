// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {ERC165Checker} from "@openzeppelin/contracts/utils/introspection/ERC165Checker.sol";
import {Strings} from "@openzeppelin/contracts/utils/Strings.sol";

interface IRegistry {
    function resolver(bytes32 node) external view returns (address);
}

interface IResolver {
    function addr(bytes32 node) external view returns (address payable);
    function name(bytes32 node) external view returns (string memory);
    function resolve(bytes calldata name, bytes calldata data) external view returns (bytes memory);
}

interface IBatchGateway {
    struct Request {
        address sender;
        string[] urls;
        bytes data;
    }

    function query(Request[] calldata requests) external returns (bool[] memory failures, bytes[] memory responses);
}

/// @title The entry to the Ethereum Name Service that tests ask, over ENS's own registry and resolvers
/// @dev Stands for ENS's UniversalResolver, which no npm package has. It keeps to its interface: the two calls and their errors, wildcards
/// (ENSIP-10), the forward check of primary names (ENSIP-3), and answers that lie outside of the chain, which it asks for in its own name by
/// the gateways that the caller names (EIP-3668).
contract TestUniversalResolver {
    error DNSDecodingFailed(bytes dns);
    error DNSEncodingFailed(string ens);
    error ResolverNotFound(bytes name);
    error ResolverNotContract(bytes name, address resolver);
    error UnsupportedResolverProfile(bytes4 selector);
    error ResolverError(bytes errorData);
    error ReverseAddressMismatch(string primary, bytes primaryAddress);
    error OffchainLookup(address sender, string[] urls, bytes callData, bytes4 callbackFunction, bytes extraData);

    IRegistry private immutable REGISTRY;

    constructor(IRegistry registry) {
        REGISTRY = registry;
    }

    /// @param name In DNS form
    /// @param data The call that the name's resolver answers
    function resolveWithGateways(
        bytes calldata name,
        bytes calldata data,
        string[] calldata gateways
    ) external view returns (bytes memory, address) {
        return _resolve(name, data, gateways);
    }

    /// @dev Refuses a name that does not stand for the account.
    function reverseWithGateways(
        bytes calldata account,
        uint256,
        string[] calldata gateways
    ) external view returns (string memory primary, address resolver, address reverseResolver) {
        string memory hexed = Strings.toHexString(uint160(bytes20(account)), 20);
        bytes memory digits = new bytes(40);
        for (uint256 i = 0; i < 40; ++i) {
            digits[i] = bytes(hexed)[i + 2];
        }
        bytes memory reverseName = abi.encodePacked(uint8(40), digits, "\x04addr\x07reverse\x00");
        bytes memory answer;
        (answer, reverseResolver) = _resolve(
            reverseName,
            abi.encodeCall(IResolver.name, (_node(reverseName, 0))),
            gateways
        );
        primary = abi.decode(answer, (string));
        if (bytes(primary).length == 0) return ("", address(0), reverseResolver);
        bytes memory dns = _encode(primary);
        (answer, resolver) = _resolve(dns, abi.encodeCall(IResolver.addr, (_node(dns, 0))), gateways);
        address forward = abi.decode(answer, (address));
        if (forward != address(bytes20(account))) {
            revert ReverseAddressMismatch(primary, abi.encodePacked(forward));
        }
    }

    function _resolve(
        bytes memory name,
        bytes memory data,
        string[] memory gateways
    ) private view returns (bytes memory, address) {
        (address resolver, bool isExact) = _findResolver(name);
        if (resolver == address(0)) revert ResolverNotFound(name);
        if (resolver.code.length == 0) revert ResolverNotContract(name, resolver);
        bool isExtended = ERC165Checker.supportsInterface(resolver, IResolver.resolve.selector);
        if (!isExact && !isExtended) revert ResolverNotFound(name);
        (bool ok, bytes memory answer) = resolver.staticcall(
            isExtended ? abi.encodeCall(IResolver.resolve, (name, data)) : data
        );
        if (ok && answer.length == 0) revert UnsupportedResolverProfile(bytes4(data));
        if (ok) return (isExtended ? abi.decode(answer, (bytes)) : answer, resolver);
        if (bytes4(answer) == OffchainLookup.selector) _askOutside(answer, gateways);
        revert ResolverError(answer);
    }

    /// @dev Always reverts: what the resolver asks for, wrapped for a batch gateway, as ENS's own entry wraps it.
    function _askOutside(bytes memory lookup, string[] memory gateways) private view {
        bytes memory fields = new bytes(lookup.length - 4);
        for (uint256 i = 0; i < fields.length; ++i) {
            fields[i] = lookup[i + 4];
        }
        IBatchGateway.Request[] memory requests = new IBatchGateway.Request[](1);
        (requests[0].sender, requests[0].urls, requests[0].data, , ) = abi.decode(
            fields,
            (address, string[], bytes, bytes4, bytes)
        );
        revert OffchainLookup(
            address(this),
            gateways,
            abi.encodeCall(IBatchGateway.query, (requests)),
            this.answerOutside.selector,
            ""
        );
    }

    /// @notice Where an answer from outside would go
    function answerOutside(bytes calldata response, bytes calldata) external pure returns (bytes memory, address) {
        (, bytes[] memory responses) = abi.decode(response, (bool[], bytes[]));
        return (responses[0], address(0));
    }

    /// @dev Of the name itself, else of the nearest name above it.
    function _findResolver(bytes memory name) private view returns (address, bool isExact) {
        for (uint256 at = 0; name[at] != 0; at += 1 + uint8(name[at])) {
            address resolver = REGISTRY.resolver(_node(name, at));
            if (resolver != address(0)) return (resolver, at == 0);
        }
        return (address(0), false);
    }

    function _node(bytes memory name, uint256 at) private pure returns (bytes32) {
        if (at >= name.length) revert DNSDecodingFailed(name);
        uint256 size = uint8(name[at]);
        if (size == 0) return bytes32(0);
        bytes memory label = new bytes(size);
        for (uint256 i = 0; i < size; ++i) {
            label[i] = name[at + 1 + i];
        }
        return keccak256(abi.encodePacked(_node(name, at + 1 + size), keccak256(label)));
    }

    function _encode(string memory ens) private pure returns (bytes memory dns) {
        bytes memory text = bytes(ens);
        dns = new bytes(text.length + 2);
        uint256 start = 0;
        for (uint256 i = 0; i <= text.length; ++i) {
            if (i < text.length && text[i] != ".") {
                dns[i + 1] = text[i];
                continue;
            }
            if (i == start || i - start > 255) revert DNSEncodingFailed(ens);
            dns[start] = bytes1(uint8(i - start));
            start = i + 1;
        }
    }
}
