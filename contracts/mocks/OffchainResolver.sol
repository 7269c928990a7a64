// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

/// @title A resolver whose owner wants whoever looks its names up to ask a server of the owner's choice (EIP-3668)
contract OffchainResolver {
    error OffchainLookup(address sender, string[] urls, bytes callData, bytes4 callbackFunction, bytes extraData);

    string private _url;

    constructor(string memory url) {
        _url = url;
    }

    function addr(bytes32) external view returns (address payable) {
        string[] memory urls = new string[](1);
        urls[0] = _url;
        revert OffchainLookup(address(this), urls, msg.data, this.take.selector, "");
    }

    function take(bytes calldata response, bytes calldata) external pure returns (bytes memory) {
        return response;
    }

    function supportsInterface(bytes4 id) external pure returns (bool) {
        return id == 0x01ffc9a7;
    }
}
