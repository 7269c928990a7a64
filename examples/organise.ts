// Organise: deploy what rounds on a chain share, make a registry with two projects, and a round that is open for a week.
import { readFile } from "node:fs/promises";
import { bytesToHex, zeroAddress, type Address, type Hex } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { addProjects, connectWrite, createRegistry, createRound, FOLD_SIZES } from "tacit";
import { deployAll, deployTestToken } from "tacit/coordinator";

const {
  RPC = "http://127.0.0.1:8545",
  ACCOUNT_KEY,
  COORDINATOR_KEY_FILE = "coordinator.json",
  GATE,
} = process.env;
const client = await connectWrite(RPC, privateKeyToAccount(ACCOUNT_KEY as Hex));
const me = client.wallet.account.address;
const { publicKey } = JSON.parse(await readFile(COORDINATOR_KEY_FILE, "utf8")) as {
  publicKey: { x: Hex; y: Hex };
};
const { timestamp: start } = await client.read.getBlock();
const end = start + 7n * 86_400n;

const deployment = await deployAll(client);
const token = await deployTestToken(client); // a real round names a real token
const { registry } = await createRegistry(client, {
  factory: deployment.factory,
  owner: me,
  freezeTime: end,
});
await addProjects(client, {
  registry,
  projects: [
    { recipient: "0x00000000000000000000000000000000000b12d5", metadataURI: "Birds" },
    { recipient: "0x0000000000000000000000000000000000078335", metadataURI: "Trees" },
  ],
});
const { round } = await createRound(client, {
  factory: deployment.factory,
  salt: bytesToHex(crypto.getRandomValues(new Uint8Array(32))),
  settings: {
    organiser: me,
    coordinator: me,
    remainderTo: me,
    coordinatorKeyX: BigInt(publicKey.x),
    coordinatorKeyY: BigInt(publicKey.y),
    token,
    poolToken: token,
    shareLeftovers: true,
    unit: 10n ** 16n, // a credit costs 0.01 of a token with 18 decimals
    start,
    end,
    registry,
    gate: (GATE as Address | undefined) ?? deployment.openGate,
    payoutRule: deployment.payoutRules.return,
    tallyBase: 86_400,
    tallyPerItem: 60,
    tallyMost: 0,
    guardian: zeroAddress,
    disputeWindow: 0,
    cancelNotice: 86_400,
    coordinatorFee: 0n,
    messageFee: 0n,
    minContribution: 1n,
    minTopUp: 1n,
    allowSigns: false,
    size: FOLD_SIZES.findIndex(({ name }) => name === "small"),
  },
});
console.log(JSON.stringify({ round, token, registry }));
