// Give: 25 credits (4² for project 0, 3² for project 1), with a ballot that no one can be shown afterwards.
import { erc20Abi, type Address, type Hex } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import {
  approve,
  connectWrite,
  contribute,
  ballotCost,
  createMessages,
  generateKeyPair,
  isInPrimeSubgroup,
  publishBatch,
  readConfig,
  readProgress,
  deriveTag,
  type Ballot,
} from "tacit";
import { packagedArtifacts, trustedContracts } from "tacit/verify";

const { RPC = "http://127.0.0.1:8545", ROUND, ACCOUNT_KEY, RELAY_KEY } = process.env;
const round = ROUND as Address;
const donor = await connectWrite(RPC, privateKeyToAccount(ACCOUNT_KEY as Hex));
const relay = await connectWrite(RPC, privateKeyToAccount(RELAY_KEY as Hex)); // never the donor's own account: that would join the message to the gift

// Refuses a contract that this version's factory did not make: its own word counts for nothing.
const { context, coordinatorKeyX, coordinatorKeyY, messageFee, unit, token } = await readConfig(
  donor.read,
  round,
  await trustedContracts(await packagedArtifacts()),
);
const coordinatorKey = { x: coordinatorKeyX, y: coordinatorKeyY };
if (!isInPrimeSubgroup(coordinatorKey))
  throw new Error("The coordinator's key is not one that ballots may be encrypted to (KEY-3).");

const ballot: Ballot = new Map([
  [0, 4n],
  [1, 3n],
]);
const [throwAway, lasting] = [generateKeyPair(), generateKeyPair()]; // keep the lasting one to change the ballot later
const messages = createMessages({
  ctx: context,
  coordinatorKey,
  tag: deriveTag(donor.wallet.account.address, throwAway.publicKey),
  signer: throwAway,
  newKey: lasting.publicKey,
  ballot,
  itemsSeen: (await readProgress(donor.read, round)).items,
});
await publishBatch(relay, { round, messages, messageFee });

// Only now, when the throw-away key is dead, does the contribution make it public.
const amount = ballotCost(ballot) * unit;
const balance = await donor.read.readContract({
  address: token,
  abi: erc20Abi,
  functionName: "balanceOf",
  args: [donor.wallet.account.address],
});
if (balance < amount)
  throw new Error(`The account holds ${balance} of the token and gives ${amount}.`);
await approve(donor, { token, spender: round, amount });
const { tag } = await contribute(donor, {
  round,
  key: throwAway.publicKey,
  amount,
  gateData: (process.env["GATE_DATA"] as Hex | undefined) ?? "0x",
});
console.log(JSON.stringify({ tag: String(tag), amount: String(amount) }));
