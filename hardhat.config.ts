import { createRequire } from "node:module";
import hardhatViem from "@nomicfoundation/hardhat-viem";
import hardhatNetworkHelpers from "@nomicfoundation/hardhat-network-helpers";
import { defineConfig } from "hardhat/config";

const require = createRequire(import.meta.url);

export default defineConfig({
  plugins: [hardhatViem, hardhatNetworkHelpers],
  solidity: {
    compilers: [
      {
        version: "0.8.37",
        // The compiler is a pinned package like any other: nothing is downloaded.
        path: require.resolve("solc/soljson.js"),
        settings: {
          evmVersion: "prague",
          viaIR: true,
          // Size and call cost balanced so that the round stays below EIP-170's 24,576 bytes.
          optimizer: { enabled: true, runs: 200 },
          // The hash depends on which files happen to be compiled together; without it bytecode and gas are the same everywhere.
          metadata: { bytecodeHash: "none" },
        },
      },
    ],
  },
  networks: {
    default: { type: "edr-simulated", chainType: "l1", hardfork: "prague" },
  },
});
