import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { parseEventLogs, zeroAddress, zeroHash, type Abi, type Address, type Hex } from "viem";
import type { network } from "hardhat";

type Viem = Awaited<ReturnType<typeof network.create>>["viem"];
type Wallet = Awaited<ReturnType<Viem["getWalletClients"]>>[number];

/** A contract of the Ethereum Attestation Service as its makers compiled it. */
async function shipped(name: string): Promise<{ readonly abi: Abi; readonly bytecode: Hex }> {
  const file = createRequire(import.meta.url).resolve(
    `@ethereum-attestation-service/eas-contracts/artifacts/contracts/${name}.sol/${name}.json`,
  );
  return JSON.parse(await readFile(file, "utf8")) as { abi: Abi; bytecode: Hex };
}

/** What is attested, and by whom. */
export type NewAttestation = {
  readonly recipient: Address;
  readonly schema: Hex;
  readonly data: Hex;
  readonly expirationTime?: bigint;
};

/** The real service on a chain. */
export type AttestationService = {
  readonly address: Address;
  readonly register: (schema: string) => Promise<Hex>;
  readonly attest: (by: Wallet, attestation: NewAttestation) => Promise<Hex>;
  readonly revoke: (by: Wallet, schema: Hex, uid: Hex) => Promise<void>;
};

export async function deployAttestations(viem: Viem): Promise<AttestationService> {
  const [wallet] = (await viem.getWalletClients()) as [Wallet];
  const client = await viem.getPublicClient();
  const deploy = async (name: string, args: readonly unknown[] = []) => {
    const { abi, bytecode } = await shipped(name);
    const hash = await wallet.deployContract({ abi, bytecode, args });
    const { contractAddress } = await client.getTransactionReceipt({ hash });
    return { abi, address: contractAddress as Address };
  };
  const registry = await deploy("SchemaRegistry");
  const service = await deploy("EAS", [registry.address]);
  const write = (by: Wallet, functionName: string, args: readonly unknown[]) =>
    by.writeContract({ ...service, functionName, args, account: by.account } as never);
  return {
    address: service.address,
    async register(schema) {
      const call = { ...registry, functionName: "register", args: [schema, zeroAddress, true] };
      const { result } = await client.simulateContract({ ...call, account: wallet.account });
      await wallet.writeContract({ ...call, account: wallet.account } as never);
      return result as Hex;
    },
    async attest(by, { schema, recipient, data, expirationTime = 0n }) {
      const hash = await write(by, "attest", [
        {
          schema,
          data: { recipient, expirationTime, revocable: true, refUID: zeroHash, data, value: 0n },
        },
      ]);
      const { logs } = await client.getTransactionReceipt({ hash });
      const [log] = parseEventLogs({ abi: service.abi, logs, eventName: "Attested" });
      return (log as unknown as { args: { uid: Hex } }).args.uid;
    },
    async revoke(by, schema, uid) {
      await write(by, "revoke", [{ schema, data: { uid, value: 0n } }]);
    },
  };
}
