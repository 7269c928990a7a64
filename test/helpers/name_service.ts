import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import {
  keccak256,
  namehash,
  parseAbi,
  toHex,
  zeroHash,
  type Abi,
  type Address,
  type Hex,
} from "viem";
import type { WriteClient } from "../../src/chain/client.ts";
import { fromRoot } from "../../scripts/pipeline/paths.ts";

type Built = { readonly abi: Abi; readonly bytecode: Hex };
const require = createRequire(import.meta.url);
/** As ENS publishes them. */
const built = (name: string): Built => require(`@ensdomains/${name}.json`) as Built;
const ofTests = async (name: string): Promise<Built> =>
  JSON.parse(
    await readFile(
      fromRoot("artifacts", "contracts", "mocks", `${name}.sol`, `${name}.json`),
      "utf8",
    ),
  ) as Built;

const registryAbi = parseAbi([
  "function setSubnodeOwner(bytes32 node, bytes32 label, address owner)",
  "function setResolver(bytes32 node, address resolver)",
]);
const resolverAbi = parseAbi([
  "function setAddr(bytes32 node, address a)",
  "function setName(string name)",
]);

/** ENS's own registry, resolver and reverse registrar, with the entry of the tests before them (contracts/mocks/TestUniversalResolver.sol). */
export type TestNames = {
  readonly universalResolver: Address;
  /** Lets a name stand for an account; the empty one for none. */
  readonly setAddress: (name: string, account: Address) => Promise<void>;
  /** Gives a name to a resolver of one's own. */
  readonly setResolver: (name: string, resolver: Address) => Promise<void>;
  /** What an account says that it is called; true or not. */
  readonly setPrimary: (account: WriteClient, name: string) => Promise<void>;
  /** A resolver that sends whoever asks to this URL. */
  readonly deployOffchain: (url: string) => Promise<Address>;
};

export async function deployNames(owner: WriteClient): Promise<TestNames> {
  const me = owner.wallet.account.address;
  const deploy = async ({ abi, bytecode }: Built, args: readonly unknown[]): Promise<Address> => {
    const hash = await owner.wallet.deployContract({ abi, bytecode, args, chain: null });
    return (await owner.read.waitForTransactionReceipt({ hash })).contractAddress as Address;
  };
  const call = async (
    { wallet, read }: WriteClient,
    address: Address,
    abi: Abi,
    functionName: string,
    args: readonly unknown[],
  ) => {
    const hash = await wallet.writeContract({ address, abi, functionName, args, chain: null });
    const { status } = await read.waitForTransactionReceipt({ hash });
    if (status !== "success") throw new Error(`${functionName} reverted`);
  };
  const registry = await deploy(built("ens/build/contracts/ENSRegistry"), []);
  const publicResolver = await deploy(built("resolver/build/contracts/PublicResolver"), [registry]);
  const reverseResolver = await deploy(built("resolver/build/contracts/DefaultReverseResolver"), [
    registry,
  ]);
  const registrar = await deploy(built("ens/build/contracts/ReverseRegistrar"), [
    registry,
    reverseResolver,
  ]);
  const own = (parent: Hex, label: string, to: Address) =>
    call(owner, registry, registryAbi, "setSubnodeOwner", [parent, keccak256(toHex(label)), to]);
  await own(zeroHash, "reverse", me);
  await own(namehash("reverse"), "addr", registrar);
  const owned = new Set<string>();
  const register = async (name: string) => {
    const labels = name.split(".");
    for (let i = labels.length - 1; i >= 0; i--) {
      const whole = labels.slice(i).join(".");
      if (owned.has(whole)) continue;
      owned.add(whole);
      await own(namehash(labels.slice(i + 1).join(".")), labels[i] as string, me);
    }
  };
  const setResolver = async (name: string, resolver: Address) => {
    await register(name);
    await call(owner, registry, registryAbi, "setResolver", [namehash(name), resolver]);
  };
  return {
    universalResolver: await deploy(await ofTests("TestUniversalResolver"), [registry]),
    setResolver,
    setAddress: async (name, account) => {
      await setResolver(name, publicResolver);
      await call(owner, publicResolver, resolverAbi, "setAddr", [namehash(name), account]);
    },
    setPrimary: (account, name) => call(account, registrar, resolverAbi, "setName", [name]),
    deployOffchain: async (url) => deploy(await ofTests("OffchainResolver"), [url]),
  };
}
