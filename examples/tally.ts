// Tally: the coordinator decrypts the ballots of a round that has ended, proves the result and finalizes the round.
import { readFile } from "node:fs/promises";
import { stringify, type Address, type Hex } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { connectWrite } from "tacit";
import { localCoordinatorKey, openArtifacts, openTallyStore, runTally } from "tacit/coordinator";

const {
  RPC = "http://127.0.0.1:8545",
  ROUND,
  ACCOUNT_KEY,
  COORDINATOR_KEY_FILE = "coordinator.json",
  ARTIFACTS = "build",
} = process.env;
const { secret } = JSON.parse(await readFile(COORDINATOR_KEY_FILE, "utf8")) as { secret: Hex };
const { results, folds } = await runTally({
  client: await connectWrite(RPC, privateKeyToAccount(ACCOUNT_KEY as Hex)),
  round: ROUND as Address,
  key: localCoordinatorKey(BigInt(secret)),
  artifacts: await openArtifacts(ARTIFACTS),
  store: await openTallyStore("tally"), // stopped and run again, it goes on where it was
  onProgress: ({ stage, done, total }) => console.error(`${stage} ${done}/${total}`),
});
console.log(stringify({ folds, results }));
process.exit(0); // the prover keeps its threads
