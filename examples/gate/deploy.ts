// A gate of one's own: compile HolderGate.sol against the package's interfaces, and deploy it.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { encodeDeployData, type Abi, type Hex } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { connectWrite } from "tacit";
import { deployAt } from "tacit/coordinator";

const require = createRequire(import.meta.url);
const solc = require("solc") as {
  compile(input: string, options: { import(file: string): { contents: string } }): string;
};
const input = {
  language: "Solidity",
  sources: {
    "HolderGate.sol": {
      content: readFileSync(path.join(import.meta.dirname, "HolderGate.sol"), "utf8"),
    },
  },
  settings: { outputSelection: { "*": { "*": ["abi", "evm.bytecode.object"] } } },
};
const output = JSON.parse(
  solc.compile(JSON.stringify(input), {
    import: (file) => ({ contents: readFileSync(require.resolve(file), "utf8") }),
  }),
) as {
  errors?: { severity: string; formattedMessage: string }[];
  contracts: {
    "HolderGate.sol": { HolderGate: { abi: Abi; evm: { bytecode: { object: string } } } };
  };
};
const failed = (output.errors ?? []).filter(({ severity }) => severity === "error");
if (failed.length > 0)
  throw new Error(failed.map(({ formattedMessage }) => formattedMessage).join("\n"));
const { abi, evm } = output.contracts["HolderGate.sol"].HolderGate;

const { RPC = "http://127.0.0.1:8545", ACCOUNT_KEY, TOKEN } = process.env;
const client = await connectWrite(RPC, privateKeyToAccount(ACCOUNT_KEY as Hex));
const gate = await deployAt(
  client,
  "HolderGate",
  encodeDeployData({ abi, bytecode: `0x${evm.bytecode.object}`, args: [TOKEN] }),
);
console.log(JSON.stringify({ gate }));
process.exit(0); // the compiler keeps the process alive
